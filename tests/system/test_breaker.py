"""On whose account a refusal is, by what happens to the others: no head pays for what was said to us."""
import os
import re
import subprocess
import time

import pytest

from conftest import PROGRAM
from crashdrill import Office, Server, address

UNAVAILABLE, TEMPFAIL, NOPERM = 69, 75, 77
BLOCK = "554 5.7.1 Mail from 192.0.2.9 refused, see our blocklist"


def reply(stage, text, **when):
    return {"stage": stage, "do": "reply", "text": text, **when}


@pytest.fixture
def scene(tmp_path):
    servers = []

    def make(faults=(), letters=30, connections=1, more="", **script):
        server = Server({"faults": list(faults), **script})
        servers.append(server)
        office = Office(tmp_path / f"office{len(servers)}", port=server.port, letters=letters,
                        connections=connections, more=more)
        office.plan()
        return office, server

    yield make
    for server in servers:
        server.close()


def once_each(server, numbers):
    server.settle()
    copies = server.copies()
    assert set(copies) == {address(n) for n in numbers}
    assert all(len(ids) == 1 for ids in copies.values())


# --- one recipient's refusal is that recipient's ------------------------------------------------


@pytest.mark.parametrize("connections", [1, 3])
@pytest.mark.parametrize("stage, text", [("rcpt", "550 relay not permitted"), ("rcpt", "553 sender address rejected"),
                                         ("rcpt", "530 5.7.0 Authentication required"),
                                         ("rcpt", "554 5.7.1 blocked using zen.example"),
                                         ("dot", "550 5.7.1 Message rejected as spam"),
                                         ("rcpt", "554 5.1.1 Relay access denied")])
@pytest.mark.parametrize("place", [1, 2, 15, 30])
def test_a_poison_recipient_at_every_place(scene, place, stage, text, connections):
    office, server = scene([reply(stage, text, match=f"head{place}@")], connections=connections)
    office.send("--no-wait", status=UNAVAILABLE)
    assert office.counts() == {"sent": 29, "refused": 1}
    once_each(server, set(range(1, 31)) - {place})


def test_a_domain_that_the_relay_does_not_know(scene):
    faults = [reply("rcpt", "550 5.7.1 we do not relay", match=f"school{n}.example") for n in (0, 3)]
    office, server = scene(faults, letters=42)
    office.send("--no-wait", status=UNAVAILABLE)
    assert office.counts() == {"sent": 30, "refused": 12}


# --- what is said to all is about us ------------------------------------------------------------


@pytest.mark.parametrize("letters", [2, 6, 40])
@pytest.mark.parametrize("stage, text", [("rcpt", BLOCK), ("rcpt", "550 go away"), ("data", "554 5.7.0 no service for you"),
                                         ("dot", "550 5.7.1 Rejected by policy 17")])
def test_a_block_costs_nobody(scene, stage, text, letters):
    office, server = scene([reply(stage, text)], letters=letters)
    done = office.send("--no-wait", status=UNAVAILABLE)
    assert office.counts() == {"planned": letters} and text[4:] in done.err, done.err
    assert all(row[2] == 0 for row in office.ledger())  # no attempt is used up
    server.script["faults"] = []
    office.send()
    once_each(server, range(1, letters + 1))


def each(stage, text):
    """What is said to all, with something of each recipient's in it."""
    return [reply(stage, text.format(n=n, id=f"{n * 7919:x}"), match=f"head{n}@") for n in range(1, 43)]


@pytest.mark.parametrize("connections", [1, 4])
@pytest.mark.parametrize("faults", [each("rcpt", "550 5.7.1 rejected by policy, id={id}"),
                                    each("rcpt", "550 5.7.1 mail to <head{n}@x> from 192.0.2.9 refused ({id})"),
                                    each("rcpt", "451 4.7.1 try later, id={id}"), [reply("rcpt", "550")],
                                    [reply("dot", "554 ")], [reply("ehlo", "550 5.7.1 go away")],
                                    [reply("greeting", "554 5.7.1 no service for 192.0.2.9", then="drop")],
                                    [reply("rcpt", "550 5.7.1 Gwrthodwyd: mae eich gweinydd ar restr")],
                                    [reply("dot", "552 5.3.4 message too big")]])
