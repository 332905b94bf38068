"""The program stopped at a durable step, resumed, and the ledger compared with what a server took.

Standard library only: tests/crash/drill runs it at every step, the system tests at a sample. A drill is told of
every lie by an AssertionError that names the point.
"""
import collections
import contextlib
import json
import os
import re
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.join(ROOT, os.environ.get("BUILD", "build"), "circular")
sys.path.insert(0, os.path.join(ROOT, "tests", "fake"))
import smtp  # noqa: E402

LETTERS = 200
UPDATE = "---\nsubject: Term dates\n---\n\nDear {{head}},\n\nterm begins.\n"

CONFIG = """
from: "The Director <director@example.org>"
transport: {transport}
relay:
  host: 127.0.0.1
  port: {port}
  tls: none
  preset: relay
  connections: {connections}
{more}
lists: {{one: {{file: one.csv}}}}
audiences: {{heads: {{list: one, key: k, email: e, fields: {{head: "{{{{k}}}}"}}}}}}
"""

# The flight recorder's file (lib/send/journal.c): magic, boot, whether a process is at work, slots.
RECORDER_HEAD, RECORDER_SLOT = struct.Struct("32s64sI4x"), struct.Struct("QIi")
PHASE_DOT = 3


# --- the server --------------------------------------------------------------------------------


class Witness(smtp.Connection):
    """A connection that tells its server of each message begun, and when it has ended."""

    def run(self):
        with self.server.lock:
            self.server.alive.add(self.number)
        try:
            super().run()
        finally:
            with self.server.lock:
                self.server.alive.discard(self.number)

    def read_message(self, with_faults):
        with self.server.lock:
            self.server.begun.update(self.recipients)
        return super().read_message(with_faults)


class Server(smtp.Server):
    connection = Witness

    def __init__(self, script=None, port=0, certs=None):
        self.begun, self.alive = set(), set()
        super().__init__(script or {}, certs=certs, port=port)

    def settle(self):
        """Waits until all that clients sent has been read to its end."""
        end = time.time() + 300  # a limit for what hangs
        while self.alive and time.time() < end:
            time.sleep(0.002)
        assert not self.alive, "connections stay open"

    def forget(self):
        self.settle()
        with self.lock:
            self.begun, self.taken = set(), []
            self.counts.clear()

    def copies(self):
        """recipient -> the Message-IDs of the copies that were taken."""
        found = collections.defaultdict(list)
        with self.lock:
            for entry in self.taken:
                for recipient in entry["recipients"]:
                    found[recipient].append(entry["message_id"])
        return found


# --- workspaces --------------------------------------------------------------------------------


def address(number):
    return f"head{number}@school{number % 7}.example"


class Office:
    """A folder with a config, a list of LETTERS schools and one plan."""

    def __init__(self, folder, transport="relay", port=1, connections=1, more="", letters=LETTERS):
        self.folder, self.letters = str(folder), letters
        self.settings = dict(transport=transport, port=port, connections=connections, more=more)
        os.makedirs(self.folder, exist_ok=True)
        self.configure()
        self.write("letter.md", UPDATE)
        self.write("one.csv", "k,e\n" + "".join(f"{n},{address(n)}\n" for n in range(1, letters + 1)))

    def configure(self, **changes):
        """Writes the config; `more` is lines below relay:, each with its indent."""
        self.settings.update(changes)
        self.write("config", CONFIG.format(**self.settings))

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as out:
            out.write(text)

    ahead = 0  # seconds that the clock of its machine is

    def start(self, *args, hooks="", trace="", **more):
        env = {**os.environ, "CIRCULAR_TEST": hooks, "CIRCULAR_TRACE": trace}
        if self.ahead:
            env["CIRCULAR_TEST_AHEAD"] = str(int(env.get("CIRCULAR_TEST_AHEAD") or 0) + self.ahead)
        return subprocess.Popen([PROGRAM, *args], cwd=self.folder, env=env, stdin=subprocess.DEVNULL, text=True,
                                encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)

    def run(self, *args, status=0, timeout=120, **more):
        """Runs circular; `status` is what it must end with, or a list of such, or None for any."""
        process = self.start(*args, **more)
        try:
            process.out, process.err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.out, process.err = process.communicate()
            raise AssertionError(f"{args} did not end:\n{process.out}\n{process.err}") from None
        wanted = status if isinstance(status, (list, tuple)) else [status]
        assert status is None or process.returncode in wanted, (args, process.returncode, process.out, process.err)
        return process

    def plan(self):
        self.id = json.loads(self.run("plan", "letter.md", "heads", "--json").out)["id"]
        return self.id

    def send(self, *args, **more):
        return self.run("send", self.id, "--yes", *args, **more)

    def copy(self, folder):
        """Another folder with the same files."""
        twin = Office.__new__(Office)
        twin.__dict__.update(self.__dict__, folder=str(folder))
        twin.settings = dict(self.settings)
        shutil.copytree(self.folder, twin.folder)
        return twin

    def ledger(self, query="SELECT address, state, attempts, code, enhanced, reply, changed_at, next_at, first_at "
                           "FROM deliveries ORDER BY mailing, number", files=("ledger.db", "ledger.db-wal")):
        """Rows of the ledger, read from a copy: looking must not fix what a crash left."""
        with tempfile.TemporaryDirectory() as folder:
            for name in files:
                if os.path.exists(self.path(name)):
                    shutil.copy(self.path(name), folder)
            base = sqlite3.connect(os.path.join(folder, "ledger.db"))
            with contextlib.closing(base):
                assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                return base.execute(query).fetchall()

    def sqlite(self, statement):
        """Changes the ledger: time passes."""
        base = sqlite3.connect(self.path("ledger.db"))
        with contextlib.closing(base), base:
            base.execute(statement)

    def states(self, **more):
        """state -> addresses."""
        found = collections.defaultdict(set)
        for row in self.ledger(**more):
            found[row[1]].add(row[0])
        return found

    def counts(self):
        return {state: len(found) for state, found in self.states().items()}

    @property
    def recorder(self):
        return self.path(f"ledger.db.{self.id}.flight")

    def in_doubt(self):
        """Addresses whose end of message was about to leave, by the flight recorder."""
        if not os.path.exists(self.recorder):
            return set()
        with open(self.recorder, "rb") as file:
            data = file.read()
        slots = RECORDER_SLOT.iter_unpack(data[RECORDER_HEAD.size:])
        return {address(number) for number, phase, _ in slots if number and phase == PHASE_DOT}


