"""Letters in doubt, settled by proof: copies in a real Dovecot's folder of sent mail, and reports of success."""
import imaplib
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time

import pytest

import mailhost
from conftest import PROGRAM, ROOT, Carrier
from test_bounces import DOMAIN, SECRET as LOOP_SECRET, at, empty_loop, loop, set_up  # noqa: F401

FILED = "director@example.org"
SENT = "Sent Items"
SECRET = {"MAIL_PASSWORD": mailhost.PASSWORD, "CIRCULAR_TEST": "nodelay"}
CONFIG = """
from: "The Director of Schools <director@example.org>"
{relay}
imap: {{host: localhost, port: {imaps}, ca_file: {ca}, user: director@example.org, password_env: MAIL_PASSWORD}}
{more}
lists: {{schools: {{file: schools.csv}}}}
audiences: {{heads: {{list: schools, key: urn, email: email}}}}
"""


class SentHost(mailhost.MailHost):
    """One whose mailboxes have a folder of sent mail, marked as RFC 6154 wants it, and another folder."""

    def write(self, name, template):
        if name == "dovecot/dovecot.conf":
            template += ("\nnamespace inbox {{\n  mailbox \"" + SENT + "\" {{\n    auto = create\n"
                         "    special_use = \\Sent\n  }}\n  mailbox Elsewhere {{\n    auto = create\n  }}\n}}\nmail_fsync = never\n")
        super().write(name, template)

    def sign_in(self):
        imap = imaplib.IMAP4_SSL("localhost", self.imaps, ssl_context=ssl.create_default_context(cafile=self.ca))
        imap.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or each copy waits for an ACK
        imap.login(FILED, mailhost.PASSWORD)
        return imap


@pytest.fixture(scope="module")
def sent_host():
    reason = mailhost.why_not()
    if reason:
        pytest.skip(reason)
    one = SentHost(tempfile.mkdtemp(prefix="circular-", dir="/tmp"))
    one.start()
    yield one
    one.stop()


class Box:
    """The mailbox in which copies are filed."""

    def __init__(self, host):
        self.connection, self.lock = host.sign_in(), threading.Lock()

    def file(self, letter, folder=SENT, when=None):
        date = imaplib.Time2Internaldate(when or time.time())
        with self.lock:  # a relay takes letters in several threads
            typ, data = self.connection.append('"%s"' % folder, "\\Seen", date, letter)
        assert typ == "OK", data

    def flags(self):
        self.connection.select('"%s"' % SENT, readonly=True)
        return self.connection.fetch("1:*", "(FLAGS)")[1]


@pytest.fixture
def box(sent_host):
    for domain in os.listdir(sent_host.path("mail")):
        shutil.rmtree(sent_host.path("mail", domain))
    one = Box(sent_host)
    yield one
    one.connection.logout()


def prepare(workspace, host, relay, count, more=""):
    workspace.write("config", CONFIG.format(relay=relay, imaps=host.imaps, ca=host.ca, more=more))
    workspace.write("schools.csv", "urn,email\n" + "".join("s%04d,head%04d@%s\n" % (n, n, DOMAIN)
                                                           for n in range(1, count + 1)))
    workspace.write("letter.md", "---\nsubject: Dates\n---\n\nDear colleague of {{urn}},\n\nall is well.\n")


def doubt(workspace, condition="1"):
    """As where the connection was lost after each letter's end."""
    with sqlite3.connect(workspace.path("ledger.db")) as ledger:
        ledger.execute("UPDATE deliveries SET state = 'unknown', code = 0, enhanced = '', stage = 'message', "
                       "reply = 'the connection was lost after the message had been sent' WHERE " + condition)


def letters(workspace):
    """What the relay took: by number, as it would be filed."""
    found = {}
    folder = workspace.path("outbox", "new")
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), "rb") as file:
            text = file.read().split(b"\n", 2)[2].replace(b"\n", b"\r\n")
        number = int(re.search(rb"X-Circular-Delivery:\s+\S+/(\d+)", text).group(1))
        assert number not in found
        found[number] = text
    return found


def settle(workspace, *args, **kwargs):
    return json.loads(workspace.run("settle", *args, "--json", env=SECRET, **kwargs).out)


def on_record(workspace, sql):
    with sqlite3.connect(workspace.path("ledger.db")) as ledger:
        return ledger.execute(sql).fetchall()


def states(workspace):
    return dict(on_record(workspace, "SELECT state, count(*) FROM deliveries GROUP BY state"))


