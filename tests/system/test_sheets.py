"""Lists as offices have them: what is wrong in a sheet is told once, where it stands, before anything leaves."""
import contextlib
import csv
import datetime
import email
import io
import json
import os
import shutil
import subprocess
import zipfile
from xml.sax.saxutils import escape

import pytest

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


def test_what_says_something_only_beside_the_other_values(workspace):
    prepare(workspace, "1,Ann,a@example.org,Dale\n2,0,b@example.org,0\n3,Cy,c@example.org,Hill\n4,Name,d@example.org,x\n")
    said = workspace.run("plan", "updates/u.md", "heads").err
    assert "schools.csv:3: warning: 1 value of 'Name' is '0' where others are texts, the first of 2: is it what" in said
    assert "schools.csv:3: warning: 1 value of 'Town' is '0' where others are texts" in said
    assert "schools.csv:5: warning: the value of 'Name' of 4 is 'Name': is it meant?" in said
    prepare(workspace, "1,Ann,a@example.org,12\n2,Bo,b@example.org,0\n3,Cy,c@example.org,..\n")
    assert "where others are texts" not in workspace.run("plan", "updates/u.md", "heads").err


@pytest.mark.parametrize("value, is_told", [("[Name]", True), ("<name>", True), ("{Name}", True), ("[Names]", False),
                                            ("Name Lee", False), ("(Town)", False)])
def test_the_name_of_its_own_column(workspace, value, is_told):
    prepare(workspace, f"1,{value},a@example.org,Dale\n2,Bo,b@example.org,Dale\n")
    said = workspace.run("plan", "updates/u.md", "heads").err
    assert (f"schools.csv:2: warning: the value of 'Name' of 1 is '{value}': is it meant?" in said) == is_told


def test_a_key_that_a_formula_left_stops_a_plan(workspace):
    prepare(workspace, "#N/A,Ann,a@example.org,Dale\n2,Bo,b@example.org,Dale\n")
    stopped = workspace.run("plan", "updates/u.md", "heads", status=65)
    assert "schools.csv:2: the key is '#N/A', for #N/A" in stopped.err
    prepare(workspace, "1.00123E+05,Ann,a@example.org,Dale\n2,Bo,b@example.org,Dale\n")
    assert "the key of 1.00123E+05 is '1.00123E+05': is it meant?" in workspace.run("plan", "updates/u.md", "heads").err


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


def test_a_schedule_that_can_not_be_read_is_told_by_the_digest(workspace):
    config = CONFIG.replace("layout: weekly.md", "layout: weekly.md, schedule: every other Monday at 7am")
    prepare(workspace, "1,Ann,a@example.org,x\n", config)
    for words in [["--dry-run"], ["--send", "--quiet"]]:
        said = workspace.run("digest", "weekly", *words, env=CLOCK).err
        assert "config:11: warning: not a schedule: 'every other Monday at 7am'" in said and "[bad-schedule]" in said
    prepare(workspace, "1,Ann,a@example.org,x\n", config.replace("every other Monday at 7am", "every Monday at 7am"))
    assert "bad-schedule" not in workspace.run("digest", "weekly", "--dry-run", env=CLOCK).err


def test_for_that_is_wrong_is_not_said_to_choose_nobody(workspace):
    prepare(workspace, "1,Ann,a@example.org,x\n")
    workspace.write("notices/exams.md", NOTICE.replace("date:", "for: Town <> 'a' OR Town <> 'b'\ndate:"))
    said = workspace.run("digest", "weekly", "--dry-run", env=CLOCK, status=65).err
    assert "write Town NOT IN ('a', 'b')" in said and "notice-nobody" not in said


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


def test_the_own_columns_of_who_is_left_out(workspace):
    """Where the fault stands in the joined sheet, its line is another row's of the list."""
    prepare(workspace, "1,Ann,,Ash\n2,Bo,,Birch\n3,Cy,,Cedar\n", JOINED)
    workspace.write("addresses.csv", "URN,Mail\n3,cy@@example.org\n1,ann@example.org\n2,bo@example.org\n")
    plan = json.loads(workspace.run("plan", "updates/u.md", "heads", "--json").out)
    rows = list(csv.DictReader(io.StringIO(workspace.run("report", plan["id"], "--csv").out.lstrip("\ufeff"))))
    assert [(one["URN"], one["Name"], one["Town"]) for one in sorted(rows, key=lambda one: one["key"])] == [
        ("1", "Ann", "Ash"), ("2", "Bo", "Birch"), ("3", "Cy", "Cedar")]


