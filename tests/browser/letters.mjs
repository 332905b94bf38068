// letters - letters opened in Chromium at phone and desktop width, light and dark: axe-core finds no
// violation, nothing is fetched from elsewhere, and nothing scrolls sideways. Prints TAP.
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
// All of a letter stands in a region that bears its subject. The main landmark is the mail program's own, around the
// letter: a second one within it is what "landmark-no-duplicate-main" forbids there.
const rules = { "landmark-one-main": { enabled: false } };

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
  await page.addScriptTag({ content: axe });
  const result = await page.evaluate((options) => window.axe.run(document, options), { rules });
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
