// gallery - the gallery of letters (preview --gallery) used in Chromium as an officer would, by keyboard
// and by mouse, on a wide screen and a telephone, light and dark: what is shown is the right letter, axe-core
// finds no violation, nothing is fetched, nothing of a letter runs. Prints TAP; times are told, not judged.
//
//   node gallery.mjs [--shots FOLDER] PROGRAM FOLDER
//
// FOLDER is empty and takes the workspaces. The real register of schools is read from CIRCULAR_SHARED, or
// ../shared beside the root, where it is there.
import { strict as assert } from "node:assert";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const args = process.argv.slice(2);
const shots = args[0] === "--shots" ? args.splice(0, 2)[1] : null;
const [program, work] = args.map((one) => resolve(one));
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const shared = process.env.CIRCULAR_SHARED || join(dirname(root), "shared");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
if (!executablePath) {
  console.log("1..0 # SKIP no Chromium on this machine");
  process.exit(0);
}

const patience = 180000; // ms, for a busy machine: waiting ends with what is waited for

// --- workspaces -----------------------------------------------------------------------------------

function circular(folder, ...words) {
  return spawnSync(program, words, { cwd: folder, encoding: "utf8" });
}

function put(folder, name, bytes) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), bytes);
}

const config = (more) => `office:
  name: Northmere City Council
  address: Council House, Northmere NM1 1AA
from: "The Director of Schools <director@example.org>"
lists:
  schools:
    file: schools.csv
${more}`;

const plainHeads = `audiences:
  heads:
    list: schools
    key: urn
    email: email
    name: "{{school}}"
`;

const cell = (text) => `"${text.replaceAll('"', '""')}"`;
const csv = (rows) => rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";

// The rows of a CSV file that may have quoted cells.
function cells(text) {
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows[rows.length - 1].push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ",") rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}

function sample() {
  const folder = join(work, "sample");
  execFileSync(program, ["init", folder], { stdio: "ignore" });
  return { folder, update: "updates/termly-update.md" };
}

// A PNG of one red pixel.
const pixel = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC", "base64");

const hostileNames = [
  "Plain School",
  "</script><script>window.owned=1</script>",
  "<img src=x onerror=\"parent.owned=1;window.owned=1\">",
  "\"; window.owned=1; //",
  "'+window.owned+'",
  "\u2028window.owned=1\u2029",
  "{office.name} ${window.owned=1} `window.owned=1`",
  "]]><!--<script>",
  "\u202Eloohcs\u202C",
  "javascript:window.owned=1",
  "Ünïcödé 学校 🎓",
  "A".repeat(300),
];

function hostile() {
  const folder = join(work, "hostile");
  put(folder, "config", config(plainHeads));
  put(folder, "schools.csv", csv([["urn", "school", "email"],
    ...hostileNames.map((name, i) => [`k${i}`, name, `head${i}@example.org`]), ["k<b>\"&", "Odd key", "odd@example.org"]]));
  put(folder, "updates/pixel.png", pixel);
  put(folder, "updates/a.md", "---\nsubject: \"Hello {{school}} </script>\"\n---\n\n# Dates\n\nDear {{school}},\n\n" +
    "![A red dot](pixel.png)\n\nsee [the page of {{school}}](https://example.org/?s={{school}}).\n");
  return { folder, update: "updates/a.md" };
}

function real() {
  const register = join(shared, "gias", "birmingham_schools_opendata.csv");
  const letter = join(shared, "real", "termly-update-2024-12-19.md");
  if (!existsSync(register) || !existsSync(letter)) return null;
  const folder = join(work, "real");
  const bytes = readFileSync(register);
  const [head, ...rows] = cells(bytes.toString("utf8").replace(/^\uFEFF/, ""));
  const keys = rows.map((row) => row[head.indexOf("dcfs_no")]);
  put(folder, "config", config(`    join:
      file: emails.csv
      on: dcfs_no
audiences:
  heads:
    list: schools
    key: dcfs_no
    email: email
    name: "{{school_name}}"
    fields:
      head_name: "Head of {{school_name}}"
`));
  put(folder, "schools.csv", bytes);
  put(folder, "emails.csv", "dcfs_no,email\n" + keys.map((one) => `${one},head.${one}@example.org\n`).join(""));
  put(folder, "updates/letter.md", readFileSync(letter));
  return { folder, update: "updates/letter.md" };
}

