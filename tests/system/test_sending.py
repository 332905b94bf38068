"""Sending tells the truth after any accident: refusals, a relay that goes away, two senders, a full disk."""
import contextlib
import json
import os
import re
import resource
import signal
import sqlite3
import subprocess
import time

import pytest

import mailhost
from crashdrill import Office, Server, address
from test_real_letter import SECRET, set_up

TEMPFAIL, UNAVAILABLE, IOERR, NOPERM, USAGE = 75, 69, 74, 77, 64


class Scene:
    """An office and its relay."""

    def __init__(self, folder):
        self.folder, self.number, self.servers = folder, 0, []

    def __call__(self, faults=(), letters=30, connections=1, more="", **script):
        server = Server({"faults": list(faults), **script})
        self.servers.append(server)
        self.number += 1
        office = Office(self.folder / f"office{self.number}", port=server.port, letters=letters,
                        connections=connections, more=more)
        office.plan()
        return office, server


@pytest.fixture
def scene(tmp_path):
    one = Scene(tmp_path)
    yield one
    for server in one.servers:
        server.close()


def reply(stage, text, **when):
    return {"stage": stage, "do": "reply", "text": text, **when}


def once_each(server, letters, unknown=()):
    """Each has one copy; those unknown one or none."""
    copies = server.copies()
    assert set(copies) | set(unknown) == {address(n) for n in range(1, letters + 1)}
    assert all(len(ids) == 1 for ids in copies.values())


# --- trying again ------------------------------------------------------------------------------


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "dot", "rset"])
def test_put_off_at_a_stage_then_delivered(scene, stage, pipelining):
    faults = [reply(stage, "451 4.7.1 try again later", first=3)]
    if stage == "rset":  # comes after a refusal only
        faults.append(reply("rcpt", "550 5.1.1 nobody", match="head2@"))
    extensions = ["ENHANCEDSTATUSCODES"] + ["PIPELINING"] * pipelining
    office, server = scene(faults, letters=10, extensions=extensions)
    done = office.send(hooks="nodelay", status=69 if stage == "rset" else 0)
    server.settle()
    states = office.counts()
    if stage == "rset":
        assert states == {"sent": 9, "refused": 1}
    else:
        assert states == {"sent": 10}
        assert "Waiting until" in done.err and "try again later" in done.err
        once_each(server, 10)
        attempts = [row[2] for row in office.ledger()]
        # Three more than letters; but what is said before anybody was named costs nobody an attempt.
        assert sum(attempts) == (10 if stage == "mail" else 13)