NAME = re.compile(rb"X-Circular-Delivery:\s+(\S+)/(\d+)\s+(\S+)")


def renamed(letter, name, token=None):
    """The letter with another name, or signature, in our header."""
    old = NAME.search(letter)
    new = b"X-Circular-Delivery: " + name + b" " + (token or old.group(3))
    return letter[:old.start()] + new + letter[old.end():]


def token_of(letter):
    return NAME.search(letter).group(3)


# What is filed of the letter of each kind, and how each must end. "late" is filed after the first look.
KINDS = {
    "in time": ("sent", "copy"), "early": ("sent", "copy"), "late": ("sent", "copy"), "never": ("unknown", "not-found"),
    "rewritten": ("sent", "copy"), "elsewhere": ("unknown", "not-found"), "twice": ("sent", "copy"),
    "wrong signature": ("unknown", "not-proven"), "another mailing": ("unknown", "not-proven"),
    "another letter": ("unknown", "not-proven"), "another address": ("unknown", "other-address"),
    "no signature": ("unknown", "not-proven"), "forged and true": ("sent", "copy"),
}


def put_away(box, kind, letter, donor):
    old = NAME.search(letter)
    name = old.group(1) + b"/" + old.group(2)
    day = 24 * 3600
    if kind == "in time" or kind == "late":
        box.file(letter)
    elif kind == "early":  # the server's clock and zone are its own
        box.file(letter, when=time.time() - 20 * 3600)
    elif kind == "rewritten":
        given = b"Message-ID: <" + old.group(2) + b"@prod.exchange.example>\r\n"
        box.file(re.sub(rb"(?im)^Message-ID:.*\r\n", given, letter))
    elif kind == "elsewhere":
        box.file(letter, folder="Elsewhere")
    elif kind == "twice":
        box.file(letter)
        box.file(letter)
    elif kind == "wrong signature":
        token = old.group(3)
        box.file(renamed(letter, name, token[:-1] + (b"a" if token[-1:] != b"a" else b"b")))
    elif kind == "another mailing":
        box.file(renamed(letter, b"spring-update-000000/" + old.group(2)))
    elif kind == "another letter":
        box.file(renamed(letter, name, token_of(donor)))
    elif kind == "another address":
        box.file(re.sub(rb"(?im)^To:.*\r\n(?:[ \t].*\r\n)*", b"To: somebody@example.org\r\n", letter))
    elif kind == "no signature":
        box.file(renamed(letter, name, b" ").replace(b"  \r\n", b"\r\n"))
    elif kind == "forged and true":
        box.file(renamed(letter, name, b"aaaaaaaaaaaaaaaaaaaaaa"))
        box.file(letter)
    else:
        assert kind == "never"
        # A copy from long before, under the same name: of no day that is looked at.
        box.file(letter, when=time.time() - 5 * day)


