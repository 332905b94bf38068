"""What an audience can say of its readers: flags, rows of another list, several audiences at once."""
import json
import os
import re

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
    assert "config:11: flag 'primary': no such column: 'Phse' (did you mean Phase?): write Phase = 'Primary'" in failed.err


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
    assert "to whom?" in workspace.run("preview", "update.md", "--variety", status=64).err
    assert "give one" in workspace.run("preview", "update.md", "heads", "--variety", "--all", status=64).err


TRUSTS = """\
Code,CEO,Email
T1,Ms One,one@example.org
T2,Mr Two,two@example.org
T3,,three@example.org
"""
LINKS = """\
URN,Trust,School,Head,Joined
1,T1,Birch & <Sons>,Ms B,01/09/2021
2,T1,Ash,Mr A,31/08/2019
3,T2,"Elm, Ash",,02/01/2020
"""
CEOS = """\
from: Office <office@northmere.example.org>
lists:
  trusts: {file: trusts.csv}
  schools: {file: schools.csv}
audiences:
  ceos:
    list: trusts
    key: Code
    email: Email
    name: "{{CEO}}"
    many:
      schools:
        list: schools
        on: Trust
        match: Code
        order: Joined
"""
CEOS = CEOS.replace("{file: trusts.csv}", "\n    file: trusts.csv").replace("{file: schools.csv}", "\n    file: schools.csv")
TABLE = """\
---
subject: Your {{schools.count}} school{{#schools.several}}s{{/schools.several}}
---
Dear {{CEO}}{{^CEO}}colleague{{/CEO}},

{{#schools.count}}
```table Your schools
School,Head,Joined
{{#schools}}
{{School}},{{Head}}{{^Head}}vacant{{/Head}},{{Joined}}
{{/schools}}
```
{{/schools.count}}
{{^schools}}
You have no schools with us.
{{/schools}}
"""


def prepare_ceos(workspace, update=TABLE, config=CEOS):
    workspace.write("config", config + workspace.carrier().lines)
    workspace.write("trusts.csv", TRUSTS)
    workspace.write("schools.csv", LINKS)
    workspace.write("update.md", update)
    return workspace


def plain(workspace, key):
    return workspace.run("preview", "update.md", "ceos", "--text", "--for", key).out


def test_rows_in_a_table(workspace):
    prepare_ceos(workspace)
    one, two, three = (plain(workspace, key) for key in ("T1", "T2", "T3"))
    assert "Subject: Your 2 schools\n" in one and "Subject: Your 1 school\n" in two
    assert "Ash             Mr A  31/08/2019\nBirch & <Sons>  Ms B  01/09/2021\n" in one
    assert "Elm, Ash  vacant  02/01/2020\n" in two
    assert "You have no schools with us." in three and "Joined" not in three


def test_rows_are_frozen_and_sent(workspace):
    """Only the columns that the letter shows are frozen, and what is sent is what was planned."""
    prepare_ceos(workspace)
    planned = json.loads(workspace.run("plan", "update.md", "ceos", "--json").out)
    assert planned["letters"] == 3
    workspace.write("schools.csv", "URN,Trust,School,Head,Joined\n")
    workspace.run("send", planned["id"], "--yes")
    import sqlite3
    with sqlite3.connect(workspace.path("ledger.db")) as ledger:
        fields = [bytes(row[0], "utf-8") if isinstance(row[0], str) else row[0]
                  for row in ledger.execute("SELECT fields FROM delivery_fields ORDER BY number")]
    assert b"7:schoolsld4:Head4:Mr A6:Joined10:31/08/20196:School3:Ashed" in fields[0] and b"URN" not in fields[0]
    assert any("Birch &amp; &lt;Sons&gt;" in one for one in letters(workspace))
    again = workspace.run("plan", "update.md", "ceos", status=64)
    assert "already sent" in again.err


def test_a_change_of_rows_is_a_new_plan(workspace):
    prepare_ceos(workspace)
    plan = lambda: json.loads(workspace.run("plan", "update.md", "ceos", "--json").out)["news"]
    assert [plan(), plan()] == ["new", "unchanged"]
    workspace.write("schools.csv", LINKS.replace("Mr A", "Dr A"))
    assert plan() == "replaced"


