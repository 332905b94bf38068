"""The whole loop: sixty schools through a real Postfix and Dovecot, and what comes back from them, read over IMAP."""
import email
import email.policy
import email.utils
import imaplib
import json
import os
import re
import shutil
import smtplib
import sqlite3
import ssl
import subprocess
import tempfile
import time
import urllib.parse

import pytest

import mailhost
from conftest import PROGRAM

# Every address is taken at first; what has no mailbox comes back as a report to the envelope sender.
GONE = ["gone%d" % n for n in range(1, 6)]
SPECIAL = ["full", "away", "tired", "cross"]
FINE = ["head%02d" % n for n in range(1, 52)]
SCHOOLS = FINE + GONE + SPECIAL
DOMAIN = "northmere.example"

MX = """
127.0.0.1:{mx} inet n - n - - smtpd
  -o smtpd_recipient_restrictions=permit_mynetworks,reject
"""

CONFIG = """
from: "The Director of Schools <director@example.org>"
transport: relay
relay:
  host: localhost
  port: {submission}
  ca_file: {ca}
  user: director@example.org
  password_env: MAIL_PASSWORD
  connections: 4
bounce:
  address: {bounces}
  verp: {verp}
imap:
  host: localhost
  port: {imap}
  tls: {tls}
  ca_file: {ca}
  user: {bounces}
  password_env: MAIL_PASSWORD
lists:
  schools:
    file: schools.csv
audiences:
  heads:
    list: schools
    key: urn
    email: email
  governors:
    list: schools
    key: urn
    email: email
"""
SECRET = {"MAIL_PASSWORD": mailhost.PASSWORD}
LETTER = "---\nsubject: Dates for {{urn}}\n---\n\nDear colleague of {{urn}},\n\nall is well.\n"


class LoopHost(mailhost.MailHost):
    """Mailboxes for those who have one, a full one, and a port that takes mail from anywhere on this machine."""

    def __init__(self, folder):
        super().__init__(folder)
        self.mx = mailhost.free_ports(1)[0]

    def write(self, name, template):
        if name == "etc/master.cf":
            template = template + MX.replace("{mx}", str(self.mx))
        if name == "dovecot/dovecot.conf":
            template = template.replace("  driver = static\n  args = uid=mail gid=mail home={d}/mail/%d/%n "
                                        "allow_all_users=yes\n",
                                        "  driver = passwd-file\n  args = username_format=%u {d}/dovecot/users\n"
                                        "  override_fields = uid=mail gid=mail home={d}/mail/%d/%n\n")
            assert "passwd-file" in template
            template += "\nmail_plugins = quota\nplugin {{\n  quota = maildir:User quota\n}}\n"
            self.write_users()
        super().write(name, template)

    def write_users(self):
        with open(self.path("dovecot/users"), "w") as out:
            for name in FINE + SPECIAL:
                extra = "userdb_quota_rule=*:bytes=10" if name == "full" else ""
                out.write("%s@%s::::::: %s\n" % (name, DOMAIN, extra))
            for name in ("director", "bounces", "plainly", "feedback"):
                out.write("%s@example.org:::::::\n" % name)

    def give(self, sender, recipient, message):
        with smtplib.SMTP("127.0.0.1", self.mx) as smtp:
            smtp.sendmail(sender, [recipient], message)

    def mailbox(self, user, folder="INBOX"):
        """The messages of a folder; None if there is none of that name."""
        context = ssl.create_default_context(cafile=self.ca)
        with imaplib.IMAP4_SSL("localhost", self.imaps, ssl_context=context) as imap:
            imap.login(user, mailhost.PASSWORD)
            if imap.select(folder, readonly=True)[0] != "OK":
                return None
            _, found = imap.search(None, "ALL")
            raw = [imap.fetch(number, "(BODY.PEEK[])")[1][0][1] for number in found[0].split()]
        return [email.message_from_bytes(one, policy=email.policy.default) for one in raw]

    def letter(self, name):
        """The one letter in a school's mailbox, as bytes too."""
        (letter,) = self.mailbox("%s@%s" % (name, DOMAIN))
        return letter


@pytest.fixture(scope="module")
def loop():
    reason = mailhost.why_not()
    if reason:
        pytest.skip(reason)
    host = LoopHost(tempfile.mkdtemp(prefix="circular-", dir="/tmp"))
    host.start()
    yield host
    host.stop()


