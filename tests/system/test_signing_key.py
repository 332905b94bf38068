"""The key that proves what comes back: lost, replaced, or of another ledger, once letters went out."""
import os
import stat

import pytest

from crashdrill import Office, Server

CONFIG = 78


@pytest.fixture
def office(tmp_path):
    server = Server()
    one = Office(tmp_path / "office", port=server.port, letters=6)
    one.plan()
    one.server = server
    yield one
    server.close()


def key_of(office):
    return office.path("ledger.db.key")


@pytest.mark.parametrize("fault", ["lost", "another", "empty"])
def test_without_its_key_nothing_goes_and_none_is_made(office, fault):
    office.send("--limit", "3")
    before = open(key_of(office), encoding="ascii").read()
    os.remove(key_of(office))
    if fault != "lost":
        office.write("ledger.db.key", "ab" * 32 + "\n" if fault == "another" else "")
        os.chmod(key_of(office), 0o600)
    done = office.send(status=CONFIG)
    assert "ledger.db.key" in done.err and "restore" in done.err, done.err
    doctor = office.run("doctor", "--offline", status=CONFIG)
    line = [one for one in doctor.out.splitlines() if one[6:].startswith("key")]
    assert line[0].startswith("FAIL"), doctor.out
    assert os.path.exists(key_of(office)) == (fault != "lost")
    # Restored, all goes on.
    office.write("ledger.db.key", before)
    os.chmod(key_of(office), 0o600)
    office.send()
    assert office.counts() == {"sent": 6} and "ok    key" in office.run("doctor", "--offline").out


def test_before_any_letter_went_a_key_is_made(office):
    assert "isn't there yet" in office.run("doctor", "--offline").out
    office.send("--limit", "1")
    assert stat.S_IMODE(os.stat(key_of(office)).st_mode) == 0o600


def test_lost_for_good(office):
    office.send("--limit", "3")
    before = open(key_of(office), encoding="ascii").read()
    done = office.run("doctor", "--new-key")
    assert "can't be proven any more" in done.out
    assert open(key_of(office), encoding="ascii").read() != before
    kept = [name for name in os.listdir(office.folder) if name.startswith("ledger.db.key.")]
    assert len(kept) == 1 and open(office.path(kept[0]), encoding="ascii").read() == before
    office.send()
    assert office.counts() == {"sent": 6}


def test_the_key_of_a_ledger_from_before(office):
    """One that has no fingerprint on record takes the key that is there, and knows it from then on."""
    office.send("--limit", "3")
    import sqlite3
    with sqlite3.connect(office.path("ledger.db")) as base:
        base.execute("DELETE FROM meta WHERE name = 'token-key'")
    base.close()
    office.send("--limit", "1")
    office.write("ledger.db.key", "cd" * 32 + "\n")
    os.chmod(key_of(office), 0o600)
    assert "isn't the key of this ledger" in office.send(status=CONFIG).err
