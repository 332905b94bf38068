"""A value is never markup: hostile values stand literally in every place, and change nothing else."""
import email
import email.policy
import html.parser
import urllib.parse

import pytest

import strict

VALUES = [
    "<b>", "*x*", "{{y}}", "{{{y}}}", "\"><script>alert(1)</script>", "a\r\nBcc: x@example.org", "' OR 1=1", "a & b", "&amp;",
    "[x](https://example.org)", "`code`", "# x", "1. x", "javascript:alert(1)", "Ysgol Gymraeg Ŵyl", "בית ספר",
    "=?utf-8?q?x?=", "\\", "a\u2028b", "x" * 100, "_x_ __y__ ~~z~~", "-- \nsignature", "a\x0e\x0fb", ".\r\n.\r\n",
]

LETTER = """---
subject: "About {{v}}."
preheader: "Before {{v}} after"
---

# Heading {{v}} end

Text {{v}} end, *emphasis {{v}} end*, **strong {{v}} end**, `code {{v}} end`.

- item {{v}} end

> quote {{v}} end

[link text {{v}} end](https://example.org/a/{{v}}/b?q={{v}}&r=1 "title {{v}} end")

```
block {{v}} end
```

```table Caption {{v}} end
Other,Head
2,cell {{v}} end
```

{{#v}}
Section {{v}} end.
{{/v}}
"""

CONFIG = """
from: "The Director <director@example.org>"
lists: {one: {file: one.csv}}
audiences: {all: {list: one, key: k, email: e, name: "{{v}}"}}
"""


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.text, self.tags, self.links, self.titles = [], [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        for name, value in attributes:
            if tag == "a" and name == "href":
                self.links.append(value)
            if name == "title":
                self.titles.append(value)

    def handle_data(self, data):
        self.text.append(data)


def squeeze(text):
    return " ".join(text.split())


def shown(value):
    """A value as it may stand: white space is folded, control characters are replaced."""
    clean = "".join("\ufffd" if ord(c) < 32 and c not in "\t\r\n" else c for c in value)
    return squeeze(clean)


def preview(workspace, value):
    quoted = value.replace('"', '""')
    workspace.write("config", CONFIG)
    workspace.write("letter.md", LETTER)
    workspace.write("one.csv", f'k,e,v\n1,a@example.org,"{quoted}"\n'.encode())
    workspace.run("preview", "letter.md", "all", "--out", "out")
    raw = workspace.read("out/1.eml")
    return raw, email.message_from_bytes(raw, policy=email.policy.default)


@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_never_markup(workspace, value):
    plain_raw, plain = preview(workspace, "harmless")
    raw, message = preview(workspace, value)
    want = shown(value)
    assert strict.defects(raw) == []
    assert message.keys() == plain.keys()
    assert squeeze(message["Subject"]) == f"About {want}."
    assert [a.addr_spec for a in message["To"].addresses] == ["a@example.org"]

    text = message.get_body(("plain",)).get_content()
    for place in ("Heading", "Text", "emphasis", "strong", "code", "item", "quote", "link text", "block", "Caption", "cell"):
        assert f"{place} {want} end" in squeeze(text.replace("\n> ", "\n")), (place, text)
    for line in text.splitlines():
        assert len(line) <= 78 or "https://" in line or max(map(len, line.split())) > 60, line

    page, harmless = Page(), Page()
    page.feed(message.get_body(("html",)).get_content())
    harmless.feed(plain.get_body(("html",)).get_content())
    assert page.tags == harmless.tags
    words = squeeze(" ".join(page.text))
    for place in ("Heading", "Text", "emphasis", "strong", "code", "item", "quote", "link text", "block", "Caption", "cell"):
        assert f"{place} {want} end" in words, (place, words)
    link = [one for one in page.links if one.startswith("https://example.org/a/")]
    assert len(link) == len([one for one in harmless.links if one.startswith("https://example.org/a/")])
    for one in link:
        path, _, query = one.partition("?")
        assert query.endswith("&r=1") and path.endswith("/b")
        assert squeeze(urllib.parse.unquote(path)) == squeeze(f"https://example.org/a/{shown_in_url(value)}/b")
    assert all(squeeze(title) == f"title {want} end" for title in page.titles if title.startswith("title"))


def shown_in_url(value):
    return "".join("\ufffd" if ord(c) < 32 and c not in "\t\r\n" else c for c in value.strip())