function many(count) {
  const folder = join(work, "many");
  const rows = Array.from({ length: count }, (_, i) => [`${100000 + i}`, `School ${i} of Northmere`, `head${i}@example.org`]);
  rows[777][1] = "The longest name of all: " + "Saint Bartholomew and the Holy Innocents ".repeat(3);
  put(folder, "config", config(plainHeads));
  put(folder, "schools.csv", csv([["urn", "school", "email"], ...rows]));
  put(folder, "updates/a.md", "---\nsubject: Dates\n---\n\nDear {{school}},\n\nThe dates are set.\n");
  return { folder, update: "updates/a.md" };
}

function gallery(place, ...more) {
  const done = circular(place.folder, "preview", place.update, "heads", "--gallery", "gallery", ...more);
  assert.equal(done.status, 0, done.stderr);
  place.index = pathToFileURL(join(place.folder, "gallery", "index.html")).href;
  place.said = done.stdout;
  return place;
}

// --- a browser's page -----------------------------------------------------------------------------

const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

async function open(place, { width = 1280, scheme = "light", hash = "", reducedMotion, offline = true } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, offline, reducedMotion });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  page.problems = [];
  page.on("request", (request) => {
    if (!/^(file|data|about):/.test(request.url())) page.problems.push("fetches " + request.url());
  });
  page.on("pageerror", (error) => page.problems.push("error: " + error.message));
  page.on("console", (message) => {
    // axe fetches style sheets to look at them, and images are switched off by policy.
    if (message.type() === "error" && !/\.css' violates|inline script|image 'data:/.test(message.text())) page.problems.push(message.text());
  });
  await page.goto(place.index + hash);
  await letterShown(page);
  return page;
}

// Waits until `ask` says yes in the page. Not waitForFunction, which the page's policy forbids.
async function until(page, ask, value) {
  for (const end = Date.now() + patience; Date.now() < end;) {
    if (await page.evaluate(ask, value)) return;
    await page.waitForTimeout(25);
  }
  throw new Error("this never came to be: " + ask + " " + (value ?? ""));
}

// The letter is there, in whatever view, and its frame is as high as it is.
const letterShown = (page) => until(page, () => {
  const frame = document.querySelector("#show iframe"), letter = frame?.contentDocument;
  return frame ? letter?.readyState === "complete" && letter.body?.textContent.trim() && letter.URL === "about:srcdoc" && frame.style.height
    : document.querySelector("#show pre, #show table, #show p");
});

const title = (page) => page.textContent("#name");
const waitTitle = async (page, name) => {
  await until(page, (wanted) => document.getElementById("name").textContent === wanted, name);
  await letterShown(page);
};
// The words of the letter, without those that are shown as gone.
const letterWords = (page) => page.evaluate(() => {
  const body = document.querySelector("#show iframe").contentDocument.body.cloneNode(true);
  for (const gone of body.querySelectorAll("[data-gone], style")) gone.remove();
  return body.textContent.replace(/\s+/g, " ");
});
const marks = (page) => page.evaluate(() => {
  const frame = document.querySelector("#show iframe");
  return [...(frame ? frame.contentDocument : document.getElementById("show")).querySelectorAll("mark, [data-gone]")].map((mark) => mark.textContent);
});

