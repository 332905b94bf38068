"""Answers to a letter's questions, of the shapes that mail programs make: each on the right school, or with a person; and reminders."""
import base64
import csv
import email
import email.policy
import hashlib
import hmac
import html
import io
import json
import os
import re
import shutil
import sqlite3
import urllib.parse

import pytest

from conftest import Workspace
from test_watch import Imap

CONFIG = """
from: "The Director <director@council.example>"
{relay}
bounce: {{address: bounces@council.example}}
answers: {{address: answers@council.example, reminders: 2, days: 5}}
imap: {{host: 127.0.0.1, port: {port}, tls: none, user: user, password_env: WORD}}
lists: {{one: {{file: one.csv}}}}
audiences: {{heads: {{list: one, key: k, email: e, label: school}}}}
"""
COUNT = 16
QUESTION = ("::: answer support\nCould your school offer up to five days of support?\n- Yes\n- Yes, from the summer term\n"
            "- No, thank you\nuntil: 17 December 2026\n:::\n")
LETTER = "---\nsubject: Support\n---\n\nDear colleague,\n\nplease answer.\n\n" + QUESTION
REMINDER = "---\nsubject: A reminder\n---\n\nDear colleague,\n\nwe have not heard from you yet.\n\n" + QUESTION
DAY = "2026-12-01"


def token(key, mailing, delivery):
    """As lib/mail/token.h has it, of an answer."""
    data = bytes([3 << 4, mailing, delivery])
    mac = hmac.new(key, b"circular token 1\0" + data, hashlib.sha256).digest()[:10]
    return base64.b32encode(data + mac).decode().rstrip("=").lower()


class Office:
    def __init__(self, workspace, folder=None):
        self.ws, self.imap, self.carrier = workspace, Imap(), workspace.carrier()
        workspace.write("config", CONFIG.format(relay=self.carrier.lines, port=self.imap.port))
        rows = ["k,e,school"] + ["S%02d,head%d@s%d.example,School %d" % (n, n, n, n) for n in range(1, COUNT + 1)]
        workspace.write("one.csv", "\n".join(rows) + "\n")
        workspace.write("letter.md", LETTER)
        workspace.write("reminder.md", REMINDER)

    def run(self, *args, day=DAY, test="", **more):
        env = {"CIRCULAR_TEST": "clock=%sT09:00:00Z,nodelay%s" % (day, test), "TZ": "UTC", "WORD": "secret"}
        return self.ws.run(*args, env=env, **more)

    def send(self):
        self.run("send", "letter.md", "heads", "--yes")
        with sqlite3.connect(self.ws.path("ledger.db")) as ledger:
            return ledger.execute("SELECT id FROM mailings ORDER BY number DESC LIMIT 1").fetchone()[0]

    def letters(self, recipient):
        folder, found = self.ws.path("outbox", "new"), []
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name)) as file:
                text = file.read()
            if "Delivered-To: %s\n" % recipient in text:
                found.append(text)
        return found

    def token(self, school, mailing=1):
        """Of a school's letter; where the letters show it, the same stands there."""
        key = bytes.fromhex(self.ws.read("ledger.db.key").decode().strip())
        return token(key, mailing, school)

    def gets(self, text, folder="INBOX"):
        text = re.sub(r"@(\d+)(?:/(\d+))?@", lambda m: self.token(int(m[1]), int(m[2] or 1)), text)
        assert self.imap.ask("deliver %d %s %s" % (self.imap.port, folder, text.replace("\n", "\\n"))) == "done"

    def sheet(self, mailing, *more, **how):
        return json.loads(self.run("answers", mailing, "--json", *more, **how).out)

    def said(self, mailing, *more, **how):
        """The answer that holds, by key."""
        return {one["key"]: one["answers"]["support"][-1]["choice"] for one in self.sheet(mailing, *more, **how)["schools"]
                if one["answers"]["support"]}

    def review(self):
        return json.loads(self.run("answers", "--review", "--json").out)

    def close(self):
        self.imap.close()
        self.carrier.close()


@pytest.fixture
def office(workspace):
    one = Office(workspace)
    yield one
    one.close()


