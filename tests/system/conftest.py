"""What the system tests share: the program, workspaces, a real mail host, the shared test data."""
import atexit
import hashlib
import itertools
import os
import shutil
import subprocess
import sys
import tempfile

import pytest

import mailhost

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "fake"))
import smtp  # noqa: E402
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="circular-cache-")  # whoever tests has a cache of their own
atexit.register(shutil.rmtree, os.environ["XDG_CACHE_HOME"], True)
SERVER = os.environ.get("CIRCULAR_TEST_SERVER")  # of PostgreSQL, by its URL: ledgers are there (make on-server)
PROGRAM = os.path.join(ROOT, os.environ.get("BUILD", "build"), "circular")


def shared(*parts):
    """A file of the data that is not in the repository; skips the test where it is absent."""
    folder = os.environ.get("CIRCULAR_SHARED", os.path.join(os.path.dirname(ROOT), "shared"))
    path = os.path.join(folder, *parts)
    if not os.path.exists(path):
        pytest.skip("no " + os.path.join(*parts) + " in CIRCULAR_SHARED")
    return path


class CarriedConnection(smtp.Connection):
    def read_message(self, with_faults):
        self.message = super().read_message(with_faults)
        return self.message

    def end_of_message(self, entry):
        entry["message"] = self.message
        super().end_of_message(entry)


class Carrier(smtp.Server):
    """A relay on this machine that puts what it takes into the folder in which the outbox transport would put it: for
    tests of letters that were mailed, which those in an outbox were not."""

    connection = CarriedConnection

    def __init__(self, folder, script=None):
        super().__init__(script or {})
        self.folder, self.numbers = folder, itertools.count(1)
        self.lines = f"transport: relay\nrelay: {{host: 127.0.0.1, port: {self.port}, tls: none, preset: relay}}\n"

    def take(self, entry):
        text = entry.pop("message").replace(b"\r\n", b"\n")
        for recipient in entry["recipients"]:
            head = f"Return-Path: <{entry['sender']}>\nDelivered-To: {recipient}\n".encode()
            os.makedirs(os.path.join(self.folder, "new"), exist_ok=True)
            with open(os.path.join(self.folder, "new", "%06d.carried" % next(self.numbers)), "wb") as out:
                out.write(head + text)
        super().take(entry)


class Workspace:
    """A folder with a config in which circular runs."""

    def __init__(self, folder):
        self.folder = str(folder)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def on_server(self, config):
        """The config, its ledger in a schema of this folder's own."""
        schema = "t_" + hashlib.sha256(self.folder.encode()).hexdigest()[:20]
        return f"{config}\nledger: {{server: '{SERVER}', schema: {schema}}}\n"

    def write(self, name, text, encoding="utf-8"):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        if SERVER and name == "config" and isinstance(text, str) and "ledger:" not in text:
            text = self.on_server(text)
        data = text if isinstance(text, bytes) else text.encode(encoding)
        with open(self.path(name), "wb") as out:
            out.write(data)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def carrier(self, script=None):
        """A relay that fills ./outbox; its `lines` are for the config."""
        return Carrier(self.path("outbox"), script)

    def run(self, *args, status=0, env=None, stdin=subprocess.DEVNULL, timeout=300):
        """Runs circular; checks its exit status (None: any) and gives the finished process."""
        done = subprocess.run([PROGRAM, *args], cwd=self.folder, stdin=stdin, capture_output=True, timeout=timeout,
                              env={**os.environ, **(env or {})})
        done.out = done.stdout.decode()
        done.err = done.stderr.decode()
        if status is not None:
            assert done.returncode == status, (args, done.returncode, done.out, done.err)
        return done


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path)


@pytest.fixture(scope="session")
def host(tmp_path_factory):
    reason = mailhost.why_not()
    if reason:
        pytest.skip(reason)
    # A short path: Postfix and Dovecot keep Unix sockets below it.
    one = mailhost.MailHost(tempfile.mkdtemp(prefix="circular-", dir="/tmp"))
    one.start()
    yield one
    one.stop()
