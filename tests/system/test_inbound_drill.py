"""'bounces' killed at durable steps and cut off in the middle of what the server says: nothing is lost, and nothing applied twice.

A sample with a fixed seed; CIRCULAR_INBOUND_DRILL=200 does so many of each."""
import json
import os
import random
import shutil
import socket
import sqlite3
import threading

import pytest

from conftest import Workspace
from listener import Listener
from test_bounces import report_of
from test_watch import Imap

COUNT = int(os.environ.get("CIRCULAR_INBOUND_DRILL", "20"))
SCHOOLS = 48
CONFIG = """
from: "The Director <director@example.org>"
{relay}
bounce:
  address: bounces@example.org
imap:
  host: 127.0.0.1
  port: {port}
  tls: none
  timeout: 5s
  user: user
  password_env: WORD
lists: {{one: {{file: one.csv}}}}
audiences: {{heads: {{list: one, key: k, email: e}}}}
"""
SECRET = {"WORD": "secret"}


def answers(workspace):
    """One of each kind for every letter that went out, a line end CRLF."""
    made = []
    folder = workspace.path("outbox", "new")
    for number, name in enumerate(sorted(os.listdir(folder))):
        with open(os.path.join(folder, name)) as file:
            letter = file.read()
        head = dict(line.split(": ", 1) for line in letter.partition("\n\n")[0].splitlines() if line[0] not in " \t")
        path, to = head["Return-Path"].strip("<>"), head["Delivered-To"]
        # A token found anywhere but in its own place would prove nothing.
        unsubscribe = letter.replace("\n ", " ").partition("subject=")[2].split(">")[0].replace("%20", " ")
        made.append([
            report_of(path, to).decode(),
            report_of(path, to, "4.2.2", "smtp; 452 4.2.2 mailbox full").decode(),
            "From: %s\r\nTo: %s\r\nSubject: Automatic reply: x\r\nAuto-Submitted: auto-replied\r\n\r\n"
            "I have retired; the new head is new%d@example.org.\r\n" % (to, path, number),
            "From: %s\r\nTo: bounces@example.org\r\nSubject: %s\r\n\r\n\r\n" % (to, unsubscribe),
            report_of("bounces@example.org", to).decode(),  # proves nothing
            "From: %s\r\nTo: bounces@example.org\r\nSubject: A question (%d)\r\n\r\nWho else comes?\r\n" % (to, number),
        ][number % 6])
    return made


@pytest.fixture
def office(workspace):
    """Letters that went out, and all that came back; ready to be copied."""
    carrier = workspace.carrier()
    workspace.write("config", CONFIG.format(relay=carrier.lines, port=1))
    rows = ["k,e"] + ["%d,head%d@school%d.example" % (n, n, n) for n in range(SCHOOLS)]
    workspace.write("one.csv", "\n".join(rows) + "\n")
    workspace.write("letter.md", "---\nsubject: Dates\n---\n\nDear colleague,\n\nall is well.\n")
    workspace.run("send", "letter.md", "heads", "--yes", env=SECRET)
    workspace.messages = answers(workspace)
    assert len(workspace.messages) == SCHOOLS
    return workspace