def button(school, choice, subject="", above="", sender=None):
    """What the letter's button has a mail program write."""
    sender = sender or "Head %d <head%d@s%d.example>" % (school, school, school)
    return ("From: %s\nTo: answers@council.example\nDate: Tue, 01 Dec 2026 09:05:00 +0000\nMessage-ID: <%d.%s@x.example>\n"
            "Subject: %s[@%d@] support: %s\n\n%sAnswer: %s\n\n\n[@%d@] support\n"
            % (sender, school, hashlib.md5((choice + above).encode()).hexdigest(), subject, school, choice, above, choice, school))


def reply(school, words, quoted="> Please answer.\n> [@%d@] support: Yes\n> [@%d@] support: No, thank you\n", subject="Re: Support"):
    return ("From: Head %d <head%d@s%d.example>\nTo: director@council.example\nDate: Tue, 01 Dec 2026 09:05:00 +0000\n"
            "Subject: %s\n\n%s\n\nOn Tue, 1 Dec 2026 at 07:00, The Director\n<director@council.example> wrote:\n\n%s"
            % (school, school, school, subject, words, quoted.replace("@%d@", "@%d@" % school)))


YES, LATER, NO = "Yes", "Yes, from the summer term", "No, thank you"
OUTLOOK = ("From: Head 3 <head3@s3.example>\nTo: a@council.example\nSubject: RE: Support\nContent-Type: text/html; charset=utf-8\n\n"
           "<html><body><div style='font-family:Calibri'>Yes please</div><div id='appendonsend'></div><hr><div id='divRplyFwdMsg'>"
           "<b>From:</b> Director<br><b>Sent:</b> Tuesday<br><b>To:</b> Head<br><b>Subject:</b> Support</div><div><a href='mailto:"
           "answers@council.example?subject=%5B@3@%5D%20support%3A%20No'>No, thank you</a></div></body></html>\n")
GMAIL = ("From: Head 4 <head4@s4.example>\nTo: a@council.example\nSubject: Re: Support\nMIME-Version: 1.0\nContent-Type: multipart/alternative; "
         "boundary=x\n\n--x\nContent-Type: text/plain; charset=utf-8\n\nNo thanks\n\nOn Tue, 1 Dec 2026 at 07:00, The Director <"
         "director@council.example>\nwrote:\n\n> [@4@] support: Yes\n>\n--x\nContent-Type: text/html; charset=utf-8\n\n<div>No thanks</div>\n--x--\n")
THUNDERBIRD = ("From: Head 5 <head5@s5.example>\nTo: a@council.example\nSubject: Re: Support\n\nOn 01/12/2026 07:00, The Director wrote:\n"
               "> Please answer.\n> [@5@] support: Yes\n\nYes, from the summer term.\n\n-- \nHead 5\nNo Place School\n")
APPLE = ("From: Head 6 <head6@s6.example>\nTo: a@council.example\nSubject: Re: Support\n\nYes please!\n\nSent from my iPhone\n\n"
         "> On 1 Dec 2026, at 07:00, The Director <director@council.example> wrote:\n> \n> [@6@] support: Yes\n")
TICKET = button(7, YES, "[Ticket#2026120110000012] ", "##- Please type your reply above this line -##\n\n", "Desk <desk@oak.example>")
PA = ("From: PA <pa@s8.example>\nTo: a@council.example\nSubject: FW: [@8@] support: No, thank you\n\n\nFrom: Head 8 <head8@s8.example>\n"
      "Sent: 01 December 2026 08:00\nTo: PA <pa@s8.example>\nSubject: [@8@] support: No, thank you\n\nAnswer: No, thank you\n\n[@8@] support\n")
MACHINE = button(9, YES).replace("Message-ID:", "Auto-Submitted: auto-replied\nMessage-ID:")
SHAPES = [
    (button(1, YES), {"S01": YES}),
    (button(2, LATER, "[EXTERNAL] ", "We could do May.\n"), {"S02": LATER}),
    (OUTLOOK, {"S03": YES}), (GMAIL, {"S04": NO}), (THUNDERBIRD, {"S05": LATER}), (APPLE, {"S06": YES}), (TICKET, {"S07": YES}), (PA, {"S08": NO}),
    (MACHINE, {}),
    (reply(10, "Yes, but only in May."), {}),
    (button(11, YES).replace("[@11@]", "[aaaaaaaaaaaaaaaaaaaaaaaaa]"), {}),
    (button(12, YES, sender="Head 13 <head13@s13.example>"), {}),
    ("From: head13@s13.example\nTo: a@council.example\nSubject: support\n\nNo, thank you\n", {}),
    (button(14, YES, above="Sorry, the wrong button.\n"), {}),
]