@pytest.fixture
def empty_loop(loop):
    """The host with every mailbox empty."""
    for domain in os.listdir(loop.path("mail")):
        shutil.rmtree(loop.path("mail", domain))
    return loop


def set_up(workspace, host, bounces="bounces@example.org", verp="plus", tls="tls"):
    workspace.write("config", CONFIG.format(submission=host.submission, ca=host.ca, bounces=bounces, verp=verp, tls=tls,
                                            imap=host.imaps if tls == "tls" else host.imap))
    lines = ["urn,email"] + ["%s,%s@%s" % (name, name, DOMAIN) for name in SCHOOLS]
    workspace.write("schools.csv", "\n".join(lines) + "\n")
    workspace.write("letter.md", LETTER)


def send(workspace, host):
    workspace.run("send", "letter.md", "heads", "--yes", env=SECRET)
    host.await_empty_queue()


def return_path(letter):
    return letter["Return-Path"].strip().strip("<>")


def auto_reply(host):
    letter = host.letter("away")
    reply = ("From: Away Head <away@%s>\r\nTo: <%s>\r\nSubject: Automatic reply: %s\r\nAuto-Submitted: auto-replied\r\n"
             "X-Auto-Response-Suppress: All\r\nDate: %s\r\nMessage-ID: <ooo@%s>\r\n\r\n"
             "I have left Hill School. Please write to my successor, new.head@%s.\r\n" %
             (DOMAIN, return_path(letter), letter["Subject"], email.utils.formatdate(), DOMAIN, DOMAIN))
    host.give("", return_path(letter), reply.encode())


def unsubscribe(host, name="tired", more=""):
    """What a mail program sends when its unsubscribe button is pressed."""
    uri = urllib.parse.urlsplit(host.letter(name)["List-Unsubscribe"].strip().strip("<>"))
    assert uri.scheme == "mailto"
    subject = urllib.parse.parse_qs(uri.query)["subject"][0]
    message = "From: %s@%s\r\nTo: %s\r\nSubject: %s\r\n\r\n%s\r\n" % (name, DOMAIN, uri.path, subject, more)
    host.give("%s@%s" % (name, DOMAIN), uri.path, message.encode())


def complaint(host):
    """A report on abuse (RFC 5965) to the bounce address, as a provider's feedback loop makes it."""
    letter = host.letter("cross")
    to = host.letter("cross")["Return-Path"].strip("<>").split("+")[0].split("@")[0] + "@example.org"
    report = ("From: <feedback@example.org>\r\nTo: <{to}>\r\nSubject: FW: {subject}\r\nMIME-Version: 1.0\r\n"
              "Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n"
              "--b\r\nContent-Type: text/plain\r\n\r\nThis is an email abuse report.\r\n"
              "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: Loop/1\r\n"
              "Version: 1\r\nOriginal-Mail-From: <{path}>\r\nOriginal-Rcpt-To: <cross@{domain}>\r\n\r\n"
              "--b\r\nContent-Type: message/rfc822\r\n\r\n{letter}\r\n--b--\r\n").format(
                  to=to, subject=letter["Subject"], path=return_path(letter), domain=DOMAIN,
                  letter=letter.as_bytes().decode())
    host.give("feedback@example.org", to, report.encode())


def report_of(to, recipient, status="5.1.1", diagnostic="smtp; 550 5.1.1 no such user", letter=""):
    """A report as Postfix writes it, that anybody could write."""
    return ("From: MAILER-DAEMON@mx.example.net\r\nTo: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
            "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
            "--b\r\nContent-Type: text/plain\r\n\r\nI'm sorry: <{recipient}>: user unknown\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
            "Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: {status}\r\n"
            "Diagnostic-Code: {diagnostic}\r\n\r\n"
            "--b\r\nContent-Type: message/rfc822\r\n\r\n{letter}\r\n--b--\r\n").format(
                to=to, recipient=recipient, status=status, diagnostic=diagnostic, letter=letter).encode()