def test_a_thousand_doubts(workspace, sent_host, box):
    """Each ends as sent with the proof on record, or as unknown with the reason; none is sent by itself."""
    relay = workspace.carrier()
    count = 1000
    prepare(workspace, sent_host, relay.lines, count + 1)
    workspace.run("send", "letter.md", "heads", "--yes", env=SECRET)
    all_letters = letters(workspace)
    doubt(workspace, "number <= %d" % count)
    order = list(KINDS)
    kinds = {number: order[number % len(order)] for number in range(1, count + 1)}
    donor = all_letters[count + 1]
    people = (b"From: director@example.org\r\nTo: " + b", ".join(b"head%d@school.example" % n for n in range(400)) +
              b"\r\nSubject: \xff\xfe raw\r\n\r\nX-Circular-Delivery: no header of ours\r\n")
    for number, kind in kinds.items():
        if kind != "late":
            put_away(box, kind, all_letters[number], donor)
        if number % 20 == 0:
            box.file(people)
    box.file(donor)  # of a letter that was never in doubt
    before = box.flags()
    first = settle(workspace)
    assert first["folder"] == SENT and first["mailbox"] == FILED and first["looked_at"] == first["messages"] > 700
    late = {number for number, kind in kinds.items() if kind == "late"}
    for number in late:
        put_away(box, "late", all_letters[number], donor)
    found = {one["number"]: one for one in first["letters"]}
    assert set(found) == set(kinds)
    for number, kind in kinds.items():
        state, proof = ("unknown", "not-found") if number in late else KINDS[kind]
        one = found[number]
        assert (one["state"], one["settlement"]["kind"]) == (state, proof), (kind, one)
        assert one["settlement"]["proves"] == (state == "sent") and one["settlement"]["at"]
        assert one["settlement"]["copies"] == {"twice": 2}.get(kind, 1 if state == "sent" else 0)
        if proof != "not-found":
            assert one["settlement"]["uid"] and one["settlement"]["uidvalidity"] == first["uidvalidity"]
    # The second look takes only what is still in doubt, and finds what was filed late.
    second = settle(workspace)
    assert {one["number"] for one in second["letters"]} == {n for n in found if found[n]["state"] == "unknown"}
    assert second["sent"] == len(late)
    third = settle(workspace)
    assert third["sent"] == 0 and third["unknown"] == second["unknown"]
    expected = sum(KINDS[kind][0] == "sent" for kind in kinds.values())
    assert states(workspace) == {"sent": expected + 1, "unknown": count - expected}
    # All of it is on record, and shown.
    (mailing,) = json.loads(workspace.run("status", "--json").out)
    shown = json.loads(workspace.run("status", mailing["id"], "--recipients", "--json").out)["recipients"]
    for one in shown:
        if one["number"] in kinds:
            state, proof = KINDS[kinds[one["number"]]]
            assert (one["state"], one["settlement"]["kind"]) == (state, proof)
            assert one["settlement"]["folder"] == SENT
    ids = dict(on_record(workspace, "SELECT number, message_id FROM deliveries WHERE message_id <> ''"))
    assert ids == {n: "<%d@prod.exchange.example>" % n for n, kind in kinds.items() if kind == "rewritten"}
    report = json.loads(workspace.run("report", mailing["id"], "--json").out)
    assert report["settled_count"] == expected and "proven sent" in report["beside"]
    assert {one["settlement"]["kind"] for one in report["calls"]} == {"not-found", "not-proven", "other-address"}
    # Nothing was sent, marked or moved by it.
    assert len(relay.taken) == count + 1
    assert before == box.flags()[:len(before)]
    assert all(b"Seen" in one for one in box.flags())


def test_told(workspace, sent_host, box):
    """What a person reads: of each letter, in the history, the report, and when nothing is in doubt."""
    relay = workspace.carrier()
    prepare(workspace, sent_host, relay.lines, 3)
    workspace.run("send", "letter.md", "heads", "--yes", env=SECRET)
    assert "No letter is in doubt." in workspace.run("settle").out
    assert "settle --quiet" not in workspace.run("cron", "print").out
    mine = letters(workspace)
    doubt(workspace, "number <= 2")
    box.file(mine[1])
    done = workspace.run("settle", env=SECRET)
    assert "1 proven sent, 1 still unknown" in done.out and "its copy is in the folder 'Sent Items'" in done.out
    assert "which proves nothing" in done.out and "settle' looks again" in done.out
    (mailing,) = json.loads(workspace.run("status", "--json").out)
    lines = workspace.run("status", mailing["id"], "--recipients").out
    assert "circular settle" in lines
    (one,) = [line for line in lines.splitlines() if line.startswith("s0001")]
    (two,) = [line for line in lines.splitlines() if line.startswith("s0002")]
    assert "sent" in one and "its copy is in the folder" in one
    assert "unknown" in two and "the connection was lost" in two and "no copy of it is in the folder" in two
    assert "its copy is in the folder" in workspace.run("history", "s0001").out
    assert json.loads(workspace.run("history", "s0001", "--json").out)[0]["settlement"]["kind"] == "copy"
    workspace.run("history", "s0001", "--html", "past.html")
    assert b"its copy is in the folder" in workspace.read("past.html")
    workspace.run("report", mailing["id"], "--html", "report.html")
    assert b"no copy of it is in the folder" in workspace.read("report.html")
    rows = workspace.run("report", mailing["id"], "--csv").out.splitlines()
    assert "its copy is in the folder" in rows[1] and "no copy of it" in rows[2]
    assert json.loads(workspace.run("settle", mailing["id"], "--json", env=SECRET).out)["unknown"] == 1
    workspace.run("settle", "no-such-mailing", status=66)


