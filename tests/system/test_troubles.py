"""Trouble that comes more than once, and persons in the middle of it: nobody missed, nobody twice, and cron told once.

Samples with a seed of chance, which is printed; CIRCULAR_TROUBLES=200 does so many of each."""
import os
import random
import signal

import pytest

from crashdrill import ACCIDENTS, Office, Server, address

COUNT = int(os.environ.get("CIRCULAR_TROUBLES", "6"))
LETTERS = 30
UNAVAILABLE, TEMPFAIL = 69, 75


@pytest.fixture
def chance():
    seed = random.randrange(1 << 32)
    print("seed", seed)
    return random.Random(seed)


@pytest.fixture
def server():
    one = Server({})
    yield one
    one.close()


def everybody(letters=LETTERS):
    return {address(n) for n in range(1, letters + 1)}


class Scene:
    """An office with a plan, copied for each turn of chance."""

    def __init__(self, folder, server, letters=LETTERS):
        self.folder, self.server, self.letters, self.turns = str(folder), server, letters, 0
        self.start = Office(os.path.join(self.folder, "start"), port=server.port, letters=letters)
        self.start.plan()

    def fresh(self, **changes):
        self.turns += 1
        self.server.forget()
        self.server.script["faults"] = []
        office = self.start.copy(os.path.join(self.folder, str(self.turns)))
        office.configure(**changes)
        return office

    def end(self, office, where, resent=()):
        """Goes on until all have it: once each, but for those whose answer was lost and who were sent it again."""
        self.server.script["faults"] = []
        for _ in range(10):
            office.send("--no-wait", hooks="nodelay", status=None)
            self.server.settle()
            office.sqlite("UPDATE deliveries SET next_at = 1 WHERE state = 'deferred'")
            if set(office.states()) <= {"sent", "unknown"}:
                break
        states = office.states()
        assert states["sent"] | states["unknown"] == everybody(self.letters), (where, office.counts())
        copies = self.server.copies()
        assert states["sent"] <= set(copies), (where, "sent on record, and never taken")
        assert set(copies) <= states["sent"] | states["unknown"], (where, "taken, and not on record")
        for recipient, ids in copies.items():
            assert len(ids) == 1 or recipient in resent, (where, recipient, ids)
        return states


# --- a person in the middle ------------------------------------------------------------------------------------


def test_a_persons_stop_holds_whatever_cron_and_kills_do(tmp_path, server, chance):
    scene = Scene(tmp_path, server)
    for _ in range(COUNT):
        office = scene.fresh(connections=chance.choice([1, 3]))
        step = chance.randint(20, 4 * LETTERS)
        where = ("stopped after a kill at", step)
        office.send("--no-wait", hooks=f"stop-after={step}", status=None)
        server.settle()
        if not office.states()["planned"]:
            continue
        office.run("stop", office.id)
        there = server.copies()
        for _ in range(3):
            office.run("send", "--due", "--quiet", hooks=f"stop-after={chance.randint(1, 40)}",
                       status=[0, -signal.SIGKILL])
            server.settle()
            assert server.copies() == there, (where, "cron went on with what a person had stopped")
        assert office.run("status", office.id, "--json").out.count('"stopped"'), where
        scene.end(office, where)


def test_stopped_while_it_runs(tmp_path, server, chance):
    """'circular stop' meets the sender at a moment of chance; nothing leaves after it has come back."""
    scene = Scene(tmp_path, server)
    for _ in range(COUNT):
        office = scene.fresh()
        server.script["faults"] = [{"stage": "dot", "do": "delay", "seconds": 0.02}]
        wanted = chance.randint(1, LETTERS - 5)
        sender = office.start("send", office.id, "--yes")
        while len(server.taken) < wanted and sender.poll() is None:
            pass
        stop = office.run("stop", office.id, status=[0, 64])
        out, err = sender.communicate(timeout=60)
        server.settle()
        there = server.copies()
        office.run("send", "--due", "--quiet")
        assert server.copies() == there, (wanted, out, err, stop.out)
        scene.end(office, ("stopped at", wanted))


