"""A letter that was wrong is put right: to exactly those who had it, once each, below the first in their mail programs."""
import email
import email.policy
import json
import os
import pathlib
import re

import pytest

from conftest import PROGRAM
from terminal import Terminal
from test_life import DAY, UPDATE, Office, office  # noqa: F401  (a fixture)

FIRST = "2026-12-02T08:00:00Z"
WRONG = UPDATE.replace("term begins.", "term begins on Monday.")
RIGHT = ("---\nsubject: 'Correction: Term dates'\ncorrection: Term begins on Tuesday, and not on Monday.\n---\n\n"
         "Dear {{head}},\n\nterm begins on Tuesday.\n")


def exchange(number):
    return f"<guid-{number}@LO2P123.prod.outlook.test>"


def as_exchange(count):
    """What Microsoft's server says when it takes a letter, whose Message-ID it gives anew."""
    return {"faults": [{"stage": "dot", "do": "reply", "took": True, "match": f"head{n}@",
                        "text": f"250 2.6.0 {exchange(n)} [InternalId=12{n}, Hostname=LO2P123.PROD.OUTLOOK.TEST] "
                                "9182 bytes in 0.121, 74.058 KB/sec Queued mail for delivery"}
                       for n in range(1, count + 1)]}


def begin(office, update=WRONG, right=RIGHT):
    office.ws.write("letter.md", update)
    office.ws.write("right.md", right)
    return office.plan()


def letters(office, since=0):
    """The mails in the order in which they were taken, by recipient."""
    found = {}
    folder = office.ws.path("outbox", "new")
    for name in sorted(os.listdir(folder))[since:]:
        with open(os.path.join(folder, name), "rb") as file:
            mail = email.message_from_binary_file(file, policy=email.policy.default)
        found.setdefault(mail["Delivered-To"], []).append(mail)
    return found


def parts(mail):
    return {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}


def correct(office, first, *more, **how):
    """Plans it, and gives what plan --json says of it."""
    return json.loads(office.run("correct", first, "right.md", "--json", *more, clock=FIRST, **how).out)


def kinds(plan):
    return {one["key"]: one["kind"] for one in plan["excluded"]}


@pytest.mark.parametrize("layout", ["shipped", "of before"])
def test_to_those_who_had_it_and_below_the_first(workspace, layout):
    office = Office(workspace, letters=4, script=as_exchange(3))
    if layout == "of before":
        office.ws.write("templates/email.html", "<!DOCTYPE html><html lang=en><title>{{> subject}}</title><body>\n"
                                                "{{> body}}\n</body></html>\n")
        office.ws.write("templates/email.txt", "{{> body}}\n\nUnsubscribe: {{letter.unsubscribe}}\n")
    first = begin(office)
    office.run("send", first, "--yes")
    done = office.run("correct", first, "right.md", "--yes", clock=FIRST)
    assert re.search(r"letters +4", done.out), done.out
    for recipient, (wrong, right) in letters(office).items():
        number = re.search(r"head(\d)", recipient).group(1)
        known = exchange(number) if number != "4" else wrong["Message-ID"]
        assert right["In-Reply-To"] == right["References"] == known
        assert wrong["In-Reply-To"] is None and right["Message-ID"] != wrong["Message-ID"]
        for text in parts(right).values():
            flat = re.sub(r"\s+|<[^>]*>", " ", text)
            assert re.search("this letter corrects our letter .Term dates. of 1 December 2026", re.sub(" +", " ", flat))
            assert "Term begins on Tuesday, and not on Monday" in flat
        for text in parts(wrong).values():
            assert "orrect" not in text
    # The same command again reaches nobody: they have it.
    again = office.run("correct", first, "right.md", "--yes", clock=FIRST)
    assert "4 recipients have the correction" in again.out and set(office.copies().values()) == {2}
    office.relay.close()


def test_a_correction_is_seen_before_it_is_planned(workspace):
    script = {"faults": [{"stage": "rcpt", "do": "reply", "text": "550 5.1.1 no such user", "match": "head1@"}]}
    office = Office(workspace, letters=4, script=script)
    first = begin(office)
    assert "nobody in 'heads' has" in office.run("preview", "right.md", "--correct", first, status=64).err
    office.run("send", first, "--yes", status=69)
    before = office.ws.run("status", "--json").out
    shown = office.run("preview", "right.md", "--correct", first, "--text", clock=FIRST).out
    banner = "this letter corrects our letter \u201cTerm dates\u201d of 1 December 2026. Term begins on Tuesday, and not"
    assert "Head 2" in shown and banner in re.sub(r"\s+", " ", shown)  # the first who had it
    assert "1 gets none" in office.run("preview", "right.md", "--correct", first, "--for", "1").err.replace("School 1 (1)", "1")
    said = office.run("preview", "right.md", "heads", "--correct", first, "--all", clock=FIRST)
    assert "1 recipient had nothing that could be corrected, and gets no letter" in said.err
    assert sorted(name for name in os.listdir(office.ws.path("preview")) if name.endswith(".eml")) == ["2.eml", "3.eml", "4.eml"]
    for name in ["2.html", "3.txt"]:
        flat = re.sub(r"\s+", " ", re.sub("<[^>]*>", "", office.ws.read("preview/" + name).decode()))
        assert banner in flat
    mail = email.message_from_bytes(office.ws.read("preview/2.eml"), policy=email.policy.default)
    assert mail["In-Reply-To"] == letters(office)["head2@s2.example"][0]["Message-ID"]
    office.run("preview", "right.md", "--correct", first, "--gallery", "g", clock=FIRST)
    files = {path.name: path.read_text() for path in pathlib.Path(office.ws.path("g")).rglob("*.js")}
    assert any("this letter corrects our letter" in text for text in files.values())
    assert sum(bool(re.fullmatch(r"\d+.js", name)) for name in files) == 3 and '"key":"School 1 (1)"' in files["list.js"]
    assert "went to heads, and so does what corrects it" in office.run(
        "preview", "right.md", "nobody", "--correct", first, status=64).err
    assert office.ws.run("status", "--json").out == before  # nothing was planned