def test_slips_with_rows(workspace):
    slips = {"{{schools}}": "'schools' are rows: write {{#schools}}…{{/schools}}",
             "{{schools.School}}": "write {{#schools}}{{School}}{{/schools}}",
             "{{schools.Nme}}": "but no 'schools.Nme'",
             "{{#schools}}{{Schol}}{{/schools}}": "nor a column of 'schools': did you mean 'School'?",
             "{{#schools}}{{Head}}{{/schools}}": "1 row of 'schools' has no 'Head', the first is one of T2 (schools.csv:4)",
             "{{schools.several}}": "is a yes or no",
             "{{School}}": "no field 'School' in audience 'ceos'"}
    for slip, said in slips.items():
        prepare_ceos(workspace, update="---\nsubject: x\n---\nDear colleague,\n\n" + slip + "\n")
        failed = workspace.run("check", "update.md", "ceos", status=65)
        assert "update.md:6: error: " in failed.err and said in failed.err, (slip, failed.err)


def test_guards_within_rows(workspace):
    """A section within the rows guards; one around them is about the recipient's own field."""
    fine = "{{#schools}}{{#Head}}{{Head}}{{/Head}}{{CEO}}{{/schools}}{{^CEO}}x{{/CEO}}"
    prepare_ceos(workspace, update="---\nsubject: x\n---\n" + fine + "\n")
    workspace.run("check", "update.md", "ceos")
    config = CEOS + "    fields:\n      Head: \"{{CEO}}\"\n"
    prepare_ceos(workspace, update="---\nsubject: x\n---\n{{#Head}}{{#schools}}{{Head}}{{/schools}}{{/Head}}\n", config=config)
    assert "1 row of 'schools' has no 'Head'" in workspace.run("check", "update.md", "ceos", status=65).err


def test_rows_in_the_config(workspace):
    prepare_ceos(workspace, config=CEOS.replace("list: schools", "list: scools"))
    assert "config:15: no list 'scools': did you mean 'schools'?" in workspace.run("lists", status=78).err
    prepare_ceos(workspace, config=CEOS.replace("        on: Trust\n", ""))
    assert "on" in workspace.run("lists", status=78).err
    prepare_ceos(workspace, config=CEOS.replace("order: Joined", "order: [Joned desc]"))
    assert "config:18: order of 'schools': no such column: 'Joned'" in workspace.run("lists", status=78).err
    prepare_ceos(workspace, config=CEOS.replace("order: Joined", "order: Joined desc, School"))
    assert "several columns are a list: write order: [Joined desc, School]" in workspace.run("lists", status=78).err


def test_lists_counts_rows(workspace):
    prepare_ceos(workspace)
    assert "schools: 3 rows of schools.csv, up to 2 in a letter; 1 letter without" in workspace.run("lists", "ceos").out
    (one,) = json.loads(workspace.run("lists", "ceos", "--json").out)
    assert one["many"] == [{"field": "schools", "file": "schools.csv", "rows": 3, "most": 2, "without": 1,
                            "columns": ["URN", "Trust", "School", "Head", "Joined"]}]


TWO = """\
from: Office <office@northmere.example.org>
bounce:
  address: bounces@northmere.example.org
lists:
  heads:
    file: heads.csv
  ceos:
    file: ceos.csv
audiences:
  heads:
    title: Headteachers
    list: heads
    key: Key
    email: Email
  ceos:
    list: ceos
    key: Key
    email: Email
"""
HEADS = "Key,Email,Name\n1,ann@example.org,Ann\n2,bob@example.org,Bob\n"
CHIEFS = "Key,Email,Name\n7,ANN@Example.org,Ann\n2,cat@example.org,Cat\n8,dan@example.org,Dan\n"


def prepare_two(workspace, update="---\nsubject: x\n---\nDear {{Name}},\n", heads=HEADS, ceos=CHIEFS):
    workspace.write("config", TWO + workspace.carrier().lines)
    workspace.write("heads.csv", heads)
    workspace.write("ceos.csv", ceos)
    workspace.write("update.md", update)
    return workspace


def test_each_person_once(workspace):
    prepare_two(workspace)
    plan = json.loads(workspace.run("plan", "update.md", "heads", "ceos", "--json").out)
    assert plan["letters"] == 4 and plan["audience"] == "heads, ceos"
    (left,) = plan["excluded"]
    assert (left["key"], left["reason"]) == ("7", "same address as 1 in heads")
    workspace.run("send", plan["id"], "--yes")
    sent = letters(workspace)
    assert len(sent) == 4 and sum("To: ann@" in one for one in sent) == 1
    assert sum("Dear Bob" in one for one in sent) == sum("Dear Cat" in one for one in sent) == 1


