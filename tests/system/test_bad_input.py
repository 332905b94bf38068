"""Bad input of every kind: one clear error with its place and a fix, the right exit status, nothing sent, nothing lost."""
import json
import os
import resource
import sqlite3
import subprocess

import pytest

from conftest import PROGRAM

CONFIG = """
from: "The Director <director@example.org>"
lists:
  schools:
    file: schools.csv
audiences:
  heads:
    list: schools
    key: urn
    email: email
"""
LIST = "urn,name,email\n1,Hill School,a@example.org\n2,Dale School,b@example.org\n"
LETTER = "---\nsubject: Dates for {{name}}\n---\n\nDear {{name}},\n\nall is well.\n"


@pytest.fixture
def office(workspace):
    workspace.write("config", CONFIG)
    workspace.write("schools.csv", LIST)
    workspace.write("letter.md", LETTER)
    return workspace


def refused(office, status, *words, command=("plan", "letter.md", "heads"), **more):
    """The command fails with that status, says all the words, and neither plans nor sends anything."""
    done = office.run(*command, status=status, **more)
    for word in words:
        assert word in done.err, (word, done.err)
    assert "circular:" in done.err
    assert not os.path.exists(office.path("outbox/new")) or not os.listdir(office.path("outbox/new"))
    return done


def test_good_input_is_planned(office):
    assert json.loads(office.run("plan", "letter.md", "heads", "--json").out)["letters"] == 2


def test_unknown_field(office):
    office.write("letter.md", LETTER + "\n{{nmae}}\n")
    refused(office, 65, "letter.md:9", "'nmae'", "did you mean 'name'")


def test_field_that_one_recipient_lacks(office):
    office.write("schools.csv", LIST + "3,,c@example.org\n")
    refused(office, 65, "letter.md:2", "'name'", "schools.csv:4")


def test_guarded_field_passes(office):
    office.write("schools.csv", LIST + "3,,c@example.org\n")
    office.write("letter.md", "---\nsubject: Dates\n---\n\nDear {{name}}{{^name}}colleague{{/name}}\n")
    office.run("plan", "letter.md", "heads")


def test_unclosed_section(office):
    office.write("letter.md", LETTER + "\n{{#name}}\n\nnever closed\n")
    refused(office, 65, "letter.md:9", "name")


def test_crossed_sections(office):
    office.write("letter.md", LETTER + "\n{{#name}}{{#urn}}x{{/name}}{{/urn}}\n")
    refused(office, 65, "letter.md:9")


def test_unclosed_tag(office):
    office.write("letter.md", LETTER + "\nDear {{name\n")
    refused(office, 65, "letter.md:9")


def test_no_subject(office):
    office.write("letter.md", "---\npreheader: x\n---\n\nHello\n")
    refused(office, 65, "letter.md", "subject")


def test_misspelt_front_matter(office):
    office.write("letter.md", "---\nsubjetc: x\n---\n\nHello\n")
    refused(office, 65, "letter.md:2", "subject")


def test_missing_update(office):
    refused(office, 66, "missing.md", command=("plan", "missing.md", "heads"))


def test_missing_image(office):
    office.write("letter.md", LETTER + "\n![A map](maps/none.png)\n")
    refused(office, 65, "letter.md:9", "none.png")


def test_image_without_description(office):
    office.write("map.png", b"\x89PNG\r\n\x1a\n")
    office.write("letter.md", LETTER + "\n![](map.png)\n")
    refused(office, 65, "letter.md:9", "map.png")


def test_missing_attachment_of_one_school(office):
    office.write("reports/1.pdf", "%PDF-1.4")
    office.write("letter.md", "---\nsubject: Report\nattachments: reports/{{urn}}.pdf\n---\n\nHello\n")
    done = refused(office, 66, "reports/2.pdf", "schools.csv:3")
    office.write("reports/2.pdf", "%PDF-1.4")
    office.run("plan", "letter.md", "heads")
    assert done.returncode


def test_attachment_path_from_a_value_cannot_climb(office):
    office.write("schools.csv", "urn,name,email\n../../../etc/passwd,Hill,a@example.org\n")
    office.write("letter.md", "---\nsubject: Report\nattachments: reports/{{urn}}\n---\n\nHello\n")
    refused(office, 65, "schools.csv:2")


@pytest.mark.parametrize("yaml, place", [
    ("from: [unclosed\n", "config:"),
    ("from: a\n\tlists: x\n", "config:2"),
    ("from: x@example.org\nfrom: y@example.org\n", "config:2"),
    ("a: &x b\nc: *x\n", "config:"),
])
def test_yaml_errors(office, yaml, place):
    office.write("config", yaml)
    refused(office, 78, place)


def test_misspelt_key_in_config(office):
    office.write("config", CONFIG.replace("lists:", "lists:\n", 1) + "relay:\n  hots: x\n")
    refused(office, 78, "config:", "hots", "did you mean", "host")


def test_unknown_audience(office):
    refused(office, 64, "'haeds'", "did you mean 'heads'", command=("plan", "letter.md", "haeds"))