def test_pauses_grow_and_are_spread(scene):
    office, server = scene([reply("rcpt", "450 4.2.1 later", match="head3@", first=10**6)], letters=3)
    office.configure(more="  retry_for: 24h\n")
    base = 1767600000 * 10**6  # 2026-01-05T08:00:00Z
    pauses = []
    for attempt in range(1, 6):
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(base // 10**6))
        office.send("--no-wait", hooks=f"clock={now}", status=TEMPFAIL)
        row = [row for row in office.ledger() if row[0] == address(3)][0]
        assert row[1] == "deferred" and row[2] == attempt and row[3] == 450 and row[4] == "4.2.1"
        pauses.append(row[7] - base)
        base = (row[7] // 10**6 + 1) * 10**6
    for pause, minutes in zip(pauses, [1, 5, 15, 30, 60]):
        assert minutes * 60 * 10**6 <= pause <= minutes * 72 * 10**6 + 10**6
    assert len({pause % (60 * 10**6) for pause in pauses}) > 1


def test_not_before_it_is_due(scene):
    office, server = scene([reply("rcpt", "450 4.2.1 later", match="head3@", nth=3)], letters=3)
    office.send("--no-wait", hooks="clock=2026-01-05T08:00:00Z", status=TEMPFAIL)
    done = office.send("--no-wait", hooks="clock=2026-01-05T08:00:30Z", status=TEMPFAIL)
    assert "1 not sent yet" in done.err and server.counts["rcpt"] == 3
    office.run("send", "--due", hooks="clock=2026-01-05T08:00:30Z")  # nothing is due, and that is fine
    office.run("send", "--due", hooks="clock=2026-01-05T08:02:00Z")
    once_each(server, 3)


def test_given_up_at_the_deadline(scene):
    office, server = scene([reply("rcpt", "450 4.2.1 mailbox is busy", match="head3@")], letters=5,
                           more="  retry_for: 2h\n")
    done = office.send(hooks="nodelay", status=UNAVAILABLE)
    assert office.counts() == {"sent": 4, "refused": 1}
    row = [row for row in office.ledger() if row[1] == "refused"][0]
    assert row[5] == "mailbox is busy"  # the server's own words; that it was given up stands beside them
    assert office.ledger("SELECT given_up, stage FROM deliveries WHERE state = 'refused'") == [("deadline", "RCPT")]
    assert 6 <= row[2] <= 12  # two hours truly used, and not all on one day
    assert "given up" in done.err and "1 refused" in done.err


def test_a_refused_recipient_is_refused_alone(scene):
    office, server = scene([reply("rcpt", "550 5.1.1 no such user", match="head7@")], connections=2)
    done = office.send(status=UNAVAILABLE)
    assert office.states()["refused"] == {address(7)} and office.counts()["sent"] == 29
    assert "7 <head7@school0.example>: 5.1.1" in done.err and "1 refused" in done.err
    # The refused one isn't tried again.
    before = server.counts["rcpt"]
    office.send(status=UNAVAILABLE)
    assert server.counts["rcpt"] == before


def test_no_wait_leaves_the_deferred_to_a_later_run(scene):
    office, server = scene([reply("rcpt", "451 4.3.0 later", first=4)], letters=10)
    began = time.monotonic()
    done = office.send("--no-wait", status=TEMPFAIL)
    assert time.monotonic() - began < 5
    assert office.counts() == {"sent": 6, "deferred": 4}
    assert f"4 not sent yet: 'circular send {office.id}' goes on" in done.err
    office.send(hooks="nodelay")
    once_each(server, 10)


# --- what stops a run --------------------------------------------------------------------------


STOPS = {
    "sign-in": (NOPERM, "sign-in refused", {"faults": [reply("auth", "535 5.7.8 wrong")], "auth": ["PLAIN"]}),
    "sender": (UNAVAILABLE, "takes no letters from", {"faults": [reply("mail", "550 5.7.1 sender unknown")]}),
    "quota at MAIL": (TEMPFAIL, "daily sending quota",
                      {"faults": [reply("mail", "550 5.4.5 daily sending quota exceeded", after=12)]}),
    "quota at RCPT": (TEMPFAIL, "daily sending quota",
                      {"faults": [reply("rcpt", "452 4.5.3 daily sending quota exceeded", after=12)]}),
    "quota at the dot": (UNAVAILABLE, "OutboundSpamException",
                         {"faults": [reply("dot", "554 5.2.0 STOREDRV OutboundSpamException", after=12)]}),
    "send as": (UNAVAILABLE, "SendAsDenied", {"faults": [reply("dot", "554 5.2.252 SendAsDenied; not allowed")]}),
    "greeting": (UNAVAILABLE, "the server refuses", {"faults": [reply("greeting", "554 5.7.1 go away")]}),
}


@pytest.mark.parametrize("connections", [1, 4])
@pytest.mark.parametrize("what", STOPS)
def test_a_refusal_of_the_sender_stops_all_and_harms_none(scene, what, connections):
    status, words, script = STOPS[what]
    more = "  user: director\n  password_command: [echo, secret]\n" if "auth" in script else ""
    office, server = scene(connections=connections, more=more, **script)
    done = office.send("--no-wait", status=status)
    assert words in done.err, done.err
    assert "not sent yet" in done.err and f"circular send {office.id}" in done.err
    assert len([line for line in done.err.splitlines() if line.startswith("circular: ")]) == 1, done.err
    server.settle()
    states = office.states()
    assert not states["refused"] and not states["deferred"] and not states["unknown"], office.counts()
    assert len(states["sent"]) == len(server.taken) == (12 if "quota" in what else 0)
    assert len(states["planned"]) == 30 - len(states["sent"])
    # What was under way and what followed it, each tried on a new connection, too; and those five
    # that show that it is about us, twice as well.
    assert server.counts["dot"] <= 12 + 4 * connections + 10, server.counts
    # Once that is fixed the same command goes on.
    server.script["faults"] = []
    server.script.pop("auth", None)
    office.configure(more="")
    office.send()
    once_each(server, 30)


def test_twenty_refusals_in_a_row_stop_and_ask(scene):
    office, server = scene([reply("rcpt", "550 5.1.1 no such user", after=5)], letters=60)
    done = office.send(status=UNAVAILABLE)
    assert "20 recipients in a row were refused" in done.err and "relay.stop_after" in done.err
    assert office.counts() == {"sent": 5, "refused": 20, "planned": 35}


def test_refusals_that_are_not_in_a_row_do_not_stop(scene):
    faults = [reply("rcpt", "550 5.1.1 no", match=f"head{n}@") for n in range(1, 60) if n % 20]
    office, server = scene(faults, letters=60, more="  stop_after: 20\n")
    office.send(status=UNAVAILABLE)
    assert office.counts() == {"sent": 3, "refused": 57}


# --- the relay goes away -----------------------------------------------------------------------


def test_a_relay_that_was_never_there_is_told_at_once(tmp_path):
    port = mailhost.free_ports(1)[0]
    office = Office(tmp_path / "office", port=port, letters=5)
    office.plan()
    began = time.monotonic()
    done = office.send(status=TEMPFAIL)
    assert time.monotonic() - began < 5
    assert f"127.0.0.1:{port}" in done.err and "5 not sent yet" in done.err and "Waiting" not in done.err
    assert office.counts() == {"planned": 5}
    office.configure(more="  # no such name\n")
    office.write("config", open(office.path("config")).read().replace("127.0.0.1", "relay.invalid"))
    done = office.send(status=[TEMPFAIL, UNAVAILABLE])
    assert "relay.invalid" in done.err
    assert office.counts() == {"planned": 5}


@pytest.mark.parametrize("stage, text", [("greeting", "421 4.3.2 busy"), ("auth", "454 4.7.0 try later")])
def test_a_relay_that_asks_for_later_is_asked_again(scene, stage, text):
    signs_in = {"auth": ["PLAIN"], "users": {"director": "secret"},
                "more": "  user: director\n  password_command: [echo, secret]\n"}
    office, server = scene([reply(stage, text, first=3)], letters=5, **(signs_in if stage == "auth" else {}))
    office.send("--no-wait", status=TEMPFAIL)
    assert office.counts() == {"planned": 5}
    done = office.send(hooks="nodelay")
    assert "Waiting until" in done.err
    once_each(server, 5)


@pytest.mark.parametrize("connections", [1, 4])
def test_a_relay_that_is_restarted_is_waited_for(scene, connections):
    office, server = scene(letters=120, connections=connections)
    server.script["faults"] = [{"stage": "dot", "do": "drop", "took": True, "nth": 40},
                               {"stage": "mail", "do": "drop", "after": 40},
                               {"stage": "greeting", "do": "drop", "after": 6}]
    process = office.start("send", office.id, "--yes", hooks="nodelay")
    end = time.time() + 300  # a limit for what hangs
    while (server.counts["greeting"] < 7 or server.counts["dot"] < 40) and time.time() < end:
        time.sleep(0.01)
    server.script["faults"] = []
    out, err = process.communicate(timeout=60)
    server.settle()
    states = office.states()
    assert process.returncode == UNAVAILABLE, err  # one is unknown
    assert len(states["unknown"]) == 1 and len(states["sent"]) == 119, err
    assert "1 unknown" in err
    once_each(server, 120)
    office.send("--resend-unknown")
    copies = server.copies()
    twice = {recipient for recipient, ids in copies.items() if len(ids) == 2}
    assert twice == states["unknown"]
    assert len(set(copies[twice.pop()])) == 1  # the same Message-ID: the reader's program may see one


def test_a_port_that_closes_and_opens_again(scene):
    office, server = scene([reply("dot", "250 2.0.0 last one", nth=50)], letters=120)
    server.script["faults"] = [{"stage": "dot", "do": "reply", "text": "421 4.3.2 shutting down", "then": "drop",
                                "after": 50}]
    process = office.start("send", office.id, "--yes")
    end = time.time() + 300  # a limit for what hangs
    while server.counts["dot"] < 51 and time.time() < end:
        time.sleep(0.005)
    server.close()
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == TEMPFAIL, err
    back = Server(port=server.port)
    office.send(hooks="nodelay")
    taken = server.taken + back.taken
    assert sorted(entry["recipients"][0] for entry in taken) == sorted(address(n) for n in range(1, 121))
    back.close()


# --- two at once -------------------------------------------------------------------------------


SLOW = [{"stage": "dot", "do": "delay", "seconds": 0.05}]


def await_letters(server, count):
    end = time.time() + 300  # a limit for what hangs
    while len(server.taken) < count and time.time() < end:
        time.sleep(0.005)
    assert len(server.taken) >= count


def test_two_at_once_one_works_and_the_other_says_who(scene):
    office, server = scene(SLOW)
    first = office.start("send", office.id, "--yes")
    await_letters(server, 3)
    second = office.send(status=TEMPFAIL)
    assert f"process {first.pid} on " in second.err and "is being sent already" in second.err
    due = office.run("send", "--due")  # leaves it to the other, and that is no trouble
    assert due.err == ""
    first.communicate(timeout=60)
    assert first.returncode == 0
    once_each(server, 30)
    assert office.send().returncode == 0


def test_many_at_the_same_moment(scene):
    office, server = scene(letters=60, connections=2)
    runs = [office.start("send", office.id, "--yes") for _ in range(6)]
    for run in runs:
        run.communicate(timeout=60)
    assert {run.returncode for run in runs} <= {0, TEMPFAIL}
    assert 0 in {run.returncode for run in runs}
    assert office.counts() == {"sent": 60}
    once_each(server, 60)


def test_two_that_plan_and_send_at_the_same_moment(scene, tmp_path):
    office, server = scene(letters=60)
    os.remove(office.path("ledger.db"))
    runs = [office.start("send", "letter.md", "heads", "--yes") for _ in range(4)]
    texts = [run.communicate(timeout=60)[1] for run in runs]
    assert 0 in {run.returncode for run in runs}, texts
    server.settle()
    once_each(server, 60)


def test_a_link_to_the_ledger_is_the_same_ledger(scene):
    office, server = scene(SLOW)
    os.symlink("ledger.db", office.path("other.db"))
    with open(office.path("config")) as config:
        office.write("config2", config.read() + "ledger: other.db\n")
    first = office.start("send", office.id, "--yes")
    await_letters(server, 3)
    second = office.send("--config", "config2", status=TEMPFAIL)
    assert "is being sent already" in second.err
    first.communicate(timeout=60)
    assert first.returncode == 0 and office.counts() == {"sent": 30}
    once_each(server, 30)


def test_the_lease_of_a_dead_process_is_taken_over(scene):
    office, server = scene(SLOW)
    first = office.start("send", office.id, "--yes")
    await_letters(server, 5)
    first.kill()
    first.communicate()
    assert os.path.exists(office.path(f"ledger.db.{office.id}.lock"))
    server.script["faults"] = []
    doubt = office.in_doubt() & office.states()["sending"]
    office.send(status=UNAVAILABLE if doubt else 0)
    server.settle()
    assert office.states()["unknown"] == doubt
    once_each(server, 30, doubt)


# --- when it is time ---------------------------------------------------------------------------


def test_at_waits_for_cron_and_goes_when_it_is_time(scene):
    office, server = scene(letters=5)
    done = office.send("--at", "2026-03-30T08:00Z", hooks="clock=2026-03-27T09:00:00Z")
    assert "will go on" in done.out and "2026" in done.out and not server.taken
    office.run("send", "--due", hooks="clock=2026-03-30T06:00:00Z")
    assert not server.taken
    early = office.send(hooks="clock=2026-03-30T06:00:00Z", status=TEMPFAIL)
    assert "is to go on" in early.err and not server.taken
    office.run("send", "--due", hooks="clock=2026-03-30T08:00:01Z")
    once_each(server, 5)


def test_due_leaves_a_plan_alone_that_nobody_sent(scene):
    office, server = scene(letters=5)
    office.run("send", "--due")
    assert office.counts() == {"planned": 5} and not server.taken
    office.send("--limit", "2")
    office.run("send", "--due")  # stopped by a person: a person goes on
    assert len(server.taken) == 2
    office.send()
    once_each(server, 5)
    assert "--due" in office.run("send", "--due", "--at", "08:00", status=USAGE).err


def test_due_after_a_crash_goes_on(scene):
    office, server = scene(letters=20)
    office.send(hooks="stop-after=40", status=-signal.SIGKILL)
    server.settle()
    doubt = office.in_doubt() & office.states()["sending"]
    office.run("send", "--due", status=UNAVAILABLE if doubt else 0)
    server.settle()
    assert office.states()["unknown"] == doubt
    once_each(server, 20, doubt)


def test_the_clock_set_back(scene):
    office, server = scene([reply("rcpt", "450 4.2.1 later", match="head3@", nth=3)], letters=20)
    office.send("--no-wait", "--limit", "10", hooks="clock=2026-06-01T09:00:00Z")
    assert office.counts() == {"sent": 9, "deferred": 1, "planned": 10}
    office.send("--no-wait", hooks="clock=2026-06-01T08:00:00Z", status=TEMPFAIL)
    assert office.counts() == {"sent": 19, "deferred": 1}
    office.send("--no-wait", hooks="clock=2026-05-30T09:00:00Z")  # nothing waits for two days: due
    once_each(server, 20)


def test_the_clock_set_back_after_a_crash(scene):
    office, server = scene(letters=40)
    office.send(hooks="clock=2026-06-01T09:00:00Z,stop-after=61", status=-signal.SIGKILL)
    server.settle()
    doubt = office.in_doubt() & office.states()["sending"]
    office.send(hooks="clock=2020-01-01T00:00:00Z", status=UNAVAILABLE if doubt else 0)
    server.settle()
    assert office.states()["unknown"] == doubt
    once_each(server, 40, doubt)


# --- the machine ------------------------------------------------------------------------------


def test_a_full_disk_has_a_defined_end(scene):
    """RLIMIT_FSIZE is the disk: the ledger may grow no more."""
    office, server = scene(letters=200, connections=2)
    size = os.path.getsize(office.path("ledger.db"))
    seen = set()
    for room in (0, 8, 40, 70, 120):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (max(40000, room * 1024), resource.RLIM_INFINITY))
        done = office.send(status=[0, IOERR, UNAVAILABLE], preexec_fn=limit)
        seen.add(done.returncode)
        server.settle()
        if done.returncode == IOERR:
            assert "no room on the disk" in done.err or "ledger" in done.err, done.err
            assert done.err.count("circular: ") == 1
    assert IOERR in seen, (size, seen)
    office.send()
    server.settle()
    assert office.counts() == {"sent": 200}
    once_each(server, 200)


def small_disk(folder, kilobytes):
    os.makedirs(folder)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "none", str(folder)], check=False,
                          capture_output=True)
    if done.returncode:
        pytest.skip("no small disk can be mounted here")


