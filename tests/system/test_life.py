"""The life of a mailing in an officer's hands: stopped, withdrawn, rehearsed, scheduled, mended, and sent to those who missed it."""
import csv
import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import time

import pytest

from conftest import PROGRAM
from terminal import Terminal

CONFIG = """from: Schools office <schools@northmere.example>
{transport}lists: {{schools: {{file: schools.csv}}}}
audiences: {{heads: {{list: schools, key: urn, email: email{more}}}}}
"""
UPDATE = "---\nsubject: Term dates\naudience: heads\n---\n\nDear {{head}},\n\nterm begins.\n"
DAY = "2026-12-01T16:00:00Z"


class Office:
    def __init__(self, workspace, letters=6, script=None, more=""):
        self.ws, self.relay, self.more = workspace, workspace.carrier(script), more
        self.transport(self.relay.lines)
        self.letters(letters)
        workspace.write("letter.md", UPDATE)

    def transport(self, lines):
        self.ws.write("config", CONFIG.format(transport=lines, more=self.more))

    def letters(self, count, extra=""):
        rows = "".join(f"{n},School {n},Head {n},head{n}@s{n}.example,0191 {n}\n" for n in range(1, count + 1))
        self.ws.write("schools.csv", "urn,school,head,email,telephone\n" + rows + extra)

    def run(self, *args, clock=DAY, **more):
        return self.ws.run(*args, env={"TZ": "Europe/London", "CIRCULAR_TEST": f"clock={clock}"}, **more)

    def plan(self, *args, **more):
        return json.loads(self.run("plan", "letter.md", "heads", "--json", *args, **more).out)["id"]

    def mend(self):
        self.ws.write("letter.md", UPDATE.replace("term begins", "the term begins"))

    def state(self, mailing):
        return json.loads(self.run("status", mailing, "--json").out)

    def copies(self):
        counts = {}
        for entry in self.relay.taken:
            for recipient in entry["recipients"]:
                counts[recipient] = counts.get(recipient, 0) + 1
        return counts


@pytest.fixture
def office(workspace):
    one = Office(workspace)
    yield one
    one.relay.close()


def slow(seconds):
    return {"faults": [{"stage": "dot", "do": "delay", "seconds": seconds}]}


def wait_for(condition):
    for _ in range(600):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come to that")


