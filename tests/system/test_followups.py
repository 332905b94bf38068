"""Random histories of a letter - refusals, retries, lost answers, bounces, people who ask for no more, lists that change, kills -
and then both ways to follow it up: the correction reaches exactly those who have it, the plan for the missing exactly those who
have none, each once, and whoever is on the list stands in each plan on one line.

The model below is no copy of the program's: it knows what the relay took, and reasons about people and mailboxes.
CIRCULAR_ROUNDS=200 runs more of them; CIRCULAR_SEED=7 begins at that seed.
"""
import collections
import json
import os
import random
import sqlite3

import pytest

from test_life import CONFIG, Office

ROUNDS = int(os.environ.get("CIRCULAR_ROUNDS", "10"))
SEED = int(os.environ.get("CIRCULAR_SEED", "1"))
WRONG = "---\nsubject: Wrong\n---\n\nDear {{head}}, on Monday.\n"
RIGHT = "---\nsubject: Right\n---\n\nDear {{head}}, on Tuesday.\n"
HAD, PERHAPS, WAITS = {"sent", "complained"}, {"unknown"}, {"planned", "sending", "deferred"}


class History:
    def __init__(self, workspace, seed):
        self.dice = random.Random(seed)
        self.office = Office(workspace)
        self.ws, self.relay = workspace, self.office.relay
        self.ws.write("letter.md", WRONG)
        self.ws.write("right.md", RIGHT)
        self.numbers = iter(range(1, 1000))
        self.rows, self.suppressed, self.day = [], set(), 1
        for _ in range(self.dice.randint(3, 7)):
            self.add_row()
        self.write_list()

    def run(self, *args, steps=0, status=0):
        more = f",stop-after={steps}" if steps else ""
        env = {"TZ": "Europe/London", "CIRCULAR_TEST": f"clock=2026-12-{self.day:02}T09:00:00Z,nodelay{more}"}
        return self.ws.run(*args, env=env, status=status)

    # --- the list ---------------------------------------------------------------------------------

    def add_row(self, address=None):
        key = str(next(self.numbers))
        self.rows.insert(self.dice.randint(0, len(self.rows)), [key, address or f"m{key}@s{key}.example"])

    def write_list(self):
        lines = "".join(f"{key},School {key},Head {key},{address}\n" for key, address in self.rows)
        self.ws.write("schools.csv", "urn,school,head,email\n" + lines)

    def change_list(self):
        for _ in range(self.dice.randint(0, 3)):
            how = self.dice.choice(["move", "move", "remove", "add", "twin", "swap"])
            row = self.dice.choice(self.rows)
            if how == "move":
                row[1] = f"n{next(self.numbers)}@moved.example"
            elif how == "remove" and len(self.rows) > 2:
                self.rows.remove(row)
            elif how == "add":
                self.add_row()
            elif how == "twin":
                self.add_row(address=row[1])
            elif how == "swap":
                other = self.dice.choice(self.rows)
                row[1], other[1] = other[1], row[1]
        self.write_list()

    # --- what happens -----------------------------------------------------------------------------

    def faults(self):
        kinds = [{"stage": "rcpt", "do": "reply", "text": "550 5.1.1 no such user"},
                 {"stage": "rcpt", "do": "reply", "text": "451 4.2.0 later"},
                 {"stage": "dot", "do": "drop", "took": True}, {"stage": "dot", "do": "drop"}]
        chosen = [address for _, address in self.rows if self.dice.random() < 0.35]
        return [{**self.dice.choice(kinds), "match": address} for address in chosen]

    def send(self, mailing, faults=()):
        """Sends, killed at some step as often as not, and gone on with."""
        self.relay.script["faults"] = list(faults)
        if self.dice.random() < 0.5:
            self.run("send", mailing, "--yes", "--no-wait", steps=self.dice.randint(1, 30), status=None)
        self.run("send", mailing, "--yes", "--no-wait", status=None)
        self.relay.script["faults"] = []

    def plan(self, *args):
        if self.dice.random() < 0.3:
            self.run(*args, "--json", steps=self.dice.randint(1, 3), status=None)
        return json.loads(self.run(*args, "--json").out or "{}")

    def come_back(self):
        with sqlite3.connect(self.ws.path("ledger.db")) as db:
            for mailing, number in db.execute("SELECT mailing, number FROM deliveries WHERE state = 'sent'").fetchall():
                if self.dice.random() < 0.15:
                    db.execute("UPDATE deliveries SET state = 'bounced' WHERE mailing = ? AND number = ?", (mailing, number))

    def ask_for_no_more(self):
        for _, address in self.rows:
            if self.dice.random() < 0.1 and address not in self.suppressed:
                self.run("suppress", "add", address)
                self.suppressed.add(address)

    # --- the model --------------------------------------------------------------------------------

    def copies(self, *mailings):
        return [(one["key"], one["address"], one["state"]) for mailing in mailings
                for one in json.loads(self.run("status", mailing, "--json", "--recipients").out)["recipients"]]

    def has(self, copies):
        """What each mailbox of the list has: the best of what its rows have."""
        known = {key for key, _, _ in copies}
        found = collections.defaultdict(int)
        for key, address in self.rows:
            for whose, where, state in copies:
                weight = 4 if state in HAD else 3 if state in WAITS else 2 if state in PERHAPS else 1 if state == "bounced" else 0
                if whose == key and (where == address or weight > 1) or key not in known and where == address:
                    found[address] = max(found[address], weight)
        return found

    def gone(self, copies, states):
        keys, known = {key for key, _ in self.rows}, {key for key, _, _ in copies}
        heirs = {address for key, address in self.rows if key not in known}
        return sorted({(key, where) for key, where, state in copies
                       if state in states and key not in keys and where not in heirs})

    def check_lines(self, plan, gone=()):
        """Each row of the list on one line, and who has it and left."""
        took = [key for key, _, _ in self.copies(plan["id"])] if "id" in plan else []
        left = [one["key"] for one in plan["excluded"] if one["kind"] != "left-list"]
        assert sorted(took + left) == sorted(key for key, _ in self.rows)
        assert sorted(one["key"] for one in plan["excluded"] if one["kind"] == "left-list") == sorted(key for key, _ in gone)

    def arrived(self, since):
        counts = collections.Counter()
        for entry in self.relay.taken[since:]:
            counts.update(entry["recipients"])
        return counts

    def check_arrived(self, plan, wanted, since):
        """Each of those who were to get it once; where the answer was lost, once at most."""
        lost = {address for _, address, state in self.copies(plan["id"]) if state == "unknown"} if "id" in plan else set()
        counts = self.arrived(since)
        assert set(counts) <= wanted and all(count == 1 for count in counts.values()), (counts, wanted)
        assert wanted - set(counts) <= lost


