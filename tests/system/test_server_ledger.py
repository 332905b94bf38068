"""The ledger on a PostgreSQL server: the same promises, for several machines, on good days and bad ones."""
import contextlib
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import time

import pytest

import crashdrill
import postgres
from conftest import ROOT

BUILD, SANITIZED = (os.path.join(ROOT, name) for name in (os.environ.get("BUILD", "build"), "build-fuzz"))
UNIT = ["database", "deliveries", "mailings", "lifecycle", "suppressions", "holders", "inbound-reports", "settlements", "answering",
        "intake", "newness", "report-figures"]
ROWS = ("SELECT address, state, attempts, code, enhanced, reply, changed_at, next_at, first_at FROM deliveries "
        "ORDER BY mailing, number")


@pytest.fixture(scope="session")
def database():
    reason = postgres.missing()
    if reason:
        pytest.skip(reason)
    one = postgres.Postgres()
    yield one
    one.close()


@pytest.fixture
def own_database():
    """For a test that ends or restarts it."""
    reason = postgres.missing()
    if reason:
        pytest.skip(reason)
    one = postgres.Postgres()
    yield one
    one.close()


class Office(crashdrill.Office):
    """A machine with a workspace whose ledger is on the server."""

    schemas = 0

    def __init__(self, folder, database, schema=None, url=None, **more):
        self.database, self.url = database, url or database.url()
        if not schema:
            Office.schemas += 1
            schema = f"office_{os.getpid()}_{Office.schemas}"
        self.schema = schema
        super().__init__(folder, **more)

    def configure(self, **changes):
        self.url = changes.pop("url", self.url)
        super().configure(**changes)
        with open(self.path("config"), "a", encoding="utf-8") as out:
            out.write(f"ledger: {{server: '{self.url}', schema: {self.schema}}}\n")

    def ledger(self, query=ROWS, files=None):
        text = self.database.sql(f"SET search_path = {self.schema}; {query}")
        return [tuple(line.split("|")) for line in text.splitlines()]

    def machine(self, folder):
        """Another machine: a workspace of its own, the same ledger and the same key."""
        twin = Office(folder, self.database, self.schema, **self.settings, letters=self.letters)
        twin.id = self.id
        if os.path.exists(self.path("ledger.db.key")):
            twin.write("ledger.db.key", "")
            with open(self.path("ledger.db.key"), "rb") as key, open(twin.path("ledger.db.key"), "wb") as out:
                out.write(key.read())
            os.chmod(twin.path("ledger.db.key"), 0o600)
        return twin


def wait_until(check, what):
    end = time.time() + 120  # a limit for what hangs
    while not check():
        assert time.time() < end, what
        time.sleep(0.02)


def everyone(office):
    return {crashdrill.address(number) for number in range(1, office.letters + 1)}


def settled(office, server):
    """Nobody missed, nobody twice, and whoever is in doubt named: on record and in what is said."""
    server.settle()
    states, copies = office.states(), server.copies()
    assert all(len(ids) == 1 for ids in copies.values()), copies
    assert set(states) <= {"sent", "unknown"}, {state: len(who) for state, who in states.items()}
    assert states["sent"] <= set(copies)
    assert set(copies) | states["unknown"] == everyone(office)
    if states["unknown"]:
        assert f"{len(states['unknown'])} unknown" in office.send(status=69).err
    return states


# --- both engines --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", UNIT)
def test_unit_tests_of_the_ledger(database, name):
    programs = [os.path.join(folder, "tests", "unit", "test-" + name) for folder in (BUILD, SANITIZED)]
    program = next(filter(os.path.exists, programs), None)
    if not program:
        pytest.skip("the unit tests are not built here")
    done = subprocess.run([program], capture_output=True, text=True, check=False,
                          env={**os.environ, "CIRCULAR_TEST_SERVER": database.url()})
    assert done.returncode == 0 and "\nok " in "\n" + done.stdout, done.stdout[-3000:] + done.stderr[-3000:]


