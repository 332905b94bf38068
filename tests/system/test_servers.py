"""The inbox against real servers beside Dovecot (tests/system/imapservers.py): namespaces, servers without MOVE or UIDPLUS, a
search that knows no '*', missing rights, connections that end in the middle."""
import os
import re
import subprocess

import pytest

from conftest import PROGRAM
from imapservers import PASSWORD, Courier, Cyrus, CyrusBeside, Gnu
from test_watch import Watch, until

CONFIG = """
from: "The Director <director@example.org>"
bounce:
  address: bounces@example.org
imap:
  host: 127.0.0.1
  port: {port}
  tls: none
  timeout: 10s
  user: bounces
  password_env: WORD
"""
SECRET = {"WORD": PASSWORD}


@pytest.fixture(params=[Courier, Cyrus, CyrusBeside, Gnu], ids=lambda kind: kind.__name__.lower())
def server(request):
    reason = request.param.why_not()
    if reason:
        pytest.skip(reason)
    one = request.param()
    yield one
    one.close()


@pytest.fixture
def cyrus():
    reason = Cyrus.why_not()
    if reason:
        pytest.skip(reason)
    one = Cyrus()
    yield one
    one.close()


def test_read_and_move(workspace, server):
    workspace.write("config", CONFIG.format(port=server.port))
    for number in range(1, 6):
        server.deliver(number)
    done = workspace.run("bounces", env=SECRET)
    assert "5 messages read and applied" in done.out, done.out + done.err
    assert server.counts() == [0, 0, 5]
    server.deliver(6)
    assert "1 message read and applied" in workspace.run("bounces", env=SECRET).out
    assert "Nothing new" in workspace.run("bounces", env=SECRET).out
    assert server.counts() == [0, 0, 6]


def test_bytes_of_all_kinds(workspace, server):
    """What no message may hold and some do: NUL bytes, lines of one end, 8-bit headers, nothing but headers, a long line."""
    workspace.write("config", CONFIG.format(port=server.port))
    bodies = [b"nul \0 and more \0\r\n", b"bare\nline\nends\n", b"\xff\xfe\xe9\r\n", b"x" * 100000 + b"\r\n", b""]
    taken = 0
    for number, body in enumerate(bodies, 1):
        try:
            server.deliver(number, b"From: a@example.com\r\nSubject: caf\xe9 number %d\r\n\r\n" % number + body)
            taken += 1
        except (AssertionError, OSError, Exception):  # a server may refuse to take one
            pass
    assert taken >= 3
    workspace.run("bounces", env=SECRET)
    assert server.counts() == [0, 0, taken]


def test_killed_at_every_step(workspace, server):
    workspace.write("config", CONFIG.format(port=server.port))
    for number in range(1, 6):
        server.deliver(number)
    for turn in range(60):
        env = {**SECRET, "CIRCULAR_TEST": "stop-after=%d" % (turn % 4 + 1)}
        done = workspace.run("bounces", "--quiet", status=None, env=env)
        if done.returncode == 0:
            break
        assert done.returncode == -9, done.err
    assert done.returncode == 0 and turn > 2
    assert server.count() == 0 and server.count("Review") >= 5
    review = workspace.run("bounces", "--review").out
    assert [review.count("number %d" % number) for number in range(1, 6)] == [1] * 5


MANY, SET = 70, 64  # they are fetched and moved in sets, the first of so many


def test_many(workspace, server):
    """In sets all are on record once, and away: killed before a set is whole, just when it is away, and after it."""
    workspace.write("config", CONFIG.format(port=server.port))
    workspace.run("bounces", "--quiet", env=SECRET)  # makes the ledger: from here on a message on record is a step
    client = server.client()
    for number in range(1, MANY + 1):
        text = b"From: a@example.com\r\nSubject: number %d\r\n\r\nHello.\r\n" % number
        assert client.append("INBOX", None, None, text)[0] == "OK"
    client.logout()
    first = 40  # are on record when it is first killed
    for step, left in (first, MANY), (SET - first + 1, MANY - SET), (1, None):
        workspace.run("bounces", "--quiet", status=-9, env={**SECRET, "CIRCULAR_TEST": "stop-after=%d" % step})
        if left and (left == MANY or server.keeps_marks):
            assert server.count() == left
    workspace.run("bounces", "--quiet", env=SECRET)
    assert server.count() == 0 and server.count("Processed") == 0
    assert server.count("Review") >= MANY  # copied and removed there may be two of one, never none
    review = workspace.run("bounces", "--review").out
    assert [len(re.findall(r"number %d\b" % number, review)) for number in range(1, MANY + 1)] == [1] * MANY


class Watching(Watch):
    def __init__(self, workspace, server):
        workspace.write("config", CONFIG.format(port=server.port))
        self.workspace = workspace
        env = {**os.environ, **SECRET, "TZ": "UTC", "CIRCULAR_TEST": "clock=2026-01-05T09:00:00Z,nodelay"}
        self.process = subprocess.Popen([PROGRAM, "bounces", "--watch"], cwd=workspace.folder, env=env, text=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_watch_and_a_connection_that_ends(workspace, server):
    """What comes while it waits is applied, whether or not the server speaks up under IDLE; a server that is gone in the middle
    is asked again."""
    watch = Watching(workspace, server)
    server.deliver(1)
    until(lambda: watch.notices() == 1)
    server.deliver(2)
    until(lambda: watch.notices() == 2)
    server.drop()
    server.deliver(3)
    until(lambda: watch.notices() == 3)
    if server.keeps_marks:
        until(lambda: server.counts() == [0, 0, 3])
    assert server.count("Review") == 3
    watch.end()


def test_doctor_sees_its_folders(workspace, server):
    workspace.write("config", CONFIG.format(port=server.port))
    server.deliver(1)
    workspace.run("bounces", env=SECRET)
    told = workspace.run("doctor", status=None, env=SECRET)
    assert "the folder 'Review' is there" in told.out + told.err


def test_missing_rights(workspace, cyrus):
    """A folder that may not be written to: all messages are read and applied, all are told as stuck, and moved once it may."""
    workspace.write("config", CONFIG.format(port=cyrus.port))
    cyrus.deliver(1)
    workspace.run("bounces", env=SECRET)
    cyrus.allow("Review", "lrswpkxtecda")  # all but the right to insert
    cyrus.deliver(2)
    cyrus.deliver(3)
    for _ in range(2):
        done = workspace.run("bounces", status=75, env=SECRET)
        assert "2 messages stay in the folder" in done.err, done.err
        assert cyrus.counts() == [2, 0, 1]
    told = workspace.run("doctor", status=None, env=SECRET)
    assert "the folder 'Review' (imap.review) may not be written to: our rights on it are 'lrswpkx" in told.out + told.err
    cyrus.allow("Review", "lrswipkxtecda")
    workspace.run("bounces", env=SECRET)
    assert cyrus.counts() == [0, 0, 3]
    review = workspace.run("bounces", "--review").out
    assert [review.count("number %d" % number) for number in range(1, 4)] == [1] * 3
