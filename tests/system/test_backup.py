"""A backup made while letters are going is one moment of the ledger, and what is restored sends nothing by itself."""
import os
import shutil
import sqlite3
import stat
import time

from crashdrill import Office, Server


def states(path):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as base:
        return dict(base.execute("SELECT state, count(*) FROM deliveries GROUP BY state").fetchall())


def test_while_letters_are_going(tmp_path):
    server = Server({"faults": [{"stage": "dot", "do": "delay", "seconds": 0.03}]})
    office = Office(tmp_path / "office", port=server.port, letters=120)
    office.plan()
    process = office.start("send", office.id, "--yes")
    end = time.time() + 30
    while len(server.taken) < 20 and time.time() < end:
        time.sleep(0.01)
    os.umask(0o022)
    assert "is whole" in office.run("backup", "b1").out
    taken = len(server.taken)
    assert process.communicate(timeout=60) and process.returncode == 0
    assert stat.S_IMODE(os.stat(office.path("b1")).st_mode) == 0o600
    copied = states(office.path("b1"))
    assert 10 <= copied["sent"] <= taken and sum(copied.values()) == 120
    assert "is there already" in office.run("backup", "b1", status=74).err

    # Another machine: an empty folder with lists and templates.
    there = tmp_path / "there"
    there.mkdir()
    for name in ("one.csv", "letter.md", "b1"):
        shutil.copy(office.path(name), there / name)
    other = Office.__new__(Office)
    other.folder, other.id = str(there), office.id
    assert "is whole" in other.run("restore", "--check", "b1").out
    done = other.run("restore", "b1")
    assert "1 mailing had letters left and stopped" in done.out
    assert states(there / "ledger.db").get("planned", 0) == copied["planned"]
    assert open(there / "ledger.db.key").read() == open(office.path("ledger.db.key")).read()
    assert stat.S_IMODE(os.stat(there / "ledger.db").st_mode) == 0o600
    before = len(server.taken)
    other.run("send", "--due")
    assert len(server.taken) == before
    assert "ok    key" in other.run("doctor", "--offline").out
    assert "is there already" in other.run("restore", "b1", status=74).err
    server.close()


def test_what_is_no_backup(tmp_path):
    office = Office(tmp_path / "office", letters=3)
    office.plan()
    office.write("text", "no backup at all " * 400)
    for name in ("text", "ledger.db", "missing"):
        assert "is no backup" in office.run("restore", "--check", name, status=65).err
    office.run("backup", "b")
    with open(office.path("b"), "r+b") as file:
        file.seek(os.path.getsize(office.path("b")) // 2)
        file.write(b"\xff" * 6000)
    office.run("restore", "--check", "b", status=65)
    assert not [name for name in os.listdir(office.folder) if name.endswith(".part")]