@pytest.fixture
def disk(tmp_path):
    folder = str(tmp_path / "disk")
    small_disk(folder, 6000)
    yield folder
    subprocess.run(["umount", "-l", folder], check=False)


def test_a_disk_that_fills_up_in_the_middle(disk):
    server = Server({"faults": [{"stage": "dot", "do": "delay", "seconds": 0.01}]})
    office = Office(disk + "/office", port=server.port, letters=150)
    office.plan()
    process = office.start("send", office.id, "--yes")
    await_letters(server, 20)
    with open(disk + "/hog", "wb", buffering=0) as hog, contextlib.suppress(OSError):
        while hog.write(b"x" * 4096):
            pass
    out, err = process.communicate(timeout=60)
    server.settle()
    if process.returncode:
        assert process.returncode == IOERR and "no room on the disk" in err, err
        assert f"circular send {office.id}" in err
        office.send(status=[0, IOERR])  # a checkpoint may have made room for those that are left
    os.remove(disk + "/hog")
    server.script["faults"] = []
    office.send()
    server.settle()
    assert office.counts() == {"sent": 150}  # none unknown: the answers stand in the recorder
    once_each(server, 150)
    server.close()


def test_a_disk_that_turns_read_only(disk):
    server = Server()
    office = Office(disk + "/office", port=server.port, letters=20)
    office.plan()
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    done = office.send(status=None)
    assert done.returncode in (IOERR, NOPERM) and "read-only" in done.err.lower(), done.err
    assert not server.taken
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    office.send()
    once_each(server, 20)
    server.close()


