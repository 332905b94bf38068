"""The hours of sending: when letters go, pause and go on; over nights, weekends, terms' ends, holidays and both changes of the
clock."""
import datetime
import os
import re
import signal
import subprocess
import time

import pytest

from conftest import PROGRAM
from terminal import Terminal
from test_life import Office, slow, wait_for

WEEK = "send: {hours: Mon-Fri 07:30-18:00}\n"
NIGHT = "2026-12-01T20:00:00Z"  # a Tuesday


class Hours(Office):
    def __init__(self, workspace, letters=6, config=WEEK):
        super().__init__(workspace, letters)
        self.transport(self.relay.lines + config)

    def jump(self, *args, clock, **more):
        """Runs with pauses passed over: the clock jumps on by as much."""
        return self.ws.run(*args, env={"TZ": "Europe/London", "CIRCULAR_TEST": f"clock={clock},nodelay"}, **more)

    def due(self, clock, **more):
        return Office.run(self, "send", "--due", "--quiet", clock=clock, **more)


@pytest.fixture
def office(workspace):
    one = Hours(workspace)
    yield one
    one.relay.close()



# --- outside of them ---------------------------------------------------------------------------------

@pytest.mark.parametrize("clock, goes", [
    ("2026-12-01T20:00:00Z", "Wednesday 2 December 2026, 07:30 GMT"),
    ("2026-12-04T18:00:00Z", "Monday 7 December 2026, 07:30 GMT"),
    ("2027-03-26T19:00:00Z", "Monday 29 March 2027, 07:30 BST"),
    ("2027-10-29T19:00:00Z", "Monday 1 November 2027, 07:30 GMT"),
])
def test_it_goes_when_they_begin(office, clock, goes):
    mailing = office.plan(clock=clock)
    done = office.run("send", mailing, "--yes", clock=clock)
    assert f"will go on {goes}" in done.out and "letters go Mon-Fri 07:30-18:00 (send.hours)" in done.err
    assert f"'circular send {mailing} --now' sends it at once" in done.out
    status = office.state(mailing)
    assert status["state"] == "scheduled" and f"goes on {goes}" in office.run("status", mailing, clock=clock).out
    assert f"none of 6 letters was sent so far. It goes on {goes}." in office.run("report", mailing, clock=clock).out
    assert goes in office.run("send", mailing, "--yes", clock=clock, status=75).err
    opens = status["send_at"]
    before = opens.replace(":30:00Z", ":29:59Z")
    assert office.due(before).err == "" and not office.relay.taken
    assert office.due(opens).err == "" and len(office.relay.taken) == 6
    assert office.state(mailing)["state"] == "done"


def test_now_does_not_wait(office):
    mailing = office.plan(clock=NIGHT)
    office.run("send", mailing, "--yes", clock=NIGHT)
    office.run("send", mailing, "--yes", "--now", clock=NIGHT)
    assert len(office.relay.taken) == 6 and office.state(mailing)["state"] == "done"
    office.mend()
    other = office.plan(clock=NIGHT)
    assert "not both" in office.run("send", other, "--yes", "--now", "--at", "08:00", clock=NIGHT, status=64).err
    assert "--now" in office.run("send", "--due", "--now", clock=NIGHT, status=64).err


@pytest.mark.parametrize("typed, said", [
    ("Saturday 10:00", "Monday 7 December 2026, 07:30 GMT"),
    ("2026-12-02 18:00", "Thursday 3 December 2026, 07:30 GMT"),
    ("2026-12-02 17:59", "Wednesday 2 December 2026, 17:59 GMT"),
    ("now", "Wednesday 2 December 2026, 07:30 GMT"),
])
def test_a_time_outside_is_told(office, typed, said):
    mailing = office.plan(clock=NIGHT)
    done = office.run("send", mailing, "--yes", "--at", typed, clock=NIGHT)
    assert f"will go on {said}" in done.out
    assert ("outside the hours" in done.err) == ("17:59" not in said)


