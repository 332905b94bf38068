// widths - what people look at, at every width from a small telephone to a wide window and on paper, in each of three
// fonts: nothing scrolls sideways, nothing runs out of its place, nothing is cut off. The fonts are pinned, so that it
// says the same on every machine: see tests/setup. Prints TAP.
//
//   node widths.mjs FILE.html...
//
// A gallery is known by its #show, and is looked at in each of its views.
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const files = process.argv.slice(2);
const screens = Array.from({ length: (1300 - 320) / 20 + 1 }, (_, i) => 320 + 20 * i);
const papers = [680, 690, 700, 710, 718]; // px: A4 and Letter within the margins that browsers leave
const fonts = ["DejaVu Sans", "Noto Sans", "Liberation Sans"];

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
if (!executablePath) {
  console.log("1..0 # SKIP no Chromium on this machine");
  process.exit(0);
}
const work = mkdtempSync(join(tmpdir(), "widths-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));

// The names of a font's files, as fontconfig's globs; none when it isn't installed.
function filesOf(font) {
  const base = "/usr/share/fonts/truetype", name = font.replaceAll(" ", "");
  const folders = existsSync(base) ? readdirSync(base).map((one) => join(base, one)).filter((one) => statSync(one).isDirectory()) : [];
  return folders.filter((one) => existsSync(join(one, name + ".ttf")) || existsSync(join(one, name + "-Regular.ttf")))
    .flatMap((one) => [join(one, name + ".ttf"), join(one, name + "-*.ttf")]);
}

// A browser that has this font and no other: whatever a page names, it gets this one.
async function browserWith(font) {
  const home = mkdtempSync(join(work, "font-"));
  const config = join(home, "fonts.conf");
  writeFileSync(config, `<?xml version="1.0"?>
<fontconfig>
${[...new Set(filesOf(font).map(dirname))].map((one) => `<dir>${one}</dir>`).join("\n")}
<cachedir>${home}</cachedir>
<selectfont>
<rejectfont><glob>*</glob></rejectfont>
<acceptfont>${filesOf(font).map((one) => `<glob>${one}</glob>`).join("")}</acceptfont>
</selectfont>
</fontconfig>
`);
  return chromium.launch({
    executablePath,
    env: { ...process.env, FONTCONFIG_FILE: config },
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
}

async function fontOf(wire) {
  await wire.send("DOM.enable");
  await wire.send("CSS.enable");
  const { root } = await wire.send("DOM.getDocument");
  const { nodeId } = await wire.send("DOM.querySelector", { nodeId: root.nodeId, selector: "h1, h2, p" });
  const { fonts: used } = await wire.send("CSS.getPlatformFontsForNode", { nodeId });
  await wire.send("CSS.disable");
  await wire.send("DOM.disable");
  return [...new Set(used.map((one) => one.familyName))].join(", ");
}

// Runs in the page: what is out of its place at the width of now.
function misplaced(width) {
  const found = window.innerWidth === width ? [] : [`is ${window.innerWidth} px wide, not ${width}`];
  const over = document.documentElement.scrollWidth - window.innerWidth;
  if (over > 0) found.push(`scrolls sideways by ${over} px`);
  const told = (element) => `${element.tagName.toLowerCase()} '${element.textContent.trim().slice(0, 40)}'`;
  const kept = "th, td, p, li, dt, dd, h1, h2, h3, caption, figcaption, summary, legend, button, .choice span, svg text";
  for (const element of document.querySelectorAll(kept)) {
    const box = element.getBoundingClientRect();
    if (!box.width || !box.height || element.closest(".sr, .scroller, thead")) continue;
    const slack = element.closest("svg") ? 3 : 1; // a letter may lean out of its box
    if (box.left < -slack || box.right > window.innerWidth + slack) found.push(`${told(element)} is out of the window`);
    if (element.clientWidth && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== "inline")
      found.push(`${told(element)} runs out of its place by ${element.scrollWidth - element.clientWidth} px`);
  }
  for (const table of document.querySelectorAll("table.stack")) {
    const head = table.tHead.getBoundingClientRect(), row = table.tBodies[0]?.rows[0]?.cells[1];
    if (head.width <= 1 && row && !/attr|"/.test(getComputedStyle(row, "::before").content)) found.push("cells without their headings");
  }
  return found;
}

// The same complaint at many widths is one line.
class Complaints {
  #widths = new Map();
  add(width, list) {
    for (const one of new Set(list)) this.#widths.set(one, [...(this.#widths.get(one) ?? []), width]);
  }
  lines() {
    return [...this.#widths].map(([text, widths]) =>
      `${text} (at ${widths[0]}${widths.length > 1 ? ` to ${widths.at(-1)} px, ${widths.length} widths` : " px"})`);
  }
}

// One page is made wider and wider: a window of its own for each width would take minutes.
async function atWidths({ page, wire }, widths, complaints, name = "") {
  for (const width of widths) {
    await wire.send("Emulation.setDeviceMetricsOverride", { width, height: 900, deviceScaleFactor: 1, mobile: false });
    const found = await page.evaluate(misplaced, width);
    complaints.add(width, found.map((one) => name + one));
  }
}

const openAll = () => { for (const one of document.querySelectorAll("details")) one.open = true; };

async function galleryViews(view, complaints) {
  for (const key of ["1", "p", "2", "3", "4"]) {
    await view.page.keyboard.press(key);
    await view.page.waitForTimeout(150);
    await atWidths(view, screens, complaints, `after ${key}: `);
  }
}

async function look(browser, font, file) {
  const screen = new Complaints(), paper = new Complaints();
  const page = await browser.newPage();
  page.setDefaultTimeout(180000); // ms, for a busy machine
  const wire = await page.context().newCDPSession(page);
  await page.goto(pathToFileURL(file).href);
  const isGallery = await page.evaluate(() => document.getElementById("show") !== null);
  const used = await fontOf(wire);
  if (used !== font) screen.add(0, [`is shown in '${used}', not in '${font}'`]);
  await page.evaluate(openAll);
  if (isGallery) await galleryViews({ page, wire }, screen);
  else await atWidths({ page, wire }, screens, screen);
  await page.emulateMedia({ media: "print" });
  await atWidths({ page, wire }, papers, paper);
  await page.close();
  return { screen: screen.lines(), paper: paper.lines() };
}

// All files in one font; a test is a name and its complaints.
async function lookAll(font) {
  const tests = [];
  if (!filesOf(font).length) return [{ name: font, skipped: "not installed ('sh tests/setup --tests' installs it)" }];
  const browser = await browserWith(font);
  for (const file of files) {
    const name = basename(file) === "index.html" ? basename(dirname(file)) : basename(file);
    const { screen, paper } = await look(browser, font, file);
    tests.push({ name: `${name} at ${screens[0]} to ${screens.at(-1)} px, ${font}`, complaints: screen });
    tests.push({ name: `${name} on paper, ${font}`, complaints: paper });
  }
  await browser.close();
  return tests;
}

const tests = (await Promise.all(fonts.map(lookAll))).flat();
console.log(`1..${tests.length}`);
for (const [i, { name, complaints, skipped }] of tests.entries()) {
  console.log(`${complaints?.length ? "not " : ""}ok ${i + 1} - ${name}${skipped ? ` # SKIP ${skipped}` : ""}`);
  for (const one of complaints?.slice(0, 20) ?? []) console.log(`#   ${one}`);
}
process.exit(tests.some((one) => one.complaints?.length) ? 1 : 0);