def test_a_mailing_from_plan_to_report(database, tmp_path):
    server = crashdrill.Server()
    office = Office(tmp_path / "one", database, port=server.port, letters=12)
    office.plan()
    office.send()
    server.settle()
    assert office.counts() == {"sent": 12} and set(server.copies()) == everyone(office)
    assert re.search(r"sent +12\b", office.run("status", office.id).out)
    assert "12  sent" in office.run("report", office.id).out
    assert "sent" in office.run("history", crashdrill.address(3)).out
    assert not os.path.exists(office.path("ledger.db")) and not os.path.exists(office.recorder)
    assert re.search(r"^libpq \d+\.\d+$", office.run("--version").out, re.M)
    # What a file can and a server can't is said.
    err = office.run("backup", "copy.db", status=64).err
    assert "pg_dump" in err and office.schema in err
    server.close()


def test_no_text_breaks_it(database, tmp_path):
    """Bytes that are no UTF-8, and what SQL would be, are what they are."""
    server = crashdrill.Server({"faults": [{"stage": "rcpt", "nth": 1, "do": "reply",
                                           "text": "550 5.1.1 gone'); DROP TABLE deliveries; --"}]})
    office = Office(tmp_path / "one", database, port=server.port, letters=3)
    office.plan()
    office.send(status=None)
    assert "DROP TABLE deliveries" in office.run("report", office.id, "--csv").out
    assert len(office.ledger()) == 3
    server.close()


# --- stopped anywhere ----------------------------------------------------------------------------