def test_the_question_says_when(office):
    mailing = office.plan(clock=NIGHT)
    terminal = Terminal([PROGRAM, "send", mailing], office.ws.folder, 100, typed="6\n",
                        env={"TZ": "Europe/London", "CIRCULAR_TEST": f"clock={NIGHT}"})
    assert terminal.status == 0, terminal.text
    assert "Goes      Wednesday 2 December 2026, 07:30 GMT: letters go Mon-Fri" in " ".join(terminal.text.split("\n"))
    assert not office.relay.taken and office.state(mailing)["state"] == "scheduled"


def test_hours_that_came_after_the_plan(workspace):
    """A mailing with a time for which there are hours only since."""
    office = Hours(workspace, config="")
    mailing = office.plan()
    office.run("send", mailing, "--yes", "--at", "2026-12-01 19:00")
    office.transport(office.relay.lines + WEEK)
    assert office.due("2026-12-01T19:00:00Z").err == "" and not office.relay.taken
    assert office.state(mailing)["send_at"] == "2026-12-02T07:30:00Z"
    office.due("2026-12-02T07:30:00Z")
    assert len(office.relay.taken) == 6
    office.relay.close()


# --- a long run --------------------------------------------------------------------------------------

class Running(Hours):
    """Whose sender has a clock that runs, from ten seconds before 18:00 on; it has letters for longer."""

    def __init__(self, workspace, config=WEEK):
        super().__init__(workspace, 90, config)
        self.relay.close()
        self.relay = workspace.carrier(slow(0.3))
        self.transport(self.relay.lines.replace("preset: relay", "preset: relay, connections: 1") + config)

    def begin(self, *args):
        begins = datetime.datetime.fromisoformat("2026-12-01T17:59:50+00:00").timestamp()
        self.env = {"TZ": "Europe/London", "CIRCULAR_TEST_AHEAD": str(int(begins - time.time()))}
        return subprocess.Popen([PROGRAM, *args], cwd=self.ws.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, env={**os.environ, **self.env})


def later(count):
    """What the relay puts off the first time."""
    return {"faults": [{"stage": "rcpt", "do": "reply", "text": "451 4.7.1 greylisted, try again", "nth": count}]}


def test_a_run_goes_on_by_itself_after_the_weekend(workspace):
    """One letter is to be tried again in a minute, and then the hours are over; pauses are passed over."""
    office = Hours(workspace)
    office.relay.close()
    office.relay = workspace.carrier(later(4))
    office.transport(office.relay.lines + WEEK)
    clock = "2026-12-04T17:59:30Z"
    mailing = office.plan(clock=clock)
    done = office.jump("send", mailing, "--yes", clock=clock, timeout=100)
    assert "goes on Monday 7 December 2026, 07:30 GMT: 1 letter" in done.err
    folder = workspace.path("outbox", "new")
    dates = [re.search(r"^Date: (.*)$", open(os.path.join(folder, one)).read(), re.M).group(1) for one in sorted(os.listdir(folder))]
    assert [one[:3] for one in dates] == 5 * ["Fri"] + ["Mon"] and "07:30:0" in dates[-1]
    assert office.state(mailing)["state"] == "done" and max(office.copies().values()) == 1
    shown = office.run("status", mailing).out
    assert "goes on Monday 7 December 2026, 07:30 GMT: letters go Mon-Fri 07:30-18:00 (send.hours)" in shown
    office.relay.close()


def test_cron_pauses_and_goes_on(workspace):
    office = Running(workspace)
    mailing = office.plan(clock="2026-12-01T12:00:00Z")
    office.run("send", mailing, "--yes", "--at", "17:59", clock="2026-12-01T12:00:00Z")
    cron = office.begin("send", "--due", "--quiet")
    assert cron.communicate(timeout=60) == ("", "") and cron.returncode == 0
    gone = len(office.relay.taken)
    status = office.state(mailing)
    assert 0 < gone < 90 and (status["state"], status["send_at"]) == ("scheduled", "2026-12-02T07:30:00Z")
    office.relay.script["faults"] = []
    assert office.due("2026-12-02T07:29:00Z").err == "" and len(office.relay.taken) == gone
    assert office.due("2026-12-02T07:30:00Z").err == ""
    assert len(office.relay.taken) == 90 and max(office.copies().values()) == 1
    assert office.state(mailing)["state"] == "done"
    office.relay.close()