def forged(host):
    """None of these may change anything for anybody but the one school whose own token one of them holds."""
    bounces = "bounces@example.org"
    fine = return_path(host.letter("head02"))
    local, domain = fine.split("@")
    tampered = local[:-1] + ("a" if local[-1] != "a" else "b") + "@" + domain
    subject = "Message-ID: <%s>\r\nX-Circular-Delivery: letter-000000/3\r\nSubject: x\r\n\r\nx" % "letter.3@example.org"
    host.give("", bounces, report_of(bounces, "head01@" + DOMAIN, letter=subject))
    host.give("", tampered, report_of(tampered, "head02@" + DOMAIN))
    # A token taken from head03's own letter, used against head04.
    borrowed = return_path(host.letter("head03"))
    host.give("", borrowed, report_of(borrowed, "head04@" + DOMAIN))
    # A refusal on grounds of policy, with head05's true token.
    policy = return_path(host.letter("head05"))
    host.give("", policy, report_of(policy, "head05@" + DOMAIN, "5.7.1", "smtp; 550 5.7.1 message refused by policy"))
    # A bounce of a bounce: what failed was sent to our own address.
    double = return_path(host.letter("head06"))
    host.give("", double, report_of(double, double))
    # A delay, twice the same.
    delay = return_path(host.letter("head07"))
    slow = report_of(delay, "head07@" + DOMAIN, "4.4.1", "smtp; 451 4.4.1 no answer").replace(b"failed", b"delayed")
    host.give("", delay, slow)
    # A person writes, and another asks for no more without a token.
    host.give("head08@" + DOMAIN, bounces, b"From: head08@%s\r\nSubject: Re: Dates\r\n\r\nThank you!\r\n" % DOMAIN.encode())
    host.give("head09@" + DOMAIN, bounces, b"From: head09@%s\r\nSubject: unsubscribe\r\n\r\n\r\n" % DOMAIN.encode())


def states(workspace, plan="letter-"):
    status = json.loads(workspace.run("status", "--json", "--recipients", plan).out)
    return {one["key"]: one["state"] for one in status["recipients"]}


def suppressions(workspace):
    return {(one["address"], one["audience"]): one["reason"]
            for one in json.loads(workspace.run("suppress", "list", "--json").out)}


def at(name):
    return "%s@%s" % (name, DOMAIN)


EXPECTED = {**{(at(name), ""): "bounce-hard" for name in GONE}, (at("tired"), "heads"): "unsubscribe",
            (at("cross"), ""): "complaint"}


def count_messages(host, user="bounces@example.org"):
    return {name: len(host.mailbox(user, name) or []) for name in ("INBOX", "Processed", "Review")}


def check_all(workspace, host):
    """Ledger, folders and suppressions are exactly right."""
    by_key = states(workspace)
    bounced = {name for name, state in by_key.items() if state == "bounced"}
    assert bounced == {*GONE, "full", "head05"}
    assert {name for name, state in by_key.items() if state == "complained"} == {"cross"}
    assert all(by_key[name] == "sent" for name in SCHOOLS if name not in bounced | {"cross"})
    assert suppressions(workspace) == EXPECTED
    # 5 gone, 1 full, 1 away, 1 unsubscribes, 1 complains, 1 borrowed token, 1 policy, 1 delay
    assert count_messages(host) == {"INBOX": 0, "Processed": 12, "Review": 5}
    review = json.loads(workspace.run("bounces", "--review", "--json").out)
    assert sorted((one["kind"], one["verified"]) for one in review) == sorted([
        ("bounce-hard", False), ("bounce-hard", False), ("bounce-hard", True), ("bounce-hard", True),
        ("auto-reply", True), ("reply", False), ("unsubscribe", False)])
    (away,) = [one for one in review if one["kind"] == "auto-reply"]
    assert away["successor"] == "new.head@" + DOMAIN and away["key"] == "away"
    assert "my successor" in away["text"]


def check_next_plan(workspace):
    workspace.write("next.md", LETTER.replace("Dates", "Next dates"))
    plan = json.loads(workspace.run("plan", "next.md", "heads", "--json").out)
    assert plan["letters"] == len(SCHOOLS) - len(GONE) - 2
    left_out = {one["key"]: one["reason"] for one in plan["excluded"]}
    assert set(left_out) == {*GONE, "tired", "cross"}
    assert all(re.match(r"suppressed since \d+ [A-Z][a-z][a-z] 20\d\d: ", reason) for reason in left_out.values())
    # Another audience: who unsubscribed from the first one still gets it.
    workspace.write("other.md", LETTER.replace("Dates", "Minutes"))
    plan = json.loads(workspace.run("plan", "other.md", "governors", "--json").out)
    assert {one["key"] for one in plan["excluded"]} == {*GONE, "cross"}