def live(history):
    """A letter's history up to the day on which somebody sees that it was wrong; its plans."""
    plans = [history.plan("plan", "letter.md", "heads")["id"]]
    history.send(plans[0], history.faults())
    for _ in range(history.dice.randint(0, 2)):
        history.day += 1
        history.come_back()
        history.change_list()
        history.ask_for_no_more()
        if history.dice.random() < 0.5:
            history.send(plans[0])
        if history.dice.random() < 0.5:
            more = history.plan("plan", "letter.md", "heads", "--missing")
            if "id" in more:
                plans.append(more["id"])
                history.send(plans[-1], history.faults())
    history.day += 1
    history.change_list()
    return plans


@pytest.mark.parametrize("seed", range(SEED, SEED + ROUNDS))
def test_each_gets_what_is_missing_or_wrong(workspace, seed):
    history = History(workspace, seed)
    try:
        plans = live(history)
        follow_up(history, plans)
    finally:
        history.relay.close()


def follow_up(history, plans):
    with_unknown = history.dice.random() < 0.5
    flag = "--with-unknown" if with_unknown else "--without-unknown"
    copies = history.copies(*plans)
    if not any(state in HAD | PERHAPS for _, _, state in copies):
        history.run("correct", plans[0], "right.md", flag, "--withdraw", status=64)
        return
    correction = history.plan("correct", plans[0], "right.md", flag, "--withdraw")
    copies = history.copies(*plans) # without what was withdrawn
    has = history.has(copies)
    wrong = {address for _, address in history.rows if has[address] == 4 or (with_unknown and has[address] == 2)}
    wrong -= history.suppressed
    assert {address for _, address, _ in history.copies(correction["id"])} == wrong if "id" in correction else not wrong
    if "id" in correction:
        history.check_lines(correction, history.gone(copies, HAD | PERHAPS if with_unknown else HAD))
    missing = history.plan("plan", "letter.md", "heads", "--missing")
    none = {address for _, address in history.rows if has[address] == 0} - history.suppressed
    assert {address for _, address, _ in history.copies(missing["id"])} == none if "id" in missing else not none
    if "id" in missing:
        history.check_lines(missing)
    assert not wrong & none
    for plan, wanted in history.dice.sample([(correction, wrong), (missing, none)], 2):
        since = len(history.relay.taken)
        if "id" in plan:
            history.send(plan["id"])
        history.check_arrived(plan, wanted, since)