def test_nobody_is_sent_it_twice_through_another_audience(workspace):
    prepare_two(workspace)
    workspace.run("send", "update.md", "heads", "--yes")
    assert "already sent to audience 'heads'" in workspace.run("plan", "update.md", "heads", "ceos", status=64).err
    refused = workspace.run("send", "update.md", "ceos", "--yes", status=64).err
    assert "in another audience" in refused and "1 of these people already have it" in refused
    workspace.run("send", "update.md", "ceos", "--yes", "--replace")
    assert sorted(re.search(r"^To: .*?([^\s<]*@[^\s>]*)", one, re.M)[1].lower() for one in letters(workspace)) == [
        "ann@example.org", "bob@example.org", "cat@example.org", "dan@example.org"]
    workspace.run("plan", "update.md", "heads", "ceos", "--again")


def test_both_then_one(workspace):
    prepare_two(workspace)
    workspace.run("send", "update.md", "heads", "ceos", "--yes")
    assert "already sent to audience 'heads, ceos'" in workspace.run("plan", "update.md", "ceos", status=64).err


def test_suppression_of_ones_own_audience(workspace):
    prepare_two(workspace)
    workspace.run("plan", "update.md", "heads")
    workspace.run("suppress", "add", "dan@example.org", "--audience", "ceos")
    workspace.run("suppress", "add", "bob@example.org", "--audience", "ceos")
    plan = json.loads(workspace.run("plan", "update.md", "heads", "ceos", "--json").out)
    assert sorted(one["key"] for one in plan["excluded"]) == ["7", "8"]


def test_front_matter_names_several(workspace):
    for text in ("[heads, ceos]", "heads, ceos", "\n  - heads\n  - ceos"):
        prepare_two(workspace, update=f"---\nsubject: x\naudience: {text}\n---\nDear {{{{Name}}}},\n")
        assert json.loads(workspace.run("plan", "update.md", "--json").out)["audience"] == "heads, ceos"


def test_a_field_that_one_audience_lacks(workspace):
    prepare_two(workspace, ceos=CHIEFS.replace("Name", "FullName"))
    for command in ("check", "plan"):
        failed = workspace.run(command, "update.md", "heads", "ceos", status=65)
        assert "update.md:4: error: no field 'Name' in audience 'ceos'" in failed.err + failed.out


def test_slips_with_audiences(workspace):
    prepare_two(workspace)
    assert "named twice" in workspace.run("plan", "update.md", "heads", "heads", status=64).err
    assert "did you mean 'ceos'?" in workspace.run("plan", "update.md", "heads", "ceo", status=64).err
    assert "one audience" in workspace.run("send", "update.md", "heads", "ceos", "--test", "a@example.org", status=64).err


def test_seeds_get_a_marked_copy(workspace):
    prepare_two(workspace)
    workspace.write("config", TWO.replace("lists:\n", "seeds: [director@northmere.example.org, Bob@example.org]\nlists:\n", 1)
                    + "    seeds: officer@northmere.example.org\n")
    shown = workspace.run("plan", "update.md", "heads").out
    assert "letters   2 and 1 copy for the office" in shown
    plan = json.loads(workspace.run("plan", "update.md", "heads", "ceos", "--json").out)
    assert plan["letters"] == 6
    workspace.run("send", plan["id"], "--yes")
    sent = letters(workspace)
    copies = [one for one in sent if "Subject: Copy (1): x" in one]
    assert len(sent) == 6 and len(copies) == 2 and all("Dear Ann" in one for one in copies)
    marked = "this is what 1 was sent."
    flat = lambda one: " ".join(one.replace("\r\n", "\n").replace("=\n", "").split())
    assert all(flat(one).count(marked) == 2 for one in copies)
    assert all("X-Circular-Copy: 1\r\n" in one or "X-Circular-Copy: 1\n" in one for one in copies)
    assert not any("X-Circular-Copy" in one or "Copy for the office" in one for one in sent if one not in copies)
    assert any("To: officer@" in one for one in copies) and sum("To: bob@" in one for one in sent) == 1
    assert "seed:director@northmere.example.org" in workspace.run("status", plan["id"], "--recipients").out


def test_a_seed_that_is_no_address(workspace):
    prepare_two(workspace)
    workspace.write("config", "seeds: director\n" + TWO)
    assert "config:1: " in workspace.run("plan", "update.md", "heads", status=78).err


def test_a_seeds_copy_stops_only_the_seed(workspace):
    """It carries the token of its own delivery, not that of the reader whose letter it shows."""
    prepare_two(workspace)
    workspace.write("config", TWO.replace("lists:\n", "seeds: director@northmere.example.org\nlists:\n", 1))
    workspace.run("send", "update.md", "heads", "--yes")
    tokens = [re.search(r"List-Unsubscribe:\s*<([^>]+)>", one).group(1) for one in letters(workspace)]
    numbers = [re.search(r"X-Circular-Delivery:\s*\S+/(\d+)", one).group(1) for one in letters(workspace)]
    assert len(set(tokens)) == len(tokens) == 3 and sorted(numbers) == ["1", "2", "3"]
    for one, token in zip(letters(workspace), tokens):
        shown = token.split("unsubscribe%20")[1]
        assert shown in one.replace("=\r\n", "").replace("=\n", "").split("X-Circular-Delivery", 1)[1].split("\n\n", 1)[-1]