def test_frozen_for_longer_than_the_timeout(scene):
    office, server = scene([{"stage": "dot", "do": "delay", "seconds": 0.02}], letters=60,
                           more="  timeout: 1s\n  final_timeout: 1s\n")
    process = office.start("send", office.id, "--yes")
    await_letters(server, 10)
    process.send_signal(signal.SIGSTOP)
    time.sleep(1.6)
    process.send_signal(signal.SIGCONT)
    out, err = process.communicate(timeout=60)
    server.settle()
    # The answer had come in the meantime: nothing is unknown, and nothing goes twice.
    assert process.returncode == 0, err
    assert office.counts() == {"sent": 60}
    once_each(server, 60)


def test_frozen_while_the_server_hung_up(scene):
    office, server = scene([{"stage": "dot", "do": "delay", "seconds": 0.05, "nth": 10},
                            reply("dot", "250 2.0.0 queued", nth=11, took=True, then="drop")], letters=40)
    process = office.start("send", office.id, "--yes", hooks="nodelay")
    await_letters(server, 9)
    process.send_signal(signal.SIGSTOP)
    time.sleep(0.4)
    process.send_signal(signal.SIGCONT)
    out, err = process.communicate(timeout=60)
    server.settle()
    assert process.returncode == 0, err
    once_each(server, 40)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_interrupted_once_it_finishes_what_is_in_flight(scene, name):
    office, server = scene([{"stage": "dot", "do": "delay", "seconds": 0.1}], letters=40, connections=2)
    process = office.start("send", office.id, "--yes")
    await_letters(server, 4)
    process.send_signal(getattr(signal, name))
    out, err = process.communicate(timeout=30)
    server.settle()
    assert process.returncode == TEMPFAIL, err
    counts = office.counts()
    assert set(counts) == {"sent", "planned"} and counts["sent"] == len(server.taken) < 20, counts
    assert "finishing what is in flight" in err
    assert f"{counts['planned']} not sent yet" in err and f"'circular send {office.id}' goes on" in err
    server.script["faults"] = []
    office.send()
    once_each(server, 40)


