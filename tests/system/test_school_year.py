"""A school year: 450 schools, 40 trusts, notices every week, and at the end every school's history compared with what
a model of the rules says (yearmodel.py): not one difference, neither in the ledger nor in the letters themselves.

Deterministic: YEAR_SEED=N chooses another year.
"""
import concurrent.futures
import csv
import datetime
import io
import json
import os
import random
import re
import shutil
import tempfile
import zoneinfo

import pytest

import yearmodel
import yearpost
from conftest import Workspace

LONDON = zoneinfo.ZoneInfo("Europe/London")
DAY = datetime.timedelta(days=1)
FIRST_MONDAY = datetime.date(2026, 9, 7)
WEEKS = 45  # calendar weeks: 39 of term and the holidays between
TERMS = [("Autumn 1", "2026-09-01", "2026-10-23"), ("Autumn 2", "02/11/2026", "18/12/2026"),
         ("Spring 1", "4 January 2027", "12 February 2027"), ("Spring 2", "2027-02-22", "2027-03-26"),
         ("Summer 1", "2027-04-12", "2027-05-28"), ("Summer 2", "2027-06-07", "2027-07-21")]
HOLIDAYS = [(datetime.date(2026, 10, 24), datetime.date(2026, 11, 1)), (datetime.date(2026, 12, 19), datetime.date(2027, 1, 3)),
            (datetime.date(2027, 2, 13), datetime.date(2027, 2, 21)), (datetime.date(2027, 3, 27), datetime.date(2027, 4, 11)),
            (datetime.date(2027, 5, 29), datetime.date(2027, 6, 6))]

CONFIG = """
from: Schools office <schools@northmere.example>
CARRIERbounce: {address: bounces@northmere.example, verp: plus}
imap: {host: 127.0.0.1, port: PORT, tls: none, user: user, password_env: WORD}
lists: {schools: {file: schools.csv}, trusts: {file: trusts.csv}}
audiences:
  heads: {list: schools, key: URN, email: Email, where: "Status = 'Open'"}
  secondaries: {list: schools, key: URN, email: Email, where: "Status = 'Open' AND Phase = 'Secondary'"}
  ceos:
    list: trusts
    key: Code
    email: Email
    many: {schools: {list: schools, on: Trust, match: Code, where: "Status = 'Open'", order: URN}}
digests:
  weekly:
    title: Northmere notices
    audience: heads
    terms: terms.csv
    layout: weekly.md
    topics: [Safeguarding]
    broken_notices: skip
  secondary:
    audience: secondaries
    notices: secondary
    min_items: 3
    first_days: 7
    broken_notices: skip
    terms: terms.csv
    outside_term: hold
"""
LAYOUT = "Dear {{Head}}{{^Head}}colleague{{/Head}} of {{School}},\n\n{{digest}}\n\nYours\n"
# Small layouts: what is tested is who gets what.
HTML = ('<!DOCTYPE html>\n<html lang="{{letter.lang}}" dir="{{letter.dir}}"><head><meta charset="utf-8"><title>{{>subject}}</title>'
        '</head><body>\n{{>body}}</body></html>\n')
TEXT = "{{>body}}\n"

# SQL, and the same in Python.
CHOICES = [("", lambda row: True), ("", lambda row: True), ("Phase = 'Primary'", lambda row: row["Phase"] == "Primary"),
           ("Phase <> 'Primary'", lambda row: row["Phase"] != "Primary"),
           ("Phase = 'Secondary' AND Pupils > 900", lambda row: row["Phase"] == "Secondary" and int(row["Pupils"]) > 900),
           ("Trust <> ''", lambda row: row["Trust"] != ""), ("Trust = ''", lambda row: row["Trust"] == ""),
           ("Ward IN ('Abbey', 'Castle') OR Phase = 'Special'",
            lambda row: row["Ward"] in ("Abbey", "Castle") or row["Phase"] == "Special"),
           ("Pupils < 120", lambda row: int(row["Pupils"]) < 120), ("Phase = 'Sixth form'", lambda row: False)]