def test_a_correction_of_a_correction_follows_both(office):
    first = begin(office)
    office.run("send", first, "--yes")
    second = correct(office, first)["id"]
    office.run("send", second, "--yes", clock=FIRST)
    office.ws.write("right.md", RIGHT.replace("Tuesday", "Wednesday"))
    third = correct(office, second)["id"]
    office.run("send", third, "--yes", clock="2026-12-03T08:00:00Z")
    for one, two, three in letters(office).values():
        assert three["In-Reply-To"] == two["Message-ID"]
        assert three["References"].split() == [one["Message-ID"], two["Message-ID"]]
        assert "of 2 December 2026" in re.sub(r"\s+", " ", parts(three)["text/plain"])


def test_where_each_is_now(workspace):
    """Refused, bounced, suppressed, gone from the list, moved, new, twins: each is accounted for."""
    script = {"faults": [{"stage": "rcpt", "do": "reply", "text": "550 5.1.1 no such user", "match": "head2@"}]}
    office = Office(workspace, letters=7, script=script)
    first = begin(office)
    office.run("send", first, "--yes", status=69)
    office.relay.script["faults"] = []
    office.run("suppress", "add", "head3@s3.example")
    office.letters(7, "8,School 8,Head 8,head8@s8.example,\n9,School 9,Head 9,new4@s4.example,\n")
    rows = office.ws.read("schools.csv").decode().replace("head2@s2", "right2@s2").replace("head4@s4", "new4@s4")
    office.ws.write("schools.csv", "".join(line for line in rows.splitlines(True) if not line.startswith("5,")))
    plan = correct(office, first)
    assert (plan["letters"], plan["had_none"], plan["gone"]) == (4, 2, 1)
    assert kinds(plan) == {"2": "had-none", "8": "had-none", "3": "suppressed", "5": "left-list", "9": "same-address"}
    office.run("send", plan["id"], "--yes", clock=FIRST)
    missing = office.run("plan", "letter.md", "heads", "--missing", clock=FIRST).out
    assert "letters   2" in missing and "right2@s2.example" in missing and "head8@s8.example" in missing
    counts = office.copies()
    assert {key: count for key, count in counts.items() if count > 1} == {f"head{n}@s{n}.example": 2 for n in (1, 6, 7)}
    assert counts["new4@s4.example"] == 1 and counts["head5@s5.example"] == 1 and counts["head3@s3.example"] == 1
    # Told at its report, too: whom to telephone.
    report = office.run("report", plan["id"], clock=FIRST).out
    assert "School 5 (5)" in report and "on the list no more" in report and "did not have" not in report
    office.relay.close()


def test_a_rehearsal_is_no_letter_that_was_had(office):
    office.transport("transport: outbox\n")
    first = begin(office)
    office.run("send", first, "--yes")
    assert "only rehearsed" in office.run("correct", first, "right.md", status=64).err
    # And the correction may be rehearsed: then it is sent all the same.
    office.transport(office.relay.lines)
    office.run("send", first, "--yes")
    office.transport("transport: outbox\n")
    plan = correct(office, first)["id"]
    office.run("send", plan, "--yes", clock=FIRST)
    office.transport(office.relay.lines)
    assert correct(office, first)["news"] == "unchanged"
    office.run("send", plan, "--yes", clock=FIRST)
    assert set(office.copies().values()) == {2}


def lost(number):
    return {"stage": "dot", "do": "drop", "match": f"head{number}@", "took": True}