def test_each_lands_on_its_school_or_with_a_person(office):
    mailing = office.send()
    for text, _ in SHAPES:
        office.gets(text)
    right = {key: choice for _, one in SHAPES for key, choice in one.items()}
    assert office.said(mailing) == right
    waiting = {(one["key"], one["verified"]) for one in office.review()}
    assert waiting == {("S10", True), ("", False), ("S12", True), ("S13", False), ("S14", True)}
    sheet = office.sheet(mailing, "--recorded")
    counts = sheet["questions"][0]["counts"]
    assert counts == {YES: 4, LATER: 2, NO: 2} and sheet["questions"][0]["silent"] == COUNT - 8 and sheet["waiting"] == 4  # one names no letter
    assert "answers    support: 4 Yes; 2 Yes, from the summer term; 2 No, thank you; 8 not yet" in office.run("status", mailing).out
    report = office.run("report", mailing).out
    assert re.search(r"4  Yes\n +School 1 \(S01\)\n +School 3 \(S03\)", report) and re.search(r"8  no answer\n +School 9 \(S09\)\n", report)
    assert "School 10 (S10), whose answer waits for review" in report and "4 answers wait to be read by a person" in report
    machine = json.loads(office.run("report", mailing, "--json").out)["answers"]
    assert machine["waiting"] == 4 and machine["questions"][0]["counts"] == counts
    assert {one["key"] for one in machine["schools"] if one["answers"]["support"]} == set(right)
    rows = csv.DictReader(io.StringIO(office.run("report", mailing, "--csv").out.lstrip("\ufeff")))
    told = {row["key"]: row["answer_support"] for row in rows}
    assert {key: said for key, said in told.items() if said not in ("", "?")} == right and told["S10"] == "?" and told["S09"] == ""
    office.run("report", mailing, "--html", "report.html")
    page = office.ws.read("report.html").decode()
    assert 'href="#question1"' in page and "Who said what" in page and "School 9" in page
    past = office.run("history", "S02").out
    assert "support: Yes, from the summer term" in past and "We could do May." in past
    assert "waits for a person: what is chosen" in office.run("history", "S10").out
    assert json.loads(office.run("history", "head1@s1.example", "--json").out)[-1]["choice"] == YES
    office.run("history", "S02", "--html", "past.html")
    assert "answered support: <bdi>Yes, from the summer term</bdi>" in office.ws.read("past.html").decode()
    assert json.loads(office.run("status", mailing, "--json").out)["answers"]["support"]["counts"]["Yes"] == 4
    # A person decides, once.
    number = next(one["number"] for one in office.review() if one["key"] == "S10")
    taken = office.run("answers", "--take", str(number), "--choice", "yes, from the summer term").out
    assert taken == "Answer %d counts: S10 says 'Yes, from the summer term' to support (by head10@s10.example).\n" % number
    assert office.said(mailing, "--recorded")["S10"] == LATER
    office.run("answers", "--take", str(number), "--choice", "Yes", status=66)
    forged = next(one["number"] for one in office.review() if not one["key"])
    assert "names no letter" in office.run("answers", "--take", str(forged), "--choice", "Yes", status=64).err
    assert "off the list" in office.run("answers", "--done", str(forged)).out
    assert "" not in {one["key"] for one in office.review()}
    # Nothing was taken for a bounce, and all that is settled was filed.
    with sqlite3.connect(office.ws.path("ledger.db")) as ledger:
        assert ledger.execute("SELECT kind FROM notices").fetchall() == [("auto-reply",)]
    folders = {name: len(there) for name, there in office.imap.state()["folders"].items()}
    assert folders["INBOX"] == 0 and folders["Review"] == 6 and folders["Processed"] == len(SHAPES) - 6