def bounce_all(host):
    auto_reply(host)
    unsubscribe(host)
    complaint(host)
    forged(host)
    host.await_empty_queue()


def test_the_whole_loop(workspace, empty_loop):
    set_up(workspace, empty_loop)
    send(workspace, empty_loop)
    bounce_all(empty_loop)
    assert count_messages(empty_loop)["INBOX"] == 17
    done = json.loads(workspace.run("bounces", "--json", env=SECRET).out)
    assert done["messages"] == 17 and done["to_review"] == 5 and done["repeated"] == 0
    assert done["suppressed"] == 6 and done["unsubscribed"] == 1 and done["bounced"] == 7 and done["complained"] == 1
    check_all(workspace, empty_loop)
    again = json.loads(workspace.run("bounces", "--json", env=SECRET).out)
    assert not any(value for name, value in again.items() if name != "schema")
    check_all(workspace, empty_loop)
    check_next_plan(workspace)
    told = workspace.run("history", "gone1").out
    assert "bounced" in told and "came back" in told and "5.1.1" in told
    assert "complained" in workspace.run("history", at("cross")).out


def test_killed_at_every_step_it_applies_once(workspace, empty_loop):
    set_up(workspace, empty_loop, tls="starttls")
    send(workspace, empty_loop)
    bounce_all(empty_loop)
    steps = [1, 2, 3, 1, 5, 4]
    for turn in range(80):
        env = {**SECRET, "CIRCULAR_TEST": "stop-after=%d" % steps[turn % len(steps)]}
        done = workspace.run("bounces", "--quiet", status=None, env=env)
        if done.returncode == 0:
            break
        assert done.returncode == -9, done.err
    assert done.returncode == 0 and turn > 5
    check_all(workspace, empty_loop)
    with sqlite3.connect(workspace.path("ledger.db")) as db:
        assert db.execute("SELECT count(*), count(DISTINCT message) FROM notices").fetchone() == (17, 17)
    check_next_plan(workspace)


def test_put_back_and_read_again(workspace, empty_loop):
    """Messages that a person moves back to the inbox are known again, and so they are in a ledger's second mailbox."""
    set_up(workspace, empty_loop)
    send(workspace, empty_loop)
    workspace.run("bounces", env=SECRET)
    before = suppressions(workspace)
    workspace.run("suppress", "remove", at("gone1"), "--reason", "the mailbox is back")
    context = ssl.create_default_context(cafile=empty_loop.ca)
    with imaplib.IMAP4_SSL("localhost", empty_loop.imaps, ssl_context=context) as imap:
        imap.login("bounces@example.org", mailhost.PASSWORD)
        imap.select("Processed")
        imap.uid("COPY", "1:*", "INBOX")
    done = json.loads(workspace.run("bounces", "--json", env=SECRET).out)
    assert done["messages"] == 0 and done["repeated"] == 6
    after = suppressions(workspace)
    assert set(before) - set(after) == {(at("gone1"), "")} and not set(after) - set(before)
    # A second report on the letter from before the address was let in again changes nothing either.
    (bounce,) = [one for one in empty_loop.mailbox("bounces@example.org", "Processed")
                 if at("gone1") in one.as_string()][:1]
    empty_loop.give("", bounce["To"], report_of(bounce["To"], at("gone1")))
    empty_loop.await_empty_queue()
    done = json.loads(workspace.run("bounces", "--json", env=SECRET).out)
    assert done["messages"] == 1 and done["suppressed"] == 0


def test_without_verp(workspace, empty_loop):
    """The returned letter's own signed header names the delivery."""
    set_up(workspace, empty_loop, bounces="plainly@example.org", verp="none")
    send(workspace, empty_loop)
    assert return_path(empty_loop.letter("head01")) == "plainly@example.org"
    done = json.loads(workspace.run("bounces", "--json", env=SECRET).out)
    assert done["bounced"] == 6 and done["suppressed"] == 5 and done["to_review"] == 0
    # The same report without the token is not believed.
    letter = empty_loop.letter("head02").as_bytes().decode()
    name = empty_loop.letter("head02")["X-Circular-Delivery"]
    bare = letter.replace(name, name.split()[0])
    assert bare != letter
    empty_loop.give("", "plainly@example.org", report_of("plainly@example.org", at("head02"), letter=bare))
    empty_loop.await_empty_queue()
    done = json.loads(workspace.run("bounces", "--json", env=SECRET).out)
    assert done["bounced"] == 0 and done["to_review"] == 1
    (review,) = json.loads(workspace.run("bounces", "--review", "--json").out)
    assert review["key"] == "head02" and not review["verified"]
    workspace.run("bounces", "--done", str(review["number"]))
    assert json.loads(workspace.run("bounces", "--review", "--json").out) == []
    workspace.run("bounces", "--done", str(review["number"]), status=66)


