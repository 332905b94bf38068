"""What letters are written in, against what mail programs are known to lack (caniemail.com): no loss that nobody weighed."""
import glob
import json
import os
import re
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
PROGRAM = os.path.abspath(os.path.join(ROOT, os.environ.get("BUILD", "build"), "circular"))

# What is lost where a client lacks it, and why a letter stands without it.
ACCEPTED = {
    "css-at-media": "on a telephone the letter is as wide as the screen in any case; tables stay tables",
    "css-at-media-prefers-color-scheme": "the letter is light, or turned dark by the client itself",
    "css-border-radius": "buttons have corners",
    "css-color-scheme": "the same as prefers-color-scheme",
    "css-display-none": "a table's cell repeats its header, the preheader is the first line",
    "css-height": "pictures and bars have attributes, too",
    "css-max-height": "only hides the preheader, which display does",
    "css-overflow": "only hides the preheader, which display does",
    "css-overflow-wrap": "word-break says the same",
    "css-padding-inline-start-end": "lists have the client's own indent",
    "css-selector-class": "the letter is light, its tables stay tables",
    "css-selector-descendant": "the letter is light, its tables stay tables",
    "css-table-layout": "columns are as wide as their words",
    "css-text-decoration": "links bear the client's own line",
    "css-white-space": "a number may end a line",
    "css-word-break": "overflow-wrap says the same",
    "html-anchor-links": "a list of sections and a footnote's number lead nowhere, and say what they say",
    "html-aria-hidden": "a bar is a blank to who listens",
    "html-aria-label": "the letter's region has no name",
    "html-body": "the ground of the page is that of the first table, too",
    "html-doctype": "widths are set on tables and pictures, which hold without one",
    "html-img": "pictures are embedded, and have words instead",
    "html-role": "tables of layout are read out as tables",
    "html-style": "no dark letter, no cards; every style that matters stands at its element",
}
# Of what the data has no row: plain enough for any client, or for one alone.
UNLISTED = {"color", "supported-color-schemes"}
SHORT = {"border": "border", "margin": "margin", "padding": "padding", "font": "font"}
ELEMENTS = {"h1": "h1-h6", "h2": "h1-h6", "h3": "h1-h6", "h4": "h1-h6", "h5": "h1-h6", "h6": "h1-h6", "ul": "lists",
            "ol": "lists", "li": "lists", "td": "table", "th": "table", "tr": "table", "caption": "table"}
PLAIN = {"a", "br", "em", "head", "html", "i", "meta", "sub", "sup", "title", "ins", "s"}
ATTRIBUTES = {"role": "html-role", "aria-label": "html-aria-label", "aria-hidden": "html-aria-hidden", "lang": "html-lang",
              "dir": "html-dir", "align": "html-align", "valign": "html-valign", "width": "html-width",
              "height": "html-height"}


def pages(tmp_path):
    """The letters of a new workspace, and the golden ones."""
    office = tmp_path / "office"
    subprocess.run([PROGRAM, "init", office, "--quiet"], check=True)
    for update, audience in (("termly-update", "heads"), ("trust-update", "ceos"), ("short-notice", "heads")):
        subprocess.run([PROGRAM, "preview", f"updates/{update}.md", audience, "--out", update, "--quiet"], cwd=office,
                       check=False, capture_output=True)
    found = glob.glob(str(office / "*" / "*.html")) + glob.glob(os.path.join(ROOT, "tests", "golden", "*.html"))
    assert len(found) > 6
    for path in found:
        with open(path, encoding="utf-8") as page:
            yield page.read()


def properties(page):
    for style in re.findall(r' style="([^"]*)"', page):
        yield from re.findall(r"(?:^|;)\s*([a-z-]+)\s*:", style)
    for style in re.findall(r"<style>(.*?)</style>", page, re.S):
        yield from re.findall(r"[{;]\s*([a-z-]+)\s*:", style)


def features(page):
    for name in properties(page):
        if name.startswith("mso-") or name in UNLISTED:
            continue
        whole = "padding-inline-start-end" if name.startswith("padding-inline") else name
        base = whole.split("-")[0]
        yield "css-" + (SHORT[base] if base in SHORT and whole not in
                        ("border-radius", "border-collapse", "font-size", "font-weight", "padding-inline-start-end")
                        else whole)
    if re.search("display: ?none", page):
        yield "css-display-none"
    if "@media" in page:
        yield "css-at-media"
        yield from ("css-selector-class", "css-selector-descendant")
    if "prefers-color-scheme" in page:
        yield "css-at-media-prefers-color-scheme"
    if 'href="#' in page:
        yield "html-anchor-links"
    if "<!DOCTYPE" in page:
        yield "html-doctype"
    for element in re.findall(r"<([a-z0-9]+)[ >]", page):
        if element not in PLAIN:
            yield "html-" + ELEMENTS.get(element, element)
    for attribute in re.findall(r' ([a-z-]+)="', page):
        if attribute in ATTRIBUTES:
            yield ATTRIBUTES[attribute]


def test_every_loss_was_weighed(tmp_path):
    with open(os.path.join(HERE, "caniemail.json"), encoding="utf-8") as data:
        lacking = json.load(data)["lacking"]
    written = {feature for page in pages(tmp_path) for feature in features(page)}
    assert sorted(written - set(lacking)) == [], "no row in caniemail.json: weigh it, and add one"
    lossy = {feature for feature in written if lacking[feature]}
    assert sorted(lossy - set(ACCEPTED)) == [], "lost in some mail programs, and nobody said what becomes of it"
    assert len(written) > 30