def test_the_last_answer_holds_and_text_is_safe(office):
    mailing = office.send()
    office.gets(button(1, YES))
    office.gets(button(1, NO, above="=HYPERLINK(\"http://x.example\")\n<script>alert(1)</script>\n"))
    late = button(2, YES).replace("01 Dec 2026 09:05", "18 Dec 2026 08:00")
    office.gets(late)
    done = office.run("answers", mailing, "--csv", day="2026-12-19")
    rows = {row["key"]: row for row in csv.DictReader(io.StringIO(done.out.lstrip("\ufeff")))}
    assert rows["S01"]["support"] == NO and "Yes (1 Dec 2026)" in rows["S01"]["support earlier"]
    assert rows["S01"]["support said"].startswith("'=HYPERLINK") and rows["S01"]["support by"] == "Head 1 <head1@s1.example>"
    assert rows["S02"]["support late"] == "late" and rows["S02"]["support on"] == "18 Dec 2026"
    assert rows["S03"]["support"] == "" and len(rows) == COUNT
    office.run("answers", mailing, "--html", "page.html", "--recorded", day="2026-12-19")
    page = office.ws.read("page.html").decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page and "School 3" in page
    assert os.stat(office.ws.path("page.html")).st_mode & 0o777 == 0o600
    told = office.run("answers", mailing, "--recorded", day="2026-12-19").out
    assert re.search(r"1  Yes\n", told) and re.search(r"%d  no answer" % (COUNT - 2), told)
    assert "support: 2 answered, %d not yet" % (COUNT - 2) in office.run("answers", "--recorded").out
    (machine,) = json.loads(office.run("answers", "--recorded", "--json").out)
    assert machine["id"] == mailing and machine["letters"] == COUNT and machine["questions"][0]["counts"]["Yes"] == 1
    assert "--review prints text or --json" in office.run("answers", "--review", "--csv", status=64).err


def test_killed_at_every_step_counts_nothing_twice(office, tmp_path):
    mailing = office.send()
    right = {"S01": YES, "S02": NO, "S03": LATER}
    for step in range(1, 9):
        folder = str(tmp_path) + "-%d" % step
        shutil.copytree(office.ws.folder, folder)
        again, imap = Workspace(folder), Imap()
        config = again.read("config").decode().replace("port: %d, tls" % office.imap.port, "port: %d, tls" % imap.port)
        again.write("config", config)
        mine = Office.__new__(Office)
        mine.ws, mine.imap, mine.carrier = again, imap, office.carrier
        for school, choice in ((1, YES), (2, NO), (3, LATER)):
            mine.gets(button(school, choice))
        mine.run("answers", mailing, test=",stop-after=%d" % step, status=None)
        mine.run("bounces", test=",stop-after=2", status=None)
        assert mine.said(mailing) == right
        with sqlite3.connect(again.path("ledger.db")) as ledger:
            assert ledger.execute("SELECT count(*) FROM answers").fetchone() == (3,)
            assert ledger.execute("SELECT count(*) FROM notices").fetchone() == (0,)
        imap.close()


def excluded(plan):
    return {one["key"]: one["kind"] for one in plan["excluded"]}


def test_reminded_are_exactly_the_silent(office):
    mailing = office.send()
    for school in range(1, 11):
        office.gets(button(school, [YES, NO][school % 2]))
    office.gets(reply(11, "Perhaps."))
    office.run("suppress", "add", "head12@s12.example")
    # The answers that lie in the mailbox are read first; and it is too soon for everybody.
    soon = json.loads(office.run("remind", mailing, "reminder.md", "--json", day="2026-12-03").out)
    assert soon["news"] == "empty"
    plan = json.loads(office.run("remind", mailing, "reminder.md", "--json", day="2026-12-07").out)
    kinds = excluded(plan)
    assert {key for key, kind in kinds.items() if kind == "answered"} == {"S%02d" % n for n in range(1, 11)}
    assert kinds["S11"] == "answer-waits" and kinds["S12"] == "suppressed" and len(kinds) == 12 and plan["letters"] == 4
    before = len(office.carrier.taken)
    said = office.run("remind", mailing, "reminder.md", "--yes", day="2026-12-07").out
    assert "has answered" in said
    assert sorted(one for entry in office.carrier.taken[before:] for one in entry["recipients"]) == [
        "head%d@s%d.example" % (n, n) for n in (13, 14, 15, 16)]
    first, second = office.letters("head13@s13.example")
    known = re.search(r"(?m)^Message-ID: (\S+)$", first)[1]
    assert "In-Reply-To: %s\n" % known in second and "corrects" not in second
    # An answer to the reminder counts for the letter; the others are asked once more, and no more.
    office.gets(button(13, YES).replace("@13@", "@1/2@").replace("<13.", "<213."))
    again = json.loads(office.run("remind", mailing, "reminder.md", "--json", day="2026-12-08").out)
    assert again["news"] == "empty"
    assert office.said(mailing, "--recorded")["S13"] == YES
    office.run("remind", mailing, "reminder.md", "--yes", day="2026-12-14")
    assert len(office.carrier.taken) - before == 4 + 3
    last = json.loads(office.run("remind", mailing, "reminder.md", "--json", day="2026-12-21").out)
    assert last["news"] == "empty"
    assert {one["key"]: one["reminders"] for one in office.sheet(mailing, "--recorded")["schools"]}["S14"] == 2


