"""preview --gallery at the command line: what it refuses, what it leaves behind, and that a stop leaves nothing half."""
import json
import os
import re
import signal
import stat
import subprocess
import time

import pytest

from conftest import PROGRAM

CONFIG = """
office:
  name: Northmere City Council
from: "The Director of Schools <director@example.org>"
lists:
  schools:
    file: schools.csv
audiences:
  heads:
    list: schools
    key: urn
    email: email
    name: "{{head}}"
"""


def set_up(workspace, rows, update="Dear {{head}}, hello.\n", front=""):
    workspace.write("config", CONFIG)
    workspace.write("schools.csv", "urn,head,email\n" + "".join("%s,%s,%s\n" % row for row in rows))
    workspace.write("updates/a.md", "---\nsubject: Hello\n%s---\n\n%s" % (front, update))


SOME = [("1", "Ann", "ann@example.org"), ("2", "Bob", "bob@example.org"), ("3", "Cy", "cy@example.org")]


def files_folder(workspace, gallery="G"):
    names = sorted(os.listdir(workspace.path(gallery)))
    folders = [name for name in names if name.startswith("letters-")]
    assert len(folders) == 1, names
    return workspace.path(gallery, folders[0])


def called(workspace, name, gallery="G"):
    """What a file of the gallery calls its function with."""
    with open(os.path.join(files_folder(workspace, gallery), name), encoding="utf-8") as file:
        text = file.read()
    return json.loads("[" + re.fullmatch(r"gallery\.[a-z]+\((.*)\);\n", text, re.S).group(1) + "]")


def letters(workspace, gallery="G"):
    return called(workspace, "list.js", gallery)[0]["letters"]


def test_it_says_how_to_look_at_it_and_who_may(workspace):
    set_up(workspace, SOME)
    done = workspace.run("preview", "updates/a.md", "heads", "--gallery", "new/G")
    assert "3 letters: open new/G/index.html in a browser" in done.out
    assert "only you can read" in done.out
    for folder, folders, files in os.walk(workspace.path("new/G")):
        for name in folders:
            assert stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode) == 0o700
        for name in files:
            assert stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode) == 0o600
    index = workspace.read("new/G/index.html").decode()
    assert "ann@example.org" not in index and "Hello" not in index  # all personal data is in the folder
    quiet = workspace.run("preview", "updates/a.md", "heads", "--gallery", "new/G", "--quiet")
    assert quiet.out == "" and "error" not in quiet.err


@pytest.mark.parametrize("options, word", [
    (["heads", "--gallery", "G", "--text"], "give one of them"),
    (["heads", "--gallery", "G", "--out", "x"], "give one of them"),
    (["heads", "--gallery", "G", "--all", "--for", "1"], "give one"),
    (["--gallery", "G", "--all"], "Name an audience"),
    (["heads", "--gallery", ""], "name of a folder"),
    (["heads", "--gallery", "G", "--for", "nobody"], "nobody in the audience has the key 'nobody'"),
    (["heads", "--gallery", "."], "holds other files"),
    (["heads", "--gallery", "updates"], "name a folder that is new or empty"),
    (["heads", "--gallery", "config"], "is a file"),
])
def test_wrong_words(workspace, options, word):
    set_up(workspace, SOME)
    before = sorted(os.listdir(workspace.folder))
    done = workspace.run("preview", "updates/a.md", *options, status=64)
    assert word in done.err and done.out == ""
    assert sorted(os.listdir(workspace.folder)) == before


def test_where_nothing_can_be_written(workspace):
    set_up(workspace, SOME)
    done = workspace.run("preview", "updates/a.md", "heads", "--gallery", "/proc/nowhere/G", status=74)
    assert "/proc/nowhere" in done.err
    done = workspace.run("preview", "updates/a.md", "heads", "--gallery", "config/G", status=74)
    assert "config" in done.err


def test_the_letters_are_those_of_preview(workspace):
    set_up(workspace, SOME, "Dear {{head}},\n\nsee [the *page*](https://example.org/?q={{head}}).\n")
    workspace.run("preview", "updates/a.md", "heads", "--gallery", "G")
    workspace.run("preview", "updates/a.md", "heads", "--all", "--out", "out")
    shared = called(workspace, "shared.js")[0]
    for place, (key, _, address) in enumerate(SOME):
        entry = letters(workspace)[place]
        assert (entry["key"], entry["address"], entry["problem"]) == (key, address, None)
        number, letter = called(workspace, "%d.js" % place)
        assert number == place
        for view, ending in (("html", ".html"), ("text", ".txt"), ("source", ".eml")):
            parts, text = letter[view], ""
            while parts:
                if isinstance(parts[0], str):
                    text, parts = text + parts[0], parts[1:]
                else:
                    text, parts = text + "".join(shared[view][parts[0]:parts[0] + parts[1]]), parts[2:]
            expected = workspace.read("out/" + key + ending).decode().replace("\r\n", "\n")
            if view == "source":
                text, expected = [re.sub(r"(?m)^(Date|Message-ID): .*\n", "", one) for one in (text, expected)]
            assert text == expected


