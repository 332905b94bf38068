"""The inbox (lib/imap/inbox.h) against a real Dovecot: TLS and STARTTLS, fetching, moving, IDLE."""
import imaplib
import os
import ssl
import subprocess

import pytest

import mailhost
from conftest import ROOT

BUILD = os.environ.get("BUILD", "build")
REMOTE, DENIED = "3", "6"


@pytest.fixture(scope="module")
def driver():
    """tests/unit/inbox-main.c; the variables of the make that runs us (SAN, CC) hold for it, too."""
    target = os.path.join(BUILD, "tests/unit/inbox-main")
    subprocess.run(["make", "-s", "BUILD=" + BUILD, target], cwd=ROOT, check=True)
    return os.path.join(ROOT, target)


class Inbox:
    def __init__(self, driver, host, user, tls="tls", ca=None, secret=mailhost.PASSWORD, auth="auto", name="localhost"):
        port = host.imaps if tls == "tls" else host.imap
        self.process = subprocess.Popen([driver, name, str(port), tls, ca or host.ca, user, secret, auth],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.hello = self.answer()

    def answer(self):
        return self.process.stdout.readline().rstrip("\n")

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def ask(self, line):
        self.say(line)
        return self.answer()

    def end(self):
        out, err = self.process.communicate(timeout=30)
        assert (out, err, self.process.returncode) == ("", "", 0)


class Other:
    """The same mailbox by another program."""

    def __init__(self, host, user):
        self.imap = imaplib.IMAP4_SSL("localhost", host.imaps, ssl_context=ssl.create_default_context(cafile=host.ca))
        self.imap.login(user, mailhost.PASSWORD)

    def append(self, data, flags=None):
        status, _ = self.imap.append("INBOX", flags, None, data)
        assert status == "OK"

    def messages(self, folder):
        """The bytes of all messages in it, None where there is no such folder."""
        status, _ = self.imap.select('"%s"' % folder)
        if status != "OK":
            return None
        _, found = self.imap.uid("search", None, "ALL")
        return [self.imap.uid("fetch", uid, "(BODY.PEEK[] FLAGS)")[1][0][1] for uid in found[0].split()]

    def flags(self):
        self.imap.select("INBOX")
        return [line.decode() for line in self.imap.uid("fetch", "1:*", "(FLAGS)")[1] if line]


def message(subject, size=0):
    head = ("From: mailer-daemon@example.org\r\nSubject: %s\r\n\r\n" % subject).encode()
    return head + b"(((\xff\xc3\xa9 {12}\r\n" * 3 + b"0123456789abcdef\r\n" * (size // 18) + b"end\r\n"


@pytest.mark.parametrize("tls, auth", [("tls", "auto"), ("tls", "login"), ("starttls", "plain"), ("starttls", "login")])
def test_read_and_move(driver, host, tmp_path, tls, auth):
    user = "bounces.%s.%s@example.org" % (tls, auth)
    other = Other(host, user)
    sent = [message("one"), message("two", 200000), message("three", 1000000), message("four")]
    for one in sent:
        other.append(one)
    inbox = Inbox(driver, host, user, tls, auth=auth)
    assert inbox.hello.startswith("open ") and inbox.hello != "open 0"
    assert inbox.ask("list 0") == "uids 1 2 3 4"
    assert inbox.ask("list 2") == "uids 3 4"
    for uid, one in enumerate(sent, 1):
        assert inbox.ask("fetch %d %s" % (uid, tmp_path / "got")) == ("truncated" if uid == 3 else "whole")
        assert (tmp_path / "got").read_bytes() == one[:256 * 1024]
    assert all("\\Seen" not in line for line in other.flags())
    assert inbox.ask("fetch 9 %s" % (tmp_path / "got")).startswith("error 2 ")
    assert inbox.ask("move 1 processed") == "moved"
    assert inbox.ask("move 3 review") == "moved"
    assert inbox.ask("move 1 processed") == "moved"  # as after a crash
    assert inbox.ask("list 0") == "uids 2 4"
    inbox.end()
    assert other.messages("INBOX") == [sent[1], sent[3]]
    assert other.messages("Processed") == [sent[0]]
    assert other.messages("Review") == [sent[2]]
    # The folders are there already.
    again = Inbox(driver, host, user, tls, auth=auth)
    assert again.hello == inbox.hello
    assert again.ask("list 0") == "uids 2 4"
    again.end()


def test_idle(driver, host):
    user = "bounces.idle@example.org"
    other = Other(host, user)
    inbox = Inbox(driver, host, user)
    assert inbox.ask("list 0") == "uids"
    assert inbox.ask("wait 1") == "quiet"
    inbox.say("wait 60")
    other.append(message("new"))
    assert inbox.answer() == "news"
    assert inbox.ask("list 0") == "uids 1"
    other.append(message("marked"), "\\Deleted")
    assert inbox.ask("list 1") == "uids"
    inbox.end()
    assert len(other.messages("INBOX")) == 2


def test_others_deletions_stay(driver, host):
    user = "bounces.deleted@example.org"
    other = Other(host, user)
    other.append(message("marked"), "\\Deleted")
    other.append(message("ours"))
    inbox = Inbox(driver, host, user)
    assert inbox.ask("list 0") == "uids 2"
    assert inbox.ask("move 2 processed") == "moved"
    inbox.end()
    assert other.messages("INBOX") == [message("marked")]


def test_refused(driver, host, tmp_path):
    user = "bounces.refused@example.org"
    wrong = Inbox(driver, host, user, secret="hunter2-is-wrong")
    assert wrong.hello.startswith("error %s " % DENIED) and "hunter2" not in wrong.hello
    assert Inbox(driver, host, user, auth="xoauth2").hello.startswith("error %s " % DENIED)
    mailhost.make_certificates(tmp_path)
    for tls in ("tls", "starttls"):
        untrusted = Inbox(driver, host, user, tls, ca=str(tmp_path / "ca.pem"))
        assert untrusted.hello.startswith("error %s " % REMOTE), untrusted.hello
        assert "certificate" in untrusted.hello


def test_server_goes_away(driver, host):
    """Dovecot stops while we wait: said at once, and as something to try again."""
    user = "bounces.away@example.org"
    inbox = Inbox(driver, host, user)
    inbox.say("wait 60")
    other = Other(host, user)  # it answers: the wait has begun or will soon
    other.append(message("x"))
    assert inbox.answer() == "news"
    assert inbox.ask("list 0") == "uids 1"
    inbox.say("wait 60")
    subprocess.run(["/usr/sbin/dovecot", "-c", host.path("dovecot/dovecot.conf"), "stop"], check=True)
    try:
        assert inbox.answer().startswith("error 5 ")
    finally:
        host.start_dovecot()