def test_a_block_in_other_words(scene, faults, connections):
    office, server = scene(faults, letters=42, connections=connections)
    for _ in range(2):
        office.send("--no-wait", status=None)
        assert office.counts() == {"planned": 42}
    assert not server.taken


def test_a_line_that_is_sick(scene):
    """One of three connections takes nothing; the others do."""
    office, server = scene([reply("mail", "554 5.7.1 not on this line", connection=2)], letters=42, connections=3)
    for _ in range(2):
        office.send("--no-wait", status=None)
    once_each(server, range(1, 43))


@pytest.mark.parametrize("taken", [0, 15])
def test_words_for_the_recipient_that_all_hear(scene, taken):
    """Postfix says so of whom it blocks, too: the words are believed of a few only."""
    office, server = scene([reply("rcpt", "550 5.7.1 Recipient address rejected: Access denied", after=taken)])
    office.send("--no-wait", status=UNAVAILABLE)
    counts = office.counts()
    assert counts.get("sent", 0) == taken and counts["planned"] == 30 - taken, counts
    server.script["faults"] = []
    office.send()
    once_each(server, range(1, 31))


@pytest.mark.parametrize("connections", [1, 4])
def test_a_block_in_the_middle(scene, connections):
    office, server = scene([reply("rcpt", BLOCK, after=60)], letters=120, connections=connections)
    office.send("--no-wait", status=UNAVAILABLE)
    counts = office.counts()
    assert set(counts) == {"sent", "planned"} and counts["sent"] == 60, counts
    server.script["faults"] = []
    office.send()
    once_each(server, range(1, 121))


def test_those_given_back_come_last(scene):
    """Else a run that begins with the same five would end with them for ever."""
    faults = [reply("rcpt", "550 relaying denied", match=f"head{n}@") for n in range(1, 6)]
    office, server = scene(faults)
    assert "relaying denied" in office.send("--no-wait", status=UNAVAILABLE).err
    assert office.counts() == {"planned": 30}
    office.send("--no-wait", status=UNAVAILABLE)
    assert office.counts() == {"sent": 25, "refused": 5}
    once_each(server, range(6, 31))


def test_killed_while_it_is_not_known(scene):
    office, server = scene([reply("rcpt", "550 5.7.1 nope", first=8), {"stage": "rcpt", "do": "hang", "nth": 9}],
                           letters=12)
    process = office.start("send", office.id, "--yes")
    end = time.time() + 20
    while server.counts["rcpt"] < 9 and time.time() < end:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    server.script["faults"] = []
    office.send()
    assert office.counts() == {"sent": 12}
    once_each(server, range(1, 13))


# --- nobody is given back for ever ---------------------------------------------------------------


def behind_a_gateway(numbers, text="550 5.7.1 not accepted here"):
    return [reply("rcpt", text, match=f"head{n}@") for n in numbers]


def test_unclear_words_at_the_end_are_settled_by_the_next_run(scene):
    """Six domains hear the same, and then nobody else is left: it may be a block that has just begun, once."""
    last = range(25, 31)
    office, server = scene(behind_a_gateway(last))
    assert "not accepted here" in office.send("--no-wait", status=UNAVAILABLE).err
    assert office.counts() == {"sent": 24, "planned": 6}
    assert "not accepted here" in office.run("status", office.id, "--recipients").out
    done = office.send("--no-wait", status=UNAVAILABLE)
    assert office.counts() == {"sent": 24, "refused": 6}
    command = f"circular send {office.id} --resend-refused --only 5.7.1"
    assert command in done.err and command in office.run("report", office.id).out
    office.send("--resend-refused", status=UNAVAILABLE)
    assert office.counts() == {"sent": 24, "refused": 6}  # nobody is left planned
    server.script["faults"] = []
    office.send("--resend-refused", "--only", "5.7.1")
    once_each(server, range(1, 31))


def test_the_same_words_in_the_middle_and_at_the_end(scene):
    office, server = scene(behind_a_gateway([3, *range(24, 31)]))
    office.send("--no-wait", status=UNAVAILABLE)
    assert office.counts() == {"sent": 22, "refused": 8}