def send_in_background(office, mailing):
    return subprocess.Popen([PROGRAM, "send", mailing, "--yes"], cwd=office.ws.folder, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


# --- stop and withdraw -------------------------------------------------------------------------------

@pytest.mark.parametrize("how", ["ctrl-c", "stop", "withdraw"])
def test_stopped_stays_stopped(workspace, how):
    office = Office(workspace, letters=40, script=slow(0.05))
    mailing = office.plan()
    sender = send_in_background(office, mailing)
    wait_for(lambda: len(office.relay.taken) >= 3)
    if how == "ctrl-c":
        sender.send_signal(signal.SIGINT)
    elif how == "stop":
        assert "is stopped" in office.ws.run("stop", mailing).out
    else:
        done = office.ws.run("withdraw", mailing, "--yes")
        assert "will not go" in done.out and "have it already" in done.out
    out, err = sender.communicate(timeout=60)
    assert sender.returncode == 75 and "not sent yet" in err or how == "withdraw", (out, err)
    there = len(office.relay.taken)
    assert there < 40
    # Nothing more leaves, however often cron comes by.
    office.ws.run("send", "--due", "--quiet")
    time.sleep(0.2)
    assert len(office.relay.taken) == there
    status = office.state(mailing)
    assert status["state"] == ("withdrawn" if how == "withdraw" else "stopped")
    assert status["counts"]["sent"] == there
    if how == "withdraw":
        assert status["left_out"] == 40 - there
        assert f"{there} recipients have it" in office.ws.run("report", mailing).out
        office.ws.run("send", mailing, "--yes", status=None)
        assert len(office.relay.taken) == there
    else:
        office.ws.run("send", mailing, "--yes")
        assert len(office.relay.taken) == 40 and max(office.copies().values()) == 1
    office.relay.close()


def test_limit_leaves_it_stopped(office):
    mailing = office.plan()
    office.run("send", mailing, "--yes", "--limit", "2")
    office.run("send", "--due", "--quiet")
    assert len(office.relay.taken) == 2 and office.state(mailing)["state"] == "stopped"
    office.run("send", mailing, "--yes")
    assert len(office.relay.taken) == 6 and office.state(mailing)["state"] == "done"


def test_who_did_what_is_on_record(office):
    mailing = office.plan()
    office.run("send", mailing, "--yes", "--at", "2026-12-02 08:00")
    office.run("stop", mailing)
    office.run("withdraw", mailing, "--yes")
    with sqlite3.connect(office.ws.path("ledger.db")) as ledger:
        events = ledger.execute("SELECT event, command, user <> '', host <> '' FROM mailing_events ORDER BY number").fetchall()
    assert events == [("planned", "circular plan", 1, 1), ("scheduled", "circular send --at", 1, 1),
                      ("stopped", "circular stop", 1, 1), ("withdrawn", "circular withdraw", 1, 1)]
    shown = office.run("status", mailing).out
    assert all(word in shown for word in ("scheduled ", "stopped ", "withdrawn ", "by "))
    assert "withdraw" in office.run("stop", mailing, status=64).err
    assert "withdrawn already" in office.run("withdraw", mailing, "--yes", status=64).err


def test_withdrawing_needs_a_word(office):
    mailing = office.plan()
    assert "--yes" in office.run("withdraw", mailing, status=64).err
    assert office.state(mailing)["state"] == "planned"


# --- rehearsals --------------------------------------------------------------------------------------

@pytest.mark.parametrize("transport", ["outbox", "null"])
def test_a_rehearsal_is_no_delivery(office, transport):
    office.transport(f"transport: {transport}\n")
    mailing = office.plan()
    done = office.run("send", mailing, "--yes", "--limit", "2")
    assert "nobody was mailed" in done.out
    office.run("send", mailing, "--yes")
    report = office.run("report", mailing).out
    assert "nobody was mailed" in report and "arrived" not in report
    assert office.state(mailing)["state"] == "planned"
    office.transport(office.relay.lines)
    office.run("send", "--due", "--quiet")
    assert not office.relay.taken  # only a person goes live
    office.run("send", "letter.md", "--yes")  # and needs no --again
    assert office.copies() == {f"head{n}@s{n}.example": 1 for n in range(1, 7)}
    assert "all 6 letters arrived" in office.run("report", mailing).out


def test_what_is_being_mailed_is_not_rehearsed(office):
    mailing = office.plan()
    office.run("send", mailing, "--yes", "--limit", "2")
    office.transport("transport: outbox\n")
    assert "withdraw" in office.run("send", mailing, "--yes", status=78).err
    office.transport(office.relay.lines)
    office.run("send", mailing, "--yes")
    assert len(office.relay.taken) == 6


def test_a_rehearsed_digest_uses_nothing_up(workspace):
    office = Office(workspace)
    weekly = "digests: {weekly: {audience: heads}}\n"
    workspace.write("notices/a.md", "---\ntitle: A notice\ndate: 2026-12-01\n---\n\nWords.\n")
    workspace.write("config", CONFIG.format(transport="transport: outbox\n", more="") + weekly)
    office.run("digest", "weekly", "--send")
    office.run("digest", "weekly", "--send", clock="2026-12-08T07:00:00Z")
    workspace.write("config", CONFIG.format(transport=office.relay.lines, more="") + weekly)
    office.run("digest", "weekly", "--send", clock="2026-12-15T07:00:00Z")
    assert len(office.relay.taken) == 6
    office.run("digest", "weekly", "--send", "--quiet", clock="2026-12-22T07:00:00Z")
    assert len(office.relay.taken) == 6
    office.relay.close()


# --- times -------------------------------------------------------------------------------------------

@pytest.mark.parametrize("typed, said", [("tomorrow 8am", "Wednesday 2 December 2026, 08:00"),
                                         ("Friday 09:30", "Friday 4 December 2026, 09:30"),
                                         ("25/12/2026 08:00", "Friday 25 December 2026, 08:00")])
def test_times_as_people_write_them(office, typed, said):
    mailing = office.plan()
    assert said in office.run("send", mailing, "--yes", "--at", typed).out
    assert said in office.run("status").out.splitlines()[1]  # the first that one looks for
    assert said in office.run("status", mailing).out
    assert office.state(mailing)["send_at"].startswith("2026-12-")


@pytest.mark.parametrize("typed", ["2026-11-01 08:00", "01/12/2026 15:59", "2026-12-01T15:59:59Z"])
def test_a_time_that_is_past_mails_nobody(office, typed):
    mailing = office.plan()
    done = office.run("send", mailing, "--yes", "--at", typed, status=64)
    assert "is past" in done.err and "1 December 2026, 16:00" in done.err
    office.run("send", "--due", "--quiet")
    assert not office.relay.taken and office.state(mailing)["state"] == "planned"


@pytest.mark.parametrize("typed, goes", [("2062-12-02 08:00", False), ("2027-12-04 08:00", False),
                                         ("2027-12-01 08:00", True)])
def test_a_time_that_nobody_lives_to_see_is_a_slip(office, typed, goes):
    mailing = office.plan()
    done = office.run("send", mailing, "--yes", "--at", typed, status=0 if goes else 64)
    assert ("more than a year ahead" in done.err) != goes
    assert office.state(mailing)["state"] == ("scheduled" if goes else "planned")


@pytest.mark.parametrize("clock, goes", [("2026-12-02T20:00:00Z", True), ("2026-12-02T20:00:01Z", False),
                                         ("2027-03-01T08:00:00Z", False)])
def test_what_is_late_is_told_and_not_sent(office, clock, goes):
    mailing = office.plan()
    office.run("send", mailing, "--yes", "--at", "2026-12-02T08:00Z")
    done = office.run("send", "--due", "--quiet", clock=clock, status=0 if goes else 75)
    assert bool(office.relay.taken) == goes
    if not goes:
        assert mailing in done.err and "2 December 2026" in done.err and "send.late" in done.err
        assert office.run("send", "--due", "--quiet", clock=clock).err == ""  # told once
        office.run("send", mailing, "--yes", clock=clock)
        assert len(office.relay.taken) == 6


# --- an earlier version ------------------------------------------------------------------------------

def test_two_versions_never_both_go(office):
    first = office.plan()
    office.run("send", first, "--yes", "--at", "2026-12-02T08:00Z")
    office.mend()
    said = office.run("plan", "letter.md", "heads").err
    assert first in said and "2 December 2026, 08:00" in said
    second = office.plan()
    assert first in office.run("send", second, "--yes", "--at", "2026-12-02T08:00Z", status=64).err
    done = office.run("send", second, "--yes", "--replace")
    assert "2 December 2026, 08:00" in done.out  # the time isn't lost
    assert not office.relay.taken and office.state(first)["state"] == "withdrawn"
    office.run("send", "--due", "--quiet", clock="2026-12-02T08:05:00Z")
    assert set(office.copies().values()) == {1} and len(office.copies()) == 6
    assert all(b"the term" in office.ws.read(os.path.join("outbox", "new", name))
               for name in os.listdir(office.ws.path("outbox", "new")))


def test_a_plan_takes_the_place_and_the_time(office):
    first = office.plan()
    office.run("send", first, "--yes", "--at", "2026-12-02T08:00Z")
    office.mend()
    second = office.plan("--replace")
    assert office.state(first)["state"] == "withdrawn"
    assert (office.state(second)["state"], office.state(second)["send_at"]) == ("scheduled", "2026-12-02T08:00:00Z")


@pytest.mark.parametrize("word, most", [("--replace", 1), ("--again", 2)])
def test_mended_in_the_middle(office, word, most):
    first = office.plan()
    office.run("send", first, "--yes", "--limit", "3")
    office.mend()
    assert "already have it" in office.run("send", "letter.md", "heads", "--yes", status=64).err
    office.run("send", "--due", "--quiet")
    assert len(office.relay.taken) == 3
    office.run("send", "letter.md", "heads", "--yes", word)
    office.run("send", "--due", "--quiet")
    assert len(office.copies()) == 6 and max(office.copies().values()) == most
    assert office.state(first)["state"] == "withdrawn"


@pytest.mark.parametrize("subject", ["Term dates", "Term dates, put right"])
@pytest.mark.parametrize("word, most", [("--replace", 1), ("--again", 2)])
def test_withdrawn_in_the_middle_and_mended(office, word, most, subject):
    """Three have it when the rest is withdrawn: whoever sends the mended one says what becomes of them."""
    first = office.plan()
    office.run("send", first, "--yes", "--limit", "3")
    office.run("withdraw", first, "--yes")
    office.ws.write("letter.md", UPDATE.replace("term begins", "the term begins").replace("Term dates", subject))
    said = office.run("plan", "letter.md", "heads").err
    assert first in said and "3 of these people already have it" in said
    assert "already have it" in office.run("send", "letter.md", "heads", "--yes", status=64).err
    second = office.plan()
    office.run("send", second, "--yes", word, "--limit", "2")
    office.run("send", second, "--yes")  # it was said once
    assert len(office.copies()) == 6 and max(office.copies().values()) == most


@pytest.fixture
def two(workspace):
    """An office whose audience `part` is within `heads`, and whose own address gets a copy of each."""
    one = Office(workspace, more="}, part: {list: schools, key: urn, email: email, where: urn < 3")
    one.relay.lines += "seeds: office@northmere.example\n"
    one.transport(one.relay.lines)
    yield one
    one.relay.close()


def heads_of(office):
    return {address: count for address, count in office.copies().items() if not address.startswith("office@")}


@pytest.mark.parametrize("word, most", [("--replace", 1), ("--again", 2)])
def test_the_same_letter_to_another_audience_that_waits(two, word, most):
    """Who is in both gets it once unless a person says otherwise; the other audience loses nobody."""
    first = two.plan()
    two.run("send", first, "--yes", "--at", "2026-12-02T08:00Z")
    said = two.run("plan", "letter.md", "part")
    assert f"{first} for heads is to go on" in said.err and "2 of these people are to get it" in said.err
    (one,) = json.loads(two.run("plan", "letter.md", "part", "--json").out)["earlier"]
    assert (one["id"], one["kind"], one["open"], one["have"], one["due"]) == (first, "aside", 0, 0, 2)
    assert "in another audience" in two.run("send", "letter.md", "part", "--yes", status=64).err
    two.run("send", "letter.md", "part", "--yes", word)
    assert two.state(first)["state"] == "scheduled"
    two.run("send", "--due", "--quiet", clock="2026-12-02T08:05:00Z")
    assert len(heads_of(two)) == 6 and max(heads_of(two).values()) == most


def test_the_same_letter_to_a_wider_audience(two):
    two.run("send", "letter.md", "part", "--yes")
    two.mend()
    assert "2 of these people already have it" in two.run("send", "letter.md", "heads", "--yes", status=64).err
    done = two.run("send", "letter.md", "heads", "--yes", "--replace")
    assert "2 left out: they have" in done.err + done.out
    assert len(heads_of(two)) == 6 and max(heads_of(two).values()) == 1


def test_another_update_to_another_audience_asks_nothing(two):
    """Nor do the office's copies of both."""
    two.run("send", "letter.md", "part", "--yes")
    two.ws.write("other.md", UPDATE)
    two.run("send", "other.md", "heads", "--yes")
    assert len(heads_of(two)) == 6
    two.letters(2, "9,School 9,Head 9,head9@s9.example,\n")
    two.ws.write("letter.md", UPDATE.replace("Term dates", "Late news"))
    two.run("send", "letter.md", "heads", "--yes")


def test_a_letter_of_long_ago_is_told(office):
    first = office.plan()
    office.run("send", first, "--yes")
    office.mend()
    later = "2026-12-08T16:00:00Z"
    said = office.run("plan", "letter.md", "heads", clock=later).err
    assert f"From the same file, with the same subject: {first}" in said and f"circular correct {first} letter.md" in said
    office.run("send", "letter.md", "heads", "--yes", clock=later)
    third = office.run("plan", "letter.md", "heads", "--again", clock="2027-01-08T16:00:00Z").err
    assert third.count("From the same file") == 1 and first not in third


@pytest.mark.parametrize("word", ["--replace", "--again"])
def test_sending_what_is_over_ends_nothing(office, word):
    """The old id, typed by mistake, must not take the place of the letter that is to go."""
    first = office.plan()
    office.run("send", first, "--yes", "--at", "2026-12-02T08:00Z")
    office.mend()
    second = office.plan("--replace")
    said = office.run("send", first, "--yes", word).out
    assert "It was withdrawn" in said and f"{first}: nobody has it, and nobody is to get it" in said
    assert office.state(second)["state"] == "scheduled"
    office.run("send", "--due", "--quiet", clock="2026-12-02T08:05:00Z")
    assert len(office.copies()) == 6 and set(office.copies().values()) == {1}
    assert "Nothing is left" in office.run("send", second, "--yes", word).out


def test_what_was_withdrawn_can_not_go_on(office):
    first = office.plan()
    office.run("send", first, "--yes", "--limit", "3")
    assert f"'circular send {first}' goes on with it" in office.run("plan", "letter.md", "heads", status=64).err
    office.run("withdraw", first, "--yes")
    said = office.run("plan", "letter.md", "heads", status=64).err
    assert "and the rest withdrawn" in said and "goes on" not in said


def test_a_test_wants_the_update(office):
    first = office.plan()
    assert "--test wants the update" in office.run("send", first, "--test", "me@office.example", status=64).err
    assert "only one address at a time" in office.run("suppress", "add", "@s3.example", status=64).err


def test_what_was_withdrawn_and_had_by_nobody_stands_in_no_way(office):
    first = office.plan()
    office.run("withdraw", first, "--yes")
    office.mend()
    office.run("send", "letter.md", "heads", "--yes")
    assert len(office.copies()) == 6


def test_a_plan_that_waits_for_nobody_is_replaced(office):
    first = office.plan()
    office.mend()
    second = office.plan()
    assert first != second and [one["id"] for one in json.loads(office.run("status", "--json").out)] == [second]


def test_another_letter_from_the_same_file_is_no_version(office):
    office.run("send", office.plan(), "--yes")
    office.ws.write("letter.md", UPDATE.replace("Term dates", "Snow"))
    office.run("send", "letter.md", "heads", "--yes")
    assert set(office.copies().values()) == {2}


# --- those who missed it -----------------------------------------------------------------------------

def test_exactly_those_who_missed_it(workspace):
    script = {"faults": [{"stage": "rcpt", "do": "reply", "text": "550 5.1.1 no such user", "match": f"head{n}@"}
                         for n in (2, 3)]}
    office = Office(workspace, script=script)
    office.letters(6, "7,School 7,Head 7,,0191 7\n8,School 8,Head 8,x@@y.example,\n")
    first = office.plan()
    office.run("send", first, "--yes", status=69)
    office.run("suppress", "add", "head6@s6.example")
    office.letters(6, "7,School 7,Head 7,head7@s7.example,\n9,School 9,Head 9,new@s9.example,\n")
    text = office.ws.read("schools.csv").decode()
    office.ws.write("schools.csv", text.replace("head2@s2.example", "right2@s2.example"))
    office.relay.script["faults"] = []
    done = office.run("plan", "letter.md", "heads", "--missing").out
    assert all(f"School {n} ({n})" in done for n in (2, 3, 7, 9)) and re.search(r"have it +4", done)
    second = re.search(r"plan +(\S+)", done).group(1)
    office.run("send", second, "--yes")
    assert office.copies() == {**{f"head{n}@s{n}.example": 1 for n in (1, 3, 4, 5, 6, 7)},
                               "right2@s2.example": 1, "new@s9.example": 1}
    report = office.run("report", first).out
    assert "Almost: all 8 letters arrived" in report and "head6" not in report # who has it is not left out
    assert "Nobody is missing" in office.run("plan", "letter.md", "heads", "--missing").out
    office.relay.close()


def test_keys_that_a_spreadsheet_changed_are_told(office):
    """With new addresses too, nobody of today's list seems to have the letter."""
    office.run("send", "letter.md", "heads", "--yes")
    lines = office.ws.read("schools.csv").decode().splitlines()
    changed = [lines[0], "0001,School 1,Head 1,new1@s1.example,0191 1", "2.0,School 2,Head 2,new2@s2.example,0191 2",
               *lines[3:], "77,School 77,Head 77,head77@s77.example,0191 77"]
    office.ws.write("schools.csv", "\n".join(changed) + "\n")
    said = office.run("plan", "letter.md", "heads", "--missing").err
    assert "2 who would get it have a key that only looks like that of one who has it: the first is '0001', and '1'" in said
    office.ws.write("schools.csv", "\n".join([*lines, changed[-1]]) + "\n")
    assert "like-key" not in office.run("plan", "letter.md", "heads", "--missing").err


def test_nothing_is_missing_of_what_never_went(office):
    assert "--missing" in office.run("plan", "letter.md", "heads", "--missing", status=64).err


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline="")))