TOPICS = ["", "", "Safeguarding", "Finance", "Teaching & *learning*", "[Admissions]"]
COLUMNS = ["URN", "School", "Phase", "Ward", "Pupils", "Trust", "Status", "Head", "Email"]


def since(now, reason):
    return f"suppressed since {now.day} {now:%b %Y}: {reason}"


class Year:
    def __init__(self, workspace, seed, imap):
        self.ws, self.chance = workspace, random.Random(seed)
        self.relay = workspace.carrier()  # what it takes lies in ./outbox
        self.post = yearpost.PostOffice(workspace.path("outbox", "new"), imap)
        self.returned = {"failed": 0, "kept": 0}
        self.schools, self.files, self.notices = {}, {}, {"weekly": {}, "secondary": {}}
        self.models = {"weekly": yearmodel.Digest(), "secondary": yearmodel.Digest(7, 3)}
        self.suppressed = {}
        self.expected = {}  # key -> [(day, kind, state, frozenset of items or reason)]
        self.count, self.heads = 0, 0
        self.ceos = {}  # (letter, address) -> the schools in it
        self.trusts = [{"Code": f"T{n:02}", "Trust": f"Trust {n}", "Head": f"CEO {n}", "email": f"ceo{n}@trust{n}.example"}
                       for n in range(40)]
        for name, text in (("config", CONFIG.replace("PORT", str(imap.port)).replace("CARRIER", self.relay.lines)), ("weekly.md", LAYOUT), ("templates/email.html", HTML),
                           ("templates/email.txt", TEXT)):
            workspace.write(name, text)
        for folder in ("notices", "secondary"):
            os.mkdir(workspace.path(folder))
        workspace.write("terms.csv", "name,from,to\n" + "".join(",".join(term) + "\n" for term in TERMS))
        for _ in range(450):
            self.open_school()

    # --- the world ---------------------------------------------------------------------------------

    def address(self, key):
        self.heads += 1
        return f"head{self.heads}@s{key}.example"

    def open_school(self):
        key = str(900001 + len(self.schools))
        phase = self.chance.choices(["Primary", "Secondary", "Special"], [70, 22, 8])[0]
        self.schools[key] = {
            "URN": key, "School": f"School {key} & <Sons>", "Phase": phase, "Status": "Open", "email": self.address(key),
            "Ward": self.chance.choice(["Abbey", "Castle", "Harbour", "Moor"]), "Pupils": str(self.chance.randrange(40, 1500)),
            "Trust": self.chance.choice(self.trusts)["Code"] if self.chance.random() < 0.4 else "",
            "Head": self.chance.choice(["", "Ms O'Neill", "Mr {x} & Co", "Dr *Bold*", "Ann"])}

    def changes(self):
        """Schools open, close, open again and change head; addresses are lost and found."""
        pick = lambda: self.chance.choice(list(self.schools.values()))
        if self.chance.random() < 0.5:
            self.open_school()
        for _ in range(self.chance.randrange(3)):
            pick()["Status"] = "Closed"
        for school in self.schools.values():
            if school["Status"] == "Closed" and self.chance.random() < 0.08:
                school["Status"] = "Open"
            if not school["email"] and self.chance.random() < 0.4:
                school["email"] = self.address(school["URN"])
        for _ in range(self.chance.randrange(5)):
            school = pick()
            school["email"], school["Head"] = self.address(school["URN"]), "Ms New"
        for _ in range(self.chance.randrange(3)):
            pick()["email"] = ""

    def write_lists(self):
        out = io.StringIO()
        table = csv.writer(out)
        table.writerow(COLUMNS)
        for row in self.schools.values():
            table.writerow([row["email"] if name == "Email" else row[name] for name in COLUMNS])
        self.ws.write("schools.csv", out.getvalue())
        self.ws.write("trusts.csv", "Code,Trust,Head,Email\n" +
                      "".join(f"{t['Code']},{t['Trust']},{t['Head']},{t['email']}\n" for t in self.trusts))

    # --- notices -----------------------------------------------------------------------------------

    def write_notice(self, digest, notice, front):
        folder = {"weekly": "notices", "secondary": "secondary"}[digest]
        front = dict(front, title=f"'Note {notice.name[1:4]}: *it* [x] # {front['word']}'", date=str(notice.date))
        front.pop("word")
        if notice.revision > 1:
            front["revision"] = str(notice.revision)
        head = "".join(f"{name}: {value}\n" for name, value in front.items())
        body = (f"ref {notice.name[:4]}.{notice.revision} end\n\n# For {{{{School}}}}\n\n- one\n- two [there][r]\n\n"
                f"[r]: https://northmere.example/{notice.name[:4]}\n\n```\nnever closed\n")
        self.ws.write(f"{folder}/{notice.name}", f"---\n{head}---\n\n{body}")
        self.notices[digest][notice.name] = notice
        self.files[notice.name] = (digest, front | {"word": "again"})

    def new_notice(self, digest, monday):
        self.count += 1
        sql, chosen = self.chance.choice(CHOICES)
        date = monday - self.chance.randrange(7) * DAY
        if self.chance.random() < 0.1:
            date = monday + self.chance.randrange(1, 15) * DAY
        notice = yearmodel.Notice(f"n{self.count:03}.md", date, chosen)
        front = {"word": self.chance.choice(["Fair", "Dates", "Figures"])}
        if sql:
            front[self.chance.choice(["for", "audience"])] = sql
        if self.chance.random() < 0.3:
            notice.expires = max(date, monday) + self.chance.randrange(0, 30) * DAY
            front["expires"] = notice.expires.strftime("%d/%m/%Y")
        elif self.chance.random() < 0.4:
            clock = self.chance.choice([(9, 30), (14, 0), (7, 0), None])
            day = max(date, monday) + self.chance.randrange(1, 40) * DAY
            notice.event = datetime.datetime.combine(day, datetime.time(*clock) if clock else datetime.time.max)
            front["event"] = day.isoformat() + (" %02d:%02d" % clock if clock else "")
        if self.chance.random() < 0.1:
            front["pinned"] = "yes"
        topic = self.chance.choice(TOPICS)
        if topic:
            front["topic"] = f"'{topic}'"
        self.write_notice(digest, notice, front)

    def write_notices(self, monday):
        for _ in range(self.chance.randrange(2, 6)):
            self.new_notice("weekly", monday)
        for _ in range(self.chance.randrange(0, 3)):
            self.new_notice("secondary", monday)
        recent = [name for name in self.files if int(name[1:4]) > self.count - 15]
        for name in self.chance.sample(recent, min(2, len(recent))):
            digest, front = self.files[name]
            notice = self.notices[digest][name]
            if self.chance.random() < 0.5:
                notice.revision += 1
            self.write_notice(digest, notice, front)

    # --- commands ----------------------------------------------------------------------------------

    def circular(self, now, *args, hooks="", **more):
        utc = now.replace(tzinfo=LONDON).astimezone(datetime.timezone.utc)
        hooks = f"clock={utc:%Y-%m-%dT%H:%M:%SZ},seed=1" + hooks
        return self.ws.run(*args, env={"TZ": "Europe/London", "CIRCULAR_TEST": hooks, "WORD": "secret"}, **more)

    def suppress(self, now):
        """Some addresses are taken out by hand; some are taken back, even of those that bounced."""
        for school in self.chance.sample(list(self.schools.values()), self.chance.randrange(3)):
            if school["email"] and school["email"] not in self.suppressed:
                self.circular(now, "suppress", "add", school["email"], "--reason", "asked us")
                self.suppressed[school["email"]] = since(now, "asked us")
        for address in [a for a in self.suppressed if self.chance.random() < 0.1]:
            self.circular(now, "suppress", "remove", address)
            del self.suppressed[address]

    def bounces(self, now):
        """What comes back, and is read once: of all of it only a failure with its own token does anything."""
        letters = self.post.written()  # every week, so that they are this week's
        if len(letters) < 8 or self.chance.random() < 0.4:
            return
        letters = self.chance.sample(letters, 8)
        failed = letters[:self.chance.randrange(2, 5)]
        for letter in failed:
            self.post.fail(letter)
        away, slow, stolen, bare = letters[4:]
        self.post.away(away)
        self.post.delay(slow)
        self.post.forge(stolen)
        self.post.forge_without_token(bare)
        done = self.circular(now, "bounces", "--quiet")
        assert (done.out, done.err) == ("", "")
        self.post.all_read()
        self.returned["failed"] += len(failed)
        self.returned["kept"] += 4
        for letter in failed:
            self.suppressed.setdefault(letter.to, since(now, "bounce-hard"))
            self.bounced(letter)

    def bounced(self, letter):
        """The history says so of the one letter that came back: the last of this address and kind."""
        for entries in self.expected.values():
            for n in range(len(entries) - 1, -1, -1):
                kind, state, address, what = entries[n]
                if address == letter.to and state == "sent" and letter.is_of(kind):
                    entries[n] = (kind, "bounced", address, what)
                    return
        raise AssertionError(f"nobody was to have {letter}")

    def rows(self, only=lambda row: True):
        return {key: row for key, row in self.schools.items() if row["Status"] == "Open" and only(row)}

    def expect(self, kind, outcome, sent=True):
        for key, (address, items, reason) in outcome.items():
            entry = (kind, "sent" if items else "left out", address, frozenset(items) or reason)
            self.expected.setdefault(key, []).append(entry)

    def digest(self, name, now):
        """One run, in one of the ways a year has."""
        args = ["digest", name, "--send", "--quiet"]
        how = self.chance.random()
        if how < 0.08:  # stopped just after it was planned
            self.circular(now, *args, hooks=",stop-after=2", status=None)
        elif how < 0.16:  # planned by hand, and forgotten
            self.circular(now, "digest", name, "--quiet")
        if how > 0.85:  # two at a time
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                done = list(pool.map(lambda _: self.circular(now, *args), range(2)))
        else:
            done = [self.circular(now, *args)]
        for one in done:
            assert one.out == "", one.out
            for line in one.err.splitlines():
                assert line.endswith(("[notice-changed]", "[notice-missed]", "[notice-between]", "[notice-nobody]",
                                  "[event-past]", "[block-open]", "warning", "warnings")), one.err
        if how > 0.7:  # and again: nobody gets anything
            self.circular(now, *args)

    def letter(self, now, update, audience, rows):
        schools = "\n{{#schools}}\n- urn {{URN}} end\n{{/schools}}\n" if audience == "ceos" else ""
        self.ws.write(f"updates/{update}.md", f"---\nsubject: {update}\n---\n\n# For {{{{Head}}}}{{{{^Head}}}}you{{{{/Head}}}}\n{schools}")
        for trust in self.trusts if schools else []:
            self.ceos[update, trust["email"]] = {key for key, row in self.rows().items() if row["Trust"] == trust["Code"]}
        self.circular(now, "send", f"updates/{update}.md", audience, "--yes", "--quiet")
        self.expect(update, {key: (row["email"], [], "no address") if not row["email"] else
                             (row["email"], [], self.suppressed[row["email"]]) if row["email"] in self.suppressed else
                             (row["email"], [(update, 1, False)], "") for key, row in rows.items()})

    def week(self, number):
        monday = FIRST_MONDAY + 7 * number * DAY
        now = datetime.datetime.combine(monday, datetime.time(7, 0))
        self.changes()
        self.write_notices(monday)
        self.write_lists()
        self.suppress(now - DAY)
        if number in (13, 27, 43):
            self.letter(now - DAY, f"term-{number}", "heads", self.rows())
        if number in (10, 30):
            self.letter(now - DAY, f"ceos-{number}", "ceos", {t["Code"]: t for t in self.trusts})
        if number in (5, 20, 21):
            return  # nobody ran it
        is_term = not any(first <= monday <= last for first, last in HOLIDAYS)
        self.digest("weekly", now)
        self.digest("secondary", now)
        if is_term:
            self.expect("weekly", self.models["weekly"].run(now, self.rows(), list(self.notices["weekly"].values()),
                                                            self.suppressed))
        secondaries = self.rows(lambda row: row["Phase"] == "Secondary")
        outcome = self.models["secondary"].run(now, secondaries, list(self.notices["secondary"].values()), self.suppressed,
                                               sent=is_term)
        if is_term:
            self.expect("secondary", outcome)
        self.bounces(now + 2 * DAY)

    # --- the reckoning -----------------------------------------------------------------------------

    def history(self, key):
        """What the ledger says of one key, in the order in which it happened."""
        done = self.circular(datetime.datetime(2027, 8, 1), "history", key, "--json", status=None)
        if done.returncode == 66:
            return []
        entries = json.loads(done.out)
        held = {}
        for entry in entries:
            if "notice" in entry:
                held.setdefault(entry["mailing"], set()).add((entry["notice"], entry["revision"]))
        found = {}
        for entry in entries:
            if "state" in entry:
                found[entry["mailing"]] = (entry["state"], entry["address"], entry["reply"], held.get(entry["mailing"], set()))
        return found