def test_a_letter_that_asks_nothing_reminds_nobody(office):
    mailing, before = office.send(), len(office.carrier.taken)
    office.ws.write("other.md", "---\nsubject: Another matter\n---\n\nDear colleague,\n\nthe boiler is mended.\n")
    said = office.run("remind", mailing, "other.md", "--yes", day="2026-12-07", status=64).err
    assert "asks none of the questions" in said and "Nothing was planned" in said
    assert len(office.carrier.taken) == before
    with sqlite3.connect(office.ws.path("ledger.db")) as ledger:
        assert ledger.execute("SELECT id FROM mailings").fetchall() == [(mailing,)]  # there is nothing that could be sent by mistake


def test_calendars_answer_events(office):
    event = "::: event briefing\ntitle: Briefing for heads\nstart: 14 January 2027 09:30\nend: 12:00\n:::\n"
    office.ws.write("letter.md", "---\nsubject: Briefing\n---\n\nDear colleague,\n\nplease come.\n\n" + event)
    mailing = office.send()
    mail = email.message_from_string(office.letters("head1@s1.example")[0], policy=email.policy.default)
    (sheet,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    text = re.sub(r"\r?\n ", "", base64.b64decode(sheet.get_payload()).decode())
    uid, organiser = re.search(r"(?m)^UID:(.*?)\r?$", text)[1], re.search(r"(?m)^ORGANIZER.*:mailto:(.*?)\r?$", text)[1]
    assert organiser == "answers@council.example" and uid.endswith("@council.example")

    def says(school, partstat, sender=None):
        address = "head%d@s%d.example" % (school, school)
        office.gets("From: Head <%s>\nTo: %s\nMessage-ID: <%s.%d@c.example>\nSubject: Accepted: Briefing\nMIME-Version: 1.0\nContent-Type: text/calendar; "
                    "method=REPLY; charset=UTF-8\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:%s\nATTENDEE;PARTSTAT=%s:mailto:%s\n"
                    "END:VEVENT\nEND:VCALENDAR\n" % (sender or address, organiser, partstat, school, uid, partstat, address))
    says(1, "ACCEPTED")
    says(2, "DECLINED")
    says(2, "ACCEPTED")
    says(3, "DECLINED", sender="pa@elsewhere.example")
    told = office.run("answers", mailing).out
    assert re.search(r"briefing: Briefing for heads\n +2  Accepts\n +School 1", told) and "no answer" not in told
    (machine,) = office.sheet(mailing, "--recorded")["questions"]
    assert machine["event"] and machine["counts"] == {"Accepts": 2, "Tentative": 0, "Declines": 0} and machine["silent"] == 0
    (waiting,) = office.review()
    assert waiting["key"] == "S03" and waiting["choice"] == "Declines" and "another address" in waiting["why"]
    assert "S03 says 'Declines' to briefing" in office.run("answers", "--take", str(waiting["number"]), "--choice", "declines").out
    assert "answers    briefing: 2 Accepts; 0 Tentative; 1 Declines\n" in office.run("status", mailing).out
    assert "asks no question" in office.run("remind", mailing, "reminder.md", "--json", status=64).err
    assert {one["key"] for one in json.loads(asked_of(office, "answered('briefing', 'Accepts')", "--rows", "--json").out)[0]["recipients"]} == {
        "S01", "S02"}


def test_a_reminder_leaves_a_planned_correction_as_it_is(office):
    mailing = office.send()
    office.ws.write("one.csv", office.ws.read("one.csv").decode() + "S99,new@s99.example,School 99\n")
    office.ws.write("both.md", REMINDER.replace("subject: A reminder", "subject: 'Correction: A reminder'"))
    right = json.loads(office.run("correct", mailing, "both.md", "--json", day="2026-12-07").out)
    remind = json.loads(office.run("remind", mailing, "both.md", "--json", day="2026-12-07").out)
    assert right["id"] != remind["id"]
    office.ws.write("both.md", office.ws.read("both.md").decode().replace("not heard", "not yet heard"))
    told = office.run("remind", mailing, "both.md", day="2026-12-07").out
    assert "had none  1, so that there is nothing to remind them of" in told and "put right" not in told
    with sqlite3.connect(office.ws.path("ledger.db")) as ledger:
        ties = ledger.execute("SELECT follows_as, count(*) FROM mailings GROUP BY follows_as ORDER BY 1").fetchall()
    assert ties == [("", 1), ("correction", 1), ("reminder", 1)]
    office.run("send", right["id"], "--yes", day="2026-12-07")


def test_who_answers_before_the_reminder_goes_isnt_reminded(office):
    mailing = office.send()
    for school in range(1, COUNT - 2):
        office.gets(button(school, YES))
    plan = json.loads(office.run("remind", mailing, "reminder.md", "--json", day="2026-12-07").out)
    assert plan["letters"] == 3
    office.gets(button(COUNT, NO))
    office.gets(reply(COUNT - 1, "Perhaps."))
    office.run("bounces", day="2026-12-07")
    before = len(office.carrier.taken)
    office.run("send", plan["id"], "--yes", day="2026-12-07")
    assert [entry["recipients"] for entry in office.carrier.taken[before:]] == [["head14@s14.example"]]
    told = office.run("status", plan["id"], "--recipients").out
    assert "has answered" in told and "an answer waits for review" in told


def test_nobody_is_reminded_when_the_mailbox_cant_be_read(office):
    mailing = office.send()
    office.imap.close()
    said = office.run("remind", mailing, "reminder.md", "--yes", day="2026-12-07", status=75).err
    assert "who has answered isn't known" in said and "--recorded" in said
    office.imap = Imap()


def test_a_rehearsal_and_words_in_markdown(office):
    text = LETTER.replace("Could your school offer", "Could *your school*, {{school}}, [offer](https://example.org)")
    office.ws.write("letter.md", text)
    config = office.ws.read("config").decode()
    office.ws.write("config", config.replace(office.carrier.lines, "transport: outbox"))
    rehearsed = office.send()
    for told in (office.run("answers", "--recorded").out, office.run("answers", rehearsed, "--recorded").out):
        assert "the letter was only rehearsed: nobody was mailed" in told
    office.ws.write("config", config)
    office.run("send", rehearsed, "--yes")
    told = office.run("answers", rehearsed, "--recorded").out
    assert "Could your school, …, offer up to five days of support?" in told and "rehearsed" not in told
    office.run("answers", rehearsed, "--recorded", "--html", "page.html")
    page = office.ws.read("page.html").decode()
    assert "Could your school, …, offer up to five" in page and "*your" not in page and "{{" not in page


def test_a_letter_that_asks_nothing(office):
    office.ws.write("letter.md", "---\nsubject: Dates\n---\n\nDear colleague,\n\nall is well.\n")
    mailing = office.send()
    assert "asks no question" in office.run("remind", mailing, "reminder.md", "--json", status=64).err
    assert "asks no question" in office.run("answers", mailing, "--recorded", status=64).err


def test_the_letters_own_buttons_and_lines(office):
    mailing = office.send()
    mail = email.message_from_string(office.letters("head5@s5.example")[0], policy=email.policy.default)
    page = mail.get_body(("html",)).get_content()
    buttons = [urllib.parse.urlsplit(html.unescape(one)) for one in re.findall(r'href="(mailto:answers@[^"]*)"', page)]
    assert len(buttons) == 3
    for number, one in enumerate(buttons, 5):  # each of them, as another head's program would write it
        asked = dict(part.split("=", 1) for part in one.query.split("&"))
        assert "+" not in one.query
        subject, body = (urllib.parse.unquote(asked[name]) for name in ("subject", "body"))
        office.gets("From: pa%d@s5.example\nTo: answers@council.example\nSubject: %s\n\n%s" % (number, subject, body.replace("\r\n", "\n")))
    said = next(one for one in office.sheet(mailing)["schools"] if one["key"] == "S05")["answers"]["support"]
    assert [one["choice"] for one in said] == [YES, LATER, NO]
    text = mail.get_body(("plain",)).get_content()
    assert "[%s] support: %s" % (office.token(5), LATER) in re.sub(r"\s+", " ", text)


def examples():
    """The table of answered() in circular-config(5): an expression, what a school has done, and what it makes of that."""
    with open("cmd/man/circular-config.5", encoding="utf-8") as file:
        manual = file.read().split(".Sh EXPRESSIONS")[1]
    table = manual.split(".Bd -offset indent -literal\n")[3].split("\n.Ed")[0]
    expression = ""
    for line in table.replace("\\(aq", "'").splitlines():
        expression = line[:31].strip() or expression
        done, answer = line[31:].rsplit(None, 1)
        yield expression, done.strip(), answer


def asked_of(office, where, *how):
    """Whom an audience of that expression chooses, and why not the others."""
    office.ws.write("config", CONFIG.format(relay=office.carrier.lines, port=office.imap.port).replace(
        "audiences: {", "audiences: {asked: {list: one, key: k, email: e, where: %s}, " % json.dumps(where), 1))
    return office.run("lists", "asked", *how, status=None)


def test_an_audience_of_those_who_answered(office):
    did = {"said Yes": 1, "said No, thank you": 2, "said Perhaps": 3, "said Yes, then Perhaps": 4, "had the letter": 5, "had none": 99}
    office.send()
    office.ws.write("one.csv", office.ws.read("one.csv").decode() + "S99,new@s99.example,School 99\n")
    for text in (button(1, YES), button(2, NO), reply(3, "Perhaps."), button(4, YES),
                 reply(4, "Perhaps.").replace("09:05", "09:30")):
        office.gets(text)
    office.run("bounces")
    rows = list(examples())
    assert len(rows) > 12
    for expression in dict.fromkeys(row[0] for row in rows):
        told = json.loads(asked_of(office, expression, "--rows", "--unchosen", "--json").out)[0]
        chosen = {row["key"] for row in told["recipients"]}
        why = {row["key"]: row["why"] for row in told["unchosen"]}
        for _, done, answer in (row for row in rows if row[0] == expression):
            key = "S%02d" % did[done]
            assert ("yes" if key in chosen else "unknown" if " is unknown" in why[key] else "no") == answer, (expression, done, told)
    # A letter to them goes to nobody else; one that asks the same again is the one that counts then.
    office.ws.write("thanks.md", "---\nsubject: Thank you\n---\n\nDear colleague,\n\nthank you for your offer.\n")
    asked_of(office, "answered('support', 'yes')")
    before = len(office.carrier.taken)
    office.run("send", "thanks.md", "asked", "--yes")
    assert [entry["recipients"] for entry in office.carrier.taken[before:]] == [["head1@s1.example"]]
    office.ws.write("again.md", LETTER.replace("please answer", "please answer again"))
    plan = json.loads(office.run("plan", "again.md", "heads", "--json", day="2026-12-02").out)
    assert json.loads(asked_of(office, "answered('support')", "--rows", "--json").out)[0]["recipients"] != []
    office.run("send", plan["id"], "--yes", "--again", day="2026-12-02")
    assert json.loads(asked_of(office, "answered('support')", "--rows", "--json").out)[0]["recipients"] == []
    assert len(json.loads(asked_of(office, "NOT answered('support')", "--rows", "--json").out)[0]["recipients"]) == COUNT + 1


def test_answers_that_nobody_asked_for_are_told(office):
    said = asked_of(office, "answered('support')")
    assert "[unasked-question]" in said.err and "no letter to this list that went out has asked 'support'" in said.err  # no ledger
    office.send()
    for where, wrong in (("answered('suport')", "has asked 'suport'"), ("answered('support', 'Maybe')", "its choices are 'Yes', 'Yes, from"),
                         ("answered(support)", "write answered('support')")):
        assert wrong in asked_of(office, where).err
    office.ws.write("two.csv", office.ws.read("one.csv"))
    office.ws.write("config", office.ws.read("config").decode().replace("lists: {", "lists: {two: {file: two.csv}, ", 1).replace(
        "asked: {list: one", "asked: {list: two", 1).replace('where: "answered(support)"', "where: \"answered('support')\""))
    assert "only letters to others have" in office.run("lists", "asked", status=None).err