def test_joined_rows_that_differ_in_what_a_letter_shows(workspace):
    prepare(workspace, "1,Ann,,x\n2,Bo,,y\n", JOINED)
    workspace.write("addresses.csv", "URN,Mail,Room\n2,b@example.org,\n1,a@example.org,Hall\n1,a@example.org,Gym\n")
    planned = workspace.run("plan", "updates/u.md", "heads")
    assert "letters   2" in planned.out and "addresses.csv:4: warning: '1' stands in line 3 too" in planned.err
    workspace.write("updates/u.md", UPDATE.replace("{{Town}}", "{{Room}}"))
    stopped = workspace.run("plan", "updates/u.md", "heads", status=65).err
    assert "two rows of '1' have another 'Room', the second is addresses.csv:4: take one of them out" in stopped


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


# --- twins ---------------------------------------------------------------------------------------------

TWINS = "1,Exec,exec@example.org,Dale\n2,Bo,b@example.org,Hill\n3,Exec,exec@example.org,Moor\n"
GROUPED = CONFIG.replace("    email: Email\n", "    email: Email\n    group: email\n")
ROWS_UPDATE = "---\nsubject: Term\n---\n\nDear {{Name}},\n\n{{#rows}}\n- {{URN}} in {{Town}}\n{{/rows}}\n\n{{rows.count}} in all.\n"


def test_one_letter_says_in_what_the_other_would_differ(workspace):
    prepare(workspace, TWINS)
    said = workspace.run("plan", "updates/u.md", "heads").err
    assert "schools.csv:4: warning: 3 has the letter of 1, who has the same address; their own would differ in " \
        "Town ('Moor', not 'Dale'): 'group: email' has both in one letter [twin-differs]" in said
    prepare(workspace, TWINS, update=UPDATE.replace("{{Town}}", "town"))
    assert "twin-differs" not in workspace.run("plan", "updates/u.md", "heads").err


def test_an_address_has_one_letter_with_all_of_its_rows(workspace):
    prepare(workspace, TWINS, GROUPED, ROWS_UPDATE)
    planned = workspace.run("plan", "updates/u.md", "heads")
    assert "letters   2" in planned.out and "twin-differs" not in planned.err and "same-address" not in planned.err
    first = workspace.run("preview", "updates/u.md", "heads", "--text", "--for", "1").out
    assert "1 in Dale" in first and "3 in Moor" in first and "2 in all." in first and "Hill" not in first
    second = workspace.run("preview", "updates/u.md", "heads", "--text", "--for", "2").out
    assert "2 in Hill" in second and "1 in all." in second
    # What was frozen is what is sent.
    workspace.run("send", "updates/u.md", "heads", "--yes")
    folder = workspace.path("outbox", "new")
    letters = [workspace.read(os.path.join(folder, name)).decode() for name in os.listdir(folder)]
    assert len(letters) == 2 and any("1 in Dale" in one and "3 in Moor" in one for one in letters)


def test_a_row_of_an_address_lacks_a_value(workspace):
    prepare(workspace, TWINS.replace("Moor", ""), GROUPED, ROWS_UPDATE)
    stopped = workspace.run("plan", "updates/u.md", "heads", status=65).err
    assert "1 row of 'rows' has no 'Town', the first is 3 (schools.csv:4)" in stopped
    guarded = ROWS_UPDATE.replace(" in {{Town}}", "{{#Town}} in {{Town}}{{/Town}}")
    prepare(workspace, TWINS.replace("Moor", ""), GROUPED, guarded)
    assert "letters   2" in workspace.run("plan", "updates/u.md", "heads").out


def test_a_row_of_an_address_lacks_a_value_in_a_digest(workspace):
    layout = LAYOUT.replace("Dear {{Name}},", "{{#rows}}\n- {{Name}} in {{Town}}\n{{/rows}}")
    config = CONFIG.replace("email: Email", "email: Email\n    group: email")
    prepare(workspace, "1,Ann,x@example.org,Dale\n2,Bo,x@example.org,\n3,Cy,c@example.org,Hill\n", config, layout=layout)
    said = workspace.run("digest", "weekly", status=65, env=CLOCK).err
    assert "1 of the rows of those who get it lack 'Town', the first is in the letter of 1 (schools.csv:2)" in said
    prepare(workspace, "1,Ann,x@example.org,Dale\n2,Bo,x@example.org,Hill\n", config, layout=layout)
    assert "missing-value" not in workspace.run("digest", "weekly", env=CLOCK).err


