"""The link at the foot of a letter that ends such letters: signed for its copy, and the same as in List-Unsubscribe."""
import email
import email.policy
import glob
import html
import os
import re
import shutil
import urllib.parse

CONFIG = """
from: "The Director <director@example.org>"
{more}
lists: {{one: {{file: one.csv}}}}
audiences: {{heads: {{list: one, key: k, email: e}}}}
"""
BOUNCES = "bounce: {address: bounces@example.org}"


def office(workspace, more=BOUNCES, letters=5, body="Term begins.\n"):
    workspace.write("config", CONFIG.format(more=more))
    workspace.write("one.csv", "k,e\n" + "".join("%d,head%d@example.com\n" % (n, n) for n in range(letters)))
    workspace.write("update.md", "---\nsubject: Term dates\n---\n\n" + body)


def letters(workspace):
    found = []
    for path in glob.glob(workspace.path("outbox", "**", "*"), recursive=True):
        if os.path.isfile(path):
            with open(path, "rb") as file:
                found.append(file.read())
    return sorted(found, key=lambda data: re.search(rb"\nTo: (.*)", data).group(1))


def links(data):
    """The header's URI, that of the page, that of the plain text; None where there is none."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    head = message["List-Unsubscribe"]
    page = re.findall(r'href="(mailto:[^"]*)"', message.get_body(["html"]).get_content())
    text = re.findall(r"^mailto:\S*$", message.get_body(["plain"]).get_content().replace("\r", ""), re.M)
    assert len(page) == len(text) <= 1
    return (head and re.match("<(.*)>$", str(head)).group(1), html.unescape(page[0]) if page else None,
            text[0] if text else None)


def send(workspace):
    workspace.run("send", "update.md", "heads", "--yes")
    return letters(workspace)


def test_each_copy_has_its_own(workspace):
    office(workspace)
    sent = send(workspace)
    seen = set()
    for data in sent:
        head, page, text = links(data)
        assert head == page == text
        assert re.fullmatch(r"mailto:bounces@example\.org\?subject=unsubscribe%20[a-z0-9]+", head), head
        seen.add(head)
    assert len(seen) == len(sent) == 5


def test_an_address_of_its_own_and_one_with_odd_letters(workspace):
    """What is special in HTML and in a URI comes through the page as it is in the header."""
    office(workspace, BOUNCES + "\nunsubscribe: \"o'neil&co+stop@example.org\"")
    head, page, text = links(send(workspace)[0])
    assert head == page == text
    parts = urllib.parse.urlsplit(head)
    assert urllib.parse.unquote(parts.path) == "o'neil&co+stop@example.org"


def test_no_address_no_link(workspace):
    office(workspace, "reply_to: office@example.org")
    assert links(send(workspace)[0]) == (None, None, None)


def test_an_update_that_names_it(workspace):
    """Within a paragraph it is wrapped with its letter, and as a link it is one."""
    office(workspace, body="You may [stop these letters]({{letter.unsubscribe}}) at any time.\n")
    for data in send(workspace):
        message = email.message_from_bytes(data, policy=email.policy.default)
        page = re.findall(r'href="(mailto:[^"]*)"', message.get_body(["html"]).get_content())
        text = re.findall(r"mailto:\S*", message.get_body(["plain"]).get_content())
        head = re.match("<(.*)>$", str(message["List-Unsubscribe"])).group(1)
        assert {html.unescape(one) for one in page} == set(text) == {head}
        assert len(page) == len(text) == 2


def test_the_same_letter_is_the_same_bytes(workspace):
    """Made again for the same plan: nothing of it is chance."""
    office(workspace)
    fixed = {"CIRCULAR_TEST": "clock=2026-01-05T09:00:00Z,seed=7"}
    workspace.run("plan", "update.md", "heads", env=fixed)
    shutil.copytree(workspace.folder, workspace.folder + "-again")
    first = workspace.run("send", "update.md", "heads", "--yes", env=fixed)
    assert first
    other = type(workspace)(workspace.folder + "-again")
    # The key is made with the first letter, and belongs to the ledger.
    shutil.copy(workspace.path("ledger.db.key"), other.path("ledger.db.key"))
    other.run("send", "update.md", "heads", "--yes", env=fixed)
    assert letters(workspace) == letters(other)


def test_preview_and_trial_have_the_plain_one(workspace):
    """Before there is a plan there is no copy that a token could name."""
    office(workspace)
    workspace.run("preview", "update.md", "heads")
    plain = "mailto:bounces@example.org?subject=unsubscribe"
    assert links(workspace.read("preview/0.eml")) == (plain, plain, plain)
    assert plain + '"' in workspace.read("preview/0.html").decode()
    workspace.run("send", "update.md", "heads", "--test", "me@example.net")
    assert links(letters(workspace)[0]) == (plain, plain, plain)