def test_what_is_put_off_waits_for_the_hours(workspace):
    """The relay has put one letter off, and when it is due again the hours are over; what is left are no planned letters."""
    office = Hours(workspace)
    office.relay.close()
    office.relay = workspace.carrier(later(4))
    office.transport(office.relay.lines + WEEK)
    mailing = office.plan(clock="2026-12-01T17:59:30Z")
    done = office.jump("send", mailing, "--yes", "--no-wait", clock="2026-12-01T17:59:30Z", status=75)
    assert len(office.relay.taken) == 5 and office.state(mailing)["state"] == "sending", done.err
    assert office.due("2026-12-01T18:05:00Z").err == ""
    status = office.state(mailing)
    assert (status["state"], status["send_at"]) == ("scheduled", "2026-12-02T07:30:00Z")
    office.due("2026-12-02T07:30:00Z")
    assert len(office.relay.taken) == 6 and office.state(mailing)["state"] == "done"
    office.relay.close()


@pytest.mark.parametrize("how, left, status", [
    ("ctrl-c", "stopped", 75), ("stop", "stopped", 75), ("withdraw", "withdrawn", 75), ("term", "scheduled", 75),
    ("hangup", "scheduled", 75), ("kill", "scheduled", -9), ("now", "done", 75), ("at", "scheduled", 75)])
def test_a_run_that_waits_obeys(workspace, how, left, status):
    """It began just before 18:00, and waits for the morning."""
    office = Running(workspace)
    mailing = office.plan()
    sender = office.begin("send", mailing, "--yes")
    wait_for(lambda: office.state(mailing)["state"] == "scheduled")
    gone = len(office.relay.taken)
    office.relay.script["faults"] = []
    assert 0 < gone < 90 and sender.poll() is None
    if how in ("stop", "withdraw"):
        office.run(how, mailing, *(["--yes"] if how == "withdraw" else []), clock=NIGHT)
    elif how == "now":
        office.run("send", mailing, "--yes", "--now", clock=NIGHT)
    elif how == "at":
        office.run("send", mailing, "--yes", "--at", "2026-12-03 08:00", clock=NIGHT)
    else:
        sender.send_signal({"ctrl-c": signal.SIGINT, "kill": signal.SIGKILL, "term": signal.SIGTERM, "hangup": signal.SIGHUP}[how])
    _, err = sender.communicate(timeout=60)
    there = office.state(mailing)
    assert (there["state"], sender.returncode) == (left, status), err
    assert len(office.relay.taken) == (90 if how == "now" else gone) and max(office.copies().values()) == 1
    if how in ("term", "hangup"):
        assert f"{90 - gone} not sent yet: 'circular send --due' goes on with them on Wednesday 2 December 2026, 07:30 GMT" in err
    if left == "scheduled":
        assert there["send_at"] == ("2026-12-03T08:00:00Z" if how == "at" else "2026-12-02T07:30:00Z")
    # What cron does in the morning.
    office.due("2026-12-02T07:30:00Z")
    assert len(office.relay.taken) == (90 if how in ("now", "term", "hangup", "kill") else gone)
    office.relay.close()


# --- terms, holidays, and what is wrong ----------------------------------------------------------------

SHEETS = "send: {hours: Mon-Fri 07:30-18:00, terms: terms.csv, holidays: holidays.csv}\n"