def test_edited_in_the_middle(tmp_path, server, chance):
    """The letter and the list change after some have theirs; whoever comes later gets the letter that was planned."""
    scene = Scene(tmp_path, server)
    for _ in range(COUNT):
        office = scene.fresh()
        step = chance.randint(20, 4 * LETTERS)
        office.send("--no-wait", hooks=f"stop-after={step}", status=None)
        server.settle()
        office.write("letter.md", "---\nsubject: Other dates\n---\n\nDear {{head}},\n\nanother letter.\n")
        office.write("one.csv", "k,e\n" + "".join(f"{n},other{n}@else.example\n" for n in range(1, 60)))
        scene.end(office, ("edited after a kill at", step))


def test_the_refused_sent_again_under_kills(tmp_path, server, chance):
    """A block of some is lifted; '--resend-refused' is killed again and again, and each gets one."""
    scene = Scene(tmp_path, server)
    for _ in range(COUNT):
        office = scene.fresh(connections=chance.choice([1, 2, 4]))
        poor = sorted(chance.sample(range(1, LETTERS + 1), chance.randint(1, 8)))
        server.script["faults"] = [{"stage": "rcpt", "do": "reply", "text": "550 5.7.1 not you",
                                    "match": f"head{n}@"} for n in poor]
        for _ in range(3):
            office.send("--no-wait", status=[0, UNAVAILABLE])
        where = ("refused", poor)
        assert office.states()["refused"] == {address(n) for n in poor}, (where, office.counts())
        server.script["faults"] = []
        for _ in range(chance.randint(1, 6)):
            more = ["--resend-refused"] + (["--only", "5.7.1"] if chance.random() < 0.5 else [])
            office.send("--no-wait", *more, hooks=f"stop-after={chance.randint(1, 60)}", status=None)
            server.settle()
        office.send("--no-wait", "--resend-refused", status=[0, UNAVAILABLE])
        scene.end(office, where)


# --- accidents that come back ----------------------------------------------------------------------------------


def repeated(chance):
    """The same accident several times in a row, or whole sessions of it; what is answered twice at the dot is lost."""
    stage, what = chance.choice(ACCIDENTS)
    if chance.random() < 0.5 and stage not in ("greeting", "ehlo"):
        faults = [{"stage": stage, "connection": n} for n in range(1, chance.randint(2, 5))]
    else:
        after = 0 if stage in ("greeting", "ehlo") else chance.randint(0, LETTERS)
        faults = [{"stage": stage, "after": after, "first": after + chance.randint(2, 5)}]
    for fault in faults:
        fault.update(do=what, bytes=200)
        if " " in what:
            fault.update(do="reply", text=what, then="drop" if what.startswith("421") else "")
        elif stage == "dot":
            fault["took"] = chance.random() < 0.5
    return faults


def test_accidents_that_come_again(tmp_path, server, chance):
    scene = Scene(tmp_path, server)
    for _ in range(2 * COUNT):
        office = scene.fresh(connections=chance.choice([1, 2]))
        faults = repeated(chance)
        server.script["faults"] = faults
        for _ in range(chance.randint(1, 3)):
            office.send("--no-wait", hooks=chance.choice(["nodelay", f"stop-after={chance.randint(1, 150)}"]), status=None)
            server.settle()
            states, copies = office.states(), server.copies()
            assert states["sent"] <= set(copies) and not states["refused"], (faults, dict(states))
            assert all(len(ids) == 1 for ids in copies.values()), (faults, "twice, and nobody asked for it")
        scene.end(office, faults)


# --- what cron tells -------------------------------------------------------------------------------------------


def cron(office, clock, status=0):
    done = office.run("send", "--due", "--quiet", hooks=f"clock=2026-01-{clock}Z", status=status)
    assert bool(done.err) == (status != 0) and not done.out, (clock, done.err)
    return done.err


def test_cron_tells_a_lasting_block_once(tmp_path, server):
    office = Scene(tmp_path, server).fresh()
    block = {"stage": "mail", "do": "reply", "text": "554 5.7.1 192.0.2.9 is on our blocklist, ticket 4711"}
    server.script["faults"] = [block]
    office.send("--no-wait", hooks="clock=2026-01-05T08:00:00Z", status=UNAVAILABLE)
    assert "blocklist" in cron(office, "05T08:05:00", UNAVAILABLE)
    for minute in (10, 15, 20):
        block["text"] = block["text"].replace("ticket 4711", f"ticket 48{minute}")  # is no news
        cron(office, f"05T08:{minute}:00")
    block["text"] = "550 5.7.1 your account is closed"
    assert "closed" in cron(office, "05T08:25:00", UNAVAILABLE)
    cron(office, "05T08:30:00")
    assert "closed" in cron(office, "06T08:30:00", UNAVAILABLE)
    # Whoever looks on is told each time.
    assert "closed" in office.run("send", "--due", hooks="clock=2026-01-06T08:31:00Z", status=UNAVAILABLE).err
    server.script["faults"] = []
    cron(office, "06T08:35:00")
    assert office.counts() == {"sent": LETTERS}


