"""A letter that was confirmed is held for a while and can be taken back; and a first wave that the others follow, or don't."""
import re
import signal
import sqlite3

import pytest

from conftest import PROGRAM
from terminal import Terminal, columns_of
from test_life import DAY, Office

HOLD = "send: {hold: 10 min}\n"


class Held(Office):
    def __init__(self, workspace, letters=6, config=HOLD, script=None):
        super().__init__(workspace, letters, script)
        self.transport(self.relay.lines + config)

    def sit(self, *args, hook=None, columns=100, clock=DAY, more="", typed="6\n"):
        """At a terminal. By a clock that stands still a hold never ends."""
        return Terminal([PROGRAM, *args], self.ws.folder, columns, typed=typed, on_output=hook,
                        env={"TZ": "Europe/London", "CIRCULAR_TEST": f"clock={clock}{more}"})


@pytest.fixture
def office(workspace):
    one = Held(workspace)
    yield one
    one.relay.close()


def when_held(office, mailing, act):
    acted = []

    def hook(terminal):
        if not acted and office.state(mailing)["state"] == "held":
            acted.append(True)
            act(terminal)
    return hook


def sends(number):
    return lambda terminal: terminal.process.send_signal(number)


def one_line(text):
    return " ".join(text.split())


def test_taken_back(office):
    mailing = office.plan()
    terminal = office.sit("send", mailing, hook=when_held(office, mailing, sends(signal.SIGINT)))
    assert terminal.status == 75
    assert "Goes in 10:00. Ctrl-C takes it back: nothing has gone." in terminal.text
    assert f"taken back: nothing went, and '{mailing}' is withdrawn" in one_line(terminal.text)
    assert office.state(mailing)["state"] == "withdrawn" and not office.relay.taken
    office.run("send", "--due", "--quiet")
    office.mend()
    office.run("send", "letter.md", "heads", "--yes")
    assert len(office.relay.taken) == 6 and max(office.copies().values()) == 1


@pytest.mark.parametrize("columns", [100, 50, 30])
def test_it_goes_when_the_time_is_over(office, columns):
    mailing = office.plan()
    terminal = office.sit("send", mailing, columns=columns, more=",nodelay")
    assert terminal.status == 0, terminal.text
    assert len(office.relay.taken) == 6 and office.state(mailing)["state"] == "done"
    drawn = [one.split("\r")[0].split("\n")[0] for one in terminal.text.split("\r\x1b[K") if re.match(r"(Goes in )?\d+:\d\d", one)]
    assert len(drawn) >= 500 and all(columns_of(one) < columns for one in drawn)
    assert "10:00" in drawn[0] and "0:01" in drawn[-1]


def test_a_dumb_terminal_is_told_each_minute(office):
    mailing = office.plan()
    terminal = Terminal([PROGRAM, "send", mailing], office.ws.folder, 100, typed="6\n", term="dumb",
                        env={"TZ": "Europe/London", "CIRCULAR_TEST": f"clock={DAY},nodelay"})
    assert [f"Goes in {n}:00" in terminal.text for n in range(1, 11)] == 10 * [True] and terminal.text.count("Goes in") <= 11
    assert "\x1b" not in terminal.text
    assert len(office.relay.taken) == 6


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_whatever_else_ends_it_leaves_it_held(office, number):
    mailing = office.plan()

    def look(terminal):
        assert "held until Tuesday 1 December 2026, 16:10 GMT: 6 letters" in one_line(office.run("status", mailing).out)
        terminal.process.send_signal(number)
    terminal = office.sit("send", mailing, hook=when_held(office, mailing, look))
    assert terminal.status == (-9 if number == signal.SIGKILL else 75)
    assert office.state(mailing)["state"] == "held"
    assert "whoever held it is gone: 6 letters, which go only when 'circular send' asks again" in one_line(office.run("status", mailing).out)
    office.run("send", "--due", "--quiet", clock="2026-12-01T18:00:00Z")
    assert not office.relay.taken
    if number == signal.SIGTERM:
        office.run("withdraw", mailing, "--yes")
        assert office.state(mailing)["state"] == "withdrawn"
    else:
        office.run("send", mailing, "--yes")
        assert len(office.relay.taken) == 6