@pytest.mark.parametrize("more", ["", ", seeds: [clerk@northmere.example]"])
def test_the_report_put_right_is_the_list(workspace, more):
    """report --csv, its wrong addresses put right in the list's own columns, given as the list."""
    script = {"faults": [{"stage": "rcpt", "do": "reply", "text": "550 5.1.1 no such user", "match": f"head{n}@"}
                         for n in (2, 3)]}
    office = Office(workspace, script=script, more=more)
    office.letters(5, "6,School 6,Head 6,,0191 6\n7,School 7,Head 7,x@@y.example,+44 191 7\n")
    first = office.plan()
    office.run("send", first, "--yes", status=69)
    office.relay.script["faults"] = []
    text = office.run("report", first, "--csv").out
    rows = rows_of(text)
    assert {row["urn"]: row["reason"] for row in rows if row["reason"]} == {
        "2": "userunknown", "3": "userunknown", "6": "no-address", "7": "bad-address"}
    assert all(row["telephone"] == {"7": "'+44 191 7"}.get(row["urn"], f"0191 {row['urn']}") for row in rows
               if not row["key"].startswith("seed:"))
    for row in rows:
        if row["urn"] in {"2", "6", "7"}:
            row["email"] = f"right{row['urn']}@s.example"
    out = io.StringIO()
    table = csv.DictWriter(out, rows[0].keys())
    table.writeheader()
    table.writerows(rows)
    workspace.write("schools.csv", "\ufeff" + out.getvalue())
    office.relay.script["faults"] = []
    plan = office.plan("--missing")
    office.run("send", plan, "--yes")
    counts = office.copies()
    assert {key: count for key, count in counts.items() if not key.startswith("clerk")} == {
        **{f"head{n}@s{n}.example": 1 for n in (1, 3, 4, 5)}, **{f"right{n}@s.example": 1 for n in (2, 6, 7)}}
    taken = json.loads(office.run("status", plan, "--json", "--recipients").out)["recipients"]
    assert {one["phone"] for one in taken if one["key"] == "7"} == {"+44 191 7"} # no apostrophe stays
    assert "letter_key" not in office.run("report", first, "--csv").out # its own columns are not the list's
    # Both plans are one letter, by whichever id: a line a school.
    for mailing in (first, plan):
        again = [row for row in rows_of(office.run("report", mailing, "--csv").out) if not row["key"].startswith("seed:")]
        assert sorted((row["key"], row["state"]) for row in again) == [(str(n), "sent") for n in range(1, 8)]
        said = json.loads(office.run("report", mailing, "--json").out)
        assert said["id"] == first and said["letters"] == 7 + bool(more) and said["counts"]["left_out"] == bool(more)
    office.relay.close()