def test_interrupted_twice_it_stops_at_once_and_stays_true(scene):
    office, server = scene([{"stage": "dot", "do": "hang", "after": 8, "took": True}], letters=40, connections=2)
    process = office.start("send", office.id, "--yes")
    await_letters(server, 10)
    process.send_signal(signal.SIGINT)
    time.sleep(0.4)
    assert process.poll() is None  # waits for the two in the air
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - began < 2 and process.returncode == TEMPFAIL, err
    server.settle()
    states = office.states()
    assert len(states["sent"]) == 8 and len(states["unknown"]) == 2 and len(states["planned"]) == 30
    assert states["unknown"] == {e["recipients"][0] for e in server.taken if not e["answered"]}
    server.script["faults"] = []
    office.send(status=UNAVAILABLE)
    once_each(server, 40)


def test_interrupted_while_it_waits(scene):
    office, server = scene([reply("rcpt", "450 4.2.1 later", nth=3)], letters=10)
    process = office.start("send", office.id, "--yes")
    await_letters(server, 9)
    time.sleep(0.5)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - began < 2
    assert process.returncode == TEMPFAIL and "1 not sent yet" in err
    assert office.counts() == {"sent": 9, "deferred": 1}


def test_a_ledger_that_another_program_locks(scene):
    """A backup that holds the ledger for a while delays the sending and harms nothing."""
    office, server = scene([{"stage": "dot", "do": "delay", "seconds": 0.01}], letters=60)
    process = office.start("send", office.id, "--yes")
    await_letters(server, 10)
    base = sqlite3.connect(office.path("ledger.db"), isolation_level=None)
    base.execute("BEGIN IMMEDIATE")
    time.sleep(0.7)
    base.execute("COMMIT")
    base.close()
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    once_each(server, 60)