@pytest.mark.parametrize("how, left", [("stop", "stopped"), ("withdraw", "withdrawn")])
def test_ended_from_another_terminal(office, how, left):
    mailing = office.plan()
    act = lambda _: office.run(how, mailing, *(["--yes"] if how == "withdraw" else []))
    terminal = office.sit("send", mailing, hook=when_held(office, mailing, act))
    assert terminal.status == 75 and "was stopped from elsewhere while it was held" in one_line(terminal.text)
    assert office.state(mailing)["state"] == left and not office.relay.taken


def test_the_rest_of_a_mailing_is_stopped_and_not_withdrawn(office):
    mailing = office.plan()
    office.run("send", mailing, "--yes", "--limit", "2")
    terminal = office.sit("send", mailing, typed="4\n", hook=when_held(office, mailing, sends(signal.SIGINT)))
    assert "taken back: no more of" in one_line(terminal.text)
    assert office.state(mailing)["state"] == "stopped" and len(office.relay.taken) == 2
    assert f"It is stopped: only a person's 'circular send {mailing}' goes on with it." in one_line(office.run("report", mailing).out)
    office.run("send", mailing, "--yes")
    assert len(office.relay.taken) == 6 and max(office.copies().values()) == 1


def test_who_is_not_held(office):
    """Without a terminal there is nobody who could take it back; --now and a time are waits of their own."""
    mailing = office.plan()
    office.run("send", mailing, "--yes", "--limit", "1")
    assert len(office.relay.taken) == 1
    assert office.sit("send", mailing, "--now", "--limit", "1", typed="1\n").status == 0
    assert len(office.relay.taken) == 2
    assert office.sit("send", mailing, "--at", "17:00", typed="4\n").status == 0
    assert office.state(mailing)["state"] == "scheduled"
    office.run("send", "--due", "--quiet", clock="2026-12-01T17:00:00Z")
    assert len(office.relay.taken) == 6


# --- a first wave ------------------------------------------------------------------------------------

WAIT = "first: {wait: 1 hour}\n"
LATER = "2026-12-01T17:00:00Z"
REFUSED = {"faults": [{"stage": "rcpt", "do": "reply", "text": "550 5.1.1 no such user", "match": "head1@"}]}


def make(workspace, config="", **more):
    return Held(workspace, config=config, **more)


def test_a_first_wave_that_nothing_follows(workspace):
    office = make(workspace)
    mailing = office.plan()
    done = office.run("send", mailing, "--yes", "--first", "2")
    assert f"4 wait: 'circular send {mailing}' goes on with them" in one_line(done.out)
    office.run("send", "--due", "--quiet", clock=LATER)
    assert len(office.relay.taken) == 2 and office.state(mailing)["state"] == "stopped"
    office.run("send", mailing, "--yes")
    assert len(office.relay.taken) == 6 and max(office.copies().values()) == 1
    office.relay.close()


@pytest.mark.parametrize("at", [False, True])
def test_the_others_follow(workspace, at):
    office = make(workspace, WAIT)
    mailing = office.plan()
    if at:
        office.run("send", mailing, "--yes", "--first", "2", "--at", "2026-12-01 16:00", clock="2026-12-01T12:00:00Z")
        assert office.run("send", "--due", "--quiet").err == ""
    else:
        office.run("send", mailing, "--yes", "--first", "2", "--no-wait", status=75)
    status = office.state(mailing)
    assert (status["state"], status["send_at"], len(office.relay.taken)) == ("scheduled", LATER, 2)
    office.run("send", "--due", "--quiet", clock="2026-12-01T16:59:59Z")
    assert len(office.relay.taken) == 2
    assert office.run("send", "--due", "--quiet", clock=LATER).err == ""
    assert len(office.relay.taken) == 6 and office.state(mailing)["state"] == "done"
    office.relay.close()


def test_a_rehearsed_first_wave_is_none(workspace):
    """It is gone through, ends there, and has been had by nobody: with the relay the wave goes."""
    office = make(workspace, WAIT)
    live = office.relay.lines + WAIT
    office.transport("transport: null\n" + WAIT)
    mailing = office.plan()
    office.run("send", mailing, "--yes", "--first", "2", "--at", "2026-12-01 16:00", clock="2026-12-01T12:00:00Z")
    done = office.run("send", "--due")
    assert "put off" not in done.out and office.state(mailing)["state"] == "planned"
    office.transport(live)
    assert office.run("send", "--due", "--quiet", clock=LATER).err == "" and not office.relay.taken
    office.run("send", mailing, "--yes", "--no-wait", status=75)
    assert len(office.relay.taken) == 2 and office.state(mailing)["state"] == "scheduled"
    office.run("send", "--due", "--quiet", clock=LATER)
    assert len(office.relay.taken) == 6
    office.relay.close()