async function assertGood(page, name) {
  assert.deepEqual(page.problems, []);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(over <= 0, `${name} scrolls sideways by ${over} px`);
  if (shots) await page.screenshot({ path: join(shots, name.replace(/\W+/g, "-") + ".png") });
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document));
  const found = result.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)}`));
  assert.deepEqual(found, [], name);
}

const close = (page) => page.context().close();

// --- the tests ------------------------------------------------------------------------------------

const tests = [];
const test = (name, run) => tests.push({ name, run });
const views = [1280, 360].flatMap((width) => ["light", "dark"].map((scheme) => ({ width, scheme })));

const place = { sample: gallery(sample()), hostile: gallery(hostile()) };
const people = ["Mrs Whitcombe", "Mr Fenwick", "Mr O'Neill"];

for (const view of views) {
  const at = `${view.width} px, ${view.scheme}`;

  test(`every view is accessible, ${at}`, async () => {
    const page = await open(place.sample, view);
    await page.keyboard.press("j");
    await waitTitle(page, people[1]);
    for (const [key, name] of [["1", "letter"], ["2", "text"], ["3", "headers"], ["4", "source"]]) {
      await page.keyboard.press(key);
      await until(page, (n) => document.querySelector(`[name=view]:checked`).value === n, name === "letter" ? "page" : name);
      await letterShown(page);
      await assertGood(page, `sample ${name} ${at}`);
    }
    await page.keyboard.press("1");
    for (const key of ["p", "c", "i"]) {
      await page.keyboard.press(key);
      await letterShown(page);
      await assertGood(page, `sample letter ${key} ${at}`);
    }
    await close(page);
  });

  test(`by keyboard alone, ${at}`, async () => {
    const page = await open(place.sample, view);
    assert.equal(await title(page), people[0]);
    for (const [key, name] of [["j", 1], ["ArrowRight", 2], ["k", 1], ["ArrowLeft", 0], ["ArrowDown", 1], ["ArrowUp", 0]]) {
      await page.keyboard.press(key);
      await waitTitle(page, people[name]);
    }
    await page.keyboard.press("k"); // before the first there is nobody
    assert.equal(await title(page), people[0]);
    await page.keyboard.press("/");
    await page.keyboard.type("gruffydd");
    assert.match(await page.textContent("#found"), /^1 of 31 letters$/);
    await page.keyboard.press("Enter");
    await waitTitle(page, "Mrs Gruffŷdd");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("mr jklp1/"); // letters typed into the search are no keys
    assert.match(await page.textContent("#found"), /^0 of 31/);
    await page.keyboard.press("Control+A");
    await page.keyboard.type("900002");
    await page.keyboard.press("ArrowDown"); // into the list
    assert.equal(await page.evaluate(() => document.activeElement.id), "list");
    await page.keyboard.press("Home");
    await waitTitle(page, people[1]);
    assert.equal(await page.getAttribute("#list [aria-selected=true]", "id"), await page.getAttribute("#list", "aria-activedescendant"));
    await assertGood(page, `sample searched ${at}`);
    await close(page);
  });

  test(`by mouse, ${at}`, async () => {
    const page = await open(place.sample, view);
    if (view.width === 360) await page.click("#chooser-heading");
    await page.click("text=m.o'neill@st-brigids.example.org");
    await waitTitle(page, people[2]);
    assert.match(await letterWords(page), /Dear Mr O’Neill/);
    await page.click("#next");
    await waitTitle(page, "Ms O’Donoghue");
    await page.click("#previous");
    await waitTitle(page, people[2]);
    for (const label of ["Plain text", "Headers", "Source", "Letter"]) {
      await page.click(`.views >> text="${label}"`);
      await letterShown(page);
    }
    await page.click(`.views >> text="Phone"`);
    await letterShown(page);
    assert.equal(await page.evaluate(() => document.querySelector("#show iframe").clientWidth), 360);
    await page.click(`.views >> text="Desktop"`);
    await letterShown(page);
    assert.ok(await page.evaluate(() => document.querySelector("#show iframe").clientWidth) >= 600);
    if (view.width === 360) await page.click("#chooser-heading");
    await page.click("text=Only those with findings");
    assert.match(await page.textContent("#found"), /^\d of 31 letters$/);
    const badges = await page.locator(".badge:visible").count();
    assert.equal(await page.locator(".option:visible").count(), badges);
    await close(page);
  });

  test(`a letter's own dark colours, whatever the page's, ${at}`, async () => {
    const page = await open(place.sample, view);
    const paper = () => page.evaluate(() => getComputedStyle(
      document.querySelector("#show iframe").contentDocument.querySelector("td.paper")).backgroundColor);
    assert.equal(await paper(), "rgb(255, 255, 255)");
    await page.keyboard.press("c");
    await letterShown(page);
    assert.equal(await paper(), "rgb(30, 34, 38)");
    assert.match(await page.textContent("#note"), /recolour/);
    await page.keyboard.press("c");
    await letterShown(page);
    assert.equal(await paper(), "rgb(255, 255, 255)");
    await close(page);
  });
}

test("every letter of the sample is the recipient's own", async () => {
  const page = await open(place.sample);
  const list = await page.evaluate(() => [...document.querySelectorAll(".option")].map((item) => item.querySelector(".option-name").textContent));
  assert.equal(list.length, 31);
  circular(place.sample.folder, "preview", place.sample.update, "heads", "--all", "--out", "out");
  for (const [i, name] of list.entries()) {
    await waitTitle(page, name);
    const key = await page.evaluate(() => decodeURIComponent(location.hash.slice(1)));
    await page.keyboard.press("2");
    await page.waitForSelector("#show pre");
    const file = readFileSync(join(place.sample.folder, "out", key + ".txt"), "utf8");
    await page.keyboard.press("d");
    const plain = (await page.textContent("#show pre")).replace(/^Subject: .*\n\n/, "");
    assert.equal(plain, file, key);
    await page.keyboard.press("d");
    await page.keyboard.press("1");
    if (i + 1 < list.length) await page.keyboard.press("j");
  }
  assert.deepEqual(page.problems, []);
  await close(page);
});

test("the source is the message that preview writes", async () => {
  const page = await open(place.hostile, { hash: "#k3" });
  circular(place.hostile.folder, "preview", place.hostile.update, "heads", "--for", "k3", "--out", "out");
  const eml = readFileSync(join(place.hostile.folder, "out", "k3.eml"), "utf8").replaceAll("\r\n", "\n");
  await page.keyboard.press("4");
  await page.waitForSelector("#show pre");
  const varying = (text) => text.replace(/^(Date|Message-ID): .*\n/gm, "");
  assert.equal(varying(await page.textContent("#show pre")), varying(eml));
  await close(page);
});

test("differences are marked, told, and can be switched off", async () => {
  const page = await open(place.sample);
  await page.keyboard.press("j");
  await waitTitle(page, people[1]);
  assert.ok((await marks(page)).includes("Mr Fenwick"), "in the letter");
  assert.ok((await marks(page)).includes("Northmere Grammar"));
  assert.match(await page.textContent("#compared"), /Compared with Mrs Whitcombe/);
  assert.match(await page.textContent("#differences li"), /was Mrs Whitcombe → now Mr Fenwick/);
  assert.match(await page.textContent("#live"), /Letter 2 of 31: Mr Fenwick\. \d+ differences/);
  await page.keyboard.press("2");
  await page.waitForSelector("#show pre");
  assert.ok((await marks(page)).includes("Mr Fenwick"), "in the text");
  await page.keyboard.press("3");
  await page.waitForSelector("#show table");
  assert.ok((await marks(page)).some((mark) => mark.includes("t.fenwick@nmgs.example.org")), "in the headers");
  for (const key of ["d", "2", "1"]) {
    await page.keyboard.press(key);
    await letterShown(page);
    assert.deepEqual(await marks(page), []);
  }
  await close(page);
});

test("the words that differ: as short as can be, and right for any two texts", async () => {
  const page = await open(place.sample);
  const wrong = await page.evaluate(() => {
    let seed = 7;
    const chance = (n) => (seed = (seed * 48271) % 2147483647) % n;
    const longest = (a, b) => {
      const row = new Array(b.length + 1).fill(0);
      for (const x of a) for (let j = 0, diagonal = 0; j < b.length; j++) {
        const up = row[j + 1];
        row[j + 1] = x === b[j] ? diagonal + 1 : Math.max(up, row[j]);
        diagonal = up;
      }
      return row[b.length];
    };
    for (let round = 0; round < 3000; round++) {
      const make = () => Array.from({ length: chance(12) }, () => "abcd"[chance(4)]);
      const olds = make(), news = make();
      let again = [], at = 0;
      for (const hunk of hunksOf(olds, news)) {
        again.push(...olds.slice(at, hunk.oldFrom), ...news.slice(hunk.from, hunk.to));
        at = hunk.oldTo;
      }
      again.push(...olds.slice(at));
      if (again.join() !== news.join()) return `${olds.join("")} to ${news.join("")} gave ${again.join("")}`;
      const edits = shortestWay(olds, news).reduce((sum, hunk) => sum + hunk.to - hunk.from + hunk.oldTo - hunk.oldFrom, 0);
      if (edits !== olds.length + news.length - 2 * longest(olds, news)) return `${olds.join("")} to ${news.join("")}: ${edits} edits`;
    }
    const far = Array.from({ length: 9000 }, (_, i) => "a" + i), other = Array.from({ length: 9000 }, (_, i) => "b" + i);
    if (hunksOf(far, other).length !== 1) return "two texts without anything in common are one difference";
    if (differencesOf("Dear Ann,\nall is\nwell.", "Dear Ann, all\nis well.").length) return "a new line end is no difference";
    const [one] = differencesOf("Dear Ann, hello", "Dear Bob, hello");
    if (one.was !== "Ann" || one.now !== "Bob" || one.start !== 5 || one.end !== 8) return JSON.stringify(one);
    const places = [["a b c", "a c", 1], ["a\n\nb c", "a\n\nc", 3], ["a b", "a", 1], ["b a", "a", 0], ["b", "", 0]];
    for (const [was, now, place] of places) {
      const [gone] = differencesOf(was, now);
      if (gone.was !== "b" || gone.now || gone.start !== place || gone.end !== place) return JSON.stringify([was, now, gone]);
    }
    return "";
  });
  assert.equal(wrong, "");
  await close(page);
});

test("findings stand beside the letter, and with the recipient whose row they are about", async () => {
  const page = await open(place.sample);
  assert.match(await page.textContent("#everyones summary"), /^About the letter and the list: 5 warnings/);
  await page.click("#everyones summary");
  await page.keyboard.press("j"); // and they stay open
  await waitTitle(page, people[1]);
  assert.ok(await page.isVisible("text=no address in 'HeadEmail'"));
  assert.match(await page.textContent("#findings"), /Warning: no address in 'HeadEmail'/);
  assert.match(await page.textContent("#findings"), /lists\/schools\.csv:24 · no-address/);
  assert.match(await page.textContent("#left-out summary"), /^Left out: 4$/);
  await page.click("#left-out summary");
  assert.match(await page.textContent("#left-out"), /900012.*same address as 900011/);
  await assertGood(page, "sample left out");
  await close(page);
});

test("a finding about a recipient's own row is theirs, and several addresses of one key are told apart", async () => {
  const folder = join(work, "own");
  put(folder, "config", config(plainHeads.replace("email: email", "email: [email, office]")));
  put(folder, "schools.csv", csv([["urn", "school", "email", "office"], ["1", "Abbey", "a@example.org", "b@example.org"],
    ["2", "Beech", "c@example.org", "c@example.org"], ["3", "Castle", "d@example.org", ""]]));
  put(folder, "updates/a.md", "---\nsubject: Hello\n---\n\nDear {{school}}.\n");
  const page = await open(gallery({ folder, update: "updates/a.md" }), { hash: "#1 b@example.org" });
  assert.equal(await page.textContent("#address"), "b@example.org");
  assert.equal(await page.locator(".option").count(), 4);
  await page.click("text=Only those with findings");
  assert.match(await page.textContent("#found"), /^1 of 4 letters$/);
  await page.keyboard.press("j");
  await waitTitle(page, "Beech");
  assert.match(await page.textContent("#option-2"), /1 finding/);
  assert.match(await page.textContent("#findings"), /Note: .*schools\.csv:3 · same-address/);
  await page.click("text=Only those with findings");
  await page.keyboard.press("j");
  await waitTitle(page, "Castle");
  assert.match(await page.textContent("#findings"), /None about this recipient\.[^]*About single recipients: 1 note/);
  await assertGood(page, "own findings");
  await close(page);
});

test("images on and off, links shown and not followed", async () => {
  const page = await open(place.hostile);
  const width = () => page.evaluate(() => document.querySelector("#show iframe").contentDocument.querySelector("img").naturalWidth);
  assert.equal(await width(), 1);
  await page.keyboard.press("i");
  await letterShown(page);
  assert.equal(await width(), 0);
  assert.match(await page.textContent("#note"), /Images are off/);
  assert.equal(await page.evaluate(() => document.querySelector("#show iframe").contentDocument.querySelectorAll("a[href]").length), 0);
  await page.click("#links summary");
  assert.match(await page.textContent("#links"), /the page of Plain School.*https:\/\/example\.org\/\?s=Plain%20School/);
  await assertGood(page, "hostile links");
  await close(page);
});

test("no value of a list runs or becomes a part of the page", async () => {
  const page = await open(place.hostile);
  for (const [i, name] of [...hostileNames, "Odd key"].entries()) {
    // An apostrophe before a sign is how a spreadsheet is kept from taking it for a formula.
    const shown = name.replace(/[\u2028\u2029]/g, " ").trim().replace(/^'(?=[=+@-])/, "");
    await until(page, (wanted) => document.getElementById("place").textContent.startsWith(wanted + " of"), String(i + 1));
    await letterShown(page);
    if (!/[\u2028\u202e]/.test(name)) assert.equal(await title(page), shown);
    if (i < 4) assert.ok((await letterWords(page)).includes("Dear " + shown.slice(0, 30)), name);
    for (const key of ["2", "3", "4", "1"]) {
      await page.keyboard.press(key);
      await letterShown(page);
    }
    await page.keyboard.press("j");
  }
  assert.equal(await page.evaluate(() => window.owned), undefined);
  assert.equal(await page.evaluate(() => document.scripts.length), 4);
  await assertGood(page, "hostile");
  await close(page);
});

test("a letter that is nothing but attacks can run and fetch nothing", async () => {
  const hits = [];
  const server = createServer((request, answer) => {
    hits.push(request.url);
    answer.end();
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const there = `http://127.0.0.1:${server.address().port}`;
  const page = await open(place.sample, { offline: false });
  await page.evaluate((there) => {
    const html = `<!DOCTYPE html><html><head><base href="${there}/"><meta http-equiv="refresh" content="0;url=${there}/r">
      <link rel="stylesheet" href="${there}/s.css"><link rel="preconnect" href="${there}"><link rel="prefetch" href="${there}/pre">
      <style>@import "${there}/i.css"; body { background: url(${there}/b.png) }
      @font-face { font-family: x; src: url(${there}/f.woff) } p { font-family: x }</style>
      <script>parent.owned = 1; top.owned = 1<\/script></head>
      <body onload="parent.owned=1"><p>Hello</p><img src="${there}/p.png" onerror="parent.owned=1"><svg onload="parent.owned=1"></svg>
      <iframe src="${there}/f"></iframe><object data="${there}/o"></object><embed src="${there}/e"><video src="${there}/v" autoplay></video>
      <a id="a" href="javascript:parent.owned=1">a</a><a id="b" href="${there}/l" target="_top" ping="${there}/ping">b</a>
      <form action="${there}/form" target="_top"><button id="c">go</button></form></body></html>`;
    document.querySelector("#show iframe").srcdoc = frameDocument(html, null, { colours: "light", images: true, differences: false });
  }, there);
  await until(page, () => document.querySelector("#show iframe").contentDocument?.getElementById("c"));
  const frame = page.frames().find((one) => one.parentFrame() === page.mainFrame());
  for (const id of ["#a", "#b", "#c"]) await frame.click(id, { timeout: 2000, force: true });
  await page.waitForTimeout(500);
  assert.equal(await page.getAttribute("#show iframe", "sandbox"), "allow-same-origin");
  assert.match(await frame.getAttribute("meta[http-equiv=Content-Security-Policy]", "content"), /^default-src 'none';/);
  assert.equal(await page.evaluate(() => window.owned), undefined);
  assert.ok(page.url().startsWith("file:"));
  assert.deepEqual(hits, []);
  const answer = await fetch(there + "/alive"); // the server would have heard
  assert.ok(answer.ok && hits.length === 1);
  await close(page);
  server.close();
});