# --- real Postfix ------------------------------------------------------------------------------


def copies_in_mailboxes(host, subject):
    """address -> {Postfix's queue id: Message-ID}, from Dovecot's folders. Postfix too delivers a letter again when it
    was stopped in between; both copies then have the id that it gave to the one it took from us."""
    found = {}
    for folder, _, files in os.walk(host.path("mail")):
        if not folder.endswith(("/new", "/cur")):
            continue
        for name in files:
            with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
                text = file.read(20000)
            if f"\nSubject: {subject}\n" not in text:
                continue
            to = text.split("\nDelivered-To: ", 1)[-1] if "\nDelivered-To: " in text else text.split("Delivered-To: ")[1]
            key = to.splitlines()[0].strip("<>")
            message_id = re.search(r"^message-id: (\S+)", text, re.I | re.M).group(1)
            queue_id = re.search(r"^\s.*\bE?SMTPS?A? id (\w+)", text, re.M).group(1)
            found.setdefault(key, {})[queue_id] = message_id
    return found


def await_copies(host, subject, addresses):
    """The copies, when all of `addresses` have one. A queue may stay: of what was killed while it was taken in."""
    end = time.time() + 300  # a limit for what hangs
    while True:
        subprocess.run(["/usr/sbin/postqueue", "-c", host.path("etc"), "-f"], check=False, capture_output=True)
        copies = copies_in_mailboxes(host, subject)
        if addresses <= set(copies) or time.time() > end:
            return copies
        time.sleep(0.2)


