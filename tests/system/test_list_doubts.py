"""What a list leaves in doubt is told: keys that look like one, worksheets that aren't read, an encoding that is another."""
from xml.sax.saxutils import escape

import pytest

from test_sheets import RELATION, package

CONFIG = """\
from: Office <office@northmere.example.org>
lists:
  schools: {file: %s}
audiences:
  heads:
    list: schools
    key: URN
    email: Email
"""
NAMES = ["URN", "Name", "Email"]


def prepare(workspace, name, content, config=CONFIG):
    workspace.write("config", config % name if "%s" in config else config)
    workspace.write(name, content)
    return workspace


def listed(workspace, content, **more):
    return prepare(workspace, "schools.csv", "URN,Name,Email\n" + content).run("lists", "heads", "--rows", **more)


@pytest.mark.parametrize("first, second", [("0012", "12"), ("100001.0", "100001"), ("Ab1", "AB1"), ("00", "0")])
def test_keys_that_look_like_one(workspace, first, second):
    said = listed(workspace, f"{first},Ann,a@example.org\n{second},Bo,b@example.org\n").err
    assert f"schools.csv:3: warning: the key '{second}' only looks like '{first}' of line 2" in said


@pytest.mark.parametrize("first, second", [("0012", "0120"), ("T1", "T01"), ("10.0", "100"), ("12", "13"), ("AB1", "AB2")])
def test_keys_that_do_not(workspace, first, second):
    assert "like-key" not in listed(workspace, f"{first},Ann,a@example.org\n{second},Bo,b@example.org\n").err


def test_a_key_of_a_row_that_is_not_chosen_is_no_twin(workspace):
    prepare(workspace, "schools.csv", "URN,Name,Email\n0012,Ann,a@example.org\n12,Bo,b@example.org\n",
            CONFIG + "    where: Name = 'Bo'\n")
    assert "like-key" not in workspace.run("lists", "heads").err


def test_a_number_typed_as_text(workspace):
    """'0012 as one types it in a spreadsheet; what only begins so stays."""
    out = listed(workspace, "'0012,'90s,a@example.org\n'01632 960001,'tis,b@example.org\n").out
    assert "    0012 " in out and "    01632 960001 " in out
    assert "    '9 a 1 " in listed(workspace, "'9 a 1,Ann,a@example.org\n").out


def test_one_address_twice_in_a_cell(workspace):
    said = listed(workspace, '1,Ann,"a@example.org; Lee, Ann <A@example.org>"\n2,Bo,b@example.org / c@example.org\n'
                             '3,Cy,c@example.org <c@example.org>\n')
    assert "2 letters to send" in said.out and "a@example.org" in said.out and "c@example.org" in said.out
    assert said.err.count("several addresses in one cell") == 1 and "schools.csv:3: warning" in said.err


@pytest.mark.parametrize("cell", ["Ann <a@example.org>; Bo <b@example.org>", "Ann <a@example.org>, Bo <b@example.org>",
                                  "a@example.org; Bo <b@example.org>", "a@example.org <b@example.org>",
                                  "Ann Lee <a@example.org>\nBo <b@example.org>", "<a@example.org> <b@example.org>"])
def test_nobody_in_a_cell_is_dropped_in_silence(workspace, cell):
    """The last in angle brackets is not the only one."""
    said = listed(workspace, f'1,Ann,"{cell}"\n2,Cy,c@example.org\n')
    assert "1 letter to send" in said.out and "several addresses in one cell" in said.err


@pytest.mark.parametrize("name, is_told", [("Wałęsa", True), ("Łukasz", True), ("Zoë", False)])
def test_another_encoding_is_given_away_by_a_sign(workspace, name, is_told):
    page = "cp1250" if is_told else "cp1252"
    prepare(workspace, "schools.csv", b"URN,Name,Email\n" + f"1,{name},a@example.org\n".encode(page))
    said = workspace.run("lists", "heads").err
    assert ("another encoding than Windows-1252" in said) == is_told


@pytest.mark.parametrize("text", ["£m 5 of £200", "200 m² hall", "n°de rue", "col·legi", "½ day", "5 × 3", "¿Qué?"])
def test_signs_beside_words(workspace, text):
    prepare(workspace, "schools.csv", f"URN,Name,Email\n1,{text},a@example.org\n")
    assert "sign within a word" not in workspace.run("lists", "heads").err


def test_the_first_line_is_no_line_of_names(workspace):
    prepare(workspace, "schools.csv", "1,Ann,a@example.org\n2,Bo,b@example.org\n")
    assert "line 1 is no line of names, but has an address (1, Ann, a@example.org)" in workspace.run(
        "lists", "heads", status=65).err


def test_words_of_what_only_looks_like_a_partner(workspace):
    config = CONFIG.replace("{file: %s}", "{file: schools.csv, join: {file: more.csv, on: Code}}")
    prepare(workspace, "schools.csv", "URN,Name,Code\n1,Ann,AB1\n", config)
    workspace.write("more.csv", "Code,Email\nab1,a@example.org\n")
    assert "(there is 'ab1': the two are no one key; capital and small letters differ" in workspace.run("lists", "heads").err
    workspace.write("schools.csv", "URN,Name,Code\n1,Ann,0012\n")
    workspace.write("more.csv", "Code,Email\n12,a@example.org\n")
    assert "with the same noughts" in workspace.run("lists", "heads").err