def test_a_suppressed_seed(workspace):
    prepare_two(workspace)
    workspace.write("config", TWO + "    seeds: officer@northmere.example.org\n")
    workspace.run("plan", "update.md", "heads")
    workspace.run("suppress", "add", "officer@northmere.example.org", "--audience", "ceos")
    plan = json.loads(workspace.run("plan", "update.md", "heads", "ceos", "--json").out)
    (left,) = [one for one in plan["excluded"] if one["key"].startswith("seed:")]
    assert (left["file"], left["line"]) == ("config", TWO.count("\n") + 1) and "suppressed since" in left["reason"]


def test_previews_of_several_audiences_keep_their_names_apart(workspace):
    prepare_two(workspace, ceos=CHIEFS.replace("8,", "2-2,"))
    workspace.run("preview", "update.md", "heads", "ceos", "--all", "--out", "out")
    shown = {name: workspace.read(workspace.path("out", name)).decode() for name in os.listdir(workspace.path("out"))}
    texts = {name: next(n for n in ("Ann", "Bob", "Cat", "Dan") if "Dear " + n in text)
             for name, text in shown.items() if name.endswith(".txt")}
    assert texts == {"1.txt": "Ann", "2.txt": "Bob", "7.txt": "Ann", "2-2.txt": "Cat", "2-2-2.txt": "Dan"}


def test_check_names_extremes_of_each_audience(workspace):
    prepare_two(workspace)
    said = workspace.run("check", "update.md", "heads", "ceos").out
    assert "update.md heads --variety" in said and "update.md ceos --variety" in said
    variety = json.loads(workspace.run("check", "update.md", "heads", "ceos", "--json").out)["variety"]
    assert {(one["audience"], one["key"]) for one in variety} >= {("heads", "1"), ("ceos", "2")}
    assert ("ceos", "7") not in {(one["audience"], one["key"]) for one in variety}


def test_history_tells_of_a_suppression(workspace):
    prepare_two(workspace)
    workspace.run("send", "update.md", "heads", "--yes")
    workspace.run("suppress", "add", "ann@example.org", "--reason", "asked by telephone")
    said = workspace.run("history", "ann@example.org").out
    assert "suppressed ann@example.org: asked by telephone; 'circular suppress remove'" in said
    workspace.run("suppress", "remove", "ann@example.org")
    assert "asked by telephone, until " in workspace.run("history", "ann@example.org").out


def examples():
    """The table in circular-config(5): an expression, a cell, and what it makes of that."""
    manual = open("cmd/man/circular-config.5", encoding="utf-8").read().split(".Sh EXPRESSIONS")[1]
    table = manual.split(".Bd -offset indent -literal\n")[2].split("\n.Ed")[0]
    expression = ""
    for line in table.replace("\\(aq", "'").replace("\\(Po", "\u00a3").replace("\\&", "").splitlines():
        expression = line[:30].strip() or expression
        cell, answer = line[31:].rsplit(None, 1)
        yield expression, "" if cell.strip() == "(empty)" else cell.strip(), answer


def test_examples_of_the_manual(workspace):
    rows = list(examples())
    assert len(rows) > 40
    for expression in dict.fromkeys(row[0] for row in rows):
        mine = [row for row in rows if row[0] == expression]
        workspace.write("l.csv", "URN,Email,x\n" + "".join(
            f'{i},a{i}@example.org,"{cell}"\n' for i, (_, cell, _) in enumerate(mine, 1)))
        workspace.write("config", "from: a@example.org\nlists: {l: {file: l.csv}}\naudiences:\n  a: {list: l, key: URN, email: "
                        f"Email, where: {json.dumps(expression)}}}\n")
        told = json.loads(workspace.run("lists", "a", "--rows", "--unchosen", "--json").out)[0]
        chosen = {row["key"] for row in told["recipients"]}
        why = {row["key"]: row["why"] for row in told["unchosen"]}
        for i, (_, cell, answer) in enumerate(mine, 1):
            got = "yes" if str(i) in chosen else "unknown" if " is unknown" in why[str(i)] else "no"
            assert got == answer, (expression, cell, told)
