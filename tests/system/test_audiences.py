"""What an audience can say of its readers: flags, rows of another list, several audiences at once."""
import json
import os

CONFIG = """\
from: Office <office@northmere.example.org>
lists:
  schools:
    file: schools.csv
audiences:
  heads:
    list: schools
    key: URN
    email: Email
    flags:
      primary: "Phase = 'Primary'"
      big: Pupils > 1000
"""
SCHOOLS = """\
URN,Email,Name,Phase,Pupils
1,a@example.org,Ash,Primary,210
2,b@example.org,Birch,Secondary,1200
"""
UPDATE = """\
---
subject: Term dates
---
Dear {{Name}},

{{#primary}}
Only primary schools read this.
{{/primary}}
{{^primary}}
All but primary schools read this.
{{/primary}}

All{{#big}} and large ones{{/big}} read this.
"""


def prepare(workspace, update=UPDATE, config=CONFIG):
    workspace.write("config", config)
    workspace.write("schools.csv", SCHOOLS)
    workspace.write("update.md", update)
    return workspace


def text_of(workspace, key, *more):
    return " ".join(workspace.run("preview", "update.md", "heads", "--text", "--for", key, *more).out.split())


def test_flags_choose_sections(workspace):
    prepare(workspace)
    ash, birch = text_of(workspace, "1"), text_of(workspace, "2")
    assert "Only primary schools read this. All read this." in ash and "All but" not in ash
    assert "All but primary schools read this. All and large ones read this." in birch and "Only" not in birch


def test_flags_are_frozen(workspace):
    """What was planned is sent, though the list has changed meanwhile."""
    prepare(workspace)
    workspace.run("plan", "update.md", "heads")
    workspace.write("schools.csv", SCHOOLS.replace("Primary", "Secondary"))
    planned = json.loads(workspace.run("plan", "update.md", "heads", "--json").out)
    assert planned["news"] == "replaced"
    workspace.write("schools.csv", SCHOOLS)
    workspace.run("send", planned["id"], "--yes")
    assert not any("Only primary" in one for one in letters(workspace))


def letters(workspace):
    folder = workspace.path("outbox", "new")
    return [workspace.read(os.path.join(folder, name)).decode() for name in sorted(os.listdir(folder))]


def test_broken_flag(workspace):
    prepare(workspace, config=CONFIG.replace("Phase =", "Phse ="))
    failed = workspace.run("plan", "update.md", "heads", status=78)
    assert "config:11: flag 'primary': no such column: 'Phse' (did you mean \"Phase\"?)" in failed.err


def test_flag_as_value(workspace):
    prepare(workspace, update=UPDATE + "\n{{primary}}\n")
    failed = workspace.run("check", "update.md", "heads", status=65)
    assert "update.md:15: error: 'primary' is a yes or no: write {{#primary}}…{{/primary}}" in failed.err + failed.out


def test_typo_within_a_flag(workspace):
    prepare(workspace, update=UPDATE.replace("Only primary", "Only {{Nam}} primary"))
    failed = workspace.run("check", "update.md", "heads", status=65)
    assert "update.md:7: error: no field 'Nam' in audience 'heads': did you mean 'Name'?" in failed.err + failed.out


def test_lists_shows_flags(workspace):
    prepare(workspace)
    assert "primary" in workspace.run("lists", "heads").out


def test_check_names_whose_letters_to_look_at(workspace):
    prepare(workspace)
    said = workspace.run("check", "update.md", "heads")
    assert "  1            first; big: no; primary: yes" in said.out
    assert "circular preview update.md heads --variety" in said.out
    variety = json.loads(workspace.run("check", "update.md", "heads", "--json").out)["variety"]
    assert [one["key"] for one in variety] == ["1", "2"]
    assert variety[1]["why"] == "big: yes; primary: no"
    workspace.run("preview", "update.md", "heads", "--variety", "--out", "out")
    assert sorted(os.listdir(workspace.path("out"))) == sorted(k + e for k in "12" for e in (".eml", ".html", ".txt"))


def test_variety_wants_an_audience_alone(workspace):
    prepare(workspace)
    assert "need an AUDIENCE" in workspace.run("preview", "update.md", "--variety", status=64).err
    assert "give one" in workspace.run("preview", "update.md", "heads", "--variety", "--all", status=64).err
