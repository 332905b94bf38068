// letters - letters opened in Chromium at phone and desktop width, light and dark: axe-core finds no
// violation (with no rule switched off), nothing is fetched from elsewhere, nothing scrolls sideways, wide tables are
// cards on a telephone and tables elsewhere, all of a button reacts, and a logo is the one for this light. Prints TAP.
//
//   node letters.mjs [--shots FOLDER] FILE.html...
import { readFileSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const args = process.argv.slice(2);
const shots = args[0] === "--shots" ? args.splice(0, 2)[1] : null;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const views = [
  { width: 600, scheme: "light" },
  { width: 360, scheme: "light" },
  { width: 600, scheme: "dark" },
  { width: 360, scheme: "dark" },
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

// Runs in the page: what doesn't look or work as it is meant to.
function faults({ phone, dark }) {
  const found = [];
  const shown = (element) => element.getBoundingClientRect().width > 0 && getComputedStyle(element).display !== "none";
  for (const table of document.querySelectorAll("table.cards")) {
    const heads = table.querySelector(".heads"), labels = [...table.querySelectorAll(".label")];
    if (shown(heads) === phone) found.push(`the heads of a table are ${phone ? "" : "not "}shown`);
    if (labels.some((label) => shown(label) !== phone)) found.push(`labels of cards are ${phone ? "not " : ""}shown`);
    const cells = [...table.rows].find((row) => row.className !== "heads").cells;
    const below = cells[1].getBoundingClientRect().top >= cells[0].getBoundingClientRect().bottom - 1;
    if (below !== phone) found.push(`the cells of a row stand ${phone ? "beside" : "below"} one another`);
  }
  for (const button of document.querySelectorAll("td.button")) {
    button.scrollIntoView({ block: "center" });
    const box = button.getBoundingClientRect(), radius = 2; // of the corners
    let all = 0, reacts = 0;
    for (let x = box.left + radius; x < box.right - radius; x += 3)
      for (let y = box.top + radius; y < box.bottom - radius; y += 3, all++)
        reacts += document.elementFromPoint(x, y)?.closest("a") !== null;
    if (!all || reacts < all) found.push(`of the button '${button.textContent.trim()}' ${reacts} of ${all} points react`);
    if (box.height < 24) found.push(`the button '${button.textContent.trim()}' is ${box.height} px high`);
  }
  const logos = [...document.querySelectorAll(".logo img")];
  const seen = logos.filter(shown);
  if (logos.length === 2 && (seen.length !== 1 || seen[0].className !== (dark ? "dark" : "light")))
    found.push(`shown of the logos: ${seen.map((one) => one.className).join(", ") || "none"}`);
  for (const image of document.images)
    if (shown(image) && !image.naturalWidth) found.push(`the picture '${image.alt}' is broken`);
  return found;
}

async function look(file, { width, scheme }) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, offline: true });
  context.setDefaultTimeout(180000); // ms, for a busy machine
  const page = await context.newPage();
  const problems = [];
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) problems.push("fetches " + request.url());
  });
  await page.goto(pathToFileURL(file).href);
  if (shots) await page.screenshot({ path: join(shots, `${basename(file, ".html")}-${width}-${scheme}.png`), fullPage: true });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (over > 0) problems.push(`scrolls sideways by ${over} px`);
  problems.push(...await page.evaluate(faults, { phone: width <= 480, dark: scheme === "dark" }));
  await page.addScriptTag({ content: axe });
  const result = await page.evaluate(() => window.axe.run(document));
  for (const violation of result.violations)
    for (const node of violation.nodes) problems.push(`${violation.id}: ${node.html.slice(0, 200)}`);
  await context.close();
  return problems;
}

let number = 0;
let failed = 0;
console.log(`1..${args.length * views.length}`);
for (const file of args)
  for (const view of views) {
    const problems = await look(file, view);
    failed += problems.length > 0;
    console.log(`${problems.length ? "not " : ""}ok ${++number} - ${basename(file)} at ${view.width} px, ${view.scheme}`);
    for (const problem of problems) console.log(`#   ${problem}`);
  }
await browser.close();
process.exit(failed ? 1 : 0);
