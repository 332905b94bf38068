#!/usr/bin/python3
"""A workspace after some real mailings: refusals, deferrals, lost answers, bounces, a complaint, suppressions.

    aftermath.py PROGRAM FOLDER [SCHOOLS.csv]

makes FOLDER with the program itself, the scripted SMTP server (smtp.py) and the scripted IMAP server
(imap-server); nothing is written into the ledger by hand. With SCHOOLS.csv (the columns school_name and dcfs_no) the
letters go to those schools, at made-up addresses; without it to the sample list.
"""
import csv
import io
import json
import os
import re
import socket
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
HOSTILE = "</script><img src=x onerror=alert(1)>\u202etxt.exe"
# What becomes of the n-th recipient in the list: (reply to RCPT, how often), from the first mailing on.
GONE = "550 5.1.1 The email account that you tried to reach does not exist"
BUSY = "451 4.3.2 Please try again later, we are busy"
FULL = "452 4.2.2 Mailbox full"
SPAM = "550 5.7.1 Message rejected as spam by <b>Content & Co</b>"
RANDOM = "554 =1+1 \"no\" \x1b[31m%s" % HOSTILE


class Server:
    """tests/fake/smtp.py or imap-server with its control port."""

    def __init__(self, program):
        self.process = subprocess.Popen([sys.executable, os.path.join(HERE, program)] +
                                        (["--control"] if program == "smtp.py" else []),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.control = int(self.process.stdout.readline())

    def ask(self, line):
        with socket.create_connection(("127.0.0.1", self.control)) as link, link.makefile("rw") as lines:
            lines.write(line + "\n")
            lines.flush()
            return lines.readline().strip()

    def serve(self, script):
        return int(self.ask(json.dumps(script)))

    def end(self):
        self.process.stdin.close()
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Office:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def run(self, *args, clock, status=None):
        """Runs circular at a time of our choosing."""
        env = {**os.environ, "CIRCULAR_TEST": "clock=%s,seed=7,nodelay" % clock, "TZ": "Europe/London",
               "IMAP_PASSWORD": "secret"}
        done = subprocess.run([self.program, *args], cwd=self.folder, env=env, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=300)
        if status is not None and done.returncode != status:
            raise SystemExit("%s: %d\n%s%s" % (args, done.returncode, done.stdout.decode(), done.stderr.decode()))
        return done.stdout.decode()

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="") as out:
            out.write(text)

    def configure(self, smtp, imap):
        self.write("config", CONFIG.format(smtp=smtp, imap=imap))


CONFIG = """
office:
  name: Office of the Director of Schools, Northmere
from: "Director of Schools <schools@northmere.example.org>"
transport: relay
relay:
  host: 127.0.0.1
  port: {smtp}
  tls: none
  per_minute: 0
  stop_after: 0
  connections: 2
bounce:
  address: bounces@northmere.example.org
imap:
  host: 127.0.0.1
  port: {imap}
  tls: none
  user: user
  password_env: IMAP_PASSWORD
lists:
  schools:
    file: schools.csv
audiences:
  heads:
    list: schools
    key: URN
    email: HeadEmail
    name: "{{{{SchoolName}}}}"
    fields:
      school_name: "{{{{SchoolName}}}}"
"""


