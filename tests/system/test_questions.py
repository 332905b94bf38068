"""Questions whose answers the reader's mail program writes, and events for the reader's calendar."""
import base64
import ctypes
import ctypes.util
import datetime
import email
import email.policy
import glob
import html
import importlib.util
import itertools
import random
import re
import urllib.parse
import zoneinfo

import pytest

from test_correct import FIRST, begin, letters, parts
from test_life import Office

ASKING = """---
subject: Support
---

Dear {{head}},

::: answer school-support
Could *your* school offer up to five days
of support to another?
- Yes
- Yes, & from "next" term + more
- No, thank you
until: 17 July 2027
:::

::: acknowledge guidance
Please confirm that you have read it.
:::
"""
EVENT = """---
subject: Briefing
---

Dear {{head}},

::: event briefing
title: Briefing; for heads, of schools
start: 14 July 2027 09:30
end: 12:00
place: Guildhall
:::
"""
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def asking(workspace, letters):
    office = Office(workspace, letters=letters)
    office.ws.write("config", office.ws.read("config") + b"answers: {address: answers@example.org}\n")
    return office


def buttons(page):
    return [(html.unescape(url), re.sub(r"<!--.*?-->|<[^>]*>", "", words, flags=re.S))
            for url, words in re.findall(r'<a href="(mailto:answers@[^"]*)"[^>]*>(.*?)</a>', page, re.S)]