def test_stopped_and_lost(workspace, sent_host, box):
    """kill -9 while the folder is read, and just after the commit: nothing is counted wrong."""
    relay = workspace.carrier()
    prepare(workspace, sent_host, relay.lines, 20)
    workspace.run("send", "letter.md", "heads", "--yes", env=SECRET)
    mine = letters(workspace)
    doubt(workspace)
    for number in range(1, 16):
        box.file(mine[number])
    killed = subprocess.Popen([PROGRAM, "settle"], cwd=workspace.folder, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, env={**os.environ, **SECRET, "CIRCULAR_TRACE": "imap"})
    for line in killed.stderr:
        if b"UID SEARCH" in line:
            killed.send_signal(signal.SIGKILL)
            break
    killed.wait(60)
    killed.stderr.close()
    assert states(workspace) in ({"unknown": 20}, {"sent": 15, "unknown": 5})
    doubt(workspace)
    on_record(workspace, "DELETE FROM settlements")
    done = workspace.run("settle", env={**SECRET, "CIRCULAR_TEST": "nodelay,stop-after=1"}, status=None)
    assert done.returncode not in (0, 75)
    after = settle(workspace)
    assert states(workspace) == {"sent": 15, "unknown": 5}
    assert after["unknown"] == 5
    assert on_record(workspace, "SELECT kind, count(*) FROM settlements GROUP BY kind ORDER BY kind") == [
        ("copy", 15), ("not-found", 5)]
    assert len(relay.taken) == 20


def fake_imap(script):
    """A scripted server (tests/fake/imap-server) and its port; it ends when its standard input does."""
    server = subprocess.Popen([sys.executable, os.path.join(ROOT, "tests/fake/imap-server")], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE)
    with socket.create_connection(("127.0.0.1", int(server.stdout.readline()))) as control, control.makefile("rw") as file:
        file.write(json.dumps(script) + "\n")
        file.flush()
        return server, int(file.readline())


def test_faults_of_the_server(workspace, sent_host):
    """Where the connection is lost the rest is read on another; what can't be read is no proof of absence."""
    relay = workspace.carrier()
    prepare(workspace, sent_host, relay.lines, 4)
    workspace.run("send", "letter.md", "heads", "--yes", env=SECRET)
    mine = letters(workspace)
    texts = [mine[n].decode("latin-1") for n in (1, 2)] + ["To: x\r\n\r\n"] * 300 + [mine[3].decode("latin-1")]
    folders = {"INBOX": [], "Sent": texts}
    special = {"Sent": "\\Sent"}

    def run(faults, status, **script):
        doubt(workspace)
        with sqlite3.connect(workspace.path("ledger.db")) as ledger:
            ledger.execute("DELETE FROM settlements")
        server, port = fake_imap({"users": {FILED: mailhost.PASSWORD}, "folders": folders, "faults": faults,
                                  "special": special, **script})
        try:
            config = CONFIG.format(relay=relay.lines, imaps=port, ca=sent_host.ca, more="")
            workspace.write("config", config.replace("imap: {", "imap: {tls: none, "))
            return workspace.run("settle", env=SECRET, status=status)
        finally:
            server.stdin.close()
            server.wait(20)
            server.stdout.close()

    stage = {"stage": "uid fetch", "do": "drop"}
    run([], 0)
    assert states(workspace) == {"sent": 3, "unknown": 1}
    run([{**stage, "nth": 1}, {**stage, "nth": 3}], 0)
    assert states(workspace) == {"sent": 3, "unknown": 1}
    # A message at which every connection breaks is passed over.
    run([{**stage, "match": "UID FETCH 1 "}, {**stage, "match": "UID FETCH 1:"}], 0)
    assert states(workspace) == {"sent": 2, "unknown": 2}
    rows = on_record(workspace, "SELECT DISTINCT looked, there FROM settlements WHERE kind = 'not-found'")
    assert rows == [(302, 303)]
    # Nothing is said of what wasn't looked at.
    done = run([stage], 75)
    assert states(workspace) == {"unknown": 4} and not on_record(workspace, "SELECT * FROM settlements")
    assert "0 of 303 messages in the folder 'Sent' could be looked at" in done.err
    # What was found before it broke for good is on record.
    run([{**stage, "match": "251"}, {"stage": "authenticate", "do": "drop", "nth": 2}], 75)
    assert states(workspace) == {"sent": 2, "unknown": 2}
    assert on_record(workspace, "SELECT DISTINCT kind FROM settlements") == [("copy",)]
    assert "settle.folder" in run([], 78, special={}).err
    run([{"stage": "authenticate", "do": "no", "text": "wrong"}], 77)


