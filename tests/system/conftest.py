"""What the system tests share: the program, workspaces, a real mail host, the shared test data."""
import os
import subprocess

import pytest

import mailhost

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.join(ROOT, os.environ.get("BUILD", "build"), "circular")


def shared(*parts):
    """A file of the data that is not in the repository; skips the test where it is absent."""
    folder = os.environ.get("CIRCULAR_SHARED", os.path.join(os.path.dirname(ROOT), "shared"))
    path = os.path.join(folder, *parts)
    if not os.path.exists(path):
        pytest.skip("no " + os.path.join(*parts) + " in CIRCULAR_SHARED")
    return path


class Workspace:
    """A folder with a config in which circular runs."""

    def __init__(self, folder):
        self.folder = str(folder)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def write(self, name, text, encoding="utf-8"):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        data = text if isinstance(text, bytes) else text.encode(encoding)
        with open(self.path(name), "wb") as out:
            out.write(data)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

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
    import tempfile
    one = mailhost.MailHost(tempfile.mkdtemp(prefix="circular-", dir="/tmp"))
    one.start()
    yield one
    one.stop()