# --- what must be true -------------------------------------------------------------------------


def check_after_stop(office, server, where):
    """What the ledger holds at the moment of the stop must be true then."""
    copies, states = server.copies(), office.states()
    assert sum(map(len, states.values())) == office.letters, where
    assert states["sent"] <= set(copies), (where, "sent on record, and the server never took it")
    assert not states["planned"] & server.begun, (where, "begun, and not on record as such")
    assert not states["unknown"] and not states["refused"] and not states["deferred"], where


def check_bare_copy(office, server, where):
    """A backup that took ledger.db alone knows each letter that was begun."""
    states = office.states(files=["ledger.db"])
    assert sum(map(len, states.values())) == office.letters, where
    assert not states["planned"] & server.begun, (where, "begun, and a bare copy says planned")


def finish(office, server, where, stopped, doubt):
    """Resumes to the end, by way of --resend-unknown if need be; `doubt` are those that may be unknown."""
    office.send(status=[0, 69], hooks="nodelay")
    server.settle()
    states = office.states()
    unknown = states["unknown"]
    assert set(states) <= {"sent", "unknown"}, (where, dict(states))
    assert unknown == doubt & stopped["sending"], (where, "unknown", unknown, "in doubt", doubt)
    for recipient, ids in server.copies().items():
        assert len(ids) == 1, (where, recipient, ids)
    assert set(server.copies()) | unknown == {address(n) for n in range(1, office.letters + 1)}, where

    dump = office.ledger()
    again = office.send(status=69 if unknown else 0)
    assert office.ledger() == dump, (where, "a second resume changed something")
    if stopped["sending"] or stopped["planned"]:  # else there was nothing to start for
        assert not os.path.exists(office.recorder), where
    if not unknown:
        return
    assert f"{len(unknown)} unknown" in again.err, (where, again.err)
    before = server.copies()
    office.send("--resend-unknown", hooks="nodelay")
    server.settle()
    assert office.counts() == {"sent": office.letters}, (where, office.counts())
    for recipient, ids in server.copies().items():
        wanted = len(before.get(recipient, [])) + (recipient in unknown)
        assert len(ids) == wanted and len(set(ids)) == 1, (where, recipient, ids)
    assert len(server.copies()) == office.letters, where


def lose_power(office, how):
    """What power loss does to the flight recorder: it is of another boot, garbled, cut off or gone."""
    if not os.path.exists(office.recorder):
        return
    with open(office.recorder, "rb") as file:
        data = bytearray(file.read())
    if how == "boot":
        data[32:40] = b"01234567" if data[32:40] != b"01234567" else b"76543210"
    elif how == "garbled":
        data[:64] = b"\xff" * 64
    elif how == "cut":
        del data[50:]
    if how == "gone":
        os.remove(office.recorder)
        return
    with open(office.recorder, "wb") as file:
        file.write(data)


