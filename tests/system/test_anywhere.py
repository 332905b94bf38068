"""What people read is in English, in UTF-8 and in local time wherever the program runs; machines read UTC."""
import json
import os
import re
import subprocess

import pytest

CONFIG = """
from: Ysgrifennydd <office@example.org>
transport: outbox
lists: {one: {file: one.csv}}
audiences: {heads: {list: one, key: k, email: e, where: "lower(kind) = 'infant'"}}
"""
SUMMER = {"CIRCULAR_TEST": "clock=2027-06-02T07:01:00Z,seed=1", "TZ": "Europe/London"}
LOCAL, ISO = "Wed 2 Jun 2027, 08:01 BST", "2027-06-02T07:01:00Z"
LOCALES = ["C", "C.UTF-8", "cy_GB.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8", "fa_IR.UTF-8"]


@pytest.fixture(scope="session")
def locales(tmp_path_factory):
    """LOCPATH of a folder that holds them; a locale whose source isn't here is skipped."""
    folder = tmp_path_factory.mktemp("locales")

    def get(name):
        if "_" in name and not (folder / name).exists():
            made = subprocess.run(["localedef", "-i", name.split(".")[0], "-f", "UTF-8", str(folder / name)],
                                  capture_output=True, check=False)
            if made.returncode:
                pytest.skip(f"no source of the locale {name}: install 'locales'")
        return {"LOCPATH": str(folder), "LC_ALL": name, "LANGUAGE": name.split("_")[0]}
    return get


@pytest.fixture
def office(workspace):
    workspace.write("config", CONFIG)
    workspace.write("one.csv", "k,e,kind\n1,Info@example.org,INFANT\n2,b@example.org,Infant\n3,c@example.org,junior\n"
                               "4,bad@@example.org,infant\n")
    workspace.write("u.md", "---\nsubject: Gwyliau'r haf – Ŵyna\nlang: cy\n---\n\nBydd yr ysgol ar gau.\n")
    return workspace


def send(office, env):
    """The id of a mailing that went."""
    office.run("send", "u.md", "heads", "--yes", env=env)
    return json.loads(office.run("status", "--json", env=env).out)[0]["id"]


@pytest.mark.parametrize("locale", LOCALES)
def test_english_and_utf8(office, locales, locale):
    env = {**SUMMER, **locales(locale)}
    mailing = send(office, env)
    status = office.run("status", mailing, "--recipients", env=env)
    assert "Gwyliau'r haf – Ŵyna" in status.out and status.out.count(LOCAL) == 2, status.out
    assert len(re.findall(r"^\d +written ", status.out, re.M)) == 2  # two recipients: I is i
    assert LOCAL in office.run("history", "1", env=env).out
    assert f"of {LOCAL}" in office.run("report", mailing, env=env).out
    office.run("report", mailing, "--html", "r.html", env=env)
    page = office.read("r.html").decode()
    assert LOCAL in page and 'lang="en-GB"' in page and "Ŵyna" in page
    office.run("suppress", "add", "b@example.org", env=env)
    assert "2 Jun 2027 " in office.run("suppress", "list", env=env).out


@pytest.mark.parametrize("locale", LOCALES)
def test_help_and_errors_are_ours(office, locales, locale):
    env = locales(locale)
    assert "Unknown option --wrong" in office.run("status", "--wrong", env=env, status=64).err
    said = office.run("send", "--help", env=env).out
    assert said.startswith("Usage:") and "Help Options:" in said and "Show help options" in said and "?" not in said
    assert "No such file or directory" in office.run("check", "nowhere.md", env=env, status=66).err
    assert "Ŵyna.md" in office.run("check", "Ŵyna.md", env=env, status=66).err


def test_machines_read_utc(office):
    mailing = send(office, SUMMER)
    for args in (("status", mailing, "--recipients", "--json"), ("history", "1", "--json"), ("report", mailing, "--csv")):
        said = office.run(*args, env=SUMMER).out
        assert ISO in said and "BST" not in said
    assert json.loads(office.run("status", mailing, "--json", env=SUMMER).out)["planned_at"] == ISO


@pytest.mark.parametrize("zone, shown", [("UTC", "Wed 2 Jun 2027, 07:01 UTC"), ("America/Los_Angeles", "Wed 2 Jun 2027, 00:01 PDT"),
                                         ("Pacific/Auckland", "Wed 2 Jun 2027, 19:01 NZST"), ("Europe/Istanbul", "Wed 2 Jun 2027, 10:01 UTC+03")])
def test_the_zone_is_named(office, zone, shown):
    env = {**SUMMER, "TZ": zone}
    mailing = send(office, env)
    assert shown in office.run("status", mailing, "--recipients", env=env).out
    assert shown in office.run("history", "1", env=env).out


def test_letters_follow_their_own_language(office, locales):
    """Not the locale's: the same bytes in each, but for the place in which the outbox lies."""
    letters = []
    for n, locale in enumerate(["C", "tr_TR.UTF-8"]):
        env = {**SUMMER, **locales(locale)}
        office.run("preview", "u.md", "heads", "--for", "1", "--out", f"out{n}", env=env)
        files = sorted(os.listdir(office.path(f"out{n}")))
        letters.append([(name, office.read(f"out{n}/{name}")) for name in files])
    assert letters[0] == letters[1] and letters[0]
    assert any(re.search(rb'lang="cy"', data) for _, data in letters[0])
