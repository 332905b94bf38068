"""A ledger's server on its bad days: TLS that isn't what it should be, a pooler between, a full disk, a standby that takes over."""
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time

import pytest

import crashdrill
import postgres
from conftest import ROOT
from mailhost import free_ports, make_certificates
from test_server_ledger import Office, begun, database, settled, slow_server, wait_until  # noqa: F401

AS_NOBODY = ["setpriv", f"--reuid={postgres.NOBODY}", f"--regid={postgres.NOBODY}", "--clear-groups"]


@pytest.fixture
def make_server():
    """Servers of a test's own, with settings."""
    reason = postgres.missing()
    if reason:
        pytest.skip(reason)
    made = []

    def make(settings=None, **more):
        made.append(postgres.Postgres(settings, **more))
        return made[-1]

    yield make
    for one in made:
        one.close()


# --- TLS -----------------------------------------------------------------------------------------


def test_tls_to_a_remote_host(make_server, tmp_path):
    """A host that isn't this machine is reached by TLS with a certificate that names it, or not at all."""
    make_certificates(tmp_path / "tls", name="db.example.test")
    port, = free_ports(1)
    one = make_server({"listen_addresses": "127.0.0.1", "port": str(port)})
    for name in "cert.pem", "key.pem":
        shutil.copy(tmp_path / "tls" / name, os.path.join(one.data, name))
        os.chmod(os.path.join(one.data, name), 0o600)
        if os.getuid() == 0:
            os.chown(os.path.join(one.data, name), postgres.NOBODY, postgres.NOBODY)
    ca = tmp_path / "tls" / "ca.pem"
    office = Office(tmp_path / "one", one, transport="outbox", letters=3)

    def reach(host, *more):
        office.configure(url=f"postgresql://office@{host}:{port}/postgres?" + "&".join(("hostaddr=127.0.0.1",) + more))

    reach("db.example.test", f"sslrootcert={ca}")
    assert "does not support SSL" in office.run("plan", "letter.md", "heads", status=75).err
    with open(os.path.join(one.data, "postgresql.conf"), "a", encoding="utf-8") as config:
        config.write("ssl = on\nssl_cert_file = 'cert.pem'\nssl_key_file = 'key.pem'\n")
    one.stop()
    one.start()
    office.plan()
    office.send()
    assert "TLSv1.3) opens and can be written" in office.run("doctor", status=None).out
    reach("db.example.test")  # the authorities that the machine trusts don't know this one
    assert "certificate verify failed" in office.run("status", status=75).err
    reach("ledger.example.test", f"sslrootcert={ca}")
    assert 'does not match host name "ledger.example.test"' in office.run("status", status=75).err
    reach("db.example.test", "sslmode=disable")  # as the config says in so many words
    assert "go there without TLS" in office.run("doctor", status=None).out


# --- between -------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["transaction", "session"])
def test_a_pooler_is_refused(database, tmp_path, mode):  # noqa: F811
    pgbouncer = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
    if not os.path.exists(pgbouncer):
        pytest.skip("no pgbouncer here")
    port, = free_ports(1)
    folder = os.path.join(database.folder, "pooler-" + mode)
    os.mkdir(folder)
    with open(os.path.join(folder, "ini"), "w", encoding="utf-8") as config:
        config.write(f"[databases]\n* = host={database.folder} user=office\n[pgbouncer]\nunix_socket_dir = {folder}\n"
                     f"listen_port = {port}\nauth_type = any\npool_mode = {mode}\n"
                     f"ignore_startup_parameters = options,extra_float_digits\nlogfile = {folder}/log\n")
    if os.getuid() == 0:
        os.chown(folder, postgres.NOBODY, postgres.NOBODY)
    words = [pgbouncer, "-q", os.path.join(folder, "ini")]
    pooler = subprocess.Popen(AS_NOBODY + words if os.getuid() == 0 else words)
    try:
        wait_until(lambda: os.path.exists(os.path.join(folder, f".s.PGSQL.{port}")) or pooler.poll() is not None,
                   "pgbouncer doesn't start")
        office = Office(tmp_path / "one", database, transport="outbox", letters=3,
                        url=f"postgresql://office@/postgres?host={folder}&port={port}")
        err = office.run("plan", "letter.md", "heads", status=78).err
        assert "pooler (pgbouncer) stands between" in err and "by its own port" in err, err
    finally:
        pooler.terminate()
        pooler.wait()


class Between:
    """A way to the server that can be blocked, as a network is: what is sent arrives when it is open again."""

    def __init__(self, path):
        self.path, self.is_open = path, threading.Event()
        self.is_open.set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                one, _ = self.listener.accept()
            except OSError:
                return
            other = socket.socket(socket.AF_UNIX)
            other.connect(self.path)
            for pair in (one, other), (other, one):
                threading.Thread(target=self.carry, args=pair, daemon=True).start()

    def carry(self, one, other):
        try:
            while data := one.recv(65536):
                self.is_open.wait()
                other.sendall(data)
        except OSError:
            pass
        for end in one, other:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.listener.close()


