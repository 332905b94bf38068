// gallery-letter - a letter's page made ready to be looked at: in a frame that can run and fetch
// nothing, in the colours that were chosen, with its differences marked
"use strict";

// On top of the frame's sandbox: nothing is fetched, whatever the letter says.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; img-src ";

const MARK = "background-color:#ffe27a;color:#1b1b1b;text-decoration:inherit;box-shadow:0 0 0 2px #ffe27a;border-radius:1px";
const GONE = "background-color:#5b2b6b;color:#ffffff;padding:0 4px;border-radius:2px;margin:0 4px";

function parseLetter(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

// A page can't tell a frame that it is night, so the letter's own rules for it are made to hold always
// or never. What a mail program does on top of them - some recolour letters their own way - isn't shown.
function setColours(page, colours) {
  const always = "(min-width: 0px)", never = "(max-width: 0px)";
  for (const style of page.querySelectorAll("style"))
    style.textContent = style.textContent
      .replace(/\(\s*prefers-color-scheme\s*:\s*dark\s*\)/gi, colours === "dark" ? always : never)
      .replace(/\(\s*prefers-color-scheme\s*:\s*light\s*\)/gi, colours === "dark" ? never : always)
      .replace(/(color-scheme\s*:)[^;}]*/gi, "$1 " + colours);
  for (const meta of page.querySelectorAll("meta[name=color-scheme]")) meta.content = colours;
}

function setPolicy(page, images) {
  const meta = page.createElement("meta");
  meta.httpEquiv = "Content-Security-Policy";
  meta.content = POLICY + (images ? "data:" : "'none'");
  page.head.prepend(meta);
}

// Where a link leads; of one that writes a letter, as the answers to a question do, what it writes.
function tellLink(href) {
  const mail = /^mailto:([^?]*)(?:\?(.*))?$/i.exec(href);
  if (!mail) return href;
  const read = (text) => { try { return decodeURIComponent(text); } catch { return text; } };
  const fields = (mail[2] || "").split("&").map((field) => field.split("=").map(read));
  const said = (name, words) => fields.filter(([key, text]) => key.toLowerCase() === name && text)
    .map(([, text]) => `, ${words} “${text.trim().replace(/\s*\r\n\s*/g, " / ")}”`).join("");
  return `a letter to ${read(mail[1])}${said("subject", "subject")}${said("body", "text")}`;
}

// Links are named and not followed: a click must not tell a server that somebody looks.
function stillLinks(page) {
  for (const link of page.querySelectorAll("a[href]")) {
    link.title = "Leads to " + tellLink(link.getAttribute("href"));
    link.removeAttribute("href");
  }
}

function linksOf(page) {
  return [...page.querySelectorAll("a[href]")].map((link) => ({
    text: link.textContent.trim() || link.querySelector("img")?.alt || "(no text)",
    href: tellLink(link.getAttribute("href")),
  }));
}

// The words that can be seen on a page, each with its text node.
function pageWords(page) {
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  const words = [];
  for (let node; (node = walker.nextNode()); )
    if (!node.parentElement.closest('style, script, title, [style*="display: none"], [style*="display:none"]'))
      for (const word of wordsOf(node.data)) words.push({ ...word, node });
  return words;
}

function styled(page, name, style, text) {
  const element = page.createElement(name);
  element.style.cssText = style;
  element.textContent = text;
  return element;
}

// Wraps what stands between two places of a text node. Called from the end of the page to its
// beginning, so that places before stay where they are.
function wrap(page, node, start, end) {
  const mark = styled(page, "mark", MARK, "");
  node.splitText(end);
  const part = node.splitText(start);
  part.replaceWith(mark);
  mark.append(part);
}

// Words that only the other letter has, struck through: a few as they are, more as their number.
function goneWords(text, count) {
  return count <= 4 && text.length <= 60 ? text : `${count} words less`;
}

// They are told where they stood: behind the word before them if that was in the same run of text, and
// else before the word that follows.
function tellGone(page, hunk, olds, news) {
  const gone = olds.slice(hunk.oldFrom, hunk.oldTo), first = gone[0], last = gone[gone.length - 1];
  const text = first.node === last.node ? first.node.data.slice(first.start, last.end) : gone.map((one) => one.word).join(" ");
  const chip = styled(page, "del", GONE, goneWords(text, gone.length));
  chip.dataset.gone = "";
  const before = news[hunk.from - 1], after = news[hunk.from];
  if (before && (!after || olds[hunk.oldFrom - 1].node === first.node)) before.node.splitText(before.end).before(chip);
  else if (after) after.node.splitText(after.start).before(chip);
}

function markDifferences(page, other) {
  const news = pageWords(page), olds = pageWords(other);
  const hunks = hunksOf(olds.map((one) => one.word), news.map((one) => one.word));
  for (const hunk of hunks.reverse()) {
    if (hunk.from === hunk.to) tellGone(page, hunk, olds, news);
    for (let to = hunk.to; to > hunk.from; ) {
      let from = to - 1;
      while (from > hunk.from && news[from - 1].node === news[to - 1].node) from--;
      wrap(page, news[to - 1].node, news[from].start, news[to - 1].end);
      to = from;
    }
  }
}

// The letter as a document for a frame's srcdoc. `other` is the letter that it is compared with, or null.
function frameDocument(html, other, { colours, images, differences }) {
  const page = parseLetter(html);
  if (differences && other) markDifferences(page, parseLetter(other));
  setColours(page, colours);
  stillLinks(page);
  setPolicy(page, images);
  return "<!DOCTYPE html>" + page.documentElement.outerHTML;
}