def test_what_waits_is_announced_to_machines_too(office):
    first = office.plan()
    office.run("send", first, "--yes", "--at", "tomorrow 8am")
    office.mend()
    said = json.loads(office.run("plan", "letter.md", "heads", "--json").out)
    (one,) = said["earlier"]
    assert (one["id"], one["state"], one["open"]) == (first, "scheduled", 6) and one["send_at"]
    office.run("withdraw", first, "--yes")
    assert json.loads(office.run("plan", "letter.md", "heads", "--json").out)["earlier"] == []


def test_who_did_it_stands_in_every_report(office):
    mailing = office.plan()
    env = {"SUDO_USER": "ann", "TZ": "Europe/London", "CIRCULAR_TEST": f"clock={DAY}"}
    office.ws.run("send", mailing, "--yes", "--limit", "2", env=env)
    for events in (office.state(mailing)["events"], json.loads(office.run("report", mailing, "--json").out)["events"]):
        assert [one["event"] for one in events] == ["planned", "sending", "stopped"]
        assert events[1]["user"] == "ann" and events[1]["command"] == "circular send" and events[1]["host"]
    text = office.run("report", mailing).out
    assert "Who did what" in text and re.search(r"stopped +Tue 1 Dec 2026, 16:00 GMT, ann at ", text)
    office.ws.run("suppress", "add", "head1@s1.example", env=env)
    assert "by ann at" in office.run("suppress", "list").out


