"""How fast a large list is read: the same rows as CSV, as a workbook of Excel and of LibreOffice."""
import os
import zipfile
from xml.sax.saxutils import escape

AIM_SECONDS, AIM_MB = 2.0, 40
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONFIG = """\
from: Office <office@example.org>
lists: {list: {file: %s}}
audiences: {heads: {list: list, key: URN, email: Email, where: "Number > 30"}}
"""


def row(number, columns):
    cells = [str(number), f"head{number}@school{number}.example.org", str(number % 100)]
    return cells + [f"Value {number % 97} of {column}" for column in range(len(cells), columns)]


def header(columns):
    return ["URN", "Email", "Number"] + [f"Column {column}" for column in range(3, columns)]


def write_csv(path, rows, columns):
    with open(path, "w") as out:
        for number in range(rows + 1):
            out.write(",".join(row(number, columns) if number else header(columns)) + "\n")


def excel_cell(shared, text):
    if text.isdigit():
        return f"<c><v>{text}</v></c>"
    return f"<c t='s'><v>{shared.setdefault(text, len(shared))}</v></c>"


def write_xlsx(path, rows, columns):
    shared = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        file.writestr("_rels/.rels", f"<R><Relationship Id='a' Type='{RELATION}/officeDocument' Target='b.xml'/></R>")
        file.writestr("_rels/b.xml.rels", f"<R><Relationship Id='r' Type='{RELATION}/worksheet' Target='one.xml'/>"
                      f"<Relationship Id='s' Type='{RELATION}/sharedStrings' Target='texts.xml'/></R>")
        file.writestr("b.xml", "<workbook><sheets><sheet name='Heads' id='r'/></sheets></workbook>")
        with file.open("one.xml", "w") as out:
            out.write(b"<worksheet><sheetData>")
            for number in range(rows + 1):
                cells = row(number, columns) if number else header(columns)
                out.write(f"<row r='{number + 1}'>{''.join(excel_cell(shared, one) for one in cells)}</row>".encode())
            out.write(b"</sheetData></worksheet>")
        file.writestr("texts.xml", "<sst>%s</sst>" % "".join(f"<si><t>{escape(text)}</t></si>" for text in shared))


def write_ods(path, rows, columns):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        with file.open("content.xml", "w") as out:
            out.write(b"<o:d xmlns:o='o' xmlns:t='t' xmlns:x='x'><t:table t:name='Heads'>")
            for number in range(rows + 1):
                cells = row(number, columns) if number else header(columns)
                out.write(("<t:table-row>" + "".join(
                    f"<t:table-cell o:value-type='string'><x:p>{escape(one)}</x:p></t:table-cell>" for one in cells) +
                           "</t:table-row>").encode())
            out.write(b"</t:table></o:d>")


def report(folder, program, measure, quick):
    rows, columns = (10000 if quick else 100000), 20
    print(f"\nA list of {rows:,} rows and {columns} columns, read, filtered and its addresses tried:")
    for ending, write in (("csv", write_csv), ("xlsx", write_xlsx), ("ods", write_ods)):
        there = os.path.join(folder, "sheets-" + ending)
        os.makedirs(there)
        write(os.path.join(there, "list." + ending), rows, columns)
        with open(os.path.join(there, "config"), "w") as out:
            out.write(CONFIG % ("list." + ending))
        _, cpu, memory = measure(there, program, "lists", "heads", "--quiet")
        missed = "" if quick or (cpu <= AIM_SECONDS and memory <= AIM_MB) else \
            f"   (aim: {AIM_SECONDS:.0f} s, {AIM_MB} MB)"
        print(f"  {ending:<5} {cpu:6.2f} s of CPU  {memory:6.0f} MB{missed}")
