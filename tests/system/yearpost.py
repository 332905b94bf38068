"""The post of a school year: letters that were really written come back, as mail hosts and people send them back.

Every report is addressed to the Return-Path of a letter in the outbox, so that its token is circular's own.
"""
import dataclasses
import os
import re

from test_bounces import report_of
from test_watch import Imap as Server

BOUNCES = "bounces@northmere.example"


class Imap(Server):
    """The mailbox that the reports come to."""

    def put(self, data):
        text = data.decode().replace("\r\n", "\\n")
        assert "\n" not in text
        assert self.ask(f"deliver {self.port} INBOX {text}") == "done"


@dataclasses.dataclass
class Letter:
    to: str
    path: str  # the Return-Path
    subject: str

    def is_of(self, kind):
        """Whether it is of this mailing; a single letter's subject is its name, and the weekly digest has a title."""
        if self.subject.startswith(("term-", "ceos-")):
            return self.subject == kind
        return kind == ("weekly" if self.subject.startswith("Northmere notices") else "secondary")


class PostOffice:
    def __init__(self, folder, imap):
        self.folder, self.imap = folder, imap
        self.known, self.count, self.processed, self.review = set(), 0, 0, 0

    def written(self):
        """The letters since it was last asked, in an order that doesn't depend on the names of files."""
        names = set(os.listdir(self.folder)) - self.known if os.path.isdir(self.folder) else set()
        self.known |= names
        found = []
        for name in names:
            with open(os.path.join(self.folder, name), encoding="utf-8", newline="") as file:
                head = file.read(8192).replace("\r\n", "\n").split("\n\n", 1)[0]
            path = re.search(r"^Return-Path: <(.*)>$", head, re.M).group(1)
            to = re.search(r"^To: .*?([^\s<>]+@[^\s<>]+)>?$", head, re.M).group(1)
            subject = re.search(r"^Subject: (.*)$", head, re.M).group(1).strip()
            assert re.fullmatch(r"bounces\+[^@]+@northmere\.example", path), path
            found.append(Letter(to, path, subject))
        return sorted(found, key=lambda letter: (letter.to, letter.subject))

    def deliver(self, data, review=False):
        """Each message differs from all others, or it would be known again."""
        self.count += 1
        self.imap.put(b"Message-ID: <back%d@mx.example.net>\r\n" % self.count + data)
        if review:
            self.review += 1
        else:
            self.processed += 1

    def fail(self, letter):
        self.deliver(report_of(letter.path, letter.to))

    def delay(self, letter):
        slow = report_of(letter.path, letter.to, "4.4.1", "smtp; 451 4.4.1 no answer")
        self.deliver(slow.replace(b"Action: failed", b"Action: delayed"))

    def away(self, letter):
        self.deliver(f"From: <{letter.to}>\r\nTo: <{letter.path}>\r\nSubject: Automatic reply: {letter.subject}\r\n"
                     f"Auto-Submitted: auto-replied\r\n\r\nI am away until Monday.\r\n".encode())

    def forge(self, letter):
        """One character of the token is another one."""
        local, domain = letter.path.split("@")
        tampered = f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}"
        self.deliver(report_of(tampered, letter.to), review=True)

    def forge_without_token(self, letter):
        self.deliver(report_of(BOUNCES, letter.to), review=True)

    def all_read(self):
        folders = {name: len(held) for name, held in self.imap.state()["folders"].items()}
        assert folders == {"INBOX": 0, "Processed": self.processed, "Review": self.review}, folders
