"""What a term of bounces means for the next letter, and what the office is told to do: full mailboxes that are tried again,
one school's filter, greylisting, a trust whose domain was gone for a while."""
import os
import re
import sqlite3

import pytest

from test_bounces import report_of
from test_watch import Imap

CONFIG = """
from: "The Director <director@council.example>"
{relay}
bounce: {{address: bounces@council.example, full_days: 14}}
imap: {{host: 127.0.0.1, port: {port}, tls: none, user: user, password_env: WORD}}
lists: {{one: {{file: one.csv}}}}
audiences: {{heads: {{list: one, key: k, email: e}}}}
"""
SCHOOLS = ["head@oak.example", "office@oak.example", "head@elm.example", "head@ash.example", "head@yew.trust.example",
           "head@fir.trust.example", "head@box.trust.example"]
TRUST = SCHOOLS[4:]


class Office:
    def __init__(self, workspace):
        self.workspace, self.letters = workspace, 0
        self.imap = Imap()
        self.carrier = workspace.carrier()
        workspace.write("config", CONFIG.format(relay=self.carrier.lines, port=self.imap.port))
        workspace.write("one.csv", "k,e\n" + "".join("S%02d,%s\n" % (n, one) for n, one in enumerate(SCHOOLS, 1)))

    def run(self, day, *args, **more):
        env = {"CIRCULAR_TEST": "clock=%sT09:00:00Z,nodelay" % day, "TZ": "UTC", "WORD": "secret"}
        return self.workspace.run(*args, env=env, **more).out

    def send(self, day):
        """A letter goes out; who had it, with its envelope sender."""
        self.letters += 1
        name = "letter%d.md" % self.letters
        self.workspace.write(name, "---\nsubject: Letter %d\n---\n\nDear colleague,\n\nletter %d.\n" % (self.letters, self.letters))
        self.run(day, "send", name, "heads", "--yes")
        went, folder = {}, self.workspace.path("outbox", "new")
        for one in os.listdir(folder):
            with open(os.path.join(folder, one)) as file:
                head = dict(re.findall(r"(?m)^(Return-Path|Delivered-To): <?(.*?)>?$", file.read().partition("\n\n")[0]))
            went[head["Delivered-To"]] = head["Return-Path"]
            os.unlink(os.path.join(folder, one))
        return went

    def comes_back(self, day, went, answers):
        for address, (status, diagnostic) in answers.items():
            if address in went:
                text = report_of(went[address], address, status, diagnostic).decode().replace("\r\n", "\\n")
                assert self.imap.ask("deliver %d INBOX %s" % (self.imap.port, text)) == "done"
        return self.run(day, "bounces")

    def report(self, day, *more):
        """Of the last letter."""
        with sqlite3.connect(self.workspace.path("ledger.db")) as ledger:
            (plan,) = ledger.execute("SELECT id FROM mailings ORDER BY number DESC LIMIT 1").fetchone()
        return self.run(day, "report", plan, *more)

    def close(self):
        self.imap.close()


@pytest.fixture
def office(workspace):
    one = Office(workspace)
    yield one
    one.close()


FULL = ("5.2.2", "smtp; 552 5.2.2 mailbox full")


def test_a_full_mailbox_is_tried_again(office):
    for day in ("2026-07-13", "2026-07-20", "2026-07-27"):
        told = office.comes_back(day, office.send(day), {"head@elm.example": FULL})
    assert "1 address gets no more letters" in told
    assert "full" in office.run("2026-07-28", "suppress", "list")
    assert "head@elm.example" not in office.send("2026-08-03")
    report = office.report("2026-08-03")
    assert "their mailbox was full for too long (suppressed since 27 Jul 2026" in report
    assert "a letter is tried again by itself from 24 Aug 2026" in office.report("2026-08-03", "--json")
    assert "; tried again from 24 Aug 2026" in office.run("2026-08-03", "report")
    office.run("2026-08-03", "history", "head@elm.example", "--html", "elm.html")
    assert "a letter is tried again by itself from 24 Aug 2026" in office.workspace.read("elm.html").decode()
    went = office.send("2026-09-03")  # four weeks of rest are over
    assert "head@elm.example" in went and len(went) == len(SCHOOLS)
    # It is full still: another rest, and another try; then there is room.
    office.comes_back("2026-09-03", went, {"head@elm.example": FULL})
    assert "head@elm.example" not in office.send("2026-09-10")
    for day in ("2026-10-05", "2026-10-12", "2026-10-19"):
        assert "head@elm.example" in office.send(day)
    # That letters arrived ended the run: one that comes back is one again.
    went = office.send("2026-10-26")
    office.comes_back("2026-10-26", went, {"head@elm.example": FULL})
    assert "head@elm.example" in office.send("2026-11-02")


def test_one_schools_filter(office):
    refused = ("5.7.1", "smtp; 550 5.7.1 message refused by the rules of this gateway")
    for day in ("2026-09-03", "2026-09-17", "2026-10-01"):
        told = office.comes_back(day, office.send(day), {one: refused for one in SCHOOLS[:2]})
        assert "2 refusals mean our server or our text" in told and "no more letters" not in told
    report = office.run("2026-10-02", "report")
    assert "their filter has refused us since 3 Sep 2026: 3 letters, 2 recipients" in report
    assert "ask the IT of oak.example to let our address in" in report
    assert len(office.send("2026-10-15")) == len(SCHOOLS)  # nobody is left out for it


def test_where_many_refuse_it_is_us(office):
    refused = ("5.7.1", "smtp; 550 5.7.1 message refused by the rules of this gateway")
    for day in ("2026-09-03", "2026-09-17", "2026-10-01"):
        office.comes_back(day, office.send(day), {one: refused for one in SCHOOLS})
    report = office.report("2026-10-02")
    assert "Not there yet, for reasons that a call won't fix (7)" in report and "ask the IT of" not in report


def test_greylisting_is_told_as_such(office):
    grey = ("4.2.0", "smtp; 450 4.2.0 Greylisted, see http://postgrey.example/help")
    told = office.comes_back("2026-09-03", office.send("2026-09-03"), {"head@ash.example": grey})
    assert "1 letter bounced" in told and "no more letters" not in told
    report = office.run("2026-09-04", "report")
    assert "puts off letters from senders that it does not know yet (greylisting)" in report
    assert "too many letters came at once" not in report
    assert "head@ash.example" in office.send("2026-09-10")


def test_a_trust_is_taken_back_as_a_whole(office):
    gone = ("5.1.2", "smtp; 550 5.1.2 domain does not exist")
    went = office.send("2026-09-03")
    assert "no more letters" not in office.comes_back("2026-09-03", went, {one: gone for one in TRUST})
    went = office.send("2026-09-10")
    assert len(went) == len(SCHOOLS)
    assert "3 addresses get no more letters" in office.comes_back("2026-09-10", went, {one: gone for one in TRUST})
    office.run("2026-09-11", "suppress", "add", "pa@yew.trust.example", "--reason", "asked on the phone")
    assert len(office.send("2026-09-17")) == len(SCHOOLS) - 3
    for one in TRUST:
        office.run("2026-09-18", "suppress", "remove", "@" + one.partition("@")[2])
    went = office.send("2026-09-24")
    assert len(went) == len(SCHOOLS)
    assert "pa@yew.trust.example" in office.run("2026-09-25", "suppress", "list")
    # What was taken back doesn't count any more: one failure is one again.
    assert "no more letters" not in office.comes_back("2026-09-24", went, {one: gone for one in TRUST})