test("the keyboard works while the focus is in the letter, and keys can be switched off", async () => {
  const page = await open(place.sample);
  await page.frames()[1].click("h1");
  await page.keyboard.press("j");
  await waitTitle(page, people[1]);
  await page.click("text=Keys work everywhere on the page");
  await page.keyboard.press("j");
  await page.focus("#list");
  await page.keyboard.press("j");
  await waitTitle(page, people[2]); // one step: the first j did nothing
  await close(page);
});

test("everything can be reached by Tab, and the focus is seen", async () => {
  const page = await open(place.sample);
  const seen = new Set();
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("Tab");
    const [name, outline] = await page.evaluate(() => {
      const at = document.activeElement;
      const visible = at.matches(".choice input") ? at.nextElementSibling : at;
      return [at.id || at.name || at.className || at.tagName, getComputedStyle(visible).outlineStyle];
    });
    if (name === "BODY") break;
    seen.add(name);
    assert.notEqual(outline, "none", name + " shows no focus");
  }
  for (const name of ["skip", "search", "only-findings", "list", "previous", "next", "view", "width", "colours", "images", "differences", "scroller", "keys-on"])
    assert.ok(seen.has(name), `${name} is reached: ${[...seen]}`);
  await close(page);
});

test("stepping doesn't move the page, and the chosen one stays in sight in the list", async () => {
  for (const width of [1280, 360]) {
    const page = await open(place.sample, { width });
    if (width === 360) await page.click("#chooser-heading");
    await page.evaluate(() => window.scrollTo(0, 700));
    await page.focus("#next", { preventScroll: true });
    const before = await page.evaluate(() => window.scrollY);
    for (let i = 2; i <= 20; i++) {
      await page.keyboard.press("j");
      await until(page, (wanted) => document.getElementById("place").textContent.startsWith(wanted + " of"), i);
      await letterShown(page);
    }
    assert.equal(await page.evaluate(() => window.scrollY), before);
    await page.waitForTimeout(100);
    const seen = await page.evaluate(() => {
      const list = document.getElementById("list").getBoundingClientRect();
      const item = document.querySelector("[aria-selected=true]").getBoundingClientRect();
      return item.top >= list.top - 1 && item.bottom <= list.bottom + 1;
    });
    assert.ok(seen, "in sight at " + width);
    await close(page);
  }
});