def test_more_at_the_end_than_stop_a_run(scene):
    """Twenty-four in a row: the run stops, and the next one sends what is left behind them and knows."""
    office, server = scene(behind_a_gateway(range(3, 27)), letters=40)
    office.send("--no-wait", status=UNAVAILABLE)
    assert office.counts() == {"sent": 2, "planned": 38}
    for _ in range(3):
        office.send("--no-wait", status=UNAVAILABLE)
    assert office.counts() == {"sent": 16, "refused": 24}
    once_each(server, {1, 2, *range(27, 41)})


def test_cron_gives_a_block_an_hour(scene):
    office, server = scene(behind_a_gateway(range(9, 15), "550 no thanks"), letters=14)
    office.send("--no-wait", hooks="clock=2026-01-05T08:00:00Z", status=UNAVAILABLE)
    for minute, status in ((5, UNAVAILABLE), (30, 0), (55, 0)):  # told once
        office.run("send", "--due", "--quiet", hooks=f"clock=2026-01-05T08:{minute:02}:00Z", status=status)
        assert office.counts() == {"sent": 8, "planned": 6}
    done = office.run("send", "--due", "--quiet", hooks="clock=2026-01-05T09:05:00Z", status=UNAVAILABLE)
    assert office.counts() == {"sent": 8, "refused": 6} and "--resend-refused" in done.err
    office.run("send", "--due", "--quiet", hooks="clock=2026-01-05T09:10:00Z")


def test_put_off_in_unclear_words_for_good(scene):
    """As any who are put off: tried again, and given up on the second day."""
    office, server = scene(behind_a_gateway(range(9, 15), "451 4.7.1 come back when you are welcome"), letters=14)
    office.send("--no-wait", hooks="clock=2026-01-05T08:00:00Z", status=None)
    for hour in range(9, 24):
        office.run("send", "--due", "--quiet", hooks=f"clock=2026-01-05T{hour:02}:05:00Z", status=None)
    assert office.counts() == {"sent": 8, "deferred": 6}
    for day in (6, 7):
        for hour in range(24):
            office.run("send", "--due", "--quiet", hooks=f"clock=2026-01-{day:02}T{hour:02}:30:00Z", status=None)
    assert office.counts() == {"sent": 8, "refused": 6}


# --- limits -------------------------------------------------------------------------------------


class Hourly(Server):
    """Takes so many letters an hour of the clock that the test sets, and refuses all others."""
    hour, most, answer, stage = 0, 100, "452 4.3.2 hourly quota used up", "mail"

    def __init__(self):
        self.by_hour = {}
        super().__init__()

    def fault(self, stage, connection, text=""):
        """Asked and counted at once, or two connections would both have the last one."""
        super().fault(stage, connection, text)
        if stage != self.stage:
            return None
        with self.lock:
            if self.by_hour.get(self.hour, 0) >= self.most:
                return {"do": "reply", "text": self.answer}
            self.by_hour[self.hour] = self.by_hour.get(self.hour, 0) + 1
        return None


@pytest.mark.parametrize("stage, answer, connections", [
    ("mail", "452 4.3.2 hourly quota used up", 1), ("rcpt", "450 4.7.1 too many messages", 1),
    ("mail", "421 4.7.0 slow down", 1), ("dot", "451 4.7.1 rate limit reached", 1),
    ("dot", "550 5.4.5 hourly sending limit exceeded", 4), ("mail", "554 5.7.1 sending quota reached, slow down", 1)])
def test_a_limit_by_the_hour_under_cron(tmp_path, stage, answer, connections):
    """450 letters, 100 an hour, cron every five minutes: all arrive in the fifth hour, none is given up."""
    server = Hourly()
    server.stage, server.answer = stage, answer
    office = Office(tmp_path / "office", port=server.port, letters=450, connections=connections)
    office.plan()
    office.send("--no-wait", hooks="clock=2026-01-05T08:00:00Z", status=TEMPFAIL)
    for minute in range(5, 5 * 60, 5):
        server.hour = minute // 60
        if minute % 60 in (5, 30):  # the others only hear the same
            clock = f"clock=2026-01-05T{8 + minute // 60:02d}:{minute % 60:02d}:00Z"
            done = office.run("send", "--due", "--quiet", hooks=clock)
            assert (done.out, done.err) == ("", ""), done.err
        sent = len(server.taken)
        assert sent == sum(server.by_hour.values()) or stage != "dot"
        assert office.counts().get("sent", 0) == sent
    assert office.counts() == {"sent": 450}
    assert all(row[2] == 1 for row in office.ledger()) or stage in ("rcpt", "dot")
    once_each(server, range(1, 451))
    server.close()


