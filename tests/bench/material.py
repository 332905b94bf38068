"""What the bench sends: a letter of 8 KB text and 24 KB HTML with six fields, and lists of any length."""
import csv
import glob
import json
import os
import shutil
import subprocess

FIELDS = ["head_name", "school_name", "ward", "phase", "trust_name", "reference"]

CONFIG = """
office:
  name: Northmere City Council
  address: Council House, 1 Market Square, Northmere NM1 1AA
from: Director of Schools <schools@northmere.example.org>
reply_to: schools-office@northmere.example.org
unsubscribe: unsubscribe@northmere.example.org
bounce:
  address: bounces@northmere.example.org
transport: {transport}
relay:
  host: 127.0.0.1
  port: {port}
  tls: none
  connections: {connections}
  messages_per_connection: 0
  preset: relay
lists:
  schools:
    file: schools.csv
audiences:
  heads:
    title: Headteachers
    list: schools
    key: URN
    email: HeadEmail
    name: "{{{{head_name}}}}"
"""

LETTER = """---
subject: "End of term: what comes next for {{school_name}}"
preheader: "Dates for the spring, and our thanks to {{school_name}}"
---

Dear {{head_name}},

thank you, and all at {{school_name}} in {{ward}}, for this term. Your reference is **{{reference}}**; please have it at hand
when you ring us.

"""

# Everything that a letter holds, the same for all.
SECTION = """## {title}

The waiting time for a plan has come down from 31 weeks to 24. It should be *20*, and it will be by the end of the summer
term; the figures for each **ward** are in [the table of wards](https://northmere.example.org/wards/{number}), which is
brought up to date each month. What you told us in the autumn is in it, too, and so is what we have made of it since then;
you will find that we did not follow every word, and why.

- Look at [the calendar](https://northmere.example.org/calendar/{number}) by *Friday*, and tell us what clashes.
- Tell your **link officer** what stands in the way; “nothing” is an answer too.

> **Before you go home**: check the contact that we hold for the holidays.

"""

# One that differs by recipient.
OWN = """## For {{phase}} schools

The figures for **{{trust_name}}** came in this week, and {{school_name}} is among them. Send back the form with the
reference *{{reference}}* by [the end of January](https://northmere.example.org/returns/{{reference}}), if you please.

{{#trust_name}}
I have written to the chief executive of {{trust_name}} as well, so that nobody is asked twice.
{{/trust_name}}

"""

TITLES = ["Attendance", "Admissions", "Buildings", "Budgets", "Meals", "Transport", "Music", "Sport", "Safety", "Reading"]


def letter():
    sections = [SECTION.format(title=title, number=n) for n, title in enumerate(TITLES, 1)]
    return LETTER + "".join(sections[:5]) + OWN + "".join(sections[5:])


def fields(n):
    """The six fields as a town's register has them: mostly ASCII, now and then an accent."""
    who, school = ("Ms Siân O’Donoghue", "St Bega’s & St Hild’s School") if n % 8 == 0 else ("Mr T. Fenwick", "Abbey & Mill School")
    return [f"{who} {n}", f"{school}, No {n}", f"Castle Ward {n % 40}", "Primary", f"Northmere Learning Trust {n % 90}",
            f"NM/{n:07d}"]


def address(n):
    return f"head{n}@school{n}.example.org"


def write_list(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as out:
        sheet = csv.writer(out)
        sheet.writerow(["URN", "HeadEmail", *FIELDS])
        sheet.writerows(rows)


class Workspace:
    """A folder in which circular plans and sends that letter to `count` recipients."""

    def __init__(self, folder, program, count):
        self.folder, self.program, self.count = folder, program, count
        os.makedirs(folder)
        self.configure()
        with open(self.path("update.md"), "w", encoding="utf-8") as out:
            out.write(letter())
        write_list(self.path("schools.csv"), ([1000000 + n, address(n), *fields(n)] for n in range(1, count + 1)))

    def path(self, name):
        return os.path.join(self.folder, name)

    def configure(self, transport="null", port=1, connections=1):
        with open(self.path("config"), "w", encoding="utf-8") as out:
            out.write(CONFIG.format(transport=transport, port=port, connections=connections))

    def run(self, *args):
        return subprocess.run([self.program, *args], cwd=self.folder, check=True, stdout=subprocess.PIPE, text=True).stdout

    def mailing(self):
        return json.loads(self.run("status", "--json"))[0]["id"]

    def keep_plan(self):
        """Puts the ledger aside as it is now, before anything is sent."""
        shutil.copy(self.path("ledger.db"), self.path("planned.db"))

    def restore_plan(self):
        """The ledger as it was planned, on disk and not on its way there."""
        for name in glob.glob(self.path("ledger.db*")):
            os.remove(name)
        shutil.copy(self.path("planned.db"), self.path("ledger.db"))
        os.sync()


class Sample:
    """The letter as its peers need it: one message in a file, and its parts with a mark for each field."""

    def __init__(self, workspace, count):
        workspace.run("preview", "update.md", "heads", "--out", "sample", "--quiet")
        self.message = workspace.path("sample/1000001.eml")
        with open(self.message, "rb") as file:
            whole = file.read()
        self.size, self.body_size = len(whole), len(whole.split(b"\r\n\r\n", 1)[1])

        write_list(workspace.path("schools.csv"), [[1, "marks@example.org", *(f"QQ{name}QQ" for name in FIELDS)]])
        workspace.run("preview", "update.md", "heads", "--out", "marked", "--quiet")
        parts = {"from": "Director of Schools <schools@northmere.example.org>",
                 "subject": "End of term: what comes next for QQschool_nameQQ"}
        for name, suffix in ("text", "txt"), ("html", "html"):
            with open(workspace.path(f"marked/1.{suffix}"), encoding="utf-8") as file:
                parts[name] = file.read()
        self.text_size, self.html_size = len(parts["text"].encode()), len(parts["html"].encode())
        self.material, self.recipients = workspace.path("material.json"), workspace.path("recipients.json")
        with open(self.material, "w", encoding="utf-8") as out:
            json.dump(parts, out)
        with open(self.recipients, "w", encoding="utf-8") as out:
            json.dump([{"address": address(n), "fields": dict(zip(FIELDS, fields(n)))} for n in range(1, count + 1)], out)