test("on a telephone the list makes room for the letter that is chosen", async () => {
  const page = await open(place.sample, { width: 360 });
  await page.click("#chooser-heading");
  await page.click("#option-3");
  await waitTitle(page, "Ms O’Donoghue");
  assert.equal(await page.getAttribute("#chooser", "open"), null);
  assert.equal(await page.evaluate(() => document.activeElement.id), "letter");
  await close(page);
});

test("it opens on the recipient in its address, and says so when a letter's file is gone", async () => {
  const { folder, update } = place.sample;
  circular(folder, "preview", update, "heads", "--gallery", "gone");
  const files = readdirSync(join(folder, "gone")).find((name) => name.startsWith("letters-"));
  rmSync(join(folder, "gone", files, "9.js"));
  const page = await open({ index: pathToFileURL(join(folder, "gone", "index.html")).href }, { hash: "#900003", reducedMotion: "reduce" });
  assert.equal(await title(page), people[2]);
  await page.evaluate(() => document.getElementById("option-9").click());
  await until(page, () => /load the page again/.test(document.getElementById("problem").textContent));
  await page.keyboard.press("k");
  await waitTitle(page, "Mr Boateng");
  assert.ok(await page.isHidden("#problem"));
  await close(page);
});

test("one letter with its fields by name, and those of --for and of --variety", async () => {
  const { folder, update } = place.sample;
  const done = circular(folder, "preview", update, "--gallery", "names");
  assert.equal(done.status, 0, done.stderr);
  let page = await open({ index: pathToFileURL(join(folder, "names", "index.html")).href });
  assert.match(await letterWords(page), /Dear \[head_name\]/);
  assert.match(await page.textContent("#about"), /fields by their names/);
  await assertGood(page, "names");
  await close(page);
  circular(folder, "preview", update, "heads", "--gallery", "some", "--for", "900005", "--for", "900002");
  page = await open({ index: pathToFileURL(join(folder, "some", "index.html")).href });
  assert.equal(await page.locator(".option").count(), 2);
  assert.equal(await title(page), "Mrs Gruffŷdd");
  await close(page);
  circular(folder, "preview", update, "heads", "--gallery", "few", "--variety");
  page = await open({ index: pathToFileURL(join(folder, "few", "index.html")).href });
  assert.match(await page.textContent("#sample"), /^\d+ of 31 letters\. /);
  assert.match(await page.textContent("#list"), /longest school_name/);
  await assertGood(page, "variety");
  await close(page);
});