@pytest.mark.parametrize("step", [1, 2, 3, 5, 8, 13, 21, 34, 55, 70])
def test_stopped_at_a_durable_step(database, tmp_path, step):
    server = crashdrill.Server()
    office = Office(tmp_path / "one", database, port=server.port, letters=20)
    office.plan()
    office.send(hooks=f"stop-after={step}", status=None)
    server.settle()
    crashdrill.check_after_stop(office, server, step)
    stopped, doubt = office.states(), office.in_doubt()
    wait_until(lambda: not office.database.sql(
        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid IN (SELECT pid FROM pg_stat_activity "
        f"WHERE application_name LIKE 'circular%')"), "the server hasn't noticed")
    crashdrill.finish(office, server, step, stopped, doubt)
    server.close()


def slow_server():
    """A relay that takes its time, so that something can happen meanwhile."""
    return crashdrill.Server({"faults": [{"stage": "dot", "do": "delay", "seconds": 0.05}]})


def begun(office, server, letters):
    process = office.start("send", office.id, "--yes", "--no-wait")
    wait_until(lambda: len(server.copies()) >= letters or process.poll() is not None, "nothing is sent")
    assert process.poll() is None, process.communicate()
    return process


def killed(office, server, letters):
    """Begun, and killed when so many letters have arrived; whose it had in hand."""
    process = begun(office, server, letters)
    process.kill()
    process.communicate()
    server.settle()
    return office.states()["sending"]


def slow_mailing(database, tmp_path, letters):
    """A relay that takes its time, and an office with a mailing planned for it."""
    server = slow_server()
    office = Office(tmp_path / "one", database, port=server.port, letters=letters)
    office.plan()
    return server, office


@pytest.mark.parametrize("how", ["kill", "immediate", "fast"])
def test_the_server_ends_while_letters_go(own_database, tmp_path, how):
    """Before, during or after a commit, as it comes: the run ends with a clear message, and the same command goes on."""
    server = slow_server()
    office = Office(tmp_path / "one", own_database, port=server.port, letters=60)
    office.plan()
    process = begun(office, server, 10)
    own_database.kill() if how == "kill" else own_database.stop(how)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 75, (process.returncode, out, err)
    assert "server of the ledger" in err and "same command again" in err, err
    server.settle()
    # While it is away, everything says so.
    for words in (["status"], ["send", office.id, "--yes"], ["plan", "letter.md", "heads"]):
        assert "can't be reached" in office.run(*words, status=75).err
    own_database.start()
    office.send(status=[0, 69])
    states = settled(office, server)
    assert not states["unknown"], "the journal of this very run knows what became of each"
    server.close()


def test_was_it_committed(own_database, tmp_path):
    """A connection that is cut at any moment: what was committed then is asked again, and never guessed."""
    server = slow_server()
    office = Office(tmp_path / "one", own_database, port=server.port, letters=40)
    office.plan()
    for turn in range(1, 5):
        process = office.start("send", office.id, "--yes", "--no-wait")
        wait_until(lambda: len(server.copies()) >= 8 * turn or process.poll() is not None, "nothing is sent")
        own_database.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'circular%'")
        process.communicate(timeout=120)
        assert process.returncode in (0, 75)
        server.settle()
        states, copies = office.states(), server.copies()
        assert states["sent"] <= set(copies) and not states["planned"] & server.begun
    office.send(status=[0, 69])
    assert not settled(office, server)["unknown"]
    server.close()


# --- two machines --------------------------------------------------------------------------------


def leases(office):
    """(whose, whether it has ended) of each lease, the oldest first."""
    return office.ledger("SELECT name, until = 0 FROM leases ORDER BY number")


def test_two_machines_send_one_mailing(database, tmp_path):
    """Each has letters of its own; the last to end says that all is done."""
    server, one = slow_mailing(database, tmp_path, 60)
    processes = [begun(one, server, 2)]
    two = one.machine(tmp_path / "two")
    processes.append(two.start("send", two.id, "--yes"))
    for process in processes:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, (out, err)
    settled(one, server)
    assert one.counts() == {"sent": 60} and [ended for _, ended in leases(one)] == ["t", "t"]
    shares = one.ledger("SELECT count(*) FROM deliveries GROUP BY lease ORDER BY lease")
    assert len(shares) == 2 and all(int(count) > 10 for count, in shares), shares
    assert json.loads(one.run("status", one.id, "--json").out)["state"] == "done"
    server.close()


def test_what_is_for_one_sender(database, tmp_path):
    """A part of a mailing, what others have in hand, and a second sender in one workspace are refused, with whose it is."""
    server, one = slow_mailing(database, tmp_path, 60)
    process = begun(one, server, 3)
    two = one.machine(tmp_path / "two")
    for words in ["--limit", "3"], ["--resend-unknown"]:
        err = two.send(*words, status=75).err
        assert "is being sent already (held by circular on " in err, err
    assert "is being sent already (held by process " in one.send(status=75).err
    # The other sees it go, sends what else there is, and a stop reaches all that send it.
    assert "sent" in two.run("status", two.id).out
    second = two.start("send", two.id, "--yes", "--no-wait")
    wait_until(lambda: len(leases(one)) == 2, "the second doesn't begin")
    one.run("stop", one.id, status=[0, 75])
    for process in process, second:
        process.communicate(timeout=120)
    assert one.states()["planned"], "it went to the end before it was stopped"
    assert not one.states()["sending"]
    planned = len(one.states()["planned"])
    assert f"{planned} letters will not go" in two.run("withdraw", two.id, "--yes").out
    server.settle()
    assert one.states()["sent"] == set(server.copies())
    server.close()


def test_the_pace_is_the_accounts(database, tmp_path):
    """Two that send share the limit by the minute."""
    server = crashdrill.Server()
    one = Office(tmp_path / "one", database, port=server.port, letters=30, more="  per_minute: 240\n")
    one.plan()
    began = time.time()
    processes = [begun(one, server, 1)]
    two = one.machine(tmp_path / "two")
    processes.append(two.start("send", two.id, "--yes"))
    for process in processes:
        assert process.wait(timeout=120) == 0, process.communicate()
    assert time.time() - began > 30 / 4 * 0.8, "faster than the account may"
    settled(one, server)
    server.close()


def test_a_sender_that_is_killed_is_followed_by_another_machine(database, tmp_path):
    server, one = slow_mailing(database, tmp_path, 60)
    sending = killed(one, server, 10)
    assert os.path.exists(one.recorder)
    two = one.machine(tmp_path / "two")
    wait_until(lambda: two.send(status=[0, 69, 75]).returncode != 75, "the server holds it for a dead one")
    states = settled(two, server)
    # Its journal isn't here: each that it had in hand is in doubt, and none of them is sent again by itself.
    assert states["unknown"] and states["unknown"] == sending
    # Back on the first machine, its journal speaks for them, but for those whose answer it never heard.
    doubt = one.in_doubt()
    one.send(status=[0, 69])
    after = settled(one, server)
    assert states["sent"] <= after["sent"] and after["unknown"] == doubt & states["unknown"]
    server.close()


def test_an_old_journal_is_not_believed(database, tmp_path):
    """Killed here, gone on with there and killed there: what this machine's journal says is of another run."""
    server, one = slow_mailing(database, tmp_path, 80)
    for place in (None, tmp_path / "two"):
        office = one.machine(place) if place else one
        wait_until(lambda: not database.sql("SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'circular%'"),
                   "the server holds it for a dead one")
        sending = killed(office, server, len(server.copies()) + 10)
    wait_until(lambda: one.send(status=[0, 69, 75]).returncode != 75, "the server holds it for a dead one")
    states = settled(one, server)
    assert sending <= states["unknown"], "letters of the other machine's run were taken for unsent"
    server.close()


def expire(office):
    """A minute goes by without a word of those that send."""
    office.database.sql(f"UPDATE {office.schema}.leases SET until = 1 WHERE until > 0")


def fall_asleep(office, database, process, in_turn=False):
    """Stops it outside a transaction, or where it has begun to write and not ended, which is a matter of chance."""
    state = "state = 'idle in transaction' AND backend_xid IS NOT NULL" if in_turn else "state <> 'idle'"
    query = f"SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'circular%' AND {state}"
    for _ in range(400):
        process.send_signal(signal.SIGSTOP)
        time.sleep(0.3)  # what it had asked for has been answered
        if bool(database.sql(query)) == in_turn:
            return
        assert office.states()["planned"], "it was never so"
        process.send_signal(signal.SIGCONT)
        time.sleep(0.003)


@pytest.mark.parametrize("is_cut", [False, True])
def test_a_sender_that_slept_writes_over_nothing(database, tmp_path, is_cut):
    server, one = slow_mailing(database, tmp_path, 60)
    process = begun(one, server, 10)
    fall_asleep(one, database, process)
    asleep = one.states()["sending"]
    two = one.machine(tmp_path / "two")
    second = two.start("send", two.id, "--yes")
    wait_until(lambda: not one.states()["planned"] or second.poll() is not None, "nobody else may send")
    wait_until(lambda: one.states()["sending"] == asleep or second.poll() is not None, "its own are at an end")
    assert second.poll() is None, second.communicate()
    # The server gives it up for dead, as when its machine is cut off; or its time is over.
    if is_cut:
        database.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE "
                     f"'circular%(process {process.pid})'")
    else:
        expire(one)
    out, err = second.communicate(timeout=120)
    assert second.returncode == 69, (out, err)
    states = two.states()
    assert states["unknown"] == asleep and set(states) <= {"sent", "unknown"}
    stopped = two.ledger("SELECT DISTINCT reply FROM deliveries WHERE state = 'unknown'")
    assert re.fullmatch(r"the sender \(circular on .*\) stopped before the outcome was on record", stopped[0][0])
    process.send_signal(signal.SIGCONT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 75, (out, err)
    assert ("server of the ledger" if is_cut else "others have gone on without it") in err, err
    server.settle()
    # What it knows of its own attempts it may say; nobody else's is touched, and nobody has two.
    after = two.states()
    assert states["sent"] <= after["sent"] and after["unknown"] <= asleep
    assert after["unknown"] == asleep or not is_cut
    one.send(status=[0, 69])
    after = settled(one, server)
    assert not after["unknown"], "its journal knows what became of each"
    server.close()


def test_who_falls_asleep_within_a_turn_loses_it(database, tmp_path):
    """A machine that is put to sleep as it writes keeps nobody else from writing."""
    server, one = slow_mailing(database, tmp_path, 60)
    process = begun(one, server, 3)
    fall_asleep(one, database, process, in_turn=True)
    two = one.machine(tmp_path / "two")
    done = two.send(status=69)
    assert "unknown" in done.err
    process.send_signal(signal.SIGCONT)
    out, err = process.communicate(timeout=120)
    assert process.returncode in (69, 75), (out, err)
    assert "the server of the ledger" in err and "give the same command again" in err, err
    one.send(status=[0, 69])
    settled(one, server)
    server.close()


def test_two_that_wait_for_a_third(database, tmp_path):
    """What a sender had in hand that dies while the others wait for it is in doubt, and neither waits for the other."""
    server, one = slow_mailing(database, tmp_path, 40)
    process = begun(one, server, 5)
    fall_asleep(one, database, process)
    asleep = one.states()["sending"]
    others = [one.machine(tmp_path / name) for name in ("two", "three")]
    waiting = [other.start("send", other.id, "--yes") for other in others]
    wait_until(lambda: one.states()["sending"] == asleep and not one.states()["planned"], "not at an end")
    assert all(other.poll() is None for other in waiting)
    process.kill()
    process.communicate()
    for other in waiting:
        out, err = other.communicate(timeout=120)
        assert other.returncode == 69, (out, err)
    assert one.states()["unknown"] == asleep
    server.close()


def test_a_journal_found_again_speaks_for_its_own(database, tmp_path):
    """Killed, taken for lost by another machine, tried anew by a person: the journal says nothing then."""
    server, one = slow_mailing(database, tmp_path, 40)
    lost = killed(one, server, 10)
    two = one.machine(tmp_path / "two")
    two.send(status=69)
    assert two.states()["unknown"] == lost
    two.send("--resend-unknown")
    server.settle()
    dump = two.ledger()
    one.send(status=0)
    assert one.ledger() == dump and one.counts() == {"sent": 40}
    server.close()


# --- a drill for several senders ------------------------------------------------------------------


def interfere(chance, database, processes):
    """Something that happens to senders, or to the server under them."""
    process = chance.choice(processes)
    what = chance.choice(["kill", "sleep", "cut", "restart", "expire"])
    if what == "kill":
        process.kill()
    elif what == "sleep":
        process.send_signal(signal.SIGSTOP)
    elif what == "cut":
        database.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE "
                     f"'circular%(process {process.pid})'")
    elif what == "restart":
        database.kill()
        database.start()
    return what