def test_a_folder_too_large(workspace, sent_host):
    """No more are looked at in one run than its limit, and that is said."""
    relay = workspace.carrier()
    prepare(workspace, sent_host, relay.lines, 1)
    workspace.run("send", "letter.md", "heads", "--yes", env=SECRET)
    most = 100000
    for there, last in ((most, "99751:100000"), (most + 1, "99751:100000"), (most - 1, "99751:99999")):
        doubt(workspace)
        uids = "* SEARCH " + " ".join(str(n) for n in range(1, there + 1)) + "\r\nTAG OK done\r\n"
        server, port = fake_imap({"users": {FILED: mailhost.PASSWORD}, "folders": {"INBOX": [], "Sent": []},
                                  "special": {"Sent": "\\Sent"},
                                  "faults": [{"stage": "uid search", "do": "raw", "text": uids},
                                             {"stage": "uid fetch", "do": "raw", "text": "TAG OK done\r\n"}]})
        try:
            config = CONFIG.format(relay=relay.lines, imaps=port, ca=sent_host.ca, more="")
            workspace.write("config", config.replace("imap: {", "imap: {tls: none, "))
            done = workspace.run("settle", "--json", env={**SECRET, "CIRCULAR_TRACE": "imap"})
        finally:
            server.stdin.close()
            server.wait(20)
            server.stdout.close()
        assert json.loads(done.out)["messages"] == there and json.loads(done.out)["looked_at"] == 0
        fetched = re.findall(r"UID FETCH (\S+) ", done.err)
        assert len(fetched) == 400 and fetched[-1] == last
        assert states(workspace) == {"unknown": 1}


def test_which_mailbox(workspace, sent_host, box):
    """settle.folder and settle.user say where copies are; without a mailbox there is nothing to look at."""
    relay = workspace.carrier()
    prepare(workspace, sent_host, relay.lines, 2, "settle: {folder: Elsewhere}")
    workspace.run("send", "letter.md", "heads", "--yes", env=SECRET)
    mine = letters(workspace)
    doubt(workspace)
    box.file(mine[1], folder="Elsewhere")
    box.file(mine[2])
    assert settle(workspace)["folder"] == "Elsewhere" and states(workspace) == {"sent": 1, "unknown": 1}
    config = workspace.read("config").decode()
    other = config.replace("user: director@example.org, password_env: MAIL_PASSWORD", "user: bounces@example.org, "
                           "password_env: OTHER")
    workspace.write("config", other.replace("settle: {folder: Elsewhere}",
                                            "settle: {user: director@example.org, password_env: MAIL_PASSWORD}"))
    done = settle(workspace)
    assert done["mailbox"] == FILED and states(workspace) == {"sent": 2}
    doubt(workspace)
    workspace.write("config", re.sub(r"(?m)^imap:.*$", "", config))
    assert "settle.host" in workspace.run("settle", status=78).err
    for wrong in ("settle: {password_env: X}", "settle: {host: localhost}", "settle: {user: x}"):
        workspace.write("config", config.replace("settle: {folder: Elsewhere}", wrong))
        assert "settle.user" in workspace.run("settle", status=78).err
    workspace.write("config", config.replace("Elsewhere", "No Such"))
    assert "No Such" in workspace.run("settle", env=SECRET, status=77).err


class Filer(Carrier):
    """A relay that files a copy of what it takes, and may then be lost before it answers."""

    def take(self, entry):
        text = entry["message"]
        super().take(entry)
        if self.box:
            self.box.file(text)

    box = None


def test_after_send(workspace, sent_host, box):
    """settle.after_send looks after a run that leaves doubts, and before any is sent again."""
    lost = {"stage": "dot", "do": "drop", "took": True, "match": "head0002"}
    relay = Filer(workspace.path("outbox"), {"faults": [lost]})
    relay.box = box
    prepare(workspace, sent_host, relay.lines, 4, "settle: {after_send: yes}")
    done = workspace.run("send", "letter.md", "heads", "--yes", env=SECRET)
    assert "1 proven sent" in done.out and states(workspace) == {"sent": 4}
    assert "settle --quiet" in workspace.run("cron", "print").out
    assert workspace.run("settle", "--quiet", env=SECRET).out == ""
    # Where no copy is filed the letter stays in doubt, and send says so as ever.
    relay.box = None
    workspace.write("letter.md", workspace.read("letter.md").decode().replace("Dates", "More dates"))
    done = workspace.run("send", "letter.md", "heads", "--yes", "--again", env=SECRET, status=69)
    assert "0 proven sent, 1 still unknown" in done.out and "circular settle" in done.err
    (mailing,) = [one for one in json.loads(workspace.run("status", "--json").out) if one["counts"]["unknown"]]
    # The copy comes late: who has the letter gets no second one, though a person asked for it.
    taken = len(relay.taken)
    for name in os.listdir(workspace.path("outbox", "new")):
        text = workspace.read(os.path.join("outbox", "new", name)).split(b"\n", 2)[2].replace(b"\n", b"\r\n")
        if mailing["id"].encode() in text and b"head0002" in text:
            box.file(text)
    workspace.run("send", mailing["id"], "--resend-unknown", "--yes", env=SECRET)
    assert len(relay.taken) == taken and states(workspace) == {"sent": 8}
    # Without a look nothing is sent again.
    doubt(workspace, "number = 1")
    workspace.run("send", mailing["id"], "--resend-unknown", "--yes", env={**SECRET, "MAIL_PASSWORD": "wrong"}, status=77)
    assert len(relay.taken) == taken