class Heard(Hourly):
    """The hour is the one until which the program said that it waits."""
    said = ""

    def fault(self, stage, connection, text=""):
        if stage == self.stage:
            with open(self.said, encoding="utf-8") as file:
                self.whole = file.read()
            self.hour = max([int(hour) - 8 for hour in re.findall(r"Waiting until .*?(\d\d):\d\d", self.whole)], default=0)
        return super().fault(stage, connection, text)


@pytest.mark.parametrize("stage, answer, connections", [
    ("mail", "452 4.3.2 hourly quota used up", 1), ("rcpt", "450 4.7.1 too many messages", 4),
    ("dot", "451 4.7.1 rate limit reached", 1), ("dot", "550 5.4.5 hourly sending limit exceeded", 4),
    ("mail", "421 4.7.0 slow down, try again in 25 minutes", 4)])
def test_a_limit_by_the_hour_waited_for(tmp_path, stage, answer, connections):
    """450 letters, 100 an hour, one command that stays: all arrive in the four hours that it takes plus 10 %."""
    server = Heard()
    server.stage, server.answer, server.said = stage, answer, str(tmp_path / "said")
    office = Office(tmp_path / "office", port=server.port, letters=450, connections=connections)
    office.plan()
    env = {**os.environ, "TZ": "UTC", "CIRCULAR_TEST": "clock=2026-01-05T08:00:00Z,nodelay"}
    with open(server.said, "w", encoding="utf-8") as said:
        done = subprocess.run([PROGRAM, "send", office.id, "--yes"], cwd=office.folder, env=env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=said, timeout=600, check=False)
    assert done.returncode == 0, server.whole
    assert server.hour == 4 and re.findall(r"Waiting until .*?(\d\d):(\d\d)", server.whole)[-1] <= ("12", "24")
    assert office.counts() == {"sent": 450}
    once_each(server, range(1, 451))
    server.close()


def test_as_long_as_it_says(scene):
    office, server = scene([reply("mail", "452 4.5.3 enough, try again in 40 minutes", after=10)], letters=20)
    process = office.start("send", office.id, "--yes", hooks="clock=2026-01-05T08:00:00Z")
    line = process.stderr.readline()
    process.kill()
    process.communicate()
    assert re.search(r"Waiting until .*(08|09|07):40", line), line


def test_waiting_costs_no_attempts(scene):
    office, server = scene([reply("mail", "450 4.7.1 not now", after=10, first=40)], letters=20)
    office.send(hooks="nodelay")
    assert office.counts() == {"sent": 20} and all(row[2] == 1 for row in office.ledger())
    once_each(server, range(1, 21))


@pytest.mark.parametrize("connections", [1, 4])
def test_a_limit_of_a_session(scene, connections):
    office, server = scene([reply("mail", "451 4.7.1 enough for this session", per_session=10)], letters=200,
                           connections=connections)
    office.send("--no-wait")
    once_each(server, range(1, 201))


# --- time that was tried ------------------------------------------------------------------------


def test_asleep_over_a_weekend_is_not_trying(scene):
    office, server = scene([reply("rcpt", "450 4.2.1 mailbox busy", match="head3@", first=10**6)], letters=3)
    office.send("--no-wait", hooks="clock=2026-01-09T16:00:00Z", status=TEMPFAIL)
    office.run("send", "--due", hooks="clock=2026-01-12T08:00:00Z")
    assert office.counts() == {"sent": 2, "deferred": 1}
    server.script["faults"] = []
    office.run("send", "--due", hooks="clock=2026-01-12T09:00:00Z")
    once_each(server, range(1, 4))