def test_the_question_says_who_is_left_out_and_how_long_it_takes(office):
    office.letters(60, "61,School 61,Head 61,,\n62,School 62,Head 62,,\n")
    office.run("suppress", "add", "head1@s1.example")
    lines = office.relay.lines.replace("preset: relay", "preset: relay, per_minute: 10, per_day: 0")
    for more, said in (("per_day: 0", "Takes     5 minutes 48 seconds, done at 16:05"), ("per_day: 40", "on Wednesday 2 December 2026")):
        office.transport(lines.replace("per_day: 0", more))
        env = {"TZ": "Europe/London", "CIRCULAR_TEST": f"clock={DAY}"}
        asked = Terminal([PROGRAM, "send", "letter.md", "heads"], office.ws.folder, 100, typed="no\n", env=env)
        assert "Left out  3: 2 no address, 1 suppressed" in asked.text and said in asked.text, asked.text
        assert asked.text.count("no address") == 3 and asked.text.count("schools.csv:62") == 1 # a fault is told once
    assert "at most 40 a day" in asked.text and not office.relay.taken


# --- people have names -------------------------------------------------------------------------------

def test_whom_to_telephone(office):
    office.letters(2, "900021,Fern Hill,Ms Hargreave,,0121 496 0000\n")
    mailing = office.plan()
    office.run("send", mailing, "--yes")
    for args in (("plan", "letter.md", "heads", "--again"), ("report", mailing), ("lists", "heads", "--rows"),
                 ("status", mailing, "--recipients")):
        out = office.run(*args).out
        assert "Fern Hill (900021)" in out, args
    assert "0121 496 0000" in office.run("report", mailing).out
    rows = office.run("report", mailing, "--csv").out
    assert "900021,Fern Hill," in rows and "0121 496 0000" in rows
    office.run("report", mailing, "--html", "page.html")
    page = office.ws.read("page.html").decode()
    assert "Fern Hill" in page and "0121 496 0000" in page
    assert "900021" in office.run("history", "fern hill").out
    assert "several are called so" in office.run("history", "School", status=64).err
    assert "no key, address or name" in office.run("history", "Nowhere", status=66).err