def test_rows_of_another_list_that_look_like_a_recipients(workspace):
    config = CONFIG.replace("audiences:", "  rooms: {file: rooms.csv}\naudiences:") + \
        "    many:\n      rooms: {list: rooms, on: URN}\n"
    prepare(workspace, "schools.csv", "URN,Name,Email\n0001,Ann,a@example.org\n0002,Bo,b@example.org\n",
            config.replace("%s", "schools.csv"))
    workspace.write("rooms.csv", "URN,Room\n0001,Hall\n2,Gym\n")
    said = workspace.run("lists", "heads").err
    assert "rooms.csv:3: warning: 'rooms': rows that belong to no recipient: 1 of 2; the first is of '2' (there is '0002':" in said


@pytest.mark.parametrize("line, said, status", [
    ("name: Name", "config:9: error: 'Name' would be the word itself", 65),
    ("name: ' NAME '", "write \"{{Name}}\"", 65),
    ("fields: {Head: name}", "config:9: warning: 'name' would be the word itself", 0),
    ("fields: {Head: Headteacher}", "", 0), ("name: Headteacher", "", 0), ("name: \"{{Name}}\"", "", 0)])
def test_a_columns_name_without_braces(workspace, line, said, status):
    """Every reader would be called 'Name'."""
    prepare(workspace, "schools.csv", "URN,Name,Email\n1,Ann,a@example.org\n", CONFIG + f"    {line}\n")
    told = workspace.run("lists", "heads", status=status).err
    assert said in told and ("bare-field" in told) == bool(said)


def test_several_columns_of_addresses_are_a_list(workspace):
    prepare(workspace, "schools.csv", "URN,Name,Email,PA\n1,Ann,a@example.org,b@example.org\n",
            CONFIG.replace("email: Email", "email: Email, PA"))
    assert "several columns are a list: [Email, PA]" in workspace.run("lists", "heads", status=65).err


# --- worksheets --------------------------------------------------------------------------------------

def xlsx(sheets, hidden=()):
    book = "".join(f"<sheet name='{name}' id='r{i}'%s/>" % (" state='hidden'" if name in hidden else "")
                   for i, name in enumerate(sheets))
    parts = {
        "_rels/.rels": f"<R><Relationship Id='a' Type='{RELATION}/officeDocument' Target='book.xml'/></R>",
        "_rels/book.xml.rels": "<R>%s</R>" % "".join(
            f"<Relationship Id='r{i}' Type='{RELATION}/worksheet' Target='s{i}.xml'/>" for i in range(len(sheets))),
        "book.xml": f"<workbook><sheets>{book}</sheets></workbook>"}
    for i, rows in enumerate(sheets.values()):
        parts[f"s{i}.xml"] = "<worksheet><sheetData>%s</sheetData></worksheet>" % "".join(
            "<row>%s</row>" % "".join(f"<c t='inlineStr'><is><t>{escape(cell)}</t></is></c>" for cell in row)
            for row in rows)
    return package(parts)


def ods(sheets, hidden=()):
    tables = "".join(
        "<t:table t:name='%s'%s>%s</t:table>" % (name, " t:style-name='off'" if name in hidden else "", "".join(
            "<t:table-row>%s</t:table-row>" % "".join(
                f"<t:table-cell o:value-type='string'><x:p>{escape(cell)}</x:p></t:table-cell>" for cell in row)
            for row in rows)) for name, rows in sheets.items())
    style = "<s:style s:name='off'><s:table-properties t:display='false'/></s:style>"
    return package({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": f"<o:d xmlns:o='o' xmlns:t='t' xmlns:x='x' xmlns:s='s'>{style}<o:body>{tables}</o:body></o:d>"})


PRIMARY = [NAMES, ["1", "Ann", "a@example.org"]]
SECONDARY = [["Urn", "Phase", " email ", "Ward"], ["2", "Secondary", "b@example.org"]]
MAKES = [(xlsx, "heads.xlsx"), (ods, "heads.ods")]


@pytest.mark.parametrize("make, name", MAKES)
def test_a_second_worksheet_with_such_columns(workspace, make, name):
    sheets = {"Notes": [["To do"]], "Primary": PRIMARY, "Codes": [["Code", "Name"]], "Secondary": SECONDARY}
    named = CONFIG.replace("%s}", "%s, sheet: Primary}")
    told = f"{name}:Primary: warning: the worksheet 'Secondary' has such columns, too, and isn't read: " \
           "say which is meant (sheet: 'Primary') [other-sheet]"
    assert "other-sheet" not in prepare(workspace, name, make(sheets), named).run("lists", "heads").err
    del sheets["Notes"]
    assert told in prepare(workspace, name, make(sheets)).run("lists", "heads").err
    assert "other-sheet" not in prepare(workspace, name, make(sheets, ["Secondary"])).run("lists", "heads").err
    del sheets["Secondary"]
    assert "other-sheet" not in prepare(workspace, name, make(sheets)).run("lists", "heads").err


@pytest.mark.parametrize("make, name", MAKES)
def test_the_worksheet_that_was_meant(workspace, make, name):
    wrong = prepare(workspace, name, make({"Notes": [["To do", "By"]], "Data": PRIMARY})).run("lists", "heads", status=65)
    assert "no column 'URN'" in wrong.err and "the worksheet 'Data' has it: is that one meant (sheet: 'Data')?" in wrong.err
    empty = prepare(workspace, name, make({"Blank": [], "Data": PRIMARY})).run("lists", "heads", status=65)
    assert "is empty" in empty.err and "is the worksheet 'Data' meant (sheet: 'Data')?" in empty.err