def test_reports_of_success(workspace, empty_loop):
    """relay.dsn: a letter that was in doubt and is sent again asks for a report, which settles it; no other does."""
    set_up(workspace, empty_loop)
    config = workspace.read("config").decode().replace("  connections: 4\n", "  connections: 4\n  dsn: doubt\n")
    workspace.write("config", config)
    trace = {**LOOP_SECRET, "CIRCULAR_TRACE": "smtp"}
    done = workspace.run("send", "letter.md", "heads", "--yes", env=trace)
    assert "RCPT TO" in done.err and "NOTIFY" not in done.err and "ENVID" not in done.err
    empty_loop.await_empty_queue()
    workspace.run("bounces", env=LOOP_SECRET)
    (mailing,) = json.loads(workspace.run("status", "--json").out)
    doubt(workspace, "key = 'head01'")
    done = workspace.run("send", mailing["id"], "--resend-unknown", "--yes", env=trace)
    (line,) = [one for one in done.err.splitlines() if "NOTIFY" in one]
    assert "RCPT TO:<%s> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;%s" % (at("head01"), at("head01")) in line
    (line,) = [one for one in done.err.splitlines() if "ENVID" in one]
    assert "RET=HDRS ENVID=%s/" % mailing["id"] in line
    empty_loop.await_empty_queue()
    # The second answer is lost, too; the report settles it.
    doubt(workspace, "key = 'head01'")
    summary = json.loads(workspace.run("bounces", "--json", env=LOOP_SECRET).out)
    assert summary["settled"] == 1 and states(workspace).get("unknown") is None
    shown = json.loads(workspace.run("status", mailing["id"], "--recipients", "--json").out)["recipients"]
    (one,) = [row for row in shown if row["key"] == "head01"]
    assert one["state"] == "sent" and one["settlement"]["kind"] == "report" and one["settlement"]["notice"]
    doctor = workspace.run("doctor", env=LOOP_SECRET, status=None).out
    assert "the relay offers reports of success (DSN), and letters in doubt" in doctor


def test_doctor(workspace, sent_host, box):
    """What this setup can prove: whether the folder is there, whose it is, and whether copies of ours are in it."""
    relay = workspace.carrier()
    prepare(workspace, sent_host, relay.lines, 2)

    def told(status=None):
        results = json.loads(workspace.run("doctor", "--json", env=SECRET, status=status).out)["checks"]
        return [(one["mark"], one["what"]) for one in results if one["check"] == "settle"]

    def has(mark, part):
        return any(one == mark and part in what for one, what in told())

    assert has("ok", "'Sent Items' opens (the server marks it)") and has("ok", "no copy of ours is there yet")
    assert has("ok", "settle.after_send") and has("ok", "offers no reports of success")
    workspace.run("send", "letter.md", "heads", "--yes", env=SECRET)
    box.file(b"To: x@example.org\r\n\r\n")
    assert has("warn", "none of the latest 1 messages")
    for letter in letters(workspace).values():
        box.file(letter)
    assert has("ok", "2 of the latest 3 messages there are copies of our letters")
    config = workspace.read("config").decode()
    workspace.write("config", config.replace("port: %d, tls: none" % relay.port, "port: %d, tls: none, dsn: doubt" % relay.port))
    assert has("warn", "relay.dsn is doubt, and the relay offers no")
    workspace.write("config", config + "settle: {folder: Nowhere}\n")
    assert has("fail", "Nowhere")
