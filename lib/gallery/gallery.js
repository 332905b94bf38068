// gallery - every letter of a mailing, picked from a list or stepped through, looked at in every way.
//
// list.js calls gallery.open() with the list; a letter's own file, loaded when it is picked, calls
// gallery.letter(); shared.js calls gallery.shared() with what the letters have in common. All of it is
// data: it is shown as text, or as a page in a frame that can run and fetch nothing.
"use strict";

const gallery = (() => {
  const files = document.currentScript.src.replace(/[^/]*$/, "");
  const by = (id) => document.getElementById(id);
  const KEPT = 40; // letters that stay in memory
  const DIFFERENCES_SHOWN = 30;

  let about, letters, shown; // what list.js said; its letters; the places that the search leaves
  let current = -1, compared = -1;
  const ownFindings = new Map(), everyones = []; // by the place of a row; those of no row that is shown
  let parts = null; // the pieces that letters share
  const kept = new Map(); // place -> letter, the latest last
  const waiting = new Map(); // file -> {done, failed}

  // --- small things ---------------------------------------------------------------------------

  function make(name, text, className) {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    if (className) element.className = className;
    return element;
  }

  function count(number, one, many) {
    return number.toLocaleString("en-GB") + " " + (number === 1 ? one : many);
  }

  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const rowOf = (one) => (one.file ? one.file + (one.line ? ":" + one.line : "") : "");
  const placeOf = (one) => (one.cell ? one.file + "!" + one.cell : rowOf(one));
  const titleOf = (letter) => letter.name || letter.key;
  const isWide = () => matchMedia("(min-width: 60rem)").matches;

  function setting(name) {
    const field = by("views").elements[name];
    return field.type === "checkbox" ? field.checked : field.value;
  }

  // --- loading --------------------------------------------------------------------------------

  // A page from a disk may not fetch, but it may load scripts.
  function load(file) {
    return new Promise((done, failed) => {
      const script = make("script");
      script.src = files + file;
      script.onload = () => script.remove();
      script.onerror = () => {
        script.remove();
        waiting.delete(file);
        failed(new Error("This letter's file is missing. If the gallery was made again, load the page again."));
      };
      waiting.set(file, done);
      document.head.append(script);
    });
  }

  function loaded(file, value) {
    waiting.get(file)?.(value);
    waiting.delete(file);
  }

  // The text that an array stands for: see shared.h.
  function joined(array, pieces) {
    if (!array) return null;
    let text = "";
    for (let i = 0; i < array.length; i++)
      if (typeof array[i] === "string") text += array[i];
      else {
        text += pieces.slice(array[i], array[i] + array[i + 1]).join("");
        i++;
      }
    return text;
  }

  async function letterAt(place) {
    if (kept.has(place)) return kept.get(place);
    parts ??= load("shared.js");
    const [pieces, raw] = await Promise.all([parts, load(place + ".js")]);
    const letter = { ...raw };
    for (const view of ["html", "text", "source"]) letter[view] = joined(raw[view], pieces[view]);
    kept.set(place, letter);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value);
    return letter;
  }

  // --- the list -------------------------------------------------------------------------------

  // Findings about a row are the recipient's own, the others everyone's.
  const findingsOf = (letter) => ownFindings.get(rowOf(letter)) ?? [];

  function sortFindings() {
    for (const letter of letters) if (letter.line) ownFindings.set(rowOf(letter), []);
    for (const one of about.findings) (ownFindings.get(rowOf(one)) ?? everyones).push(one);
  }

  // With what stops this very letter, unless a finding says just that.
  function troublesOf(letter) {
    const own = findingsOf(letter);
    if (!letter.problem || own.some((one) => one.text.includes(letter.problem))) return own;
    return [{ severity: "error", text: letter.problem }, ...own];
  }

  const troubles = (letter) => troublesOf(letter).length;

  function option(letter, place) {
    const item = make("div", "", "option");
    item.id = "option-" + place;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const head = make("span", "", "option-head");
    head.append(make("span", titleOf(letter), "option-name"), " ", make("span", letter.name ? letter.key : "", "option-key"));
    item.append(head, " ", make("span", (letter.label ? letter.label + " · " : "") + letter.address, "option-line"), " ");
    if (letter.why) item.append(make("span", letter.why, "option-why"));
    const number = troubles(letter);
    if (number) item.append(make("span", count(number, "finding", "findings"), letter.problem ? "badge bad" : "badge"));
    item.addEventListener("click", () => choosePerson(place));
    return item;
  }

  // On a telephone the list is above the letter, and makes room for it.
  function choosePerson(place) {
    pick(place);
    if (isWide()) return;
    by("chooser").open = false;
    by("letter").focus();
    by("letter").scrollIntoView();
  }

  function listed() {
    const words = fold(by("search").value).split(/\s+/).filter(Boolean);
    const only = by("only-findings").checked;
    shown = [];
    letters.forEach((letter, place) => {
      const fits = words.every((word) => letter.haystack.includes(word)) && (!only || troubles(letter));
      by("option-" + place).hidden = !fits;
      if (fits) shown.push(place);
    });
    by("found").textContent =
      shown.length === letters.length ? count(shown.length, "letter", "letters")
        : `${shown.length.toLocaleString("en-GB")} of ${count(letters.length, "letter", "letters")}`;
  }

  function selectOption(place) {
    const before = by("list").querySelector("[aria-selected=true]");
    before?.setAttribute("aria-selected", "false");
    const item = by("option-" + place);
    item.setAttribute("aria-selected", "true");
    by("list").setAttribute("aria-activedescendant", item.id);
    reveal(by("list"), item);
    requestAnimationFrame(() => reveal(by("list"), item)); // now with the true height of what is near it
  }

  // Only the list scrolls; scrollIntoView would take the page along.
  function reveal(list, item) {
    const top = item.offsetTop, bottom = top + item.offsetHeight - list.clientHeight;
    if (list.scrollTop > top) list.scrollTop = top;
    else if (list.scrollTop < bottom) list.scrollTop = bottom;
  }

  // --- stepping -------------------------------------------------------------------------------

  // One on or one back in what the search leaves, also from a letter that isn't among them.
  function step(way) {
    const to = way > 0 ? shown.find((place) => place > current) : shown.findLast((place) => place < current);
    if (to !== undefined) pick(to);
  }

  async function pick(place) {
    // At first there is no letter that was seen before: the neighbour in the list stands in for it.
    if (place !== current) compared = current >= 0 ? current : letters.length > 1 ? (place ? place - 1 : 1) : -1;
    current = place;
    selectOption(place);
    try {
      history.replaceState(null, "", "#" + encodeURIComponent(letters[place].id));
    } catch {
      // Some browsers forbid it to pages from a disk; then reloading begins with the first letter.
    }
    try {
      const [letter, other] = await Promise.all([letterAt(place), otherLetter()]);
      if (place === current) show(letter, other);
    } catch (error) {
      fail(error.message);
    }
  }

  // The letter that it is compared with; null when there is none, or its file is gone.
  async function otherLetter() {
    return compared < 0 ? null : letterAt(compared).catch(() => null);
  }

  function fail(message) {
    by("show").replaceChildren();
    by("problem").hidden = false;
    by("problem").textContent = message;
  }

  // --- one letter -----------------------------------------------------------------------------

  const asText = (letter) => `Subject: ${letter.subject ?? ""}\n\n${letter.text ?? ""}`;

  function show(letter, other) {
    const entry = letters[current];
    const differences = other ? differencesOf(asText(other), asText(letter)) : [];
    by("name").textContent = titleOf(entry);
    by("address").textContent = entry.address;
    by("place").textContent = `${current + 1} of ${letters.length.toLocaleString("en-GB")}`;
    by("previous").setAttribute("aria-disabled", String(!(shown[0] < current)));
    by("next").setAttribute("aria-disabled", String(!(shown[shown.length - 1] > current)));
    by("problem").hidden = !entry.problem;
    by("problem").textContent = entry.problem ? "This letter can't be made as it should: " + entry.problem : "";
    showView(letter, other, differences);
    showFindings(entry);
    showDifferences(differences, other);
    showFacts(entry, letter);
    const own = troubles(entry);
    by("live").textContent = `Letter ${current + 1} of ${letters.length}: ${titleOf(entry)}. ` +
      (other ? count(differences.length, "difference", "differences") + ". " : "") +
      (own ? count(own, "finding", "findings") + "." : "");
  }

  const notes = {
    desktop: "As wide as your screen leaves room for, at least 620 pixels.",
    phone: "360 pixels wide, as a small phone.",
    dark: " Dark as the letter's own rules ask for it; some mail programs recolour letters their own way.",
    noImages: " Images are off, as many programs begin.",
    text: "What programs without HTML show, and what some screen readers prefer.",
    headers: "Unfolded and decoded. Date, Message-ID and the addresses that carry a signed token are made when it is sent.",
    source: "The message as it will be sent, but for its date and tokens. Attached files are cut short here.",
  };

  function showView(letter, other, differences) {
    const view = setting("view");
    for (const field of document.querySelectorAll("[data-for]")) {
      field.hidden = !field.dataset.for.split(" ").includes(view);
    }
    by("show").className = view === "page" ? setting("width") : "";
    const marked = setting("differences");
    const views = {
      page: () => frame(letter, other),
      text: () => textView(letter, marked ? differences : []),
      headers: () => headersView(letter, marked ? other : null),
      source: () => pre(letter.source ?? "There is no message: see above.", "Source of the message"),
    };
    by("show").replaceChildren(views[view]());
    by("note").textContent = view !== "page" ? notes[view]
      : notes[setting("width")] + (setting("colours") === "dark" ? notes.dark : "") + (setting("images") ? "" : notes.noImages);
  }

  // allow-same-origin lets this page ask how high the letter is; without allow-scripts nothing in it runs.
  function frame(letter, other) {
    if (!letter.html) return make("p", "There is no page: see above.", "quiet");
    const scroller = make("div", "", "scroller");
    const element = make("iframe");
    const options = { colours: setting("colours"), images: setting("images"), differences: setting("differences") };
    element.title = "The letter to " + titleOf(letters[current]);
    element.setAttribute("sandbox", "allow-same-origin");
    element.tabIndex = -1; // nothing in it can be used; what scrolls is around it
    element.srcdoc = frameDocument(letter.html, other?.html, options);
    // As high as the one before, lest the page jump while stepping with the eye on one place.
    element.style.height = by("show").querySelector("iframe")?.style.height ?? "";
    element.addEventListener("load", () => fit(element));
    new ResizeObserver(() => fit(element)).observe(element);
    scroller.append(element);
    scroller.tabIndex = 0;
    scroller.setAttribute("role", "region");
    scroller.setAttribute("aria-label", "The letter as it looks");
    return scroller;
  }

  function fit(element) {
    const page = element.contentDocument;
    if (!page?.body) return;
    const height = Math.ceil(page.documentElement.getBoundingClientRect().height);
    if (height && element.style.height !== height + "px") element.style.height = height + "px";
    page.addEventListener("keydown", onKey);
  }

  function pre(text, label) {
    const element = make("pre", text, "words");
    element.tabIndex = 0;
    element.setAttribute("role", "region");
    element.setAttribute("aria-label", label);
    return element;
  }

  function textView(letter, differences) {
    const text = asText(letter);
    const element = pre("", "The letter as plain text");
    let done = 0;
    for (const one of differences) {
      element.append(text.slice(done, one.start));
      if (one.now) element.append(make("mark", text.slice(one.start, one.end)));
      else {
        const gone = make("del", goneWords(one.was, one.gone), "gone");
        gone.dataset.gone = "";
        element.append(gone);
      }
      done = one.end;
    }
    element.append(text.slice(done));
    return element;
  }

  function headersView(letter, other) {
    const table = make("table");
    table.append(make("caption", "Headers of the message"));
    const body = make("tbody");
    const others = new Map();
    for (let i = 0; other && i < other.headers.length; i += 2) others.set(other.headers[i], other.headers[i + 1]);
    for (let i = 0; i < letter.headers.length; i += 2) {
      const [name, value] = [letter.headers[i], letter.headers[i + 1]];
      const row = make("tr"), head = make("th", name), cell = make("td");
      head.scope = "row";
      cell.append(make(other && others.get(name) !== value ? "mark" : "span", value));
      row.append(head, cell);
      body.append(row);
    }
    table.append(body);
    return table;
  }

  // --- beside it ------------------------------------------------------------------------------

  function findingItem(one) {
    const item = make("li", "", "finding " + one.severity);
    item.append(make("strong", one.severity[0].toUpperCase() + one.severity.slice(1) + ": "), make("span", one.text));
    const place = [placeOf(one), one.id].filter(Boolean).join(" · ");
    if (place) item.append(make("span", place, "finding-place"));
    return item;
  }

  // "1 error, 4 warnings"
  function severities(findings) {
    return ["error", "warning", "note"].map((severity) => {
      const number = findings.filter((one) => one.severity === severity).length;
      return number ? count(number, severity, severity + "s") : "";
    }).filter(Boolean).join(", ");
  }

  function showFindings(entry) {
    const own = troublesOf(entry);
    by("own-findings").replaceChildren(...own.map(findingItem));
    if (!own.length) by("own-findings").append(make("li", "None about this recipient.", "none"));
  }

  // Those about the letter and the list are the same beside every letter; open or shut, they stay so.
  function showEveryones() {
    const box = by("everyones");
    box.firstElementChild.textContent = "About the letter and the list: " + (severities(everyones) || "none");
    box.open = everyones.length > 0 && (everyones.length < 3 || everyones.some((one) => one.severity === "error"));
    const list = box.lastElementChild;
    list.append(...everyones.map(findingItem));
    if (about.findings_more) list.append(make("li", `And ${count(about.findings_more, "more", "more")} of the same kinds.`));
    if (!list.childElementCount) list.append(make("li", "Nothing was found.", "none"));
    const rows = [...ownFindings.values()].flat();
    by("recipients").hidden = !rows.length;
    by("recipients").firstElementChild.textContent = "About single recipients: " + severities(rows);
    by("recipients").lastElementChild.append(...rows.map(findingItem));
  }

  function differenceItem(one) {
    const item = make("li");
    const cut = (text) => (text.length > 160 ? text.slice(0, 160) + "…" : text);
    if (one.was) item.append(make("span", one.now ? "was " : "no longer ", "sr"), make("del", cut(one.was)));
    if (one.was && one.now) item.append(make("span", " → ", "arrow"));
    if (one.now) item.append(make("span", one.was ? "now " : "new: ", "sr"), make("ins", cut(one.now)));
    return item;
  }

  function showDifferences(differences, other) {
    const list = by("differences");
    list.replaceChildren(...differences.slice(0, DIFFERENCES_SHOWN).map(differenceItem));
    if (differences.length > DIFFERENCES_SHOWN)
      list.append(make("li", `and ${count(differences.length - DIFFERENCES_SHOWN, "more", "more")}`, "quiet"));
    if (other) by("compared").replaceChildren(differences.length ? "Compared with " : "The same words as in the letter to ",
      make("bdi", titleOf(letters[compared])), ".");
    else by("compared").textContent = "There is no other letter to compare with.";
  }

  function fact(name, value) {
    const group = make("div");
    group.append(make("dt", name), make("dd", value));
    return group;
  }

  function showFacts(entry, letter) {
    const kilobytes = Math.max(1, Math.round(letter.size / 1000));
    const facts = [
      fact("Subject", letter.subject ?? "(none)"), fact("Key", entry.key), fact("Address", entry.address),
      ...(entry.file ? [fact("Row", rowOf(entry))] : []),
      ...(letter.size ? [fact("Size", kilobytes.toLocaleString("en-GB") + " kB")] : []),
      ...(letter.files.length ? [fact("Files", letter.files.join(", "))] : []),
      ...(entry.why ? [fact("Shown for", entry.why)] : []),
    ];
    by("facts").replaceChildren(...facts);
    const links = letter.html ? linksOf(parseLetter(letter.html)) : [];
    by("links").hidden = !links.length;
    by("links").firstElementChild.textContent = `Links: ${links.length}`;
    by("links").lastElementChild.replaceChildren(...links.map((one) => {
      const item = make("li");
      item.append(make("span", one.text), make("span", one.href, "finding-place"));
      return item;
    }));
  }

  // --- keys -----------------------------------------------------------------------------------

  function toggle(name, values) {
    const field = by("views").elements[name];
    if (field.type === "checkbox") field.checked = !field.checked;
    else field.value = values[field.value === values[0] ? 1 : 0];
    redraw();
  }

  function choose(view) {
    by("views").elements.view.value = view;
    redraw();
  }

  function search() {
    by("chooser").open = true;
    by("search").focus();
    by("search").select();
  }

  const keys = {
    j: () => step(1), ArrowDown: () => step(1), ArrowRight: () => step(1),
    k: () => step(-1), ArrowUp: () => step(-1), ArrowLeft: () => step(-1),
    "/": search,
    1: () => choose("page"), 2: () => choose("text"), 3: () => choose("headers"), 4: () => choose("source"),
    p: () => toggle("width", ["desktop", "phone"]), c: () => toggle("colours", ["light", "dark"]),
    i: () => toggle("images"), d: () => toggle("differences"),
  };

  // Arrows belong to whatever uses them where the focus is; single letters can be switched off, for
  // those who speak to their computer (WCAG 2.1.4).
  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    const target = event.target, inList = target === by("list"), inSearch = target === by("search");
    const arrow = event.key.startsWith("Arrow");
    if (inSearch && event.key === "ArrowDown") by("list").focus();
    else if (inSearch && event.key === "Enter" && shown.length) pick(shown.includes(current) ? current : shown[0]);
    else if (inSearch) return;
    else if (inList && event.key === "Home") shown.length && pick(shown[0]);
    else if (inList && event.key === "End") shown.length && pick(shown[shown.length - 1]);
    else if (!keys[event.key] || (!inList && !by("keys-on").checked)) return;
    else if (arrow && !inList && target.closest?.("input, select, summary, .scroller, pre")) return;
    else keys[event.key]();
    event.preventDefault();
  }

  // --- the whole ------------------------------------------------------------------------------

  async function redraw() {
    if (current < 0) return;
    try {
      const place = current;
      const [letter, other] = await Promise.all([letterAt(place), otherLetter()]);
      if (place === current) showView(letter, other, other ? differencesOf(asText(other), asText(letter)) : []);
    } catch (error) {
      fail(error.message);
    }
  }

  function showLeftOut() {
    const box = by("left-out");
    box.hidden = !about.left_out_count;
    box.firstElementChild.textContent = `Left out: ${about.left_out_count.toLocaleString("en-GB")}`;
    for (const one of about.left_out) {
      const item = make("li");
      item.append(make("strong", one.key), make("span", one.address ? " · " + one.address : ""), make("br"),
        make("span", one.reason), make("span", placeOf(one), "finding-place"));
      box.lastElementChild.append(item);
    }
    if (about.left_out_count > about.left_out.length)
      box.lastElementChild.append(make("li", `and ${count(about.left_out_count - about.left_out.length, "more", "more")}`));
  }

  function showAbout() {
    document.title = "Gallery: " + about.subject;
    by("subject").textContent = about.subject;
    by("about").textContent = [about.update, about.audience ? "to " + about.audience : "fields by their names",
      about.audience ? count(about.recipients, "recipient", "recipients") : "", "made " + about.made].filter(Boolean).join(" · ");
    by("sample").hidden = !about.sample;
    if (about.sample)
      by("sample").textContent = `${letters.length.toLocaleString("en-GB")} of ${count(about.recipients, "letter", "letters")}. ${about.sample}`;
  }

  function firstPlace() {
    let id = "";
    try {
      id = decodeURIComponent(location.hash.slice(1));
    } catch {
      // a hash that somebody typed
    }
    return Math.max(0, letters.findIndex((letter) => letter.id === id));
  }

  function open(list) {
    about = list;
    letters = list.letters;
    sortFindings();
    const keys = new Set();
    for (const letter of letters) {
      letter.id = keys.has(letter.key) ? letter.key + " " + letter.address : letter.key;
      keys.add(letter.key);
      letter.haystack = fold([letter.name, letter.label, letter.key, letter.address].join(" "));
    }
    by("list").append(...letters.map(option));
    showAbout();
    showLeftOut();
    showEveryones();
    listed();
    by("chooser").open = isWide();
    if (matchMedia("(max-width: 40rem)").matches) by("views").elements.width.value = "phone";
    by("search").addEventListener("input", listed);
    by("only-findings").addEventListener("change", listed);
    by("views").addEventListener("change", redraw);
    by("views").addEventListener("submit", (event) => event.preventDefault());
    by("previous").addEventListener("click", () => step(-1));
    by("next").addEventListener("click", () => step(1));
    document.addEventListener("keydown", onKey);
    if (letters.length) pick(firstPlace());
  }

  return {
    open,
    shared: (pieces) => loaded("shared.js", pieces),
    letter: (place, letter) => loaded(place + ".js", letter),
  };
})();