LOSSES = ["boot", "garbled", "cut", "gone"]


class Drill:
    """A mailing that is sent again and again, stopped at another point each time."""

    def __init__(self, folder, connections=1, pipelining=True):
        extensions = ["8BITMIME", "ENHANCEDSTATUSCODES"] + (["PIPELINING"] if pipelining else [])
        self.name = f"{connections} connections, {'' if pipelining else 'not '}pipelined"
        self.server = Server({"extensions": extensions})
        self.folder = str(folder)
        self.start = Office(os.path.join(self.folder, "start"), port=self.server.port, connections=connections)
        self.start.plan()
        self.count = 0

    def close(self):
        self.server.close()

    def steps(self):
        """How many durable steps a run has that nobody stops, and how many seconds it takes."""
        began = time.time()
        done = self.fresh().send(trace="step")
        seconds = time.time() - began
        self.server.forget()
        return len(re.findall(r"^step ?:", done.err, re.M)), seconds

    def fresh(self):
        twin = os.path.join(self.folder, "run")
        shutil.rmtree(twin, ignore_errors=True)
        return self.start.copy(twin)

    def stopped_at(self, step, power=None, second=None):
        """Stops at durable step `step`; then perhaps power is lost, and the resumed run is stopped at `second`."""
        where = (self.name, f"stop-after={step}", power, second)
        office = self.fresh()
        done = office.send(hooks=f"stop-after={step}", status=[0, -signal.SIGKILL])
        self.server.settle()
        check_bare_copy(office, self.server, where)
        self.judge(office, where, done, power, second)

    def killed_after(self, seconds):
        where = (self.name, f"kill -9 after {seconds:.4f} s")
        office = self.fresh()
        process = office.start("send", office.id, "--yes")
        time.sleep(seconds)
        process.kill()
        process.communicate()
        self.judge(office, where, process, None, None)

    def judge(self, office, where, done, power, second):
        self.server.settle()
        stopped, doubt = office.states(), office.in_doubt()
        if done.returncode:
            check_after_stop(office, self.server, where)
        assert doubt <= self.server.begun | stopped["sending"], where
        assert len(doubt & stopped["sending"]) <= office.settings["connections"], (where, "more in doubt than lines")
        if power:
            lose_power(office, power)
            doubt = stopped["sending"]
        if second:
            office.send(hooks=f"stop-after={second}", status=[0, 69, -signal.SIGKILL])
            self.server.settle()
            # What the first stop left unknown stays so; the second adds those in doubt then.
            states = office.states()
            now = office.in_doubt() & states["sending"]
            assert states["unknown"] <= doubt & stopped["sending"], (where, "unknown without doubt")
            doubt = states["unknown"] | now
            stopped = {"sending": states["sending"] | states["unknown"], "planned": states["planned"]}
        finish(office, self.server, where, stopped, doubt)
        self.server.forget()
        self.count += 1


# --- accidents and stops together ---------------------------------------------------------------

ACCIDENTS = [("greeting", "drop"), ("ehlo", "rst"), ("mail", "drop"), ("mail", "421 4.3.2 closing"), ("rcpt", "rst"),
             ("rcpt", "451 4.3.0 not now"), ("data", "drop"), ("body", "rst"), ("dot", "drop"), ("dot", "rst"),
             ("dot", "421 4.3.2 closing"), ("dot", "451 4.3.0 not now")]


def accident(chance, letters):
    """One that happens once, and at the dot perhaps after the letter was taken."""
    stage, what = chance.choice(ACCIDENTS)
    often = 3 if stage in ("greeting", "ehlo") else letters
    fault = {"stage": stage, "do": what, "nth": chance.randint(1, often), "bytes": 200}
    if " " in what:
        fault.update(do="reply", text=what, then="drop" if what.startswith("421") else "")
    elif stage == "dot":
        fault["took"] = chance.random() < 0.5
    return fault