@pytest.mark.parametrize("clock, goes, why", [
    ("2026-12-18T18:00:00Z", "Tuesday 5 January 2027, 07:30 GMT", "letters go"),
    ("2026-12-21T10:00:00Z", "Tuesday 5 January 2027, 07:30 GMT", "not in term: 'Spring' begins on Monday 4 January 2027"),
    ("2027-01-04T10:00:00Z", "Tuesday 5 January 2027, 07:30 GMT", "a holiday, 'Staff day' (holidays.csv:2)"),
    ("2027-03-19T19:00:00Z", None, "letters go"),
    ("2027-03-23T12:00:00Z", None, "no term is to come (terms.csv)"),
])
def test_terms_and_holidays(workspace, clock, goes, why):
    office = Hours(workspace, config=SHEETS)
    workspace.write("terms.csv", "name,from,to\nAutumn,2026-09-01,2026-12-18\nSpring,2027-01-04,2027-03-19\n")
    workspace.write("holidays.csv", "date,name\n04/01/2027,Staff day\n")
    mailing = office.plan(clock=clock)
    done = office.run("send", mailing, "--yes", clock=clock, status=0 if goes else 78)
    assert why in done.err and (not goes or f"will go on {goes}" in done.out)
    assert goes or f"'circular send {mailing} --now' sends it even so" in done.err
    assert not office.relay.taken
    office.run("send", mailing, "--yes", "--now", clock=clock)
    assert len(office.relay.taken) == 6
    office.relay.close()


def test_no_term_to_come_is_told_once(workspace):
    """A mailing with a time, for which the terms that are known have ended since."""
    office = Hours(workspace, config=SHEETS)
    workspace.write("terms.csv", "name,from,to\nAutumn,2026-09-01,2026-12-18\n")
    workspace.write("holidays.csv", "date,name\n")
    mailing = office.plan()
    office.run("send", mailing, "--yes", "--at", "Friday 08:00")
    workspace.write("terms.csv", "name,from,to\nAutumn,2026-09-01,2026-12-02\n")
    told = office.due("2026-12-04T08:00:00Z", status=78).err
    assert mailing in told and "no term is to come" in told
    assert office.state(mailing)["state"] == "stopped"
    assert office.due("2026-12-04T08:05:00Z").err == "" and not office.relay.taken
    office.relay.close()


@pytest.mark.parametrize("name, text, said", [
    ("terms.csv", "name,from,to\nAutumn,2026-09-01,2026-13-18\n", "terms.csv:2: "),
    ("holidays.csv", "date\n2026-02-30\n", "holidays.csv:2: "),
    ("holidays.csv", "when\n2026-12-25\n", "a sheet of holidays has date and name"),
    ("holidays.csv", None, "holidays.csv"),
])
def test_a_sheet_with_a_mistake_sends_nothing(workspace, name, text, said):
    office = Hours(workspace, config=SHEETS)
    workspace.write("terms.csv", "name,from,to\nAutumn,2026-09-01,2026-12-18\n")
    workspace.write("holidays.csv", "date\n2026-12-25\n")
    mailing = office.plan()
    if text is None:
        os.remove(workspace.path(name))
    else:
        workspace.write(name, text)
    assert said in office.run("send", mailing, "--yes", status=65 if text else 66).err
    assert not office.relay.taken
    office.relay.close()


@pytest.mark.parametrize("value, said", [
    ("Mon-Fri 9-5", "config:4: 'send.hours': not hours: 'Mon-Fri 9-5': '9-5' would go on over midnight; write 'Mon-Fri 09:00-17:00'"),
    ("office hours", "'office' isn't understood"),
    ("Mon-Fri 8-18 in term time", "name their sheet with 'send.terms'"),
    ("Mon-Fri 8-18 except bank holidays", "name their sheet with 'send.holidays'"),
])
def test_hours_that_can_not_be_meant(workspace, value, said):
    office = Hours(workspace, config=f"send: {{hours: {value}}}\n")
    assert said in office.run("status", status=78).err
    office.relay.close()


# --- digests -----------------------------------------------------------------------------------------

DIGEST = """
  terms: terms.csv
  holidays: holidays.csv
digests:
  weekly: {audience: heads, notices: notices, schedule: every Monday at 07:00, title: Notices}
"""


@pytest.fixture
def weekly(workspace):
    """Hours in term, but for Monday 11 January; terms until 18 December, and from 4 January."""
    office = Hours(workspace, config="send:\n  hours: Mon-Fri 07:30-18:00" + DIGEST)
    workspace.write("terms.csv", "name,from,to\nAutumn,2026-09-01,2026-12-18\nSpring,2027-01-04,2027-03-19\n")
    workspace.write("holidays.csv", "date,name\n2027-01-11,Snow day\n")
    office.notice("first", "2026-12-01")
    yield office
    office.relay.close()