def several_senders(database, folder, seed, letters, senders, rounds):
    """Nobody missed, nobody twice, all in doubt named, whatever becomes of those that send it, and by whatever clocks."""
    chance = random.Random(seed)
    server = crashdrill.Server({"faults": [{"stage": "dot", "do": "delay", "seconds": 0.01}]})
    one = Office(folder / "one", database, port=server.port, letters=letters)
    one.plan()
    one.send("--limit", "1")  # which makes the key that all of them need
    machines = [one] + [one.machine(folder / str(number)) for number in range(1, senders)]
    for machine in machines:  # their clocks are no matter: a lease is by the server's
        machine.ahead = chance.choice([0, 40, -40, 7 * 3600, -7 * 3600])
    happened = []
    for _ in range(rounds):
        processes = [machine.start("send", machine.id, "--yes", "--no-wait") for machine in machines]
        for _ in range(chance.randint(1, 3)):
            time.sleep(chance.uniform(0, 0.3))
            what = interfere(chance, database, processes)
            happened.append(what)
            if what == "expire":
                expire(one)
        for process in processes:
            process.send_signal(signal.SIGCONT)
        for process in processes:
            out, err = process.communicate(timeout=120)
            assert process.returncode in (0, 69, 75, -signal.SIGKILL), (seed, happened, out, err)
        server.settle()
        states, copies = one.states(), server.copies()
        where = (seed, happened)
        assert sum(map(len, states.values())) == letters, where
        assert all(len(ids) == 1 for ids in copies.values()), (where, "twice")
        assert states["sent"] <= set(copies), (where, "sent on record, and never taken")
        assert not states["planned"] & set(copies), (where, "taken, and on record as never sent")
    expire(one)
    for machine in machines:
        machine.send(status=[0, 69])
    settled(one, server)
    server.close()


