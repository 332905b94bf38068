"""Lists as offices have them: what is wrong in a sheet is told once, where it stands, before anything leaves."""
import contextlib
import email
import json
import os

CONFIG = """\
from: Office <office@northmere.example.org>
lists:
  schools: {file: schools.csv}
audiences:
  heads:
    list: schools
    key: URN
    email: Email
    name: "{{Name}}"
digests:
  weekly: {audience: heads, layout: weekly.md}
"""
LAYOUT = '---\nsubject: "{{digest_title}}"\n---\n\nDear {{Name}},\n\n{{digest}}\n'
UPDATE = "---\nsubject: Term\n---\n\nDear {{Name}},\n\nwe meet in {{Town}}.\n"
NOTICE = "---\ntitle: Exam entries close\ndate: 2026-11-29\n---\n\nEnter by Friday.\n"
CLOCK = {"CIRCULAR_TEST": "clock=2026-11-30T09:00:00Z,nodelay"}


def prepare(workspace, rows, config=CONFIG, update=UPDATE, layout=LAYOUT):
    workspace.write("config", config)
    workspace.write("schools.csv", "URN,Name,Email,Town\n" + rows)
    workspace.write("updates/u.md", update)
    workspace.write("weekly.md", layout)
    workspace.write("notices/exams.md", NOTICE)
    return workspace


def test_leftovers_stop_a_plan_and_doubts_are_counted(workspace):
    prepare(workspace, "1,#N/A #N/A,a@example.org,Dale\n")
    stopped = workspace.run("plan", "updates/u.md", "heads", status=65)
    assert "schools.csv:2: the value of 'Name' is '#N/A #N/A', for 1, which a spreadsheet" in stopped.err
    prepare(workspace, "".join(f"{i},Ann {i},a{i}@example.org,TBC\n" for i in range(1, 9)))
    planned = workspace.run("plan", "updates/u.md", "heads")
    assert planned.err.count("value-leftover") == 1
    assert "schools.csv:2: warning: 8 values of 'Town' are hardly meant; the first is 'TBC', of 1" in planned.err


def test_what_the_update_allows_is_not_told_by_the_plan(workspace):
    rows = "1,Ann,a@example.org,TBC\n2,Bo,b@example.org,TBC\n"
    prepare(workspace, rows, update=UPDATE.replace("subject: Term", "subject: Term\nallow: [value-leftover]"))
    assert "value-leftover" not in workspace.run("plan", "updates/u.md", "heads").err
    prepare(workspace, "1,TBC,a@example.org,x\n2,Bo,b@example.org,y\n")
    assert "TBC" in workspace.run("digest", "weekly", env=CLOCK).err
    prepare(workspace, "1,TBC,a@example.org,x\n2,Bo,b@example.org,y\n",
            layout=LAYOUT.replace("---\n\nDear", "allow: [value-leftover]\n---\n\nDear"))
    assert "TBC" not in workspace.run("digest", "weekly", env=CLOCK).err


def readers(workspace):
    folder = workspace.path("outbox", "new")
    return sorted(email.message_from_bytes(workspace.read(os.path.join(folder, name)))["To"] for name in os.listdir(folder))


def test_a_leftover_holds_back_one_reader_of_a_digest(workspace):
    with contextlib.closing(workspace.carrier()) as carrier:
        config = CONFIG + carrier.lines
        prepare(workspace, "1,#N/A,a@example.org,x\n2,Bo,b@example.org,y\n", config)
        sent = workspace.run("digest", "weekly", "--send", "--quiet", env=CLOCK)
        assert "schools.csv:2: warning: 1 is held back and gets no letter: the value of 'Name' is '#N/A'" in sent.err
        assert readers(workspace) == ["Bo <b@example.org>"]
        assert "held back: the value of 'Name' is '#N/A' (schools.csv:2)" in workspace.run(
            "status", "--recipients", "weekly").out
        # Once it is fixed, the next one has what was missed.
        prepare(workspace, "1,Ann,a@example.org,x\n2,Bo,b@example.org,y\n", config)
        workspace.run("digest", "weekly", "--send", "--quiet",
                      env={"CIRCULAR_TEST": "clock=2026-12-07T09:00:00Z,nodelay"})
        assert readers(workspace) == ["Ann <a@example.org>", "Bo <b@example.org>"]


