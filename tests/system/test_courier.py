"""The inbox against Debian's Courier (courier-imap): its namespace "INBOX.", no MOVE, its SEARCH and IDLE.

Nothing of it is started by the system: a listener of ours on a loopback port takes the sign-in and hands the connection to
Courier's imapd, which serves a Maildir of its own. CIRCULAR_COURIER names a folder where the packages have been unpacked
instead of installed."""
import base64
import os
import shutil
import socket
import subprocess
import threading
import time

import pytest

ROOT = os.environ.get("CIRCULAR_COURIER", "/")
IMAPD, MAILDIRMAKE = (os.path.join(ROOT, "usr/bin", name) for name in ("imapd", "maildirmake.courier"))
PASSWORD = "courier's word"
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


def why_not():
    if not os.path.exists(IMAPD) or not os.path.exists(MAILDIRMAKE):
        return "Courier (courier-imap) is not installed"
    try:
        subprocess.run([MAILDIRMAKE], env=environment(), capture_output=True, timeout=10)
    except OSError as error:
        return "Courier can't run here: %s" % error
    return None


def environment(**more):
    libraries = [os.path.join(ROOT, part) for part in ("usr/lib/x86_64-linux-gnu", "usr/lib")] if ROOT != "/" else []
    return {**os.environ, **({"LD_LIBRARY_PATH": ":".join(libraries)} if libraries else {}), **more}


class Courier:
    def __init__(self, folder):
        self.home = str(folder)
        subprocess.run([MAILDIRMAKE, os.path.join(self.home, "Maildir")], env=environment(), check=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.ends = False
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.greet, args=(connection,), daemon=True).start()

    def greet(self, connection):
        """The sign-in, as couriertcpd and the authentication daemon would do it."""
        file = connection.makefile("rwb")

        def say(text):
            file.write(text.encode() + b"\r\n")
            file.flush()

        say("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] Courier ready")
        while True:
            tag, _, rest = file.readline().decode().strip().partition(" ")
            word = rest.upper()
            if not tag:
                return
            if word.startswith("AUTHENTICATE PLAIN"):
                say("+ ")
                _, user, secret = base64.b64decode(file.readline()).decode().split("\0")
                if (user, secret) == ("bounces", PASSWORD):
                    return self.hand_over(connection, file, tag)
                say(tag + " NO sign-in refused")
            elif word.startswith("LOGIN"):
                return self.hand_over(connection, file, tag)
            elif word == "CAPABILITY":
                say("* CAPABILITY IMAP4rev1 AUTH=PLAIN")
                say(tag + " OK done")
            else:
                say(tag + " BAD sign in first")

    def hand_over(self, connection, file, tag):
        ours, theirs = socket.socketpair()
        env = environment(HOME=self.home, AUTHENTICATED="bounces", IMAP_USELOCKS="0",
                          IMAP_CAPABILITY="IMAP4rev1 UIDPLUS CHILDREN NAMESPACE IDLE")
        imapd = subprocess.Popen([IMAPD, os.path.join(self.home, "Maildir")], stdin=theirs, stdout=theirs,
                                 stderr=subprocess.DEVNULL, cwd=self.home, env=env)
        theirs.close()
        back = ours.makefile("rb")
        while b"PREAUTH" not in back.readline():
            pass
        file.write(tag.encode() + b" OK signed in\r\n")
        file.flush()

        def pump():
            for line in iter(back.readline, b""):
                file.write(line)
                file.flush()
            connection.close()

        threading.Thread(target=pump, daemon=True).start()
        for line in iter(file.readline, b""):
            ours.sendall(line)
        ours.shutdown(socket.SHUT_WR)
        imapd.wait(timeout=30)

    def deliver(self, number, text=None):
        text = text or "From: a@example.com\nSubject: number %d\n\nHello.\n" % number
        with open(os.path.join(self.home, "Maildir/new/%d.%d.example" % (time.time(), number)), "w") as out:
            out.write(text)

    def count(self, folder=""):
        """Messages that are not marked as deleted."""
        base = os.path.join(self.home, "Maildir", folder)
        names = [name for part in ("new", "cur") if os.path.isdir(os.path.join(base, part))
                 for name in os.listdir(os.path.join(base, part))]
        return len([name for name in names if "T" not in name.partition(":2,")[2]])

    def close(self):
        self.listener.close()


@pytest.fixture
def courier(tmp_path_factory):
    reason = why_not()
    if reason:
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("courier")
    server = Courier(folder)
    yield server
    server.close()
    shutil.rmtree(folder)


def test_read_and_move(workspace, courier):
    workspace.write("config", CONFIG.format(port=courier.port))
    for number in range(1, 6):
        courier.deliver(number)
    done = workspace.run("bounces", env=SECRET)
    assert "5 messages read and applied" in done.out, done.out + done.err
    assert (courier.count(), courier.count(".Processed"), courier.count(".Review")) == (0, 0, 5)
    courier.deliver(6)
    assert "1 message read and applied" in workspace.run("bounces", env=SECRET).out
    assert (courier.count(), courier.count(".Review")) == (0, 6)


def test_killed_at_every_step(workspace, courier):
    workspace.write("config", CONFIG.format(port=courier.port))
    for number in range(1, 6):
        courier.deliver(number)
    for turn in range(60):
        env = {**SECRET, "CIRCULAR_TEST": "stop-after=%d" % (turn % 4 + 1)}
        done = workspace.run("bounces", "--quiet", status=None, env=env)
        if done.returncode == 0:
            break
        assert done.returncode == -9, done.err
    assert done.returncode == 0 and turn > 2
    assert courier.count() == 0 and courier.count(".Review") >= 5
    review = workspace.run("bounces", "--review").out
    assert [review.count("number %d" % number) for number in range(1, 6)] == [1] * 5


def test_doctor_sees_its_folders(workspace, courier):
    workspace.write("config", CONFIG.format(port=courier.port))
    courier.deliver(1)
    workspace.run("bounces", env=SECRET)
    told = workspace.run("doctor", status=None, env=SECRET)
    assert "the folder 'Review' is there" in told.out + told.err