@pytest.mark.parametrize("seed", range(int(os.environ.get("SENDERS_DRILL", "1"))))
def test_several_senders(own_database, tmp_path, seed):
    """SENDERS_DRILL=200: so many rounds of it, and a larger mailing."""
    if "SENDERS_DRILL" in os.environ:
        several_senders(own_database, tmp_path, seed, letters=2000, senders=4, rounds=6)
    else:
        several_senders(own_database, tmp_path, seed, letters=150, senders=3, rounds=3)


# --- refused, and why ----------------------------------------------------------------------------


def test_rights(database, tmp_path):
    """The grants that are printed are enough, and no more than enough."""
    base = "rights_" + str(os.getpid())
    database.sql(f"CREATE DATABASE {base}")
    office = Office(tmp_path / "owner", database, schema="circular", transport="outbox", letters=3)

    def become(role):
        office.configure(url=database.url(base, role))

    become("office")
    database.sql(office.run("ledger", "grants").out, database=base)
    become("circular_owner")
    office.plan()
    become("circular")
    office.send()
    become("circular_reader")
    assert "3 written" in office.run("status", office.id).out
    office.run("report", office.id)
    office.run("history", crashdrill.address(1))
    office.write("letter.md", crashdrill.UPDATE.replace("Term", "Other"))
    err = office.run("plan", "letter.md", "heads", status=77).err
    assert "the server denies it" in err and "permission denied" in err
    assert "this role can only read" in office.run("doctor", status=None).out
    become("circular")
    assert "opens and can be written" in office.run("doctor", status=None).out
    database.sql(f"DROP DATABASE {base}")
    database.sql("DROP ROLE circular_owner, circular, circular_reader")