def test_leftovers_in_the_rows_of_another_list(workspace):
    config = CONFIG.replace("digests:", "    many:\n      rooms: {list: rooms, on: URN}\ndigests:").replace(
        "audiences:", "  rooms: {file: rooms.csv}\naudiences:")
    update = UPDATE.replace("we meet", "{{#rooms}}\n- {{Room}}: {{Places}}\n{{/rooms}}\n\nwe meet")
    prepare(workspace, "1,Ann,a@example.org,Dale\n", config, update)
    workspace.write("rooms.csv", "URN,Room,Places\n1,Hall,..\n1,Gym,-\n")
    assert "value-leftover" not in workspace.run("plan", "updates/u.md", "heads").err
    workspace.write("rooms.csv", "URN,Room,Places\n1,Hall,3\n1,Gym,#REF!\n")
    stopped = workspace.run("plan", "updates/u.md", "heads", status=65)
    assert "'Places' in 'rooms' is '#REF!', for 1" in stopped.err


JOINED = CONFIG.replace("schools: {file: schools.csv}",
                        "schools:\n    file: schools.csv\n    join: {file: addresses.csv, on: URN}").replace(
                            "email: Email", "email: Mail")


def test_an_exclusion_stands_where_its_fault_does(workspace):
    prepare(workspace, "1,Ann,,x\n2,Bo,,y\n3,Cy,,z\n4,Di,,z\n", JOINED)
    workspace.write("addresses.csv", "URN,Mail\n4,di@example.org\n3,\n1,ann@@example.org\n")
    said = workspace.run("lists", "heads").out
    assert "(addresses.csv:4)" in said and "left out: no address (addresses.csv:3)" in said
    assert "left out: no address: no row in addresses.csv (schools.csv:3)" in said
    plan = json.loads(workspace.run("plan", "updates/u.md", "heads", "--json").out)
    assert [(one["key"], one["file"], one["line"]) for one in plan["excluded"]] == [
        ("1", "addresses.csv", 4), ("2", "schools.csv", 3), ("3", "addresses.csv", 3)]


def test_a_column_without_any_address_is_one_finding(workspace):
    rows = "".join(f"{i},Ann {i},none,a{i}@example.org\n" for i in range(1, 40))
    prepare(workspace, rows)
    said = workspace.run("lists", "heads").err
    assert said.count("bad-address") == 1
    assert "'Email' has no address in any of 39 rows" in said
    assert "'Town' has addresses: is it the email of the audience?" in said
    prepare(workspace, "1,A,none,x\n2,B,b@example.org,x\n3,C,none,x\n")
    assert workspace.run("lists", "heads").err.count("bad-address") == 2


def test_addresses_as_programs_write_them(workspace):
    cells = ["Ann <a1@example.org>", "mailto:a2@example.org", "SMTP:a3@example.org", "a4@example.org (Ann)",
             "\u201ca5@example.org\u201d", "'a6@example.org'", "a7@example.org;"]
    prepare(workspace, "".join(f"{i},Ann,{cell},x\n" for i, cell in enumerate(cells, 1)))
    listed = json.loads(workspace.run("lists", "heads", "--rows", "--json").out)[0]
    assert [one["address"] for one in listed["recipients"]] == [f"a{i}@example.org" for i in range(1, 8)]


def test_columns_of_the_screen_count_characters(workspace):
    prepare(workspace, "1,\u00c5,a@example.org,x\n\u00e9\u00e9,B,b@example.org,y\n")
    lines = [line for line in workspace.run("lists", "heads", "--rows").out.splitlines() if "@" in line]
    assert len({line.index("@example") for line in lines}) == 1