def test_list_without_the_key_column(office):
    office.write("schools.csv", "urm,name,email\n1,Hill,a@example.org\n")
    refused(office, 65, "schools.csv", "'urn'", "urm")


def test_two_rows_with_one_key(office):
    office.write("schools.csv", LIST + "2,Other,c@example.org\n")
    refused(office, 65, "schools.csv:4", "'2'", "3")


def test_neither_utf8_nor_windows_1252(office):
    office.write("schools.csv", b"urn,name,email\n1,Hill,a@example.org\n2,\x81\x8d,b@example.org\n")
    refused(office, 65, "schools.csv:3")


def test_windows_1252_is_read(office):
    office.write("schools.csv", "urn,name,email\n1,Caf\xe9 \u2019s,a@example.org\n", encoding="cp1252")
    office.run("preview", "letter.md", "heads", "--all", "--out", "out")
    assert "Café ’s" in office.read("out/1.txt").decode()


def test_nul_in_the_csv(office):
    office.write("schools.csv", b"urn,name,email\n1,Hi\x00ll,a@example.org\n")
    refused(office, 65, "schools.csv:2", "NUL")


def test_a_300_megabyte_list(office):
    with open(office.path("schools.csv"), "wb") as out:
        out.write(b"urn,name,email\n")
        out.truncate(300 << 20)
    refused(office, 65, "schools.csv", "MB")


def test_bad_where(office):
    office.write("config", CONFIG + "    where: \"nmae = 'x'\"\n")
    refused(office, 78, "config:", "nmae")
    office.write("config", CONFIG + "    where: \"1); DROP TABLE x; --\"\n")
    refused(office, 78, "config:")


def test_locked_ledger(office):
    office.run("plan", "letter.md", "heads")
    office.write("letter.md", LETTER + "\nMore.\n")
    ledger = sqlite3.connect(office.path("ledger.db"))
    ledger.execute("BEGIN EXCLUSIVE")
    refused(office, 75, "ledger.db", env={"CIRCULAR_TEST": "nodelay"})
    ledger.close()
    office.run("plan", "letter.md", "heads")


def test_damaged_ledger(office):
    office.write("ledger.db", b"this is no database at all" * 100)
    before = office.read("ledger.db")
    done = office.run("plan", "letter.md", "heads", status=None)
    assert done.returncode in (74, 78) and "ledger.db" in done.err
    assert office.read("ledger.db") == before


def test_read_only_ledger(office):
    office.run("plan", "letter.md", "heads")
    office.write("letter.md", LETTER + "\nMore.\n")
    if os.geteuid() == 0:
        if subprocess.run(["chattr", "+i", office.path("ledger.db")], capture_output=True).returncode:
            pytest.skip("root can write everything here")
    else:
        os.chmod(office.path("ledger.db"), 0o400)
    try:
        done = office.run("plan", "letter.md", "heads", status=None)
        assert done.returncode in (74, 77), done.err
        assert "ledger.db" in done.err
    finally:
        subprocess.run(["chattr", "-i", office.path("ledger.db")], capture_output=True)


def test_full_disk(office):
    office.run("plan", "letter.md", "heads")
    office.write("letter.md", LETTER + "\nword " * 20000)

    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (60000, 60000))

    done = subprocess.run([PROGRAM, "plan", "letter.md", "heads"], cwd=office.folder, capture_output=True,
                          preexec_fn=small_files)
    assert done.returncode == 74, done.stderr
    assert b"ledger.db" in done.stderr
    status = json.loads(office.run("status", "--json").out)
    assert len(status) == 1 and status[0]["counts"]["planned"] == 2


def test_arguments(office):
    refused(office, 64, "usage", command=("plan",))
    refused(office, 64, "too many", command=("plan", *"abcdefghijk"))
    refused(office, 64, "did you mean 'plan'", command=("paln", "letter.md"))
    refused(office, 64, "--nonsense", command=("plan", "--nonsense"))
    refused(office, 66, "ledger", command=("send", "x-none", "--yes"))
    office.run("plan", "letter.md", "heads")
    refused(office, 66, "x-none", command=("send", "x-none", "--yes"))
    refused(office, 64, "--yes", command=("send", "letter.md", "heads"))


def test_no_workspace(workspace):
    done = workspace.run("plan", "letter.md", "heads", status=66)
    assert "circular init" in done.err
    assert not os.path.exists(workspace.path("ledger.db"))


@pytest.mark.parametrize("count", ["0", "-1"])
def test_a_limit_below_one_mails_nobody(office, count):
    done = office.run("send", "letter.md", "heads", "--yes", f"--limit={count}", status=64)
    assert "--limit wants a count from 1" in done.err
    assert not os.path.exists(os.path.join(office.folder, "outbox"))


def test_options_before_the_command_are_named_as_such(workspace):
    done = workspace.run("--quiet", "status", status=64)
    assert "'--quiet'" in done.err and "after the command" in done.err