def test_a_password_is_never_seen(tmp_path):
    reason = postgres.missing()
    if reason:
        pytest.skip(reason)
    one = postgres.Postgres()
    try:
        one.sql("CREATE ROLE clerk LOGIN SUPERUSER PASSWORD 'open-sesame-7'")
        with open(os.path.join(one.data, "pg_hba.conf"), "w", encoding="utf-8") as hba:
            hba.write("local all office trust\nlocal all clerk scram-sha-256\n")
        one.sql("SELECT pg_reload_conf()")
        office = Office(tmp_path / "one", one, transport="outbox", letters=3, url=one.url(user="clerk"))
        more = office.path("config")

        def password(line):
            office.configure()
            with open(more, encoding="utf-8") as config:
                text = config.read()
            office.write("config", text.replace(f"schema: {office.schema}", f"schema: {office.schema}, {line}"))

        assert "denies it" in office.run("status", status=77).err
        office.write("secret", "open-sesame-8\n")
        os.chmod(office.path("secret"), 0o600)
        password("password_file: secret")
        err = office.run("status", status=77, trace="sql").err
        assert "password authentication failed" in err and "sesame" not in err
        password("password_command: [echo, open-sesame-7]")
        office.plan()
        done = office.send(trace="sql,step")
        assert "open-sesame" not in done.out + done.err and "sql: " in done.err
        # The URL is no place for one: it would stand in the config.
        office.configure(url=one.url(user="clerk").replace("clerk@", "clerk:open-sesame-7@"))
        err = office.run("status", status=78).err
        assert "password" in err and "sesame" not in err
    finally:
        one.close()


def test_what_is_no_ledger_of_ours(database, tmp_path):
    office = Office(tmp_path / "one", database, transport="outbox", letters=3)
    database.sql(f"CREATE SCHEMA {office.schema}; CREATE TABLE {office.schema}.pupils (name text)")
    assert "another program's" in office.run("plan", "letter.md", "heads", status=78).err
    database.sql(f"DROP TABLE {office.schema}.pupils")
    assert office.run("status", status=None).returncode in (0, 66)
    office.plan()
    database.sql(f"INSERT INTO {office.schema}.migrations VALUES (999, 0, '9.9')")
    assert "newer circular" in office.run("status", status=78).err


def test_busy_and_read_only(own_database, tmp_path):
    office = Office(tmp_path / "one", own_database, transport="outbox", letters=3)
    office.plan()
    own_database.sql("ALTER SYSTEM SET default_transaction_read_only = on")
    own_database.sql("SELECT pg_reload_conf()")
    assert "can only be read" in office.send(status=74).err
    assert re.search(r"planned +3\b", office.run("status", office.id).out)
    own_database.sql("SET default_transaction_read_only = off", "ALTER SYSTEM RESET default_transaction_read_only")
    own_database.sql("SET default_transaction_read_only = off", "ALTER SYSTEM SET max_connections = 5")
    own_database.sql("SET default_transaction_read_only = off", "ALTER SYSTEM SET superuser_reserved_connections = 0")
    own_database.stop()
    own_database.start()
    idlers = []
    try:
        for _ in range(5):
            idlers.append(own_database.session("SELECT 'in';", "in"))
        assert "too many" in office.run("status", status=75).err
    finally:
        for one in idlers:
            one.kill()
            one.wait()
    wait_until(lambda: office.send(status=[0, 75]).returncode == 0, "there never is room again")


def test_a_turn_that_never_comes(database, tmp_path):
    """Somebody else writes for longer than is waited: nothing is sent, and the reason is said."""
    office = Office(tmp_path / "one", database, transport="outbox", letters=3)
    office.plan()
    holder = database.session(f"BEGIN; LOCK TABLE {office.schema}.mailings IN ACCESS EXCLUSIVE MODE; SELECT 'held';", "held")
    assert "locked for 20 s" in office.send(status=75).err
    holder.communicate("ROLLBACK;\n")
    office.send()


# --- moved ---------------------------------------------------------------------------------------


def rows_of(connection, table):
    return sorted(map(str, connection.execute(f"SELECT * FROM {table}").fetchall()))