def test_unsubscribe_from_all(workspace, empty_loop):
    set_up(workspace, empty_loop)
    send(workspace, empty_loop)
    unsubscribe(empty_loop, "tired", "unsubscribe all")
    empty_loop.await_empty_queue()
    workspace.run("bounces", env=SECRET)
    assert suppressions(workspace)[(at("tired"), "")] == "unsubscribe"


def test_watch_applies_what_comes(workspace, empty_loop):
    set_up(workspace, empty_loop)
    watcher = subprocess.Popen([PROGRAM, "bounces", "--watch", "--json"], cwd=workspace.folder,
                               env={**os.environ, **SECRET}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        send(workspace, empty_loop)
        end = time.time() + 300  # a limit for what hangs
        while time.time() < end and len(suppressions(workspace)) < len(GONE):
            time.sleep(0.2)
        assert len(suppressions(workspace)) == len(GONE)
    finally:
        watcher.terminate()
        _, err = watcher.communicate(timeout=20)
    assert watcher.returncode == 0, err


def test_what_is_refused(workspace, empty_loop):
    set_up(workspace, empty_loop)
    done = workspace.run("bounces", env={"MAIL_PASSWORD": "wrong"}, status=77)
    assert "sign-in" in done.err or "refus" in done.err
    workspace.write("config", workspace.read("config").decode().replace("ca_file: " + empty_loop.ca, ""))
    workspace.run("bounces", env=SECRET, status=69)
    workspace.write("config", workspace.read("config").decode().split("imap:")[0] + "lists:\n")
    done = workspace.run("bounces", status=78)
    assert "imap.host" in done.err


def test_suppress_by_hand(workspace):
    workspace.write("config", "from: A <a@example.org>\nlists:\n  s:\n    file: s.csv\naudiences:\n  heads:\n"
                              "    list: s\n    key: urn\n    email: email\n")
    workspace.write("s.csv", "urn,email\n1,ann@example.org\n2,bob@example.org\n")
    workspace.write("letter.md", LETTER)
    workspace.run("suppress", "add", "Ann@Example.ORG", "--reason", "asked by telephone")
    workspace.run("suppress", "add", "bob@example.org", "--audience", "heds", status=64)
    workspace.run("suppress", "add", "not an address", status=65)
    workspace.run("suppress", "add", status=64)
    workspace.run("suppress", "forget", "ann@example.org", status=64)
    plan = json.loads(workspace.run("plan", "letter.md", "heads", "--json").out)
    assert plan["letters"] == 1 and "asked by telephone" in plan["excluded"][0]["reason"]
    workspace.run("suppress", "remove", "ann@example.org", "--audience", "heads", status=66)
    workspace.run("suppress", "remove", "ann@example.org", "--reason", "a mistake")
    workspace.run("suppress", "remove", "ann@example.org", status=66)
    assert json.loads(workspace.run("suppress", "list", "--json").out) == []
    (old,) = json.loads(workspace.run("suppress", "list", "--all", "--json").out)
    assert old["removed_at"] and old["removed_why"].startswith("a mistake")
    assert json.loads(workspace.run("plan", "letter.md", "heads", "--json").out)["letters"] == 2


def test_classify(workspace):
    workspace.write("dsn.eml", report_of("bounces@example.org", "ann@school.example"))
    workspace.write("mail.eml", b"From: a@example.org\r\nSubject: hello\r\n\r\nHello\r\n")
    lines = workspace.run("bounces", "--classify", "dsn.eml", "mail.eml").out.splitlines()
    first, second = [json.loads(line) for line in lines]
    assert first["kind"] == "bounce-hard" and first["recipient"] == "ann@school.example"
    assert first["status"] == "5.1.1" and first["reason"] == "userunknown" and first["action"] == "failed"
    assert second == {"kind": "none"}
    workspace.run("bounces", "--classify", "missing.eml", status=66)
    workspace.run("bounces", "dsn.eml", status=64)
    workspace.run("bounces", "--classify", "--watch", status=64)
