"""The crash drill, sampled: stopped anywhere, the same command goes on; nobody is missed and nobody gets two.

`make drill` stops at every durable step.
"""
import os
import random
import signal

import pytest

import crashdrill
from crashdrill import LETTERS, LOSSES, Office, Server, address


@pytest.fixture(scope="module")
def chance():
    seed = random.randrange(1 << 32)
    print("seed", seed)
    return random.Random(seed)


def test_a_sample_of_the_drill(tmp_path, chance):
    count = 0
    for where, point in crashdrill.points(str(tmp_path), 24, chance):
        print(where)
        point()
        count += 1
    assert count == 24


def test_a_sample_of_storms(tmp_path, chance):
    """Lines that drop while the program is killed."""
    for where, point in crashdrill.storm_points(str(tmp_path), 6, chance):
        print(where)
        point()


def test_each_step_of_a_letter(tmp_path):
    """Begun, about to end, answered: only the middle one of these steps leaves a letter in doubt."""
    drill = crashdrill.Drill(tmp_path)
    unknown = 0
    for step in range(400, 412):
        office = drill.fresh()
        office.send(hooks=f"stop-after={step}", status=-signal.SIGKILL)
        drill.server.settle()
        unknown += len(office.in_doubt())
        drill.server.forget()
        drill.stopped_at(step)
    drill.close()
    assert 1 <= unknown < 12  # how many depends on how letters and commits fall together


@pytest.mark.parametrize("how", LOSSES)
def test_power_loss_leaves_all_that_were_claimed_unknown(tmp_path, how):
    drill = crashdrill.Drill(tmp_path)
    office = drill.fresh()
    office.send(hooks="stop-after=301", status=-signal.SIGKILL)
    claimed = office.states()["sending"]
    assert claimed
    crashdrill.lose_power(office, how)
    done = office.send(status=69)
    assert office.states()["unknown"] == claimed
    assert f"{len(claimed)} unknown" in done.err and "--resend-unknown" in done.err
    drill.close()


def test_a_crash_leaves_no_half_plan(tmp_path):
    start = Office(tmp_path / "start", transport="null")
    steps = start.run("plan", "letter.md", "heads", trace="step").err.count("step: ")
    os.remove(start.path("ledger.db"))
    assert steps >= 2
    for step in range(1, steps + 1):
        office = start.copy(tmp_path / str(step))
        office.run("plan", "letter.md", "heads", hooks=f"stop-after={step}", status=-signal.SIGKILL)
        plans = office.ledger("SELECT (SELECT count(*) FROM deliveries WHERE mailing = mailings.number), planned "
                              "FROM mailings")
        assert plans in ([], [(LETTERS, LETTERS)])
        office.plan()
        office.send()
        assert office.counts() == {"written": LETTERS}
        assert len(office.ledger("SELECT id FROM mailings")) == 1


def test_a_plan_killed_by_time(tmp_path, chance):
    start = Office(tmp_path / "start", transport="null", letters=3000)
    for turn in range(4):
        office = start.copy(tmp_path / str(turn))
        process = office.start("plan", "letter.md", "heads")
        try:
            process.communicate(timeout=chance.uniform(0, 0.15))
        except crashdrill.subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        if os.path.exists(office.path("ledger.db")) and os.path.getsize(office.path("ledger.db")):
            tables = office.ledger("SELECT count(*) FROM sqlite_schema WHERE name = 'mailings'")
            if tables == [(1,)]:
                assert office.ledger("SELECT (SELECT count(*) FROM deliveries), planned FROM mailings") in (
                    [], [(3000, 3000)])
        office.plan()
        assert office.counts() == {"planned": 3000}


def letters_in(office):
    found = []
    for name in ("new", "cur"):
        folder = office.path(os.path.join("outbox", name))
        for one in os.listdir(folder) if os.path.isdir(folder) else []:  # it may be stopped before it made it
            with open(os.path.join(folder, one), encoding="utf-8") as file:
                found.append([line for line in file if line.startswith("Delivered-To: ")][0].split()[1])
    return sorted(found)


def test_the_outbox_holds_one_letter_each_whenever_it_was_stopped(tmp_path, chance):
    start = Office(tmp_path / "start", transport="outbox")
    start.plan()
    wanted = sorted(address(n) for n in range(1, LETTERS + 1))
    whole = start.copy(tmp_path / "whole")
    steps = whole.send(trace="step").err.count("step: ")
    for step in sorted(chance.sample(range(1, steps), 8)):
        office = start.copy(tmp_path / str(step))
        office.send(hooks=f"stop-after={step}", status=-signal.SIGKILL)
        on_record = office.states()["written"]
        assert on_record <= set(letters_in(office)), step
        office.send()
        assert office.counts() == {"written": LETTERS}, step
        assert letters_in(office) == wanted, step
        assert os.listdir(office.path("outbox/tmp")) == [], step
        dump = office.ledger()
        office.send()
        assert office.ledger() == dump and letters_in(office) == wanted, step


def test_the_outbox_after_power_loss_replaces_its_twins(tmp_path):
    office = Office(tmp_path / "office", transport="outbox")
    office.plan()
    office.send(hooks="stop-after=150", status=-signal.SIGKILL)
    crashdrill.lose_power(office, "gone")
    office.send(status=69)
    office.send("--resend-unknown")
    assert office.counts() == {"written": LETTERS}
    assert letters_in(office) == sorted(address(n) for n in range(1, LETTERS + 1))


def test_relay_and_crash_in_turn(tmp_path, chance):
    """Refusals and deferrals among the letters, and a stop; every fate is on record just once."""
    faults = [{"stage": "rcpt", "do": "reply", "text": "550 5.1.1 nobody here", "match": "head17@"},
              {"stage": "rcpt", "do": "reply", "text": "451 4.7.1 later", "match": "head23@"}]
    server = Server({"faults": faults})
    start = Office(tmp_path / "start", port=server.port, connections=2)
    start.plan()
    for turn in range(5):
        office = start.copy(tmp_path / str(turn))
        office.send("--no-wait", hooks=f"stop-after={chance.randint(60, 700)}", status=-signal.SIGKILL)
        doubt = office.in_doubt() & office.states()["sending"]
        server.settle()
        office.send("--no-wait", status=75)
        states = office.states()
        assert states["refused"] == {address(17)} and states["deferred"] == {address(23)}
        assert states["unknown"] == doubt and not states["planned"] and not states["sending"]
        copies = server.copies()
        assert all(len(ids) == 1 for ids in copies.values())
        assert states["sent"] <= set(copies) and not {address(17), address(23)} & set(copies)
        server.forget()
    server.close()