def test_a_ledger_is_moved_there_and_back(database, tmp_path):
    server = crashdrill.Server({"faults": [{"stage": "rcpt", "nth": 2, "do": "reply", "text": "550 5.1.1 no such user"}]})
    office = Office(tmp_path / "one", database, port=server.port, letters=9)
    url = database.url()
    config = office.path("config")
    with open(config, encoding="utf-8") as file:
        text = file.read()
    office.write("config", re.sub(r"ledger: .*", f"ledger: {{schema: {office.schema}}}", text))
    office.plan()
    office.send(status=69)
    office.run("suppress", "add", "gone@example.org")
    said = office.run("ledger", "copy", "ledger.db", url).out
    assert "read back and found the same" in said
    assert "into an empty one" in office.run("ledger", "copy", "ledger.db", url, status=65).err
    office.run("ledger", "copy", url, "back.db")
    with contextlib.closing(sqlite3.connect(office.path("ledger.db"))) as one, \
            contextlib.closing(sqlite3.connect(office.path("back.db"))) as two:
        tables = [name for name, in one.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE "
                                                "'sqlite_%' AND name <> 'migrations'")]
        assert len(tables) > 15
        for table in tables:
            assert rows_of(one, table) == rows_of(two, table), table
        assert rows_of(one, "deliveries")
    office.write("config", text)
    assert re.search(r"sent +8\b", office.run("status", office.id).out)
    assert "refused" in office.run("report", office.id).out
    server.close()


def test_a_copy_that_is_cut_off_goes_on(database, tmp_path):
    office = Office(tmp_path / "one", database, transport="outbox", letters=6000)
    office.plan()
    config = office.path("config")
    with open(config, encoding="utf-8") as file:
        text = file.read()
    office.write("config", re.sub(r"ledger: .*", "ledger: ledger.db", text))
    office.run("plan", "letter.md", "heads")
    words = ["ledger", "copy", "ledger.db", database.url()]
    office.write("config", re.sub(r"ledger: .*", f"ledger: {{schema: {office.schema}_copy}}", text))

    def cut(step):
        office.run(*words, hooks=f"stop-after={step}", status=-signal.SIGKILL)

    cut(1)  # its schema is made
    cut(4)
    for other in ["status"], ["ledger", "copy", database.url(), "back.db"]:
        office.write("config", re.sub(r"ledger: .*", f"ledger: {{server: '{office.url}', schema: {office.schema}_copy}}",
                                      text))
        err = office.run(*other, status=78).err
        assert "a copy into it has begun and not ended" in err
    cut(2)
    out = office.run(*words).out
    assert re.search(r"An earlier copy was gone on with, after its \d+ rows", out) and "found the same" in out
    office.run("ledger", "copy", database.url(), "back.db", hooks="stop-after=6", status=-signal.SIGKILL)
    # What the source says otherwise since is not left as it was.
    database.sql(f"UPDATE {office.schema}_copy.deliveries SET address = 'moved@example.org' WHERE number = 7")
    assert "it was begun anew" in office.run("ledger", "copy", database.url(), "back.db").out
    with contextlib.closing(sqlite3.connect(office.path("back.db"))) as back:
        assert back.execute("SELECT count(*), sum(address = 'moved@example.org') FROM deliveries").fetchone() == (6000, 1)
    office.write("config", re.sub(r"ledger: .*", "ledger: back.db", text))
    assert re.search(r"planned +6,000\b", office.run("status", office.id).out)


def test_every_column_is_copied(database, tmp_path):
    """A column that a later version adds has to be in the table of ledgercopy.c."""
    with open(os.path.join(ROOT, "lib", "ledger", "ledgercopy.c"), encoding="utf-8") as file:
        text = re.sub(r'"\s*\n\s*"', "", file.read())
    listed = {name: {column.strip().replace('\\"', "") for column in columns.split(",")}
              for name, columns in re.findall(r'\{"(\w+)",\s*"((?:[^"\\]|\\.)*)",\s*"[itrb]+"', text)}
    office = Office(tmp_path / "one", database, transport="outbox", letters=1)
    office.plan()
    there = {}
    for table, column in office.ledger("SELECT table_name, column_name FROM information_schema.columns WHERE "
                                       f"table_schema = '{office.schema}'"):
        there.setdefault(table, set()).add(column)
    assert {"migrations", "commits"} <= set(there)
    del there["migrations"], there["commits"]
    assert listed == there
