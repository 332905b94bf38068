// report - pages of `circular report` and `circular history` opened in Chromium at desktop and phone width, light and
// dark: axe-core finds no violation (details closed and open), nothing is fetched, nothing runs, nothing is said on the
// console, nothing scrolls sideways, and all of it can be reached by keyboard. Prints TAP.
//
//   node report.mjs [--shots FOLDER] FILE.html...
import { readFileSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const args = process.argv.slice(2);
const shots = args[0] === "--shots" ? args.splice(0, 2)[1] : null;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const views = [
  { width: 1280, scheme: "light", byKeyboard: true },
  { width: 1280, scheme: "dark" },
  { width: 360, scheme: "light" },
  { width: 360, scheme: "dark", byKeyboard: true },
];

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
if (!executablePath) {
  console.log("1..0 # SKIP no Chromium on this machine");
  process.exit(0);
}
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

async function open(file, options, problems) {
  const context = await browser.newContext({ viewport: { width: options.width, height: 900 }, colorScheme: options.scheme });
  context.setDefaultTimeout(180000); // ms, for a busy machine
  const page = await context.newPage();
  page.on("request", (request) => {
    if (request.url() !== pathToFileURL(file).href) problems.push("fetches " + request.url().slice(0, 200));
  });
  page.on("console", (message) => problems.push("console: " + message.text().slice(0, 200)));
  page.on("pageerror", (error) => problems.push("error: " + error.message));
  page.on("dialog", (dialog) => { problems.push("a dialog: " + dialog.message()); dialog.dismiss(); });
  const start = performance.now();
  await page.goto(pathToFileURL(file).href);
  return { context, page, took: performance.now() - start };
}

async function violations(page, state, problems) {
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  for (const violation of result.violations)
    for (const node of violation.nodes) problems.push(`${state}: ${violation.id}: ${node.html.slice(0, 200)} ${node.failureSummary ?? ""}`);
}

// What axe can't know: each drawing has its words and its table, no text is cut off or lies on another.
async function structure(page, problems) {
  problems.push(...await page.evaluate(() => {
    const found = [];
    const over = document.documentElement.scrollWidth - window.innerWidth;
    if (over > 0) found.push(`scrolls sideways by ${over} px`);
    if (document.querySelectorAll("h1").length !== 1) found.push("not one h1");
    if (document.querySelectorAll("script, iframe, object, img, link").length) found.push("something that could fetch or run");
    if (document.querySelectorAll("[onerror], [onclick], [style]").length) found.push("an attribute that a value may have brought");
    for (const svg of document.querySelectorAll('svg[role="img"]')) {
      const named = svg.getAttribute("aria-labelledby").split(" ").map((id) => document.getElementById(id)?.textContent.trim());
      if (named.length !== 2 || named.some((text) => !text)) found.push("a drawing without title or description");
      const table = svg.closest("figure")?.querySelector("details table");
      if (!table || table.querySelectorAll("tbody tr").length === 0) found.push("a drawing without its figures");
      const frame = svg.getBoundingClientRect();
      const boxes = [...svg.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
      for (const [text, box] of boxes)
        if (box.left < frame.left - 3 || box.right > frame.right + 3) found.push(`'${text}' runs out of its drawing`);
      for (let i = 0; i < boxes.length; i++)
        for (let j = i + 1; j < boxes.length; j++) {
          const [a, b] = [boxes[i][1], boxes[j][1]];
          if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4)
            found.push(`'${boxes[i][0]}' lies on '${boxes[j][0]}'`);
        }
    }
    for (const table of document.querySelectorAll("table"))
      if (!table.caption?.textContent || [...table.querySelectorAll("th")].some((th) => !th.scope)) found.push("a table without caption or scope");
    return found;
  }));
}

// By keyboard alone: the first stop leads past the head; each link leads to a part that is there; each <details> is a
// stop, and Enter opens it.
async function keyboard(page, problems) {
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => document.activeElement.className);
  if (first !== "skip") problems.push(`the first stop is '${first}'`);
  await page.keyboard.press("Enter");
  if (await page.evaluate(() => document.activeElement.id) !== "main") problems.push("the skip link does not lead to the content");
  const expected = await page.evaluate(() => document.querySelectorAll("main a, main summary").length);
  const broken = await page.evaluate(() => [...document.querySelectorAll('a[href^="#"]')].filter((a) => !document.getElementById(a.hash.slice(1))).length);
  if (broken) problems.push(`${broken} links lead nowhere`);
  let stops = 0;
  for (; stops < expected; stops++) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(() => {
      const at = document.activeElement;
      const box = at.getBoundingClientRect();
      const style = getComputedStyle(at);
      return { tag: at.tagName, seen: box.width > 0 && box.top >= -1 && box.bottom <= window.innerHeight + 1, ring: style.outlineStyle !== "none" };
    });
    if (!["A", "SUMMARY"].includes(here.tag)) break;
    if (!here.seen) problems.push("a stop that is not to be seen");
    if (!here.ring) problems.push("a stop without a ring");
    if (here.tag === "SUMMARY") {
      await page.keyboard.press("Enter");
      if (!await page.evaluate(() => document.activeElement.parentElement.open)) problems.push("Enter does not open the figures");
    }
  }
  if (stops !== expected) problems.push(`${stops} stops of ${expected}`);
}

async function look(file, view) {
  const problems = [];
  const { context, page, took } = await open(file, view, problems);
  const name = `${basename(file, ".html")}-${view.width}-${view.scheme}`;
  await structure(page, problems);
  await violations(page, "closed", problems);
  if (shots) await page.screenshot({ path: join(shots, name + ".png"), fullPage: true });
  if (view.byKeyboard) {
    await page.evaluate(() => window.scrollTo(0, 0));
    await keyboard(page, problems);
    await structure(page, problems);
    await violations(page, "open", problems);
    if (shots) await page.screenshot({ path: join(shots, name + "-open.png"), fullPage: true });
  }
  await context.close();
  return { problems, took };
}

// On paper, with every colour taken away, nothing may be lost: the answer and the calls are there.
async function print(file) {
  const problems = [];
  const { context, page } = await open(file, { width: 800, scheme: "light" }, problems);
  await page.emulateMedia({ media: "print" });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (over > 0) problems.push(`is wider than the paper by ${over} px`);
  const pdf = await page.pdf({ format: "A4" });
  if (pdf.length < 1000) problems.push("prints nothing");
  await context.close();
  return { problems, took: 0 };
}

let number = 0;
let failed = 0;
console.log(`1..${args.length * (views.length + 1)}`);
for (const file of args)
  for (const view of [...views, null]) {
    const { problems, took } = view ? await look(file, view) : await print(file);
    const said = view ? `at ${view.width} px, ${view.scheme} (opened in ${took.toFixed(0)} ms)` : "on paper";
    failed += problems.length > 0;
    console.log(`${problems.length ? "not " : ""}ok ${++number} - ${basename(file)} ${said}`);
    for (const problem of [...new Set(problems)]) console.log(`#   ${problem}`);
  }
await browser.close();
process.exit(failed ? 1 : 0);