def test_rows_of_an_address_are_no_text(workspace):
    prepare(workspace, TWINS, GROUPED, UPDATE.replace("{{Town}}", "{{rows.Town}}"))
    assert "'rows' are rows, each with its own 'Town'" in workspace.run("plan", "updates/u.md", "heads", status=65).err
    prepare(workspace, "1,A,a@example.org,x\n", CONFIG, ROWS_UPDATE)
    assert "no field 'rows'" in workspace.run("plan", "updates/u.md", "heads", status=None).err


# --- workbooks ---------------------------------------------------------------------------------------

RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsx(rows, hidden=0):
    """A workbook of one worksheet, Heads, of texts; the column `hidden` is."""
    def cell(text):
        return f"<c t='inlineStr'><is><t>{escape(text)}</t></is></c>"

    columns = f"<cols><col min='{hidden}' max='{hidden}' hidden='1'/></cols>" if hidden else ""
    sheet = "<worksheet>%s<sheetData>%s</sheetData></worksheet>" % (columns, "".join(
        "<row>%s</row>" % "".join(map(cell, row)) for row in rows))
    return package({
        "_rels/.rels": f"<R><Relationship Id='a' Type='{RELATION}/officeDocument' Target='book.xml'/></R>",
        "_rels/book.xml.rels": f"<R><Relationship Id='r' Type='{RELATION}/worksheet' Target='one.xml'/></R>",
        "book.xml": "<workbook><sheets><sheet name='Heads' id='r'/></sheets></workbook>",
        "one.xml": sheet})


def ods(rows, hidden=0):
    """The same as a spreadsheet of OpenDocument."""
    def cell(text):
        return f"<t:table-cell o:value-type='string'><x:p>{escape(text)}</x:p></t:table-cell>"

    columns = f"<t:table-column t:number-columns-repeated='{hidden - 1}'/><t:table-column t:visibility='collapse'/>"
    table = (columns if hidden else "") + "".join("<t:table-row>%s</t:table-row>" % "".join(map(cell, row)) for row in rows)
    return package({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": "<o:d xmlns:o='o' xmlns:t='t' xmlns:x='x'><o:body><t:table t:name='Heads'>" + table +
                       "</t:table></o:body></o:d>"})