def children(parent):
    """The processes that `parent` started."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            if int(stat.read().rpartition(")")[2].split()[1]) == parent:
                found.append(int(pid))
    return found


def set_up_in(folder, host):
    from conftest import Workspace
    workspace = Workspace(folder)
    return workspace, set_up(workspace, host)


@pytest.mark.parametrize("how", ["stopped", "killed"])
def test_real_postfix_restarted_while_it_receives(tmp_path, host, how):
    workspace, by_address = set_up_in(tmp_path, host)
    subject = f"Restart {how}"
    workspace.write("letter.md", f"---\nsubject: {subject}\n---\n\nDear {{{{head_name}}}}\n")
    plan = json.loads(workspace.run("plan", "letter.md", "heads", "--json").out)
    assert plan["letters"] == 447
    env = {**os.environ, **SECRET, "CIRCULAR_TEST": ""}
    from conftest import PROGRAM
    start = lambda: subprocess.Popen([PROGRAM, "send", plan["id"], "--yes"], cwd=workspace.folder, env=env,
                                     stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def sent():
        counts = json.loads(workspace.run("status", "--json", plan["id"]).out)["counts"]
        return counts["sent"]

    process = start()
    end = time.time() + 300  # a limit for what hangs
    while sent() < 60 and time.time() < end and process.poll() is None:
        time.sleep(0.005)
    if how == "killed":  # the daemons with it: connections die in the middle
        daemons = children(host.master.pid)
        host.master.kill()
        for pid in daemons:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        host.master.wait(10)
    else:
        host.stop_postfix()
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    host.start_postfix()
    workspace.run("send", plan["id"], "--yes", "--no-wait", env={**SECRET, "CIRCULAR_TEST": ""}, status=None)
    end = time.time() + 300  # a limit for what hangs
    while True:
        done = workspace.run("send", plan["id"], "--yes", env={**SECRET, "CIRCULAR_TEST": "nodelay"}, status=None)
        if done.returncode in (0, 69) or time.time() > end:
            break
    status = json.loads(workspace.run("status", "--json", "--recipients", plan["id"]).out)
    unknown = {one["address"] for one in status["recipients"] if one["state"] == "unknown"}
    assert status["counts"]["sent"] + len(unknown) == 447, (status["counts"], done.err)
    copies = await_copies(host, subject, set(by_address) - unknown)
    assert set(by_address) - set(copies) <= unknown
    assert all(len(ids) == 1 for ids in copies.values()), {a: i for a, i in copies.items() if len(i) > 1}
    if unknown:
        workspace.run("send", plan["id"], "--yes", "--resend-unknown", env=SECRET)
        copies = await_copies(host, subject, set(by_address))
    assert set(copies) == set(by_address)
    assert {a for a, ids in copies.items() if len(ids) > 1} <= unknown
    assert all(len(set(ids.values())) == 1 for ids in copies.values())