def test_cron_tells_a_relay_that_is_gone_once_and_the_next_time_anew(tmp_path, server):
    office = Scene(tmp_path, server).fresh()
    server.script["faults"] = [{"stage": "mail", "do": "reply", "text": "550 5.7.1 go away", "after": 10}]
    office.send("--no-wait", hooks="clock=2026-01-05T08:00:00Z", status=UNAVAILABLE)
    office.configure(port=1)
    cron(office, "05T08:05:00", TEMPFAIL)
    cron(office, "05T08:10:00")
    office.configure(port=server.port)
    cron(office, "05T08:15:00", UNAVAILABLE)  # something else
    office.configure(port=1)
    cron(office, "05T08:20:00", TEMPFAIL)


def test_what_all_that_are_left_hear_for_days(tmp_path, server):
    """Nobody else is left to show whose it is: after two days it is theirs, with the way back."""
    office = Scene(tmp_path, server).fresh()
    server.script["faults"] = [{"stage": "rcpt", "do": "reply", "text": "550 5.7.1 not accepted here", "match": f"head{n}@"}
                               for n in range(3, LETTERS + 1)]
    office.send("--no-wait", hooks="clock=2026-01-05T08:00:00Z", status=UNAVAILABLE)
    assert office.counts() == {"sent": 2, "planned": LETTERS - 2}
    for hour in (10, 14, 18, 22):
        office.run("send", "--due", "--quiet", hooks=f"clock=2026-01-05T{hour}:00:00Z", status=None)
    office.run("send", "--due", "--quiet", hooks="clock=2026-01-06T12:00:00Z", status=None)
    assert office.counts() == {"sent": 2, "planned": LETTERS - 2}
    said = cron(office, "07T11:00:00", UNAVAILABLE)
    assert office.counts() == {"sent": 2, "refused": LETTERS - 2} and "--resend-refused" in said
    cron(office, "07T11:05:00")
    server.script["faults"] = []
    office.send("--resend-refused", hooks="clock=2026-01-08T09:00:00Z")
    assert office.counts() == {"sent": LETTERS}


@pytest.mark.parametrize("text", ["554 5.7.1 192.0.2.9 is on our blocklist", "550 5.4.5 daily sending quota exceeded"])
def test_a_block_that_says_so_is_ours_for_as_long_as_it_lasts(tmp_path, server, text):
    office = Scene(tmp_path, server).fresh()
    server.script["faults"] = [{"stage": "rcpt", "do": "reply", "text": text, "after": 2}]
    office.send("--no-wait", hooks="clock=2026-01-05T08:00:00Z", status=None)
    for day in (5, 6, 7, 8, 9):
        office.run("send", "--due", "--quiet", hooks=f"clock=2026-01-0{day}T12:00:00Z", status=None)
    assert office.counts() == {"sent": 2, "planned": LETTERS - 2}


def test_what_was_heard_before_begins_anew_with_other_words(tmp_path, server):
    office = Scene(tmp_path, server).fresh()
    def all_hear(text):
        server.script["faults"] = [{"stage": "rcpt", "do": "reply", "text": text, "match": f"head{n}@"}
                                   for n in range(3, LETTERS + 1)]
    all_hear("550 5.7.1 not accepted here")
    office.send("--no-wait", hooks="clock=2026-01-05T08:00:00Z", status=UNAVAILABLE)
    all_hear("550 5.7.1 nor in this way")
    for clock in ("07T12:00:00", "07T14:00:00"):
        office.run("send", "--due", "--quiet", hooks=f"clock=2026-01-{clock}Z", status=UNAVAILABLE if "12" in clock else None)
    assert office.counts() == {"sent": 2, "planned": LETTERS - 2}