test("24,000 recipients: a sample that says so, with the longest name in it", async () => {
  const started = Date.now();
  const all = gallery(many(24000));
  console.log(`# 24,000 recipients: made in ${Date.now() - started} ms`);
  assert.match(all.said, /200 letters of 24,000/);
  const page = await open(all);
  console.log(`# 24,000 recipients: open, with the first letter shown, ${await page.evaluate(() => Math.round(performance.now()))} ms after its address`);
  assert.match(await page.textContent("#sample"), /^200 of 24,000 letters\. /);
  assert.equal(await page.locator(".option").count(), 200);
  assert.match(await page.textContent("#option-0"), /first/);
  assert.match(await page.textContent("#list"), /The longest name of all/);
  const keys = () => page.evaluate(() => [...document.querySelectorAll(".option-key")].map((one) => one.textContent).join());
  const first = await keys();
  gallery(all);
  await page.reload();
  await letterShown(page);
  assert.equal(await keys(), first, "the same sample each time");
  await assertGood(page, "24000");
  await close(page);
});

const city = real();
for (const view of city ? views : []) {
  test(`the real letter to a real city, ${view.width} px, ${view.scheme}`, async () => {
    const started = Date.now();
    if (!city.index) {
      gallery(city);
      console.log(`# 447 recipients: made in ${Date.now() - started} ms`);
    }
    const page = await open(city, view);
    console.log(`# 447 recipients: open, with the first letter shown, ${await page.evaluate(() => Math.round(performance.now()))} ms after its address`);
    assert.equal(await page.locator(".option").count(), 447);
    const names = await page.evaluate(() => [...document.querySelectorAll(".option-name")].map((one) => one.textContent));
    const stepping = Date.now();
    const step = view.width === 1280 && view.scheme === "light" ? 100 : 12;
    for (let i = 0; i < step; i++) {
      await waitTitle(page, names[i]);
      const words = (await letterWords(page)).replaceAll("\u2019", "'");
      assert.ok(words.includes("Dear Head of " + names[i].replace(/\s+/g, " ")), names[i]);
      if (i && names[i] !== names[i - 1]) assert.ok((await marks(page)).length, `${names[i]} is marked`);
      if (i + 1 < step) await page.keyboard.press("j");
    }
    console.log(`# ${step} letters stepped through, ${Math.round((Date.now() - stepping) / step)} ms each`);
    await assertGood(page, `real ${view.width} ${view.scheme}`);
    await close(page);
  });
}
if (!city) console.log("# skipped: no real register of schools and letter in CIRCULAR_SHARED");

// ONLY=words runs those whose name has these words.
const wanted = process.env.ONLY ? tests.filter(({ name }) => name.includes(process.env.ONLY)) : tests;
let failed = 0;
console.log(`1..${wanted.length}`);
for (const [i, { name, run }] of wanted.entries()) {
  try {
    await run();
    console.log(`ok ${i + 1} - ${name}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${i + 1} - ${name}`);
    console.log(String(error.stack ?? error).replace(/^/gm, "#   "));
  }
}
await browser.close();
process.exit(failed ? 1 : 0);
