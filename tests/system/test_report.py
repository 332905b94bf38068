"""What became of it all (circular report, circular history): the numbers, and what people do with them."""
import csv
import io
import json
import os
import re
import sqlite3
import stat
import sys

import pytest

from conftest import PROGRAM, ROOT, Workspace, shared

sys.path.insert(0, os.path.join(ROOT, "tests", "fake"))
import aftermath  # noqa: E402


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Three mailings and what came back from them; read by all tests, changed by none."""
    folder = tmp_path_factory.mktemp("office")
    _, plan = aftermath.make(PROGRAM, str(folder))
    one = Workspace(folder)
    one.plan = plan
    one.run_now = lambda *args, **more: one.run(*args, env={"CIRCULAR_TEST": "clock=2026-11-23T09:00:00Z", "TZ": "Europe/London"}, **more)
    return one


def rows_of(text):
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def count(office, sql, *values):
    with sqlite3.connect("file:%s?mode=ro" % office.path("ledger.db"), uri=True) as db:
        return db.execute(sql, values).fetchone()[0]


# --- the numbers --------------------------------------------------------------------------------

def test_numbers_are_those_of_the_ledger(office):
    report = json.loads(office.run_now("report", office.plan, "--json").out)
    assert report["schema"] == "circular-report/1"
    mailing = "(SELECT number FROM mailings WHERE id = ?)"
    for state, number in report["counts"].items():
        table = "exclusions" if state == "left_out" else "deliveries"
        only = "" if state == "left_out" else " AND state = '%s'" % state
        assert number == count(office, "SELECT count(*) FROM %s WHERE mailing = %s%s" % (table, mailing, only), office.plan), state
    assert all(report["counts"][state] for state in ("sent", "deferred", "refused", "unknown", "bounced", "complained", "left_out"))
    assert report["letters"] == sum(report["counts"].values()) - report["counts"]["left_out"]
    for groups in ("outcomes", "domains"):
        seen = sum(row["counts"][state] for row in report[groups] for state in row["counts"])
        assert seen == report["letters"] if groups == "outcomes" else seen <= report["letters"]
    assert sum(row["counts"]["bounced"] for row in report["returns"]) == report["counts"]["bounced"]
    assert report["verdict"] == "bad" and report["answer"].startswith("No: 23 of 29 letters arrived")


def test_reasons_in_plain_words(office):
    report = json.loads(office.run_now("report", office.plan, "--json").out)
    said = {(row["state"], row["reason"]): row["said"] for row in report["reasons"]}
    assert said["bounced", "userunknown"] == "the mailbox does not exist"
    assert said["bounced", "rejected"] == "only people inside their organisation may write to it"
    assert said["deferred", "systemerror"] == "their server was too busy"
    assert said["unknown", "unknown"].startswith("the mail server's answer was lost")
    assert said["refused", "spamdetected"] == "it was taken for spam"
    assert said["left out", "no-address"] == "the list has no address for them"
    assert said["left out", "bounce-hard"].startswith("earlier letters came back")


def test_whom_to_call(office):
    report = json.loads(office.run_now("report", office.plan, "--json").out)
    calls = {row["key"]: row for row in report["calls"]}
    assert len(calls) == len(report["calls"]) == report["calls_count"]
    assert calls["900901"]["state"] == "left out" and "schools.csv:" in calls["900901"]["why"]
    assert {row["state"] for row in calls.values()} == {"refused", "unknown", "bounced", "complained", "left out"}
    # Not those who share an address, asked for no more, or wait; nor what only IT can fix.
    others = {row["key"] for row in report["others"]}
    assert not others & set(calls)
    assert {row["state"] for row in report["others"]} == {"deferred", "refused"}
    assert all("theark" not in row["address"] for row in report["calls"])


def test_whoever_had_a_later_letter_needs_no_call(office):
    year = json.loads(office.run_now("report", "--json", "--since", "2026-01-01").out)
    assert len(year["mailings"]) == 3
    assert year["letters"] == count(office, "SELECT count(*) FROM deliveries")
    assert "900002" not in {row["key"] for row in year["calls"]}  # refused in January, sent in March and November
    assert year["reached_count"] == 2  # refused, and come back; the one put off is still tried
    keys = [row["key"] for row in year["calls"]]
    assert len(keys) == len(set(keys))
    assert [row["reason"] for row in year["suppressions"]][-1] == "bounce-hard"
    late = json.loads(office.run_now("report", "--json", "--since", "2026-06-01").out)
    assert [row["id"] for row in late["mailings"]] == [office.plan]


# --- spreadsheets -------------------------------------------------------------------------------

def test_csv_round_trip(office):
    text = office.run_now("report", office.plan, "--csv", "--by", "Phase").out
    assert text.count("\r\n") == text.count("\n")
    rows = rows_of(text)
    status = json.loads(office.run_now("status", office.plan, "--json", "--recipients").out)
    assert [(row["key"], row["address"], row["state"]) for row in rows] == [
        (one["key"], one["address"], one["state"]) for one in status["recipients"]
    ] + [(one["key"], one["address"], "left out") for one in status["excluded"]]
    by_key = {row["key"]: row for row in rows}
    assert by_key["900008"]["next"] == "it" and by_key["900009"]["next"] == "wait" and by_key["900901"]["next"] == "call"
    assert by_key["900001"]["Phase"] == "Primary" and by_key["900002"]["Phase"] == "Secondary"
    assert by_key["900003"]["name"] == aftermath.HOSTILE.replace("\u202e", "")  # dropped with the list: it turns nothing around


def test_csv_holds_no_formula(office):
    for args in (("report", office.plan, "--csv"), ("report", "--csv")):
        for row in rows_of(office.run_now(*args).out):
            for cell in row.values():
                assert not re.match("[=+\\-@\t\r\n]", cell), cell
                assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", cell)
    rows = rows_of(office.run_now("report", office.plan, "--csv").out)
    assert [row["name"] for row in rows if "HYPERLINK" in row["name"]] == ["'@HYPERLINK(\"http://evil.example\")"]


def test_csv_of_all_mailings(office):
    rows = rows_of(office.run_now("report", "--csv", "--since", "2026-01-01").out)
    assert [row["id"] for row in rows][0] == office.plan and len(rows) == 3
    for row in rows:
        parts = ("planned", "sending", "sent", "deferred", "refused", "unknown", "bounced", "complained", "written")
        assert int(row["letters"]) == sum(int(row[name]) for name in parts)


# --- pages --------------------------------------------------------------------------------------

def page(office, *args):
    office.run_now(*args, "--html", "page.html")
    assert stat.S_IMODE(os.stat(office.path("page.html")).st_mode) == 0o600
    return office.read("page.html").decode()


def test_pages_hold_all_they_need_and_nothing_of_the_values(office):
    for args in (("report", office.plan, "--by", "Phase"), ("report", "--since", "2026-01-01"), ("history", "900003")):
        text = page(office, *args)
        assert "default-src 'none'" in text and "script-src 'none'" in text
        assert "<script" not in text and "<img" not in text and "src=" not in text.replace("src=x onerror", "")
        assert "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;txt.exe" in text
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f]", text)
        assert "&lt;b&gt;Content" in text or args[0] == "history"
        # Each element's name and attributes are ours.
        assert not re.search(r"<[^>]*\bon[a-z]+\s*=", text)


def test_a_page_takes_the_place_of_another_as_a_whole(office, tmp_path):
    target = office.path("old.html")
    office.write("old.html", "mine")
    os.chmod(target, 0o644)
    os.symlink("old.html", office.path("link.html"))
    office.run_now("report", office.plan, "--html", "link.html")
    assert office.read("old.html") == b"mine"  # a link is replaced and not followed
    office.run_now("report", office.plan, "--html", "old.html")
    assert stat.S_IMODE(os.stat(target).st_mode) == 0o600
    done = office.run_now("report", office.plan, "--html", "no/such/folder/x.html", status=74)
    assert "no/such/folder" in done.err


def test_the_answer_of_a_good_mailing(workspace):
    workspace.write("list.csv", "k,email\n1,a@example.org\n2,b@example.org\n")
    workspace.write("config", workspace.carrier().lines + "from: Office <o@example.org>\nlists:\n  l:\n    file: list.csv\naudiences:\n  heads:\n    list: l\n"
                              "    key: k\n    email: email\n")
    workspace.write("updates/x.md", "---\nsubject: Hello\n---\n\nHi\n")
    plan = json.loads(workspace.run("plan", "updates/x.md", "heads", "--json").out)["id"]
    assert "Not yet: none of 2 letters was sent so far." in workspace.run("report", plan).out
    workspace.run("send", plan, "--yes", "--limit", "1", status=None)
    assert "Not yet: 1 of 2 letters arrived, as far as we know, and 1 is still to go." in workspace.run("report", plan).out
    workspace.run("send", plan, "--yes")
    report = workspace.run("report", plan).out
    assert "Yes: all 2 letters arrived, as far as we know." in report and "phone call" not in report
    assert json.loads(workspace.run("report", plan, "--json").out)["verdict"] == "good"


# --- one school ---------------------------------------------------------------------------------

def test_history_page(office):
    text = page(office, "history", "900015")
    assert "the mailbox does not exist" in text and "earlier letters came back" in text
    assert "Welcome back, " in text and "What to do next" in text
    assert "ask for the right address" in text
    office.run_now("history", "no-such-key", "--html", "none.html", status=66)
    assert not os.path.exists(office.path("none.html"))


# --- mistakes -----------------------------------------------------------------------------------

@pytest.mark.parametrize("args, status, said", [
    (("report", "last", "--csv", "--json"), 64, "give one of them"),
    (("report", "--by", "Phase"), 64, "for one mailing"),
    (("report", "last", "--since", "2026-01-01"), 64, "without ID"),
    (("report", "--since", "last week"), 64, "write it as 2026-09-01"),
    (("report", "--since", "2026-02-30"), 64, "write it as 2026-09-01"),
    (("report", "last", "--by", "Phaze"), 64, "did you mean 'Phase'"),
    (("report", "last", "--csv", "--by", "Phaze"), 64, "did you mean 'Phase'"),
    (("report", "no-such-plan"), 66, "no-such-plan"),
    (("report", "last", "--html", "-"), 64, "name of a file"),
    (("history", "900003", "--html", "x", "--json"), 64, "give one of them"),
    (("report", "last", "more"), 64, "too many"),
])
def test_mistakes_are_told(office, args, status, said):
    done = office.run_now(*args, status=status)
    assert said in done.err and done.out == ""


def test_by_a_column_when_the_list_is_gone(office):
    os.rename(office.path("schools.csv"), office.path("away.csv"))
    try:
        done = office.run_now("report", office.plan, "--by", "Phase", status=66)
        assert "the list can't be asked" in done.err
        frozen = json.loads(office.run_now("report", office.plan, "--by", "school_name", "--json").out)
        assert frozen["by_note"] == "" and len(frozen["by_values"]) == 29
    finally:
        os.rename(office.path("away.csv"), office.path("schools.csv"))


# --- the real thing -----------------------------------------------------------------------------

def test_the_schools_of_a_city(tmp_path):
    folder = tmp_path / "city"
    _, plan = aftermath.make(PROGRAM, str(folder), shared("gias", "birmingham_schools_opendata.csv"))
    one = Workspace(folder)
    report = json.loads(one.run("report", plan, "--json", "--by", "Phase").out)
    assert report["letters"] == 445 and report["counts"]["left_out"] == 2
    assert report["answer"].startswith("Almost: 438 of 445 letters arrived")
    assert sum(sum(row["counts"].values()) for row in report["by_values"]) == 445
    assert {row["value"] for row in report["by_values"]} >= {"Primary", "Secondary", "Nursery", "Special"}
    assert len(report["calls"]) == report["calls_count"] == 7
