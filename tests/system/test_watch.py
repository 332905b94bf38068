"""'bounces --watch' over hours, which pass in seconds: a scripted IMAP server that says goodbye, drops, and comes back."""
import datetime
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time

import pytest

from conftest import PROGRAM, ROOT

CONFIG = """
from: "The Director <director@example.org>"
bounce:
  address: bounces@example.org
imap:
  host: 127.0.0.1
  port: {port}
  tls: none
  timeout: 5s
  user: user
  password_env: WORD
"""
BEGIN = "2026-01-05T09:00:00Z"


class Imap:
    """tests/fake/imap-server with its control port."""

    def __init__(self, **script):
        self.process = subprocess.Popen([sys.executable, os.path.join(ROOT, "tests/fake/imap-server")],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.control = int(self.process.stdout.readline())
        self.port = int(self.ask(json.dumps(script)))

    def ask(self, line):
        with socket.create_connection(("127.0.0.1", self.control)) as talk, talk.makefile("rw") as file:
            file.write(line + "\n")
            file.flush()
            return file.readline().strip() if not line.startswith("{") else file.read().strip()

    def state(self):
        return json.loads(self.ask("state %d" % self.port))

    def log(self):
        return json.loads(self.ask("log %d" % self.port))

    def idles(self):
        return sum(line.endswith(" IDLE") for line in self.log())

    def deliver(self, number):
        """Nothing of ours: it is recorded, and goes to the folder for review."""
        text = "From: a@example.com\\nSubject: number %d\\nMessage-ID: <%d@example.com>\\n\\nHello." % (number, number)
        assert self.ask("deliver %d INBOX %s" % (self.port, text)) == "done"

    def close(self):
        self.process.communicate()


def until(what, seconds=300):  # a limit for what hangs: a busy machine is no failure
    end = time.time() + seconds
    while not what():
        assert time.time() < end, "it takes too long"
        time.sleep(0.02)


class Watch:
    def __init__(self, workspace, imap):
        workspace.write("config", CONFIG.format(port=imap.port))
        self.workspace = workspace
        env = {**os.environ, "WORD": "secret", "TZ": "UTC", "CIRCULAR_TEST": "clock=%s,nodelay" % BEGIN}
        self.process = subprocess.Popen([PROGRAM, "bounces", "--watch"], cwd=workspace.folder, env=env, text=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def notices(self):
        """Subjects as often as they were recorded."""
        if not os.path.exists(self.workspace.path("ledger.db")):
            return 0
        with sqlite3.connect(self.workspace.path("ledger.db")) as ledger:
            try:
                return ledger.execute("SELECT count(*) FROM notices").fetchone()[0]
            except sqlite3.OperationalError:
                return 0

    def end(self):
        self.process.terminate()
        out, err = self.process.communicate(timeout=30)
        assert self.process.returncode == 0, (out, err)
        return out, err


@pytest.fixture
def imap():
    made = []

    def make(**script):
        made.append(Imap(**script))
        return made[-1]
    yield make
    for one in made:
        one.close()


def hours(out):
    """When the rounds that applied something were, in hours from the beginning."""
    began = datetime.datetime.fromisoformat(BEGIN[:-1])
    times = re.findall(r"(?m)^[A-Z][a-z]{2} (\d+ [A-Z][a-z]{2} \d{4}, \d\d:\d\d) UTC$", out)
    return [(datetime.datetime.strptime(one, "%d %b %Y, %H:%M") - began).total_seconds() / 3600 for one in times]


def test_an_hour_of_idle(workspace, imap):
    server = imap()
    watch = Watch(workspace, server)
    until(lambda: server.idles() >= 1)
    server.deliver(1)
    until(lambda: watch.notices() == 1)
    begun = server.idles()
    until(lambda: server.idles() >= begun + 34)  # two minutes each: some servers' IDLE says nothing
    server.deliver(2)
    until(lambda: watch.notices() == 2)
    out, err = watch.end()
    assert "nothing" not in err and "again in" not in err
    first, second = hours(out)
    assert second - first >= 1
    assert server.state()["connections"] == 1  # the same all the time: no server had a reason to log us out
    # Never over 29 minutes (RFC 2177): there were at least as many as that makes, each ended before the next.
    log = server.log()
    idles = [n for n, line in enumerate(log) if line.endswith(" IDLE")]
    assert len(idles) >= (second - first) * 60 / 29
    assert all(log[n + 1] == "DONE" for n in idles[:-1])
    assert [len(server.state()["folders"][name]) for name in ("INBOX", "Processed", "Review")] == [0, 0, 2]


def test_goodbyes_drops_and_silence_in_the_middle(workspace, imap):
    """Four connections are lost, each in another way; what came before, between and after is applied once each."""
    server = imap(faults=[
        {"stage": "idle", "nth": 2, "do": "raw", "text": "+ idling\r\n* BYE autologout\r\n"},
        {"stage": "idle", "nth": 4, "do": "drop"},
        {"stage": "uid fetch", "nth": 3, "do": "drop"},
        {"stage": "uid move", "nth": 4, "do": "after"}])
    watch = Watch(workspace, server)
    server.deliver(1)
    for number in range(2, 7):
        until(lambda: watch.notices() == number - 1)
        begun = server.idles()
        until(lambda: server.idles() > begun + 1)
        server.deliver(number)
    until(lambda: watch.notices() == 6)
    until(lambda: not server.state()["folders"]["INBOX"])
    _, err = watch.end()
    assert watch.notices() == 6
    assert err.count("again in") == server.state()["connections"] - 1 == 4
    assert "autologout" in err
    assert len(server.state()["folders"]["Review"]) == 6


def test_pauses_grow(workspace, imap):
    """A server that is away for a while is not stormed."""
    lost = [{"stage": "greeting", "nth": nth, "do": "drop"} for nth in range(1, 13)]
    server = imap(faults=lost, folders={"INBOX": ["From: a@example.com\r\n\r\nx"]})
    watch = Watch(workspace, server)
    until(lambda: watch.notices() == 1)
    _, err = watch.end()
    pauses = re.findall(r"again in (.*)", err)
    assert len(pauses) == 12 and pauses[-1] == pauses[-2], pauses
    assert len(set(pauses)) == 11, pauses  # 1, 2, 4 ... 512 seconds, then always 10 minutes