def package(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return out.getvalue()


ROWS = [["URN", "Name", "Email", "Town"], ["000001", "Si\u00e2n", "a@example.org", "Dale"],
        ["000002", "Bo", "b@@example.org", "Hill"]]


@pytest.mark.parametrize("make, name", [(xlsx, "heads.xlsx"), (ods, "heads.ods")])
def test_a_workbook_is_a_list(workspace, make, name):
    prepare(workspace, "", CONFIG.replace("schools.csv", name))
    workspace.write(name, make(ROWS))
    said = workspace.run("lists", "heads", "--rows")
    assert "000001" in said.out and "Si\u00e2n" in said.out
    assert f"{name}:Heads!C3: warning: not an e-mail address" in said.err


@pytest.mark.parametrize("make, name", [(xlsx, "heads.xlsx"), (ods, "heads.ods")])
def test_a_finding_names_the_cell(workspace, make, name):
    """Everywhere: whoever opens the workbook goes there at once, past columns that are hidden."""
    config = CONFIG.replace("schools.csv", name).replace("    key: URN", "    where: Pupils > 30\n    key: URN")
    rows = [["URN", "Hid", "Name", "Email", "Town", "Pupils"], ["1", "x", "#N/A", "a@example.org", "Dale", "31"],
            ["2", "x", "Bo", "", "Dale", "31"], ["3", "x", "Bo", "c@example.org", "Dale", ".."],
            ["4", "x", "Si\u00c3\u00a1n", "a@example.org", "", "40"], ["4", "x", "Cy", "d@example.org", "TBC", "40"]]
    prepare(workspace, "", config)
    workspace.write(name, make(rows, hidden=2))
    said = workspace.run("lists", "heads", status=65).err
    at = f"{name}:Heads!"
    for cell in [f"{at}D3: warning: no address", f"{at}F4: warning: where can't be answered",
                 f"{at}C5: warning: 'Si\u00c3\u00a1n' was wrongly", f"{at}D5: warning: 'a@example.org' is the address of 1",
                 f"{at}A6: error: the key '4' stands in line 5 too"]:
        assert cell in said
    workspace.write(name, make(rows[:-1], hidden=2))
    stopped = workspace.run("plan", "updates/u.md", "heads", status=65).err
    assert f"{at}C2: the value of 'Name' is '#N/A', for 1" in stopped
    found = json.loads(workspace.run("check", "updates/u.md", "heads", "--json", status=None).out)["findings"]
    assert ("value-leftover", 2, "C2") in [(one["id"], one["line"], one["cell"]) for one in found]
    rows[1][2] = "Ann"
    rows[1][4] = ""
    workspace.write(name, make(rows[:-1], hidden=2))
    assert f"the first is 1 ({at}E2)" in workspace.run("plan", "updates/u.md", "heads", status=65).err


@pytest.mark.parametrize("make, name", [(xlsx, "w.xlsx"), (ods, "w.ods")])
def test_a_cell_of_a_joined_sheet_is_named_there(workspace, make, name):
    config = JOINED.replace("addresses.csv", name).replace(
        "email: Mail", "email: Mail\n    flags: {big: Pupils > 30}")
    prepare(workspace, "1,Ann,,x\n2,Bo,,y\n", config, UPDATE.replace("{{Town}}", "{{Room}}{{#big}}!{{/big}}"))
    rows = [["Room", "URN", "Mail", "Pupils"], ["Hall", "2", "bo@@example.org", "3"],
            ["#REF!", "1", "ann@example.org", ".."]]
    workspace.write(name, make(rows))
    assert f"{name}:Heads!C2: warning: not an e-mail address" in workspace.run("lists", "heads").err
    assert f"{name}:Heads!D3: warning: flag 'big' can't be answered" in workspace.run("lists", "heads").err
    stopped = workspace.run("plan", "updates/u.md", "heads", status=65).err
    assert f"{name}:Heads!A3: the value of 'Room' is '#REF!', for 1" in stopped
    rows[2][0] = ""
    workspace.write(name, make(rows))
    assert f"the first is 1 ({name}:Heads!A3)" in workspace.run("plan", "updates/u.md", "heads", status=65).err


@pytest.mark.parametrize("make, name", [(xlsx, "w.xlsx"), (ods, "w.ods")])
def test_who_is_left_out_stands_at_the_cell(workspace, make, name):
    """On record, too: whoever puts the list right after the letter went has nothing but the report."""
    prepare(workspace, "", CONFIG.replace("schools.csv", name))
    workspace.write(name, make([["URN", "Hid", "Name", "Email"], ["1", "x", "Ann", "a@example.org"],
                                ["2", "x", "Bo", "b@@example.org"], ["3", "x", "Cy", ""],
                                ["4", "x", "Di", "a@example.org"], ["5", "x", "Ed", "e@example.org"]], hidden=2))
    workspace.write("updates/u.md", UPDATE.replace("{{Town}}", "town"))
    workspace.run("suppress", "add", "e@example.org")
    cells = {"2": "D3", "3": "D4", "4": "D5", "5": "D6"}
    plan = json.loads(workspace.run("plan", "updates/u.md", "heads", "--json").out)
    assert {one["key"]: one["cell"] for one in plan["excluded"]} == cells
    places = [f"{name}:Heads!{cell}" for cell in cells.values()]
    rows = csv.DictReader(io.StringIO(workspace.run("report", plan["id"], "--csv").out.lstrip("\ufeff")))
    assert sorted(one["place"] for one in rows if one["place"]) == places
    for said in [workspace.run("lists", "heads"), workspace.run("status", "--recipients", plan["id"])]:
        assert all(f"({place})" in said.out for place in places[:3])
    assert f"({places[3]})" in workspace.run("history", "5").out
    workspace.run("report", plan["id"], "--html", "r.html")
    assert f"{places[0]})".encode() in workspace.read("r.html")
    left = {one["key"]: one["cell"] for one in json.loads(workspace.run("lists", "heads", "--json").out)[0]["excluded"]}
    assert left == {key: cells[key] for key in "234"}


@pytest.mark.parametrize("make, name", [(xlsx, "w.xlsx"), (ods, "w.ods")])
def test_a_workbook_is_joined_grouped_and_the_terms(workspace, make, name):
    config = JOINED.replace("addresses.csv", name)
    prepare(workspace, "1,Ann,,Dale\n", config)
    workspace.write(name, make([["URN", "Mail"], ["1", "ann@example.org"]]))
    assert "ann@example.org" in workspace.run("lists", "heads", "--rows").out
    config = CONFIG.replace("digests:", "    many:\n      rooms: {list: rooms, on: URN}\ndigests:").replace(
        "audiences:", f"  rooms: {{file: {name}}}\naudiences:")
    prepare(workspace, "1,Ann,a@example.org,Dale\n", config, UPDATE + "\n{{#rooms}}\n- {{Room}}\n{{/rooms}}\n")
    workspace.write(name, make([["URN", "Room"], ["1", "Gym"], ["1", "Hall"]]))
    text = workspace.run("preview", "updates/u.md", "heads", "--text", "--for", "1").out
    assert "Gym" in text and "Hall" in text
    config = CONFIG.replace("layout: weekly.md", f"layout: weekly.md, terms: {name}")
    prepare(workspace, "1,Ann,a@example.org,Dale\n", config)
    workspace.write(name, make([["name", "from", "to"], ["Autumn", "2026-09-01", "2026-12-18"]]))
    assert "1 letter" in workspace.run("digest", "weekly", "--dry-run", env=CLOCK).out
    # What is wrong with the terms is told by the quiet run of cron, too.
    workspace.write(name, make([["name", "from", "to", "by"], ["Autumn", "2026-09-01", "2026-12-18", "x"]], hidden=4))
    said = workspace.run("digest", "weekly", "--quiet", env=CLOCK).err
    assert f"{name}:Heads: warning: 1 hidden column is left out" in said


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_what_libreoffice_saves_is_what_its_csv_says(workspace, ending):
    prepare(workspace, "".join(f"{i},Ann {i},a{i}@example.org,2026-09-{i:02}\n" for i in range(1, 20)))
    subprocess.run(["soffice", f"-env:UserInstallation=file://{workspace.path('profile')}", "--headless", "--convert-to", ending,
                    "--outdir", workspace.path(), workspace.path("schools.csv")], check=True, timeout=120,
                   stdout=subprocess.DEVNULL)
    listed = workspace.run("lists", "heads", "--rows", "--json").out
    workspace.write("config", CONFIG.replace("schools.csv", "schools." + ending))
    assert json.loads(workspace.run("lists", "heads", "--rows", "--json").out) == json.loads(listed)


COLUMNS = {"Name": "General", "Day": "dd/mm/yyyy", "When": "dd/mm/yyyy hh:mm", "Percent": "0.00%", "Money": "#,##0.00",
           "Code": "000000", "Truth": "General", "Long": "General", "Owed": "0.0;(0.0)", "Time": "hh:mm", "Text": "General"}


def shown(workspace, name):
    """All cells as they come into a letter."""
    everything = "|".join("{{%s}}" % column for column in COLUMNS)
    prepare(workspace, "", CONFIG.replace("schools.csv", name).replace("{{Name}}", everything))
    listed = json.loads(workspace.run("lists", "heads", "--rows", "--json").out)[0]
    return [one["name"].split("|") for one in listed["recipients"]]


def test_other_programs_read_the_same(workspace):
    """A workbook of openpyxl's, converted by Gnumeric: read alike from each file, its texts and days as openpyxl reads them,
    its numbers as Gnumeric shows them."""
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    if not shutil.which("ssconvert"):
        pytest.skip("Gnumeric (ssconvert) is not installed")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["URN", "Email", *COLUMNS])
    begin = datetime.datetime(2026, 1, 1, 9, 30)
    for i in range(1, 41):
        sheet.append([i, f"a{i}@example.org", f"Si\u00e2n & <{i}>", (begin + datetime.timedelta(i * 37)).date(),
                      begin + datetime.timedelta(minutes=i * 617), i / 64, i * 1234.5, i, i % 2 == 0, 447700900000 + i,
                      -i * 1.5, datetime.time(9, i), "0012" if i % 3 else " 07700 900123"])
        for column, code in enumerate(COLUMNS.values(), 3):
            sheet.cell(sheet.max_row, column).number_format = code
    sheet.merge_cells("M5:M7")
    book.save(workspace.path("a.xlsx"))
    for name in ("b.ods", "c.xlsx"):
        subprocess.run(["ssconvert", workspace.path("a.xlsx"), workspace.path(name)], check=True, capture_output=True,
                       timeout=120)
    ours = shown(workspace, "a.xlsx")
    assert len(ours) == 40
    assert shown(workspace, "b.ods") == ours and shown(workspace, "c.xlsx") == ours
    text = subprocess.run(["ssconvert", "-T", "Gnumeric_stf:stf_assistant", "-O", "format=preserve separator=|",
                           workspace.path("a.xlsx"), "fd://1"], check=True, capture_output=True, timeout=120).stdout
    theirs = [row[2:] for row in csv.reader(io.StringIO(text.decode()), delimiter="|")][1:]
    read = openpyxl.load_workbook(workspace.path("a.xlsx"))["Sheet"]
    by_name = {column: place for place, column in enumerate(COLUMNS)}
    for i, row in enumerate(ours):
        cells = [read.cell(i + 2, place + 3).value for place in range(len(COLUMNS))]
        for column in ("Percent", "Money", "Code", "Truth", "Owed", "Time"):
            assert row[by_name[column]] == theirs[i][by_name[column]], (i, column)
        assert row[by_name["Name"]] == cells[by_name["Name"]]
        assert row[by_name["Long"]] == str(cells[by_name["Long"]])
        assert row[by_name["Day"]] == cells[by_name["Day"]].strftime("%Y-%m-%d")
        assert row[by_name["When"]] == cells[by_name["When"]].strftime("%Y-%m-%d %H:%M")
        merged = read["M5"].value if 5 <= i + 2 <= 7 else cells[by_name["Text"]]
        assert row[by_name["Text"]] == merged.strip()


