"""What people read: the report as a screen, the notices that wait for a person, what a message that came back says."""
import json
import os
import re
import subprocess
import sys

import pytest

from conftest import PROGRAM, ROOT, Workspace
from test_bounces import report_of

sys.path.insert(0, os.path.join(ROOT, "tests", "fake"))
import aftermath  # noqa: E402

HOOKS = {"CIRCULAR_TEST": "clock=2026-11-23T09:00:00Z", "TZ": "Europe/London"}


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    _, plan = aftermath.make(PROGRAM, str(folder))
    one = Workspace(folder)
    one.plan = plan
    return one


def section(text, heading):
    """The lines below a heading, to the next blank line."""
    (start,) = re.findall(r"^%s\n((?:.+\n)*)" % heading, text, re.M)
    return start.splitlines()


# --- report -------------------------------------------------------------------------------------

def both(office, *args):
    return office.run("report", *args, env=HOOKS).out, json.loads(office.run("report", *args, "--json", env=HOOKS).out)


def numbers_of(lines):
    return {state: int(number.replace(",", "")) for number, state in re.findall(r"^ +([\d,]+)  (\D+)$", "\n".join(lines), re.M)}


def test_the_screen_says_what_the_figures_do(office):
    text, figures = both(office, office.plan)
    head, place = text.splitlines()[:2]
    assert head == "End of term: what we heard from …" # a field, whose value is each recipient's own
    assert place.startswith("  plan %s of " % office.plan) and place.endswith(", audience heads")
    assert "\n\n%s\n" % figures["answer"] in text
    counts = re.search(r"\n\n((?: +[\d,]+  [a-z ]+\n)+)\nReasons\n", text).group(1)
    assert numbers_of(counts.splitlines()) == {state.replace("_", " "): number for state, number in figures["counts"].items() if number}


def test_reasons_and_domains(office):
    text, figures = both(office, office.plan)
    reasons = [re.match(r" +(\d+)  (.{10}) (.+)$", line) for line in section(text, "Reasons")]
    assert [int(one[1]) for one in reasons] == sorted((int(one[1]) for one in reasons), reverse=True)
    assert ("1", "unknown", "the mail server's answer was lost: they may have it or not") in [(one[1], one[2].strip(), one[3]) for one in reasons]
    domains = {line.split()[1]: line.split(None, 2)[2] for line in section(text, "Domains with trouble")}
    assert domains["lodzroad.example.com"] == "1 refused" and domains["harbourvale.example.org"] == "1 deferred"
    assert "nmgs.example.org" not in domains # where all is well


def test_a_column_of_the_list(office):
    rows = section(office.run("report", office.plan, "--by", "Phase", env=HOOKS).out, "By Phase")
    assert re.match(r" +17  Primary +11 sent, 2 refused, 1 unknown, 2 bounced, 1 complained$", rows[0])
    assert "The letter did not use 'Phase'" in rows[-1]


def test_whom_to_call(office):
    text, figures = both(office, office.plan)
    calls = section(text, r"Who needs a phone call \(11\)")
    assert len(calls) == 22 and calls[0].startswith("  </script><img src=x onerror=alert(1)>txt.exe (900003) ")
    at = next(i for i, line in enumerate(calls) if "900021" in line)
    assert calls[at] == "  Lantern Lane Pupil Referral Unit (900021) -"
    assert calls[at + 1] == "               left out: the list has no address for them (schools.csv:21) (20 Nov 2026)"
    others = section(text, r"Not there yet, for reasons that a call won't fix \(2\)")
    assert [re.search(r"\((\d+)\)", line)[1] for line in others[::2]] == ["900008", "900009"]
    assert "to be tried again from Fri 20 Nov 2026" in others[3]
    assert "\u202e" not in text


def test_a_year_on_a_screen(office):
    text, figures = both(office, "--since", "2026-01-01")
    assert text.startswith("All mailings since 1 Jan 2026\n")
    mailings = re.findall(r"^  (\d+ \w{3} \d{4}) +(\S+) +heads +(.+)$", text, re.M)
    assert [day for day, _, _ in mailings] == ["20 Nov 2026", "2 Mar 2026", "12 Jan 2026"]
    assert mailings[0][2] == "22 sent, 1 deferred, 2 refused, 1 unknown, 2 bounced, 1 complained, 7 left out"
    rows = section(text, r"Addresses that get no more letters \(4\)")
    assert rows[2] == "  20 Mar 2026  %-44s school closes in July" % "head@theark.example.org"


def test_nothing_in_this_time(office):
    text = office.run("report", "--since", "2026-11-22", env=HOOKS).out
    assert "Nothing was planned in this time." in text and "Reasons" not in text and "phone call" not in text


# --- bounces --review ---------------------------------------------------------------------------

AWAY = """From: Ann Oak <ann@oak.example>
To: schools@northmere.example.org
Subject: Out of office: I have left \x1b]0;owned\x07the school
Message-ID: <away@oak.example>
Auto-Submitted: auto-replied
Content-Type: text/plain; charset=utf-8

I have left the school. Please write to bea@oak.example instead.

%s
""" % "\n\n".join("Line %d of a long signature \u202eneddih" % i for i in range(30))