def unfolded(text):
    assert all(len(line) <= 75 for line in text.encode().split(b"\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    return text.replace("\r\n ", "").split("\r\n")


def calendar_of(mail):
    found = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert len(found) == 1, "one calendar file a letter"
    assert found[0].get_param("method") == "PUBLISH"
    return unfolded(base64.b64decode(found[0].get_payload()).decode())


def value(lines, name):
    return [line.split(":", 1)[1] for line in lines if re.match(name + "[;:]", line)]


def test_each_choice_writes_its_answer(workspace):
    office = asking(workspace, 3)
    first = begin(office, update=ASKING)
    office.run("send", first, "--yes")
    tokens = set()
    for (mail,) in letters(office).values():
        page, text = parts(mail)["text/html"], parts(mail)["text/plain"]
        found = buttons(page)
        assert [words for _, words in found] == ["Yes", 'Yes, & from "next" term + more', "No, thank you",
                                                 "Yes, I have read it"] or \
            [html.unescape(words) for _, words in found][1] == 'Yes, & from "next" term + more'
        slugs = ["school-support"] * 3 + ["guidance"]
        choices = ["Yes", 'Yes, & from "next" term + more', "No, thank you", "Yes, I have read it"]
        for (url, _), slug, choice in zip(found, slugs, choices):
            assert "+" not in url and url.isascii()
            address, query = url[len("mailto:"):].split("?")
            fields = dict(field.split("=") for field in query.split("&"))
            subject, body = (urllib.parse.unquote(fields[name]) for name in ("subject", "body"))
            token = re.fullmatch(r"\[([a-z2-7]{20,40})\] (.*)", subject)
            tokens.add(token.group(1))
            assert address == "answers@example.org" and token.group(2) == f"{slug}: {choice}"
            assert body.split("\r\n")[0] == f"Answer: {choice}" and f"[{token.group(1)}] {slug}" in body.split("\r\n")
            assert f"    {subject}\n" in text.replace("\r\n", "\n")
        assert "until:" not in text and "Please answer by 17 July 2027." in text
        assert "until:" not in page and "Please answer by 17 July 2027." in html.unescape(page).replace("\xa0", " ")
        assert "up to five days" in re.sub(r"\s+", " ", text) and "- Yes" not in text
    assert len(tokens) == 3, "one for each reader"


@pytest.mark.parametrize("wrong, line, said", [
    ("::: answer x\nWhat?\n:::", 7, "no choices"),
    ("::: answer\nWhat?\n- a\n- b\n:::", 7, "no name"),
    ("::: answer x\n- a\n- b\n:::", 7, "asks nothing"),
    ("::: answer x\nWhat?\n- a\n- A!\n:::", 10, "the same"),
    ("::: answer x\nWhat?\n- {{head}}\n- b\n:::", 9, "a field"),
    ("::: answer x\nWhat?\n- a\n- b\nAnd more.\n:::", 11, "below the choices"),
    ("::: answer x\nWhat?\n- a\n- b\nuntil: 31 February 2027\n:::", 11, "until:"),
    ("::: answer x\nWhat?\n- a\n- b\n:::\n\n::: acknowledge x\n:::", 13, "two questions"),
    ("::: answer x\nWhat?\n- a\n- b", 7, "where it ends"),
    ("> ::: answer x\n> What?\n> - a\n> - b\n> :::", 7, "a quote"),
    ("::: answer x\nWhat?\n{{#head}}\n- a\n{{/head}}\n- b\n:::", 7, "a section"),
    ("::: event x\ntitle: T\nstart: 14 July 2027 09:30\nend: 09:00\n:::", 10, "ends before"),
    ("::: event x\nstart: 14 July 2027\n:::", 7, "no title"),
    ("::: event x\ntitle: T\nstart: 28 March 2027 01:30\n:::", 7, "clocks go forward"),
    ("{{#head}}\n::: event x\ntitle: T\nstart: 14 July 2027\n:::\n{{/head}}", 8, "a section"),
])
def test_what_can_not_be_asked_is_refused(workspace, wrong, line, said):
    office = asking(workspace, 2)
    office.ws.write("letter.md", "---\nsubject: S\n---\n\nDear {{head}},\n\n" + wrong + "\n")
    done = office.run("check", "letter.md", "heads", status=None)
    errors = [one for one in done.err.splitlines() if "error:" in one and said in one]
    assert errors and errors[0].startswith(f"letter.md:{line}:"), done.err


def test_preflight(workspace):
    office = Office(workspace, letters=2)
    office.ws.write("letter.md", ASKING.replace("2027", "2020") + EVENT.split("},\n")[1].replace("2027", "2020"))
    done = office.run("check", "letter.md", "heads", status=None)
    body = office.ws.read("letter.md").decode().splitlines()
    for rule, block in (("past-question", "::: answer school-support"), ("past-event", "::: event briefing"),
                        ("no-answers", "::: answer school-support")):
        (told,) = [one for one in done.err.splitlines() if f"[{rule}]" in one]
        assert told.startswith(f"letter.md:{body.index(block) + 1}:"), told  # the line on which the block begins


def test_answers_to_the_sender(workspace):
    office = Office(workspace, letters=2)
    sender = re.search(r"from: .*?([\w.-]+@[\w.-]+)", office.ws.read("config").decode()).group(1)
    office.ws.write("config", office.ws.read("config").decode() + f"answers: {{address: {sender}}}\n")
    office.ws.write("letter.md", ASKING)
    assert "[answers-to-sender]" in office.run("check", "letter.md", "heads", status=None).err


def test_a_correction_moves_the_entry(workspace):
    office = Office(workspace, letters=3)
    right = EVENT.replace("subject: Briefing", "subject: 'Correction: Briefing'\ncorrection: The day.").replace(
        "14 July", "15 July")
    first = begin(office, update=EVENT, right=right)
    office.run("send", first, "--yes")
    office.run("correct", first, "right.md", "--yes", clock=FIRST)
    for wrong, put_right in letters(office).values():
        one, other = calendar_of(wrong), calendar_of(put_right)
        assert value(one, "UID") == value(other, "UID") and first in value(one, "UID")[0]
        assert value(one, "SEQUENCE") == ["0"] and value(other, "SEQUENCE") == ["1"]
        assert value(one, "DTSTART") == ["20270714T083000Z"] and value(other, "DTSTART") == ["20270715T083000Z"]
        assert value(one, "SUMMARY") == ["Briefing\\; for heads\\, of schools"]
        assert "Wednesday 14 July 2027, 9:30am to midday" in re.sub(r"\s+", " ", parts(wrong)["text/plain"])


def moments():
    """Times of 2026 to 2030 in London: around the clock's changes, and anywhere."""
    chance, zone = random.Random(7), zoneinfo.ZoneInfo("Europe/London")
    for year in range(2026, 2031):
        changes = [datetime.datetime(year, month, 31 - (datetime.date(year, month, 31).weekday() + 1) % 7)
                   for month in (3, 10)]
        times = [change + datetime.timedelta(minutes=30 * step) for change in changes for step in range(-2, 8)]
        times += [datetime.datetime(year, 1, 1) + datetime.timedelta(minutes=chance.randrange(365 * 24 * 60))
                  for _ in range(20)]
        for wall in times:
            moment = wall.replace(tzinfo=zone)
            back = moment.astimezone(datetime.timezone.utc).astimezone(zone).replace(tzinfo=None)
            if back == wall:  # those that the clocks pass over are refused
                yield wall, moment.astimezone(datetime.timezone.utc)


def test_times_are_those_of_the_zone(workspace):
    office = Office(workspace, letters=1)
    wanted, others = list(moments()), []
    if importlib.util.find_spec("icalendar"):  # as python3-icalendar and libical read them, where they are
        import icalendar
        others.append(lambda text: ["%s" % event["DTSTART"].to_ical().decode() for event in icalendar.Calendar.from_ical(text).walk("VEVENT")])
    if ctypes.util.find_library("ical"):
        others.append(Libical().starts)
    assert len(wanted) > 180
    for batch in itertools.batched(wanted, 20) if hasattr(itertools, "batched") else \
            [wanted[i:i + 20] for i in range(0, len(wanted), 20)]:
        blocks = [f"::: event at-{number}\ntitle: T\nstart: {wall:%Y-%m-%d %H:%M}\n:::\n"
                  for number, (wall, _) in enumerate(batch)]
        office.ws.write("many.md", "---\nsubject: S\n---\n\nText.\n\n" + "\n".join(blocks))
        office.run("preview", "many.md", "--out", "o")
        (path,) = glob.glob(office.ws.path("o", "*.eml"))
        with open(path, "rb") as file:
            lines = calendar_of(email.message_from_binary_file(file, policy=email.policy.default))
        right = [f"{utc:%Y%m%dT%H%M%SZ}" for _, utc in batch]
        assert value(lines, "DTSTART") == right
        for starts in others:
            assert starts("\r\n".join(lines)) == right


@pytest.mark.skipif(not importlib.util.find_spec("icalendar"), reason="python3-icalendar isn't installed")
def test_icalendar_reads_it(workspace):
    import icalendar
    office = Office(workspace, letters=1)
    office.ws.write("letter.md", EVENT)
    office.run("preview", "letter.md", "--out", "o")
    (path,) = glob.glob(office.ws.path("o", "*.eml"))
    with open(path, "rb") as file:
        text = "\r\n".join(calendar_of(email.message_from_binary_file(file, policy=email.policy.default)))
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert event["SUMMARY"] == "Briefing; for heads, of schools"
    assert event["DTSTART"].dt == datetime.datetime(2027, 7, 14, 8, 30, tzinfo=datetime.timezone.utc)


class Libical:
    """The parser of Evolution and Thunderbird's forebears, by its own functions."""

    class Time(ctypes.Structure):
        _fields_ = [(name, ctypes.c_int) for name in ("year month day hour minute second is_date is_daylight".split())] + [
            ("zone", ctypes.c_void_p)]

    def __init__(self):
        self.lib = ctypes.CDLL(ctypes.util.find_library("ical"))
        for name, result, arguments in (("parser_parse_string", ctypes.c_void_p, [ctypes.c_char_p]),
                                        ("component_get_first_component", ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]),
                                        ("component_get_next_component", ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]),
                                        ("component_get_dtstart", self.Time, [ctypes.c_void_p]),
                                        ("component_string_to_kind", ctypes.c_int, [ctypes.c_char_p]),
                                        ("time_is_utc", ctypes.c_int, [self.Time])):
            function = getattr(self.lib, "ical" + name)
            function.restype, function.argtypes = result, arguments
            setattr(self, name, function)

    def starts(self, text):
        calendar, found = self.parser_parse_string(text.encode()), []
        kind = self.component_string_to_kind(b"VEVENT")
        event = self.component_get_first_component(calendar, kind)
        while event:
            at = self.component_get_dtstart(event)
            assert self.time_is_utc(at)
            found.append("%04d%02d%02dT%02d%02d%02dZ" % (at.year, at.month, at.day, at.hour, at.minute, at.second))
            event = self.component_get_next_component(calendar, kind)
        return found


def test_a_layout_of_before_is_told(workspace):
    office = Office(workspace, letters=2)
    office.ws.write("config", office.ws.read("config") + b"office: {logo: logo.png}\n")
    office.ws.write("templates/logo.png", base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="))
    office.ws.write("letter.md", "---\nsubject: S\n---\n\n| Establishment | Accommodation | Correspondence | Responsibilities |\n|---|---|---|---|\n| Northmere | Guildhall | Secretary | Administration |\n")
    assert "layout-lacks" not in office.run("check", "letter.md", "heads", status=None).err
    office.ws.write("templates/email.html", "<!DOCTYPE html><html lang=en><title>{{> subject}}</title><body>\n"
                                            "{{> body}}\n</body></html>\n")
    told = office.run("check", "letter.md", "heads", status=None).err
    assert "office.logo is not shown" in told and "become cards" in told, told
