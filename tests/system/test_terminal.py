"""On a terminal of any width: lines and the progress bar fit; TERM=dumb, NO_COLOR; nothing drives the terminal."""
import os
import re
import sys
import time

import pytest

from conftest import PROGRAM, ROOT, Workspace
from crashdrill import Office, Server
from terminal import Terminal, columns_of

sys.path.insert(0, os.path.join(ROOT, "tests", "fake"))
import aftermath  # noqa: E402


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    _, plan = aftermath.make(PROGRAM, str(folder))
    one = Workspace(folder)
    one.plan = plan
    one.on = lambda columns, *args, **more: Terminal([PROGRAM, *args], str(folder), columns, **more)
    return one


def commands(office):
    return [["--help"], ["send", "--help"], ["status"], ["status", office.plan, "--recipients"], ["report", office.plan, "--by", "Phase"],
            ["report", "--since", "2026-01-01"], ["history", "900003"], ["suppress", "list"], ["lists"], ["lists", "heads"],
            ["bounces", "--review"], ["check", "last.md", "heads"], ["doctor", "--offline"], ["send", "nosuch"], ["cron"]]


def words_of(text):
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_every_command_fits(office, columns):
    for args in commands(office):
        shown = office.on(columns, *args)
        for line in shown.lines():
            # A word that is wider than the terminal stays whole, alone on its line.
            assert columns_of(line) <= columns or " " not in line.strip(), (args, line)
        wide = office.on(1000, *args)
        assert wide.status == shown.status, args
        if args != ["doctor", "--offline"]: # which tells how long things took
            assert words_of("\n".join(shown.lines())) == words_of("\n".join(wide.lines())), args


def test_a_pipe_gets_lines_as_they_are(office):
    piped = office.run("report", office.plan).out
    assert "\x1b" not in piped
    assert max(len(line) for line in piped.split("\n")) > 80
    assert words_of(piped) == words_of("\n".join(office.on(50, "report", office.plan).lines()))


# --- progress ---------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A list that takes some time to plan."""
    one = Workspace(tmp_path_factory.mktemp("large"))
    one.write("config", "office:\n  name: Northmere\n  address: 1 High Street\nfrom: o@example.org\nlists:\n  l:\n    file: l.csv\n"
              "audiences:\n  heads:\n    list: l\n    key: urn\n    email: mail\n")
    one.write("l.csv", "urn,mail\n" + "".join("%d,head%d@school%d.example\n" % (i, i, i % 977) for i in range(30000)))
    one.write("u.md", "---\nsubject: Dates\n---\n\n# Dates\n\nYour number is {{urn}}.\n")
    return one


@pytest.mark.parametrize("columns", [20, 30, 40, 50, 60, 80, 200])
def test_the_progress_line_fits(large, columns):
    shown = Terminal([PROGRAM, "plan", "u.md", "heads"], large.folder, columns)
    draws = shown.draws()
    assert draws, shown.text
    for one in draws:
        assert columns_of(one) < columns and re.search(r"[\d,]+ of 30,000", one), one
    bars = [len(re.sub("[^█░]", "", one)) for one in draws]
    if columns < 40:
        assert not any("left" in one for one in draws)
    if columns == 40: # the bar shrinks before words go, and words before the count
        assert max(bars) in range(4, 24) and all(one.startswith("Planning ") for one in draws)
    if columns in (60, 80):
        assert any("left" in one for one in draws)
        assert max(bars) < 24 or columns == 80 # where a slow machine's fewer digits leave room for it
    if columns >= 80:
        assert all(re.search("a second|a minute", one) and "left" in one for one in draws)
    if columns == 200:
        assert set(bars) == {24}
    assert "Planning" not in "\n".join(shown.lines())


def test_a_window_is_made_narrower(large):
    def narrower(terminal):
        terminal.resize(44)
    shown = Terminal([PROGRAM, "plan", "u.md", "heads"], large.folder, 120, on_output=narrower)
    draws = shown.draws()
    assert len(draws) > 2 and columns_of(draws[0]) > 44
    assert all(columns_of(one) < 44 for one in draws[2:])


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_dumb_terminal_gets_lines(tmp_path, term):
    server = Server()
    one = Office(tmp_path / "office", port=server.port, letters=9, more="  per_minute: 40\n")
    one.plan()
    begun = time.monotonic()
    shown = Terminal([PROGRAM, "send", one.id, "--yes"], one.folder, 80, term=term)
    took = time.monotonic() - begun
    server.close()
    assert shown.status == 0
    assert "\x1b" not in shown.text and "\r" not in shown.text
    told = re.findall(r"^Sending: \d of 9, .* left$", shown.text, re.M)
    assert took > 10 and 1 <= len(told) <= took / 10


# --- colours and what comes from outside ------------------------------------------------------------

def test_no_colour(office):
    assert "\x1b[1m" in office.on(80, "report", office.plan).text
    assert "\x1b[1m" in office.on(80, "report", office.plan, env={"NO_COLOR": ""}).text # no-color.org: when not empty
    for how in ({"env": {"NO_COLOR": "1"}}, {"term": "dumb"}):
        assert "\x1b" not in office.on(80, "report", office.plan, **how).text
        assert "\x1b" not in office.on(80, "send", "nosuch", **how).text
    moving = Terminal([PROGRAM, "preview", "last.md", "heads", "--all", "--out", "seen"], office.folder, 80, env={"NO_COLOR": "1"})
    assert re.findall("\x1b\\[.", moving.text) == ["\x1b[K"] * moving.text.count("\x1b") # a bar, but no colour


def test_what_steers_a_terminal_is_shown(workspace):
    workspace.write("config", "office:\n  name: Northmere\n  address: 1 High Street\nfrom: o@example.org\nlists:\n  l:\n    file: l.csv\n"
                    "audiences:\n  heads:\n    list: l\n    key: urn\n    email: mail\n    name: \"{{name}}\"\n")
    workspace.write("l.csv", "urn,mail,name\n1,a@example.org,Oak \u202eloohcs\u202c\n2,b@example.org,\u2067Elm\u2069 \u05d0\u200f!\n")
    workspace.write("u.md", "---\nsubject: \"Dates \u202efor {{name}}\"\n---\n\nDear {{name}}.\n")
    made = [["lists", "heads"], ["plan", "u.md", "heads"], ["status"], ["history", "1"], ["preview", "u.md", "heads", "--for", "1", "--text"]]
    for args in made:
        text = Terminal([PROGRAM, *args], workspace.folder, 80).text
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", text), (args, text)
    shown = workspace.run("preview", "u.md", "heads", "--for", "1", "--text").out
    assert shown.startswith("To:      Oak loohcs <a@example.org>\n")  # a list's values lose them
    plan = re.search(r"u-[0-9a-f]{6}", Terminal([PROGRAM, "status"], workspace.folder, 80).text).group()
    table = workspace.run("report", plan, "--csv").out
    assert "Oak loohcs" in table and not re.search("[\u202a-\u202e\u2066-\u2069]", table)
    assert table.startswith("\ufeff") # where it isn't a terminal, the mark that Excel needs
    assert "U+FEFF" not in Terminal([PROGRAM, "report", plan, "--csv"], workspace.folder, 80).text


def test_a_question_fits(large):
    shown = Terminal([PROGRAM, "send", "u.md", "heads"], large.folder, 40, typed="no\n")
    assert "\nType the number of letters to send them,\n  anything else to stop: " in "\n".join(shown.lines()), shown.text