@pytest.fixture
def reviewing(tmp_path):
    """A workspace with two notices that wait for a person."""
    one = aftermath.Office(PROGRAM, str(tmp_path))
    aftermath.write_list(one, [["1", "Oak School", "Primary", "ann@oak.example"]])
    imap = aftermath.Server("imap-server")
    unproven = report_of("bounces@northmere.example.org", "ann@oak.example").decode()
    crlf = [re.sub("\r?\n", "\r\n", text) for text in (unproven, AWAY)]
    messages = [text.encode().decode("latin-1") for text in crlf] # the server writes bytes
    port = imap.serve({"capabilities": ["IDLE", "MOVE", "UIDPLUS", "SASL-IR", "AUTH=PLAIN"], "folders": {"INBOX": messages}, "uidvalidity": 7})
    one.configure(1, port)
    one.run("bounces", "--quiet", clock="2026-11-20T10:00:00Z", status=0)
    imap.end()
    return Workspace(tmp_path)


def test_what_waits_for_a_person(reviewing):
    notices = json.loads(reviewing.run("bounces", "--review", "--json").out)
    assert sorted(one["kind"] for one in notices) == ["auto-reply", "bounce-hard"]
    text = reviewing.run("bounces", "--review").out
    for one in notices:
        assert re.search(r"^%d  20 Nov 2026  %s: %s$" % (one["number"], one["kind"], re.escape(one["why"])), text, re.M)
    assert re.search(r"^    recipient ann@oak\.example$", text, re.M)
    assert re.search(r"^    said      .*no such user", text, re.M)
    assert re.search(r"^    successor bea@oak\.example$", text, re.M)
    assert "\x1b" not in text and "\x07" not in text and "\u202e" not in text
    quoted = re.findall(r"^    \| (.*)$", text[text.index("auto-reply"):], re.M)
    assert quoted[0] == "I have left the school. Please write to bea@oak.example instead."
    assert quoted[1] == "Line 0 of a long signature <U+202E>neddih" and len(quoted) <= 24
    assert "'circular bounces --done NUMBER'" in text


def test_done_one_after_the_other(reviewing):
    for one in json.loads(reviewing.run("bounces", "--review", "--json").out):
        reviewing.run("bounces", "--done", str(one["number"]))
        assert not re.search(r"^%d  " % one["number"], reviewing.run("bounces", "--review").out, re.M)
    assert reviewing.run("bounces", "--review").out == "Nothing waits for review.\n"
    assert "999" in reviewing.run("bounces", "--done", "999", status=66).err


# --- bounces --classify -------------------------------------------------------------------------

def classify(*args, stdin=b"", folder="/"):
    return subprocess.run([PROGRAM, "bounces", "--classify", *args], cwd=folder, input=stdin, capture_output=True, timeout=60)


REPORT = report_of("bounces@example.org", "ann@school.example")
MAIL = b"From: a@example.org\r\nSubject: hello\r\n\r\nHello\r\n"


def test_standard_input():
    done = classify(stdin=REPORT)
    assert done.returncode == 0 and json.loads(done.stdout)["kind"] == "bounce-hard"
    assert json.loads(classify(stdin=b"").stdout) == {"kind": "none"}


def test_every_file_has_its_line(tmp_path):
    (tmp_path / "a.eml").write_bytes(REPORT)
    (tmp_path / "b.eml").write_bytes(MAIL)
    done = classify("a.eml", "missing.eml", "b.eml", folder=tmp_path)
    assert done.returncode == 66 and b"missing.eml" in done.stderr
    assert [json.loads(line)["kind"] for line in done.stdout.splitlines()] == ["bounce-hard", "none", "none"]


def test_a_report_on_several_is_an_array():
    two = REPORT.replace(b"\r\nFinal-Recipient", b"\r\nFinal-Recipient: rfc822; bob@school.example\r\nAction: failed\r\nStatus: 5.2.2\r\n"
                         b"Diagnostic-Code: smtp; 552 5.2.2 \"full\" \\ \xc3\xa9\x01\r\n\r\nFinal-Recipient", 1)
    answers = json.loads(classify(stdin=two).stdout)
    assert {one["recipient"]: one["status"] for one in answers} == {"bob@school.example": "5.2.2", "ann@school.example": "5.1.1"}


def test_a_stream():
    given = b"".join(b"%d\n%s" % (len(one), one) for one in (REPORT, MAIL, b""))
    done = classify("--stream", stdin=given)
    assert done.returncode == 0
    assert [json.loads(line)["kind"] for line in done.stdout.splitlines()] == ["bounce-hard", "none", "none"]


@pytest.mark.parametrize("given, said", [(b"10\nshort", "ends within a message"), (b"ten\n", "no length"), (b"-1\n", "no length"),
                                         (b"99999999999\n", "no length"), (b"5 \nabcde", "no length")])
def test_a_broken_stream(given, said):
    done = classify("--stream", stdin=b"%d\n%s" % (len(MAIL), MAIL) + given)
    assert done.returncode == 65 and said in done.stderr.decode()
    assert len(done.stdout.splitlines()) == 1 # what came before is answered