class Storm:
    """Lines that drop while the program is killed, over TLS or not: nobody missed, nobody twice unasked."""

    LETTERS = 40

    def __init__(self, folder, chance, certs=None):
        self.chance, self.certs = chance, certs
        self.server = Server({"tls": "starttls" if certs else "none"}, certs=certs)
        self.start = Office(os.path.join(folder, "start"), port=self.server.port, letters=self.LETTERS)
        self.folder = folder
        self.start.plan()

    def close(self):
        self.server.close()

    def fresh(self, connections):
        twin = os.path.join(self.folder, "run")
        shutil.rmtree(twin, ignore_errors=True)
        office = self.start.copy(twin)
        office.configure(connections=connections)
        if self.certs:
            with open(office.path("config"), encoding="utf-8") as file:
                text = file.read()
            office.write("config", text.replace("tls: none", f"tls: starttls\n  ca_file: {self.certs}/ca.pem"))
        return office

    def point(self):
        faults = [accident(self.chance, self.LETTERS) for _ in range(self.chance.randint(1, 8))]
        connections = self.chance.choice([1, 2, 4])
        stops = [self.chance.randint(1, 5 * self.LETTERS) for _ in range(self.chance.randint(0, 3))]
        where = (f"{connections} connections", "tls" if self.certs else "plain", stops, faults)
        self.server.script["faults"] = faults
        office = self.fresh(connections)
        for stop in stops:
            office.send("--no-wait", hooks=f"stop-after={stop}", status=None)
            self.server.settle()
            self.check(office, where)
        for _ in range(20):
            office.send("--no-wait", hooks="nodelay", status=None)
            self.server.settle()
            self.check(office, where)
            office.sqlite("UPDATE deliveries SET next_at = 1 WHERE state = 'deferred'")
            if set(office.states()) <= {"sent", "unknown"}:
                break
        self.finish(office, where)
        self.server.forget()

    def check(self, office, where):
        copies, states = self.server.copies(), office.states()
        assert sum(map(len, states.values())) == self.LETTERS, where
        assert states["sent"] <= set(copies), (where, "sent on record, and the server never took it")
        assert not states["refused"], (where, dict(states))
        assert all(len(ids) == 1 for ids in copies.values()), (where, "twice, and nobody asked for it")
        assert set(copies) <= states["sent"] | states["unknown"] | states["sending"], (where, "taken, and not on record")

    def finish(self, office, where):
        states, before = office.states(), self.server.copies()
        assert set(states) <= {"sent", "unknown"}, (where, office.counts())
        for _ in range(20):  # what is left of the accidents may make one unknown again
            if not office.states()["unknown"]:
                break
            self.server.script["faults"] = []
            office.send("--resend-unknown", hooks="nodelay", status=None)
        self.server.settle()
        assert office.counts() == {"sent": self.LETTERS}, (where, office.counts())
        for recipient, ids in self.server.copies().items():
            wanted = len(before.get(recipient, [])) + (recipient in states["unknown"])
            assert len(ids) == wanted and len(set(ids)) == 1, (where, recipient, ids)


def storm_points(folder, count, chance):
    """(what, call) of so many storms, half of them over TLS."""
    certs = os.path.join(folder, "certs")
    subprocess.run(["sh", os.path.join(ROOT, "tests", "fake", "certs.sh"), certs], check=True, capture_output=True)
    for number, used in enumerate((None, certs)):
        storm = Storm(os.path.join(folder, f"storm{number}"), chance, used)
        for turn in range((count + 1 - number) // 2):
            yield f"storm {turn}, {'TLS' if used else 'plain'}", storm.point
        storm.close()


# --- which points ------------------------------------------------------------------------------

SCENES = [(1, True), (4, True), (1, False), (4, False)]


def scene_points(drill, steps, sample, chance):
    """(what, call) of one scene: at `steps` a plain stop, then `sample` points of chance."""
    total, seconds = drill.steps()
    for step in range(1, total + 1) if steps else ():
        yield f"{drill.name}, step {step} of {total}", lambda: drill.stopped_at(step)
    for number in range(sample):
        step = chance.randint(1, total)
        kind = number % 4
        if kind == 0:
            yield f"{drill.name}, step {step}", lambda: drill.stopped_at(step)
        elif kind == 1:
            moment = chance.uniform(0.0, seconds)
            yield f"{drill.name}, kill -9 after {moment:.3f} s", lambda: drill.killed_after(moment)
        elif kind == 2:
            second = chance.randint(1, total)
            yield f"{drill.name}, steps {step} and {second}", lambda: drill.stopped_at(step, second=second)
        else:
            power = chance.choice(LOSSES)
            second = chance.choice([None, chance.randint(1, total)])
            yield (f"{drill.name}, step {step}, power lost ({power})",
                   lambda: drill.stopped_at(step, power=power, second=second))


def points(folder, sample, chance):
    """All the points of a drill, or `sample` of them, spread over the scenes."""
    for number, (connections, pipelining) in enumerate(SCENES):
        drill = Drill(os.path.join(folder, str(number)), connections, pipelining)
        share = (sample + len(SCENES) - 1 - number) // len(SCENES) if sample else 80
        if share:
            yield from scene_points(drill, not sample and number == 0, share, chance)
        drill.close()