def test_label_and_phone_as_the_config_says(workspace):
    office = Office(workspace, letters=1, more=', label: "{{school}} of {{head}}", phone: head')
    out = office.run("lists", "heads", "--rows").out
    assert "School 1 of Head 1 (1)" in out and out.rstrip().endswith("Head 1")
    office.more = ', phone: hed'
    office.transport(office.relay.lines)
    assert "did you mean 'head'" in office.run("lists", "heads", status=None).out + office.run("lists", "heads", status=None).err
    office.relay.close()


def test_the_audience_of_the_front_matter(office):
    office.run("preview", "letter.md", "--all", "--out", "seen")
    assert len(os.listdir(office.ws.path("seen"))) == 18
    office.run("send", "letter.md", "--test", "me@northmere.example")
    assert list(office.copies()) == ["me@northmere.example"]


def test_an_audience_of_the_front_matter_that_is_not_there(office):
    """A check must not say that nothing would stop a plan."""
    office.ws.write("letter.md", UPDATE.replace("audience: heads", "audience: head"))
    for words in [["check", "letter.md"], ["plan", "letter.md"]]:
        failed = office.run(*words, status=None)
        assert failed.returncode and "no audience 'head' in config: did you mean 'heads'?" in failed.err
    office.run("check", "letter.md", "heads")


def test_a_test_of_several_audiences_is_of_the_first(two):
    two.ws.write("letter.md", UPDATE.replace("audience: heads", "audience: [heads, part]"))
    assert "The letter of 1 was sent" in two.run("send", "letter.md", "--test", "me@office.example").out


def test_a_school_is_called_by_its_name_in_history_and_status(workspace):
    office = Office(workspace, letters=3, more=", label: school, phone: telephone")
    office.run("suppress", "add", "head2@s2.example")
    mailing = office.plan()
    office.run("send", mailing, "--yes")
    assert "School 1 (1) <head1@s1.example>" in office.run("history", "1").out
    assert "School 2 (2) <head2@s2.example> 0191 2: suppressed since" in office.run("history", "2").out
    assert "0191 2  suppressed since" in office.run("status", "--recipients", mailing).out
    office.relay.close()


def test_a_withdrawn_mailing_says_so_when_it_is_sent(office):
    mailing = office.plan()
    office.run("withdraw", mailing, "--yes")
    said = office.run("send", mailing, "--yes").out
    assert "It was withdrawn" in said and "--missing" in said and not office.relay.taken