def notice(self, name, date, expires=None):
    self.ws.write(f"notices/{name}.md", f"---\ntitle: {name}\ndate: {date}\n" + (f"expires: {expires}\n" if expires else "") + "---\n\nWords.\n")


Hours.notice = notice


def subjects(office):
    folder = office.ws.path("outbox", "new")
    return [open(os.path.join(folder, one)).read() for one in sorted(os.listdir(folder))]


def test_a_digest_before_the_hours_goes_when_they_begin(weekly):
    done = weekly.run("digest", "weekly", "--send", "--quiet", clock="2026-12-07T07:00:00Z")
    assert (done.out, not weekly.relay.taken) == ("", True)
    assert "will go on Monday 7 December 2026, 07:30 GMT" not in done.out
    assert weekly.due("2026-12-07T07:25:00Z").err == "" and not weekly.relay.taken
    assert weekly.due("2026-12-07T07:30:00Z").err == "" and len(weekly.relay.taken) == 6


def test_a_digest_on_a_holiday_is_the_next_days(weekly):
    """What is over by then is told, also by the quiet run; what begins then is in it."""
    weekly.run("digest", "weekly", "--send", "--quiet", clock="2027-01-04T07:00:00Z")
    weekly.due("2027-01-04T07:30:00Z")
    before = len(weekly.relay.taken)
    weekly.notice("monday-only", "2027-01-06", "2027-01-11")
    weekly.notice("tuesday", "2027-01-12", "2027-01-12")
    weekly.notice("old", "2027-01-05")
    done = weekly.run("digest", "weekly", "--send", "--quiet", clock="2027-01-11T07:00:00Z")
    assert "monday-only.md:4: " in done.err and "is over before letters may go again, on Tuesday 12 January 2027, 07:30 GMT" in done.err
    assert "tuesday.md" not in done.err
    weekly.due("2027-01-12T07:30:00Z")
    assert len(weekly.relay.taken) == before + 6
    letter = subjects(weekly)[-1]
    assert "tuesday" in letter and "old" in letter and "monday-only" not in letter and "Tuesday 12 January 2027" in letter


def test_a_digest_outside_term_waits_for_the_run_that_can_go(weekly):
    weekly.notice("second", "2026-12-28")
    for day, waits_for in (("2026-12-21", "Monday 28 December 2026, 07:00"), ("2026-12-28", "Monday 4 January 2027, 07:00")):
        done = weekly.run("digest", "weekly", "--send", clock=day + "T07:00:00Z")
        assert f"what is new waits for the digest of {waits_for} GMT" in done.out and "'Spring' begins on" in done.out
    weekly.run("digest", "weekly", "--send", "--quiet", clock="2027-01-04T07:00:00Z")
    weekly.due("2027-01-04T07:30:00Z")
    assert len(weekly.relay.taken) == 6 and max(weekly.copies().values()) == 1


def test_a_notice_that_no_digest_can_hold_for_the_hours(weekly):
    """Its week's digest would be on a holiday, after which it is over."""
    weekly.notice("between", "2027-01-05", "2027-01-11")
    shown = weekly.run("digest", "weekly", "--dry-run", clock="2027-01-04T08:00:00Z")
    assert "between.md:4: " in shown.err + shown.out
    assert "the first digest that could hold it, that of Tuesday 12 January 2027" in shown.err + shown.out


def test_a_digest_now(weekly):
    weekly.notice("second", "2026-12-18")
    weekly.run("digest", "weekly", "--send", "--now", "--quiet", clock="2026-12-21T07:00:00Z")
    assert len(weekly.relay.taken) == 6
    assert "--now goes with --send" in weekly.run("digest", "weekly", "--now", status=64).err


def test_no_term_to_come_stops_no_digest_in_silence(weekly):
    told = weekly.run("digest", "weekly", "--send", "--quiet", clock="2027-03-22T07:00:00Z", status=78).err
    assert "the digest 'weekly' can't go" in told and "no term is to come (terms.csv)" in told