@pytest.mark.parametrize("seconds", [2, 13])
def test_a_network_that_heals(database, tmp_path, seconds):  # noqa: F811
    """For a moment, or for longer than a turn may be held: the run goes on or says why not, and nothing is lost."""
    between = Between(os.path.join(database.folder, ".s.PGSQL.5432"))
    server = slow_server()
    office = Office(tmp_path / "one", database, port=server.port, letters=60,
                    url=f"postgresql://office@127.0.0.1:{between.port}/postgres?sslmode=disable")
    office.plan()
    process = begun(office, server, 5)
    between.is_open.clear()
    time.sleep(seconds)
    between.is_open.set()
    out, err = process.communicate(timeout=120)
    assert process.returncode in (0, 75), (out, err)
    assert process.returncode == 0 or "same command again" in err
    office.send(status=0)  # its own journal knows what became of each
    assert not settled(office, server)["unknown"]
    between.close()
    server.close()


# --- the server itself ---------------------------------------------------------------------------


def test_a_full_disk(make_server, tmp_path):
    one = make_server()
    one.stop()
    one.preload = os.path.join(one.folder, "fulldisk.so")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", one.preload, os.path.join(ROOT, "tests", "fake", "fulldisk.c"),
                    "-ldl"], check=True)
    one.start()
    server = slow_server()
    office = Office(tmp_path / "one", one, port=server.port, letters=2000)
    with open(one.full, "w", encoding="utf-8"):
        err = office.run("plan", "letter.md", "heads", status=74).err
    assert "no room on the server of the ledger" in err and "nothing on record was lost" in err, err
    os.unlink(one.full)
    office.plan()
    process = begun(office, server, 5)
    with open(one.full, "w", encoding="utf-8"):
        pass
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=120)
    os.unlink(one.full)
    server.settle()
    states, copies = office.states(), server.copies()
    assert sum(map(len, states.values())) == 2000 and all(len(ids) == 1 for ids in copies.values())
    assert states["sent"] <= set(copies) and not states["planned"] & set(copies)
    server.close()


def test_a_statement_that_is_given_up(database, tmp_path):  # noqa: F811
    """As by statement_timeout, or by somebody who looks after the server."""
    office = Office(tmp_path / "one", database, transport="outbox", letters=3)
    office.plan()
    holder = database.session(f"BEGIN; LOCK TABLE {office.schema}.deliveries IN ACCESS EXCLUSIVE MODE; SELECT 'held';",
                              "held")
    waiting = "FROM pg_stat_activity WHERE application_name LIKE 'circular%' AND wait_event_type = 'Lock'"
    process = office.start("send", office.id, "--yes")
    wait_until(lambda: database.sql("SELECT 1 " + waiting) or process.poll() is not None, "it doesn't wait")
    database.sql("SELECT pg_cancel_backend(pid) " + waiting)
    err = process.communicate(timeout=120)[1]
    assert process.returncode == 75 and "gave up what took too long" in err, err
    holder.communicate("ROLLBACK;\n")
    office.send()
    assert office.counts() == {"written": 3}


def test_two_that_wait_for_each_other(make_server, tmp_path):
    """Whom the server has give way begins the same transaction again, and nobody hears of it."""
    one = make_server({"deadlock_timeout": "2s"})
    server = slow_server()
    office = Office(tmp_path / "one", one, port=server.port, letters=60)
    office.plan()
    process = begun(office, server, 3)
    other = one.session(f"SET deadlock_timeout = '60s'; SET search_path = {office.schema}; BEGIN; SELECT 'held' FROM "
                        "(SELECT 1 FROM deliveries FOR UPDATE) all_of_them LIMIT 1;", "held")
    waits = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'circular%' AND wait_event_type = 'Lock'"
    wait_until(lambda: one.sql(waits) != "0" or process.poll() is not None, "it doesn't wait")
    assert one.ask(other, "UPDATE leases SET holder = holder; SELECT 'both';") == "both", "the server had the other give way"
    other.communicate("ROLLBACK;\n")
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, (out, err)
    with open(os.path.join(one.folder, "log"), encoding="utf-8") as log:
        assert "deadlock detected" in log.read()
    assert not settled(office, server)["unknown"]
    server.close()


def test_a_standby_takes_over(make_server, tmp_path):
    """What a commit waits for is there after a failover: nobody is missed, nobody gets two."""
    one = make_server({"wal_level": "replica", "max_wal_senders": "5"})
    two = make_server({"wal_level": "replica", "max_wal_senders": "5"}, primary=one)
    server = slow_server()
    office = Office(tmp_path / "one", one, port=server.port, letters=60)
    office.plan()
    assert "standby follows behind" in office.run("doctor", status=None).out
    one.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
    one.sql("SELECT pg_reload_conf()")
    wait_until(lambda: one.sql("SELECT sync_state FROM pg_stat_replication") == "sync", "no standby follows")
    assert "a failover loses nothing" in office.run("doctor", status=None).out
    office.configure(url=two.url())
    wait_until(lambda: "60" in office.run("status", office.id, status=None).out, "the standby has no plan")
    assert "name the server that is written to" in office.send(status=74).err
    assert "is a standby: it can only be read" in office.run("doctor", status=None).out
    office.configure(url=f"postgresql://office@/postgres?host={one.folder},{two.folder}")
    process = begun(office, server, 10)
    one.kill()
    err = process.communicate(timeout=120)[1]
    assert process.returncode == 75 and "same command again" in err
    two.run("pg_ctl", "--pgdata", two.data, "--wait", "promote")
    office.database = two
    office.send(status=[0, 69])
    assert not settled(office, server)["unknown"], "the journal of this very run knows what became of each"
    server.close()