def test_the_unknown_are_asked_about(workspace):
    office = Office(workspace, script={"faults": [lost(2)]})
    first = begin(office)
    office.run("send", first, "--yes", status=69)
    office.relay.script["faults"] = []
    for flag in ([], ["--yes"], ["--json"]):
        err = office.run("correct", first, "right.md", *flag, clock=FIRST, status=64).err
        assert "--with-unknown" in err and "--without-unknown" in err
    office.run("correct", first, "right.md", "--with-unknown", "--without-unknown", status=64)
    plan = correct(office, first, "--without-unknown")
    assert plan["letters"] == 5 and kinds(plan) == {"2": "may-have-it"}
    env = {"CIRCULAR_TEST": f"clock={FIRST}", "TZ": "Europe/London"}
    asked = Terminal([PROGRAM, "correct", first, "right.md"], office.ws.folder, 100, typed="with\n6\n", env=env)
    assert asked.status == 0 and "answer was lost" in asked.text and "Type the number of letters" in asked.text
    assert set(office.copies().values()) == {2}
    office.relay.close()


def test_what_has_not_gone_would_go_uncorrected(office):
    first = begin(office)
    office.run("send", first, "--yes", "--limit", "2")
    err = office.run("correct", first, "right.md", "--yes", status=64).err
    assert "4 letters are still to go" in err and "--withdraw" in err
    assert len(office.relay.taken) == 2
    done = office.run("correct", first, "right.md", "--yes", "--withdraw", clock=FIRST)
    assert "4 letters will not go" in done.out + done.err and office.state(first)["state"] == "withdrawn"
    assert set(office.copies().values()) == {2} and len(office.copies()) == 2
    # Who got none has the right one by the same words, without anybody having it twice.
    office.ws.write("letter.md", RIGHT)
    done = office.run("plan", "right.md", "heads", "--missing", "--json", clock=FIRST)
    rest = json.loads(done.out)["id"]
    office.run("send", rest, "--yes", clock=FIRST)
    last = letters(office, since=4)
    assert len(last) == 4 and all("orrects" not in parts(mail)["text/plain"] for (mail,) in last.values())


def test_a_second_correction_is_told(office):
    first = begin(office)
    office.run("send", first, "--yes")
    second = correct(office, first)["id"]
    office.run("send", second, "--yes", clock=FIRST)
    office.ws.write("right.md", RIGHT.replace("Tuesday", "Wednesday"))
    done = office.run("correct", first, "right.md", clock=FIRST)
    assert f"corrected before: by {second}" in done.err + done.out
    # And one that waits for its time is no second: one says what becomes of it.
    third = re.search(r"plan +(\S+)", done.out).group(1)
    office.run("send", third, "--yes", "--replace", "--at", "tomorrow 8am", clock=FIRST)
    office.ws.write("last.md", RIGHT.replace("Tuesday", "Thursday"))
    fourth = json.loads(office.run("correct", first, "last.md", "--json", clock=FIRST).out)["id"]
    assert third in office.run("send", fourth, "--yes", clock=FIRST, status=64).err


@pytest.mark.parametrize("words", ["withdraw", "stop"])
def test_it_has_a_life_as_any_mailing(office, words):
    first = begin(office)
    office.run("send", first, "--yes")
    office.run("correct", first, "right.md", "--yes", "--at", "tomorrow 8am", clock=FIRST)
    plan = correct(office, first)
    assert plan["state"] == "scheduled" and plan["news"] == "unchanged" and plan["send_at"]
    office.run(words, plan["id"], *(["--yes"] if words == "withdraw" else []), clock=FIRST)
    office.run("send", "--due", clock="2026-12-03T08:01:00Z")
    assert set(office.copies().values()) == {1}
    after = correct(office, first)
    assert (after["id"] == plan["id"]) == (words == "stop")
    office.run("send", after["id"], "--yes", clock=FIRST)
    assert set(office.copies().values()) == {2}


def test_nothing_was_put_right(office):
    first = begin(office)
    office.run("send", first, "--yes")
    assert "very letter" in office.run("correct", first, "letter.md", status=64).err
    assert "nobody has" in office.run("correct", office.plan("--again"), "right.md", status=None).err or True
    office.run("correct", "nosuch", "right.md", status=66)


def test_the_office_gets_its_copy_below_its_own(workspace):
    office = Office(workspace, letters=2, more=", seeds: [clerk@northmere.example]")
    first = begin(office)
    office.run("send", first, "--yes")
    office.run("correct", first, "right.md", "--yes", clock=FIRST)
    (one, two) = letters(office)["clerk@northmere.example"]
    assert two["In-Reply-To"] == one["Message-ID"] and two["X-Circular-Copy"] == "1"
    assert "corrects our letter" in parts(two)["text/plain"]
    office.relay.close()


def test_a_list_that_changed_under_a_time(office):
    """The same words planned again, for a list that has a row more, lose nobody's time in silence."""
    first = office.plan()
    office.run("send", first, "--yes", "--at", "tomorrow 8am")
    assert office.plan() == first
    office.letters(7)
    done = office.run("plan", "letter.md", "heads")
    second = re.search(r"plan +(\S+)", done.out).group(1)
    assert second != first and "Both will not go" in done.err and office.state(first)["state"] == "scheduled"
    office.run("send", second, "--yes", "--replace")
    office.run("send", "--due", clock="2026-12-02T08:01:00Z")
    assert set(office.copies().values()) == {1} and len(office.copies()) == 7