# --- signing in ---------------------------------------------------------------------------------


def test_cron_does_not_repeat_a_refused_sign_in(scene):
    office, server = scene(letters=5, auth=["PLAIN"], users={"director": "right"},
                           more="  user: director\n  password_file: relay.password\n")
    office.write("relay.password", "wrong\n")
    office.run("send", office.id, "--yes", hooks="clock=2026-01-05T08:00:00Z", status=78)  # open to others
    os.chmod(office.path("relay.password"), 0o600)
    done = office.run("send", office.id, "--yes", hooks="clock=2026-01-05T08:00:00Z", status=NOPERM)
    assert "sign-in refused" in done.err and server.counts["auth"] == 1
    for minute in (5, 10, 15):
        done = office.run("send", "--due", "--quiet", hooks=f"clock=2026-01-05T08:{minute:02d}:00Z")
        assert (done.out, done.err) == ("", "")
    again = office.run("send", "--due", "--quiet", hooks="clock=2026-01-06T09:00:00Z", status=NOPERM)
    assert "isn't tried again by itself" in again.err
    assert server.counts["auth"] == 1
    office.write("relay.password", "right\n")
    office.run("send", "--due", "--quiet", hooks="clock=2026-01-06T09:05:00Z")
    assert office.counts() == {"sent": 5}
    assert not os.path.exists(office.path("ledger.db.sign-in"))


# --- the way back -------------------------------------------------------------------------------


def test_refused_for_a_block_and_sent_when_it_is_lifted(scene):
    """Three are refused among others who get theirs; later their server takes it."""
    faults = [reply("rcpt", "554 5.7.1 we take nothing from you", match=f"head{n}@") for n in (4, 9, 14)]
    faults.append(reply("rcpt", "550 5.1.1 no such user", match="head20@"))
    office, server = scene(faults)
    done = office.send("--no-wait", status=UNAVAILABLE)
    assert office.counts() == {"sent": 26, "refused": 4}
    command = f"circular send {office.id} --resend-refused --only 5.7.1"
    assert command in done.err
    assert command in office.run("status", office.id).out and command in office.run("report", office.id).out
    server.script["faults"] = faults[3:]
    office.send("--resend-refused", "--only", "5.7.1", status=UNAVAILABLE)
    assert office.counts() == {"sent": 29, "refused": 1}
    assert command not in office.run("status", office.id).out
    server.script["faults"] = []
    office.send("--resend-refused", "--only", "554", status=UNAVAILABLE)
    assert office.counts() == {"sent": 29, "refused": 1}
    office.send("--resend-refused")
    once_each(server, range(1, 31))
    assert "give --resend-refused, too" in office.run("send", office.id, "--yes", "--only", "5.7.1", status=64).err
    assert "--due" in office.run("send", "--due", "--resend-refused", status=64).err


# --- suppressed at the last moment --------------------------------------------------------------


def test_suppressed_between_plan_and_turn(scene):
    office, server = scene(letters=10, more="  per_day: 4\n")
    office.run("suppress", "add", address(2), hooks="clock=2026-01-05T08:00:00Z")
    office.send("--no-wait", hooks="clock=2026-01-05T09:00:00Z", status=TEMPFAIL)
    office.run("suppress", "add", address(7).upper(), hooks="clock=2026-01-05T12:00:00Z")
    office.run("suppress", "add", address(1), hooks="clock=2026-01-05T12:00:00Z")  # has it already
    office.run("send", "--due", hooks="clock=2026-01-06T09:01:00Z")
    office.run("send", "--due", hooks="clock=2026-01-07T09:02:00Z")
    assert office.counts() == {"sent": 8, "left out": 2}
    once_each(server, {1, 3, 4, 5, 6, 8, 9, 10})
    assert "suppressed since" in office.run("status", office.id, "--recipients").out


def test_all_that_is_left_is_suppressed(scene):
    office, server = scene(letters=3)
    for n in (1, 2, 3):
        office.run("suppress", "add", address(n))
    office.send(status=None)
    assert office.counts() == {"left out": 3} and not server.taken
    assert "Nothing is left" in office.send(status=None).out