class Round:
    """A copy of the office with a mailbox of its own, until all in it is read."""

    def __init__(self, office, number, **script):
        folder = "%s-%d" % (office.folder, number)
        shutil.copytree(office.folder, folder)
        self.workspace = Workspace(folder)
        self.server = Imap(folders={"INBOX": office.messages}, **script)
        self.moves = "capabilities" not in script
        self.connect(self.server.port)

    def connect(self, port):
        config = self.workspace.read("config").decode()
        before, _, after = config.partition("  port: ")  # of the relay or of imap
        while "tls: none" not in after.splitlines()[1] or "timeout" not in after.splitlines()[2]:
            more, _, after = after.partition("  port: ")
            before += "  port: " + more
        self.workspace.write("config", before + "  port: %d\n" % port + after.partition("\n")[2])

    def run(self, test=None):
        env = {**SECRET, **({"CIRCULAR_TEST": test} if test else {})}
        return self.workspace.run("bounces", "--quiet", status=None, env=env).returncode

    def found(self):
        """What the ledger says, without times and numbers that depend on the order."""
        with sqlite3.connect(self.workspace.path("ledger.db")) as ledger:
            return [sorted(ledger.execute(sql).fetchall()) for sql in (
                "SELECT subject, sender, kind, judged, status, reason, recipient, delivery, verified, action, why, review, "
                "successor, part FROM notices",
                "SELECT address, audience, reason, kind FROM suppressions WHERE removed_at = 0",
                "SELECT number, state FROM deliveries")]

    def end(self, right):
        """Reads the rest and compares."""
        for _ in range(5):
            status = self.run()
            if status == 0:
                break
        assert status == 0
        assert self.found() == right
        folders = self.server.state()["folders"]
        there = {name: sum("\\Deleted" not in flags for _, flags in folders[name]) for name in folders}
        assert there["INBOX"] == 0
        # Moved as one it is in one folder; copied and removed there may be two of it, never none.
        filed = there["Processed"] + there["Review"]
        assert filed == SCHOOLS if self.moves else filed >= SCHOOLS
        self.server.close()

    @property
    def is_done(self):
        return not [flags for _, flags in self.server.state()["folders"]["INBOX"] if "\\Deleted" not in flags]


NO_MOVE = ["IDLE", "UIDPLUS", "SASL-IR", "AUTH=PLAIN"]
SCRIPTS = [{}, {"capabilities": NO_MOVE}, {"capabilities": ["AUTH=PLAIN"]}]


def right_of(office):
    whole = Round(office, 0)
    assert whole.run() == 0
    right = whole.found()
    whole.end(right)
    notices, suppressions, deliveries = right
    assert len(notices) == SCHOOLS and len(suppressions) == SCHOOLS // 6 * 2
    assert sum(state == "bounced" for _, state in deliveries) == SCHOOLS // 6 * 2
    return right


def test_kills(office):
    right, chance, killed, number = right_of(office), random.Random(7), 0, 0
    while killed < COUNT:
        number += 1
        one = Round(office, number, **SCRIPTS[number % 3])
        while killed < COUNT and not one.is_done:
            killed += one.run("stop-after=%d" % chance.randint(1, 14)) == -9
        one.end(right)


class Cutter:
    """Carries bytes between the program and a server, and cuts a connection off after so many of the server's."""

    def __init__(self, port):
        self.to, self.after, self.cuts = port, None, 0
        self.listener = Listener(self.serve)
        self.port = self.listener.port

    def serve(self, near):
        far = socket.create_connection(("127.0.0.1", self.to))
        for one in (near, far):  # no byte waits for an acknowledgement
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=self.carry, args=(near, far, None), daemon=True).start()
        threading.Thread(target=self.carry, args=(far, near, self.after() if self.after else None), daemon=True).start()

    def carry(self, source, sink, left):
        try:
            while True:
                data = source.recv(4096 if left is None else min(4096, max(left, 1)))
                if not data:
                    break
                sink.sendall(data)
                if left is not None:
                    left -= len(data)
                    if left <= 0:
                        self.cuts += 1
                        break
        except OSError:
            pass
        for one in (source, sink):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def test_cuts(office):
    right, chance, cut, number = right_of(office), random.Random(11), 0, 100
    while cut < COUNT:
        number += 1
        one = Round(office, number, **SCRIPTS[number % 3])
        cutter = Cutter(one.server.port)
        one.connect(cutter.port)
        cutter.after = lambda: chance.randint(1, 9000)
        while cut + cutter.cuts < COUNT and not one.is_done:
            one.run()
        cut += cutter.cuts
        cutter.after = None
        one.end(right)
        cutter.listener.close()