def parse_letter(data):
    data = data.replace(b"=\r\n", b"").replace(b"=\n", b"")
    head = data.split(b"\n\n", 1)[0].split(b"\r\n\r\n", 1)[0].decode()
    items = {(b"n" + n[1:] + b".md", int(r)) for n, r in re.findall(rb"ref (n\d{3})\.(\d+) end", data)}
    updated = {b"n" + n + b".md" for n in re.findall(rb"Updated: Note (\d{3})", data)}
    to = re.search(r"^To: .*?([^\s<>]+@[^\s<>]+)>?$", head, re.M).group(1)
    subject = re.search(r"^Subject: (.*)$", head, re.M).group(1)
    return to, subject.strip(), frozenset((n.decode(), r, n in updated) for n, r in items)


@pytest.fixture
def memory(tmp_path):
    """A workspace in memory where there is such a folder: 15,000 letters wait for the disk else."""
    folder = tempfile.mkdtemp(prefix="circular-", dir="/dev/shm") if os.access("/dev/shm", os.W_OK) else str(tmp_path)
    yield Workspace(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def imap():
    server = yearpost.Imap()
    yield server
    server.close()


def test_a_school_year(memory, imap):
    year = Year(memory, int(os.environ.get("YEAR_SEED", "2026")), imap)
    for number in range(WEEKS):
        year.week(number)
    keys = sorted(set(year.schools) | {trust["Code"] for trust in year.trusts})
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        histories = dict(zip(keys, pool.map(year.history, keys)))
    differences = []
    letters = {}
    for key in keys:
        real = sorted(
            ((mailing.rsplit("-", 4)[0] if re.search(r"-\d{4}-\d\d-\d\d-", mailing) else mailing.rsplit("-", 1)[0]), mailing, what)
            for mailing, what in histories[key].items())
        by_kind = {}
        for kind, mailing, (state, address, reply, items) in real:
            by_kind.setdefault(kind, []).append((state, address, frozenset(items) if state != "left out" else reply))
        wanted = {}
        for kind, state, address, what in year.expected.get(key, []):
            if isinstance(what, frozenset):
                letters.setdefault(address, []).append(frozenset(what))
                what = frozenset((name, revision) for name, revision, _ in what if name.endswith(".md"))
            wanted.setdefault(kind, []).append((state, address, what))
        for kind in sorted(set(by_kind) | set(wanted)):
            if by_kind.get(kind) != wanted.get(kind):
                differences.append((key, kind, by_kind.get(kind), wanted.get(kind)))
    assert not differences, (len(differences), differences[:3])

    # The letters themselves: each notice once, and marked where it is an update.
    seen = {}
    folder = memory.path("outbox", "new")
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), "rb") as file:
            raw = file.read()
        to, subject, items = parse_letter(raw)
        if subject.startswith("ceos"):
            assert set(re.findall(r"urn (\d+) end", raw.replace(b"=\n", b"").decode())) == year.ceos.pop((subject, to))
        seen.setdefault(to, []).append(items if "digest" in subject or "notices" in subject or items else frozenset({(subject, 1, False)}))
    assert not year.ceos
    order = lambda sets: sorted(sorted(map(str, one)) for one in sets)
    assert {to: order(sets) for to, sets in seen.items()} == {to: order(sets) for to, sets in letters.items()}
    assert sum(map(len, seen.values())) > 9000
    assert year.returned["failed"] > 20 and year.returned["kept"] > 40, year.returned