@pytest.mark.parametrize("how", ["refused", "bounced"])
def test_the_others_do_not_follow(workspace, how):
    office = make(workspace, WAIT, script=REFUSED if how == "refused" else None)
    mailing = office.plan()
    office.run("send", mailing, "--yes", "--first", "3", "--no-wait", status=75)
    if how == "bounced":
        with sqlite3.connect(office.ws.path("ledger.db")) as ledger:
            ledger.execute("UPDATE deliveries SET state = 'bounced' WHERE key = '1'")
    told = office.run("send", "--due", "--quiet", clock=LATER, status=69).err
    assert "stopped after its first wave: 1 of 3 refused or bounced (33.3 %), and first.refused is 5 %" in told
    assert f"'circular send {mailing}' goes on even so" in told
    gone = len(office.relay.taken)
    assert office.state(mailing)["state"] == "stopped"
    assert office.run("send", "--due", "--quiet", clock=LATER).err == "" and len(office.relay.taken) == gone
    office.run("send", mailing, "--yes", clock=LATER, status=None)
    assert len(office.relay.taken) == gone + 3 and max(office.copies().values()) == 1
    office.relay.close()


@pytest.mark.parametrize("hours", ["", "send: {hours: 'every day 07:30-16:30'}\n"])
def test_whoever_waits_sees_the_others_follow(workspace, hours):
    """Where the hours are over by then, in the morning."""
    office = make(workspace, WAIT + hours)
    mailing = office.plan()
    done = office.run("send", mailing, "--yes", "--first", "2", clock=DAY + ",nodelay")
    assert "It goes on Tuesday 1 December 2026, 17:00 GMT: 4 letters" in done.err
    assert ("It goes on Wednesday 2 December 2026, 07:30 GMT: 4 letters" in done.err) == bool(hours)
    assert len(office.relay.taken) == 6 and office.state(mailing)["state"] == "done"
    office.relay.close()


@pytest.mark.parametrize("steps", [5, 7, 9, 11, 13])
def test_a_first_wave_that_is_cut_off(workspace, steps):
    """However often it is killed: no more than were asked for go before the wait."""
    office = make(workspace, WAIT)
    mailing = office.plan()
    office.run("send", mailing, "--yes", "--first", "4", "--no-wait", clock=f"{DAY},stop-after={steps}", status=None)
    for _ in range(3):
        office.run("send", "--due", "--quiet", status=None)
    assert 3 <= len(office.relay.taken) <= 4 and office.state(mailing)["state"] == "scheduled", steps
    office.run("send", "--due", "--quiet", clock=LATER, status=None)
    assert max(office.copies().values()) == 1 and len(office.relay.taken) >= 5
    office.relay.close()


def test_the_question_shows_the_first_wave(workspace):
    office = make(workspace, WAIT)
    mailing = office.plan()
    terminal = office.sit("send", mailing, "--first", "2", typed="no\n")
    assert "First     2; the others 1 hour later, unless over 5 % of these are refused or bounce" in terminal.text
    assert office.state(mailing)["state"] == "planned"
    assert "--first wants a count" in office.run("send", mailing, "--yes", "--first", "0", status=64).err
    assert "no --limit" in office.run("send", mailing, "--yes", "--first", "2", "--limit", "3", status=64).err
    office.relay.close()


def test_a_digest_that_was_left_held_is_replaced(office):
    """Whoever held it is gone: its notices are in the next one, once."""
    office.transport(office.relay.lines + HOLD + "digests: {weekly: {audience: heads, notices: notices}}\n")
    office.ws.write("notices/one.md", "---\ntitle: One\ndate: 2026-12-01\n---\n\nWords.\n")

    def kill(terminal):
        terminal.process.kill()
    acted = []

    def hook(terminal):
        all_of_them = office.run("status", "--json", status=None).out
        if not acted and '"held"' in all_of_them:
            acted.append(kill(terminal))
    assert office.sit("digest", "weekly", "--send", hook=hook).status == -9
    assert not office.relay.taken
    done = office.run("digest", "weekly", "--send", "--quiet", clock="2026-12-02T07:00:00Z")
    assert len(office.relay.taken) == 6 and max(office.copies().values()) == 1, (done, office.run("status").out)
    assert '"held"' not in office.run("status", "--json").out
