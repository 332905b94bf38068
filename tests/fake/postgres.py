"""A PostgreSQL server of a test's own: made by initdb as an ordinary user in a temporary folder, on a
unix socket and, where asked for, a high loopback port. No service and no cluster of the machine is
touched. What isn't kept over a crash of the machine needn't be (fsync off); a crash of the server
is what is tested.

    postgres.py COMMAND...    runs it with the URL of such a server in CIRCULAR_TEST_SERVER"""
import glob
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

NOBODY = 65534


def programs():
    """The folder of initdb and pg_ctl, the newest; None where there is none."""
    found = glob.glob("/usr/lib/postgresql/*/bin/initdb")
    found.sort(key=lambda path: int(path.split("/")[4]))
    if found:
        return os.path.dirname(found[-1])
    own = shutil.which("initdb")
    return os.path.dirname(own) if own and shutil.which("pg_ctl") else None


def missing():
    """Why no server can be started here, or None."""
    if not programs():
        return "no PostgreSQL server here (Debian's postgresql)"
    if os.getuid() == 0 and not shutil.which("setpriv"):
        return "root may not run PostgreSQL, and there is no setpriv"
    return None


class Postgres:
    def __init__(self, settings=None, primary=None, preload=None):
        """`primary`: a standby of that one, whose settings let it have one. `preload`: a library for the server."""
        self.folder = tempfile.mkdtemp(prefix="circular-pg-")
        self.data = os.path.join(self.folder, "data")
        self.preload = preload
        self.settings = {"fsync": "off", "listen_addresses": "", "unix_socket_directories": self.folder,
                         "max_connections": "30", "shared_buffers": "16MB", "log_min_messages": "warning",
                         "deadlock_timeout": "200ms", "max_wal_senders": "0", "wal_level": "minimal",
                         **(settings or {})}
        if os.getuid() == 0:
            os.chown(self.folder, NOBODY, NOBODY)
        os.chmod(self.folder, 0o755)
        if primary:
            self.run("pg_basebackup", "--pgdata", self.data, "--host", primary.folder, "--username", "office",
                     "--write-recovery-conf", "--checkpoint", "fast", "--no-sync")
        else:
            self.run("initdb", "--pgdata", self.data, "--username", "office", "--auth", "trust", "--encoding", "UTF8",
                     "--locale", "C.UTF-8", "--no-sync", "--no-instructions")
        with open(os.path.join(self.data, "postgresql.conf"), "a", encoding="utf-8") as config:
            for name, value in self.settings.items():
                config.write(f"{name} = '{value}'\n")
        self.start()

    def run(self, program, *words, check=True):
        """Runs one of PostgreSQL's programs as an ordinary user."""
        command = [os.path.join(programs(), program), *words]
        if os.getuid() == 0:
            command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]
        preloaded = {"LD_PRELOAD": self.preload, "FULLDISK_WHEN": self.full} if self.preload and program == "pg_ctl" else {}
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False,
                              env={**os.environ, "HOME": self.folder, **preloaded})
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    @property
    def full(self):
        """While there is a file of this name, tests/fake/fulldisk.c says that there is no room."""
        return os.path.join(self.folder, "full")

    def start(self):
        self.run("pg_ctl", "--pgdata", self.data, "--log", os.path.join(self.folder, "log"), "--wait", "start")

    def stop(self, mode="fast"):
        self.run("pg_ctl", "--pgdata", self.data, "--wait", "--mode", mode, "stop")

    def pid(self):
        with open(os.path.join(self.data, "postmaster.pid"), encoding="utf-8") as file:
            return int(file.readline())

    def kill(self):
        """As power loss would end it: no process of it gets to say a word."""
        postmaster = self.pid()
        children = subprocess.run(["ps", "--no-headers", "-o", "pid", "--ppid", str(postmaster)], capture_output=True,
                                  text=True, check=False).stdout.split()
        os.kill(postmaster, signal.SIGKILL)
        for child in children:
            try:
                os.kill(int(child), signal.SIGKILL)
            except ProcessLookupError:
                pass
        while any(os.path.exists(f"/proc/{child}") for child in [str(postmaster), *children]):
            time.sleep(0.02)

    def url(self, database="postgres", user="office"):
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def sql(self, *texts, database="postgres", user="office"):
        """What psql prints of them: a line a row, columns by |. Each is a transaction of its own."""
        done = self.run("psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1",
                        "--host", self.folder, "--username", user, "--dbname", database,
                        *[word for text in texts for word in ("--command", text)])
        return done.stdout.strip()

    def session(self, text, answer):
        """psql that has run `text`, which is answered by the line `answer`, and waits for more."""
        psql = subprocess.Popen([os.path.join(programs(), "psql"), "-qXAt", "-h", self.folder, "-U", "office", "-d",
                                 "postgres"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        said = self.ask(psql, text)
        assert said == answer, said
        return psql

    @staticmethod
    def ask(psql, text):
        """The one line that `text` is answered by."""
        psql.stdin.write(text + "\n")
        psql.stdin.flush()
        return psql.stdout.readline().strip()

    def close(self):
        if os.path.exists(os.path.join(self.data, "postmaster.pid")):
            self.run("pg_ctl", "--pgdata", self.data, "--wait", "--mode", "immediate", "stop", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def main(command):
    reason = missing()
    if reason:
        print("on-server: skipped: " + reason)
        return 0
    server = Postgres()
    try:
        return subprocess.run(command, check=False, env={**os.environ, "CIRCULAR_TEST_SERVER": server.url()}).returncode
    finally:
        server.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