def test_a_letter_that_cannot_be_made_says_why_and_the_others_are_shown(workspace):
    set_up(workspace, SOME, front="attachments:\n  - files/{{urn}}.txt\n")
    workspace.write("updates/files/1.txt", "one")
    workspace.write("updates/files/3.txt", "three")
    done = workspace.run("preview", "updates/a.md", "heads", "--gallery", "G", status=65)
    assert "1 letter can't be made as it should" in done.err
    assert [bool(one["problem"]) for one in letters(workspace)] == [False, True, False]
    assert "files/2.txt" in letters(workspace)[1]["problem"]
    own = [one for one in called(workspace, "list.js")[0]["findings"] if one["file"] == "schools.csv" and one["line"] == 3]
    assert [one["severity"] for one in own] == ["error"] and letters(workspace)[1]["problem"] in own[0]["text"]
    assert called(workspace, "0.js")[1]["files"] == ["1.txt"]
    assert called(workspace, "1.js")[1]["source"] is None and called(workspace, "1.js")[1]["html"]


def test_errors_are_shown_in_the_page_and_still_fail_the_command(workspace):
    set_up(workspace, SOME + [("4", "", "dee@example.org"), ("5", "Eve", "eve@@example.org")])
    workspace.run("preview", "updates/a.md", "heads", "--gallery", "G", status=65)
    about = called(workspace, "list.js")[0]
    assert {"missing-value", "bad-address"} <= {one["id"] for one in about["findings"]}
    assert [one["key"] for one in about["left_out"]] == ["5"]
    assert len(about["letters"]) == 4


def test_more_than_a_thousand_are_sampled_and_all_can_be_had(workspace):
    rows = [("%d" % i, "Head %d" % i, "head%d@example.org" % i) for i in range(1001)]
    set_up(workspace, rows)
    done = workspace.run("preview", "updates/a.md", "heads", "--gallery", "G")
    assert "200 letters of 1,001" in done.out and "--all" in done.out
    keys = [one["key"] for one in letters(workspace)]
    assert len(set(keys)) == 200 and keys == sorted(keys, key=int)
    assert all(one["why"] for one in letters(workspace))
    workspace.run("preview", "updates/a.md", "heads", "--gallery", "G")
    assert [one["key"] for one in letters(workspace)] == keys
    workspace.run("preview", "updates/a.md", "heads", "--gallery", "G", "--all")
    assert len(letters(workspace)) == 1001 and called(workspace, "list.js")[0]["sample"] is None
    set_up(workspace, rows[:1000])
    workspace.run("preview", "updates/a.md", "heads", "--gallery", "G")
    assert len(letters(workspace)) == 1000
    workspace.run("preview", "updates/a.md", "heads", "--gallery", "G", "--variety")
    assert 1 <= len(letters(workspace)) <= 12


@pytest.mark.parametrize("earlier", [False, True])
def test_ctrl_c_leaves_what_was(workspace, earlier):
    set_up(workspace, SOME)
    if earlier:
        workspace.run("preview", "updates/a.md", "heads", "--gallery", "G")
    before = sorted(os.listdir(workspace.path("G"))) if earlier else None
    set_up(workspace, [("%d" % i, "Head %d" % i, "head%d@example.org" % i) for i in range(30000)])
    process = subprocess.Popen([PROGRAM, "preview", "updates/a.md", "heads", "--gallery", "G", "--all"], cwd=workspace.folder,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # As soon as letters are being written.
    while process.poll() is None:
        if os.path.isdir(workspace.path("G")) and set(os.listdir(workspace.path("G"))) - set(before or []):
            break
        time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    err = process.communicate()[1].decode()
    assert process.returncode == 75, err
    assert "as it was before" in err
    if earlier:
        assert sorted(os.listdir(workspace.path("G"))) == before and len(letters(workspace)) == 3
    else:
        assert not os.path.exists(workspace.path("G"))


def test_killed_at_every_durable_step(workspace):
    """There is one: before it the old gallery is whole, after it the new one is."""
    set_up(workspace, SOME)
    workspace.run("preview", "updates/a.md", "heads", "--gallery", "G")
    set_up(workspace, SOME[:2])
    workspace.run("preview", "updates/a.md", "heads", "--gallery", "G", env={"CIRCULAR_TEST": "stop-after=1"}, status=None)
    index = workspace.read("G/index.html").decode()
    shown = re.search(r'"(letters-[0-9a-f]{8})/list\.js"', index).group(1)
    with open(workspace.path("G", shown, "list.js"), encoding="utf-8") as file:
        assert len(json.loads(re.fullmatch(r"gallery\.open\((.*)\);\n", file.read(), re.S).group(1))["letters"]) == 2
    workspace.run("preview", "updates/a.md", "heads", "--gallery", "G")
    assert len(letters(workspace)) == 2  # and one folder of files, whatever was left