# --- a list out of a sheet -----------------------------------------------------------------------------


def guess(workspace, name, status=0):
    return workspace.run("lists", "--guess", name, status=status)


def test_what_is_guessed_loads_as_it_is_printed(workspace):
    workspace.write("lists/Heads 2026.csv", "School name,URN,Title,Surname,Head email,Office email,Tel no\n" + "".join(
        f"School {i},{1000 + i},Ms,Smith {i},h{i}@example.org,o{i}@example.org,0121 {i}\n" for i in range(1, 30)))
    said = guess(workspace, "lists/Heads 2026.csv").out
    workspace.write("config", "from: Office <office@example.org>\n" + said)
    listed = json.loads(workspace.run("lists", "--rows", "--json").out)
    assert [one["audience"] for one in listed] == ["heads-2026"]
    assert listed[0]["recipients"][0] == {"key": "1001", "address": "h1@example.org", "name": "Ms Smith 1"}
    assert len(listed[0]["recipients"]) == 29
    assert "# email: [Head email, Office email]" in said and "# label: School name" in said and "# phone: Tel no" in said


def test_a_guess_joins_the_sheet_that_has_the_addresses(workspace):
    workspace.write("lists/register.csv", "URN,EstablishmentName,Phase\n" + "".join(
        f"{i},School {i},Primary\n" for i in range(1, 20)))
    workspace.write("lists/addresses.xlsx", xlsx([["URN", "Head", "Mail"]] + [
        [str(i), f"Ann {i}", f"a{i}@example.org"] for i in range(1, 19)]))
    workspace.write("lists/clubs.ods", ods([["URN", "Club"]] + [[str(i % 5 + 1), f"Club {i}"] for i in range(20)]))
    workspace.write("lists/other.csv", "a,b\n1,2\n")
    said = guess(workspace, "lists/register.csv").out
    assert "    join: {file: lists/addresses.xlsx, on: URN}" in said and "18 of 19 rows have a row there" in said
    assert "#   clubs: {list: clubs, on: URN}" in said and "other" not in said
    workspace.write("config", "from: Office <office@example.org>\n" + said)
    listed = json.loads(workspace.run("lists", "--rows", "--json").out)
    assert listed[0]["recipients"][0] == {"key": "1", "address": "a1@example.org", "name": "Ann 1"}
    assert len(listed[0]["recipients"]) == 18


def test_names_that_yaml_would_misread_are_quoted(workspace):
    workspace.write("1 - no.csv", "No,\"Head's: mail #1\",{{x\n" + "".join(f"{i:03},a{i}@example.org,y\n" for i in range(9)))
    said = guess(workspace, "1 - no.csv").out
    workspace.write("config", "from: Office <office@example.org>\n" + said)
    listed = json.loads(workspace.run("lists", "--rows", "--json").out)
    assert listed[0]["recipients"][1]["key"] == "001"


def test_no_guess_without_rows_or_addresses(workspace):
    workspace.write("empty.csv", "URN,Email\n")
    assert "empty.csv: has no rows" in guess(workspace, "empty.csv", 65).err
    workspace.write("none.csv", "URN,Name\n1,Ann\n")
    assert "none.csv: no column holds e-mail addresses" in guess(workspace, "none.csv", 65).err
    guess(workspace, "nowhere.csv", 66)