def sample_list(office):
    """The sample schools of circular init, some of them with names that nobody should have."""
    subprocess.run([office.program, "init", os.path.join(office.folder, "sample")], check=True, capture_output=True)
    with open(os.path.join(office.folder, "sample", "lists", "schools.csv"), encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    return [[row["URN"], row["SchoolName"], row["Phase"], row["HeadEmail"]] for row in rows if row["Status"] == "Open"]


def real_list(path):
    with open(path, encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    domains = ["bham.example", "bham.example", "academy-trust.example", "learning.example", "%s.example"]
    return [[row["dcfs_no"], row["school_name"], row["school_group"],
             "head.%s@%s" % (row["dcfs_no"], (domains[i % 5] % row["dcfs_no"] if "%" in domains[i % 5] else domains[i % 5]))]
            for i, row in enumerate(rows)]


def write_list(office, rows):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["URN", "SchoolName", "Phase", "HeadEmail"])
    writer.writerows(rows)
    office.write("schools.csv", out.getvalue())


def bounce(letter, status, said, kind="failed"):
    """A report on one letter (RFC 3464), to the address that its envelope sender named."""
    return "\r\n".join([
        "From: MAILER-DAEMON@mx.example", "To: <%s>" % letter["sender"], "Subject: Undelivered Mail Returned to Sender",
        "Message-ID: <%s@mx.example>" % abs(hash(letter["sender"])), "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "", "--b", "Content-Type: text/plain", "",
        "Your message could not be delivered.", "--b", "Content-Type: message/delivery-status", "",
        "Reporting-MTA: dns; mx.example", "", "Final-Recipient: rfc822; " + letter["recipients"][0], "Action: " + kind,
        "Status: " + status, "Diagnostic-Code: smtp; " + said, "", "--b--", ""])


def complaint(letter):
    return "\r\n".join([
        "From: <fbl@provider.example>", "To: <%s>" % letter["sender"], "Subject: complaint", "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"', "", "--b", "Content-Type: text/plain", "",
        "This is an email abuse report.", "--b", "Content-Type: message/feedback-report", "", "Feedback-Type: abuse",
        "User-Agent: Test/1", "Version: 1", "Original-Mail-From: <%s>" % letter["sender"],
        "Original-Rcpt-To: <%s>" % letter["recipients"][0], "", "--b", "Content-Type: message/rfc822", "",
        "Return-Path: <%s>" % letter["sender"], "From: schools@northmere.example.org", "Subject: x", "", "x", "--b--", ""])


def mailing(office, smtp, imap, name, subject, day, faults, batch, back):
    """Plans and sends one update in batches, two minutes apart, and reads what came back; gives the plan's id."""
    server = smtp.serve({"faults": faults})
    office.configure(server, 1)
    office.write("updates/%s.md" % name, "---\nsubject: \"%s\"\n---\n\nDear head of {{school_name}},\n\nall is well.\n" % subject)
    clock = day + "T%02d:%02d:00Z"
    plan = json.loads(office.run("plan", "updates/%s.md" % name, "heads", "--json", clock=clock % (8, 0), status=0))["id"]
    for i in range(14):
        office.run("send", plan, "--yes", "--no-wait", "--limit", str(batch), clock=clock % (8, 30 + 2 * i))
    for hour in (10, 12, 16):
        office.run("send", plan, "--yes", "--no-wait", clock=clock % (hour, 0))
    # hours later what is still put off is given up, but for the last mailing
    if name != "last":
        office.run("send", plan, "--yes", "--no-wait", clock=re.sub(r"\d\dT", lambda m: "%02dT" % (int(m[0][:2]) + 2), clock % (9, 0)))
    letters = sorted(json.loads(smtp.ask("log %d" % server)), key=lambda one: one["recipients"])
    messages = [make(letters[at % len(letters)]) for at, make in back]
    for number, message in enumerate(messages):
        port = imap.serve({"capabilities": ["IDLE", "MOVE", "UIDPLUS", "SASL-IR", "AUTH=PLAIN"], "folders": {"INBOX": [message]},
                           "uidvalidity": sum(map(ord, name)) * 100 + number})
        office.configure(server, port)
        office.run("bounces", "--quiet", clock=re.sub(r"\d\dT", lambda m: "%02dT" % (int(m[0][:2]) + number // 2), clock % (17, 30)), status=0)
    return plan


def make(program, folder, real=None):
    os.makedirs(folder, exist_ok=True)
    office = Office(os.path.abspath(program), folder)
    rows = real_list(real) if real else sample_list(office)
    rows[2][1] = HOSTILE
    rows[3][1] = "@HYPERLINK(\"http://evil.example\")"
    if not real:
        rows.append(["900901", "Nowhere School", "Primary", ""])
    write_list(office, rows)
    good = [row for row in rows if row[3].count("@") == 1]

    def fault(index, **what):
        return {"stage": "rcpt", "match": good[index][3], "do": "reply", **what}
    first = [fault(1, text=GONE), fault(6, text=FULL, first=2)]
    last = [fault(4, text=GONE), fault(2, text=RANDOM), fault(7, text=SPAM), fault(8, text=BUSY), fault(9, text=FULL, first=9),
            {"stage": "dot", "match": good[10][3], "do": "drop", "took": True}]
    smtp, imap = Server("smtp.py"), Server("imap-server")
    batch = max(1, len(rows) // 12)
    try:
        mailing(office, smtp, imap, "first", "Welcome back, {{school_name}}", "2026-01-12", first, batch,
                [(11, lambda one: bounce(one, "5.1.1", "550 5.1.1 user unknown"))])
        mailing(office, smtp, imap, "second", "Spring term: dates for {{school_name}}", "2026-03-02", [fault(6, text=FULL)], batch,
                [(5, lambda one: bounce(one, "4.2.2", "452 4.2.2 mailbox full"))])
        office.run("suppress", "add", good[12][3], "--reason", "school closes in July", clock="2026-03-20T10:00:00Z", status=0)
        last_id = mailing(office, smtp, imap, "last", "End of term: what we heard from {{school_name}}", "2026-11-20", last, batch,
                          [(13, lambda one: bounce(one, "5.1.1", "550 5.1.1 <x> user unknown; =cmd|' /C calc'!A0")),
                           (15, lambda one: bounce(one, "5.7.133", "550 5.7.133 sender not authenticated for group")),
                           (16, complaint),
                           (17, lambda one: bounce(one, "4.4.1", "451 4.4.1 no answer from host", "delayed"))])
    finally:
        smtp.end()
        imap.end()
    office.configure(1, 1)
    return office, last_id


if __name__ == "__main__":
    made, plan_id = make(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None)
    print(plan_id)
