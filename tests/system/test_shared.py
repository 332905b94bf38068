"""Two officers on one server: what one of them has written the other goes on with, and nobody else reads it."""
import json
import os
import re
import stat
import subprocess

import pytest

from conftest import PROGRAM
from test_life import Office

ANN, BEN, EVE, OFFICERS = 61001, 61002, 61003, 61100


def modes(folder):
    """Each file and folder that circular made there: its mode and its group."""
    found = {}
    for here, _, files in os.walk(folder):
        for name in [""] + files:
            path = os.path.join(here, name)
            st = os.lstat(path)
            found[os.path.relpath(path, folder)] = (stat.S_IMODE(st.st_mode), st.st_gid)
    return found


def share(office, group):
    config = office.ws.read("config").decode()
    office.ws.write("config", config + f"ledger: {{file: ledger.db, group: {group}}}\n")


def test_whatever_the_umask(workspace):
    office = Office(workspace)
    group = os.getgid()
    share(office, group)
    os.chmod(workspace.folder, 0o755)
    err = office.run("plan", "letter.md", "heads", status=78).err
    assert f"chgrp {group} " in err and "chmod g+rwxs" in err
    os.chmod(workspace.folder, 0o2770)
    office.transport("transport: outbox\n")
    share(office, group)
    before = os.umask(0o077)
    try:
        mailing = office.plan()
        office.run("send", mailing, "--yes")
        office.run("preview", "letter.md", "heads", "--gallery", "pages")
        office.run("report", mailing, "--html", "report.html")
    finally:
        os.umask(before)
    ours = {"config", "letter.md", "schools.csv"}
    for name, (mode, gid) in modes(workspace.folder).items():
        if name not in ours:
            assert (mode in (0o660, 0o2770)) and gid == group, (name, oct(mode))
    office.relay.close()


def test_without_a_group_all_is_its_owners(workspace):
    office = Office(workspace)
    office.transport("transport: outbox\n")
    office.run("send", office.plan(), "--yes")
    office.run("preview", "letter.md", "heads", "--gallery", "pages")
    for name, (mode, _) in modes(workspace.folder).items():
        assert not mode & 0o077 or name in {".", "config", "letter.md", "schools.csv"}, (name, oct(mode))
    office.relay.close()


def test_no_such_group(workspace):
    office = Office(workspace)
    share(office, "no-such-officers")
    assert re.search(r"config:\d+: no group 'no-such-officers'", office.run("status", status=78).err)
    office.relay.close()


def test_what_was_anns_alone_is_the_groups_from_now_on(workspace):
    office = Office(workspace)
    mailing = office.plan()
    assert stat.S_IMODE(os.stat(workspace.path("ledger.db")).st_mode) == 0o600
    os.chown(workspace.folder, -1, os.getgid())
    os.chmod(workspace.folder, 0o2770)
    share(office, os.getgid())
    office.run("status", mailing)
    assert stat.S_IMODE(os.stat(workspace.path("ledger.db")).st_mode) == 0o660
    office.relay.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to be two users")
def test_two_officers(workspace):
    office = Office(workspace)
    share(office, OFFICERS)
    folder = workspace.folder
    while folder != "/" and not os.stat(folder).st_mode & 0o001: # pytest keeps its own to itself
        os.chmod(folder, os.stat(folder).st_mode | 0o011)
        folder = os.path.dirname(folder)
    for name in ("config", "letter.md", "schools.csv"):
        os.chmod(workspace.path(name), 0o644)
    os.chown(workspace.folder, ANN, OFFICERS)
    os.chmod(workspace.folder, 0o2770)

    def run(user, *args, status=0, group=OFFICERS):
        env = {"PATH": os.environ["PATH"], "HOME": "/", "TZ": "Europe/London", "CIRCULAR_TEST": "clock=2026-12-01T16:00:00Z"}
        done = subprocess.run([PROGRAM, *args], cwd=workspace.folder, env=env, capture_output=True, text=True, umask=0o077,
                              user=user, group=user, extra_groups=[group], stdin=subprocess.DEVNULL, check=False)
        assert done.returncode == status, (args, done.returncode, done.stdout, done.stderr)
        return done

    if subprocess.run([PROGRAM, "--version"], user=ANN, group=ANN, extra_groups=[], capture_output=True, check=False).returncode:
        pytest.skip("another user can't run the program where it was built")
    mailing = json.loads(run(ANN, "plan", "letter.md", "heads", "--json").stdout)["id"]
    run(BEN, "send", mailing, "--yes", "--limit", "2")
    run(ANN, "status", mailing)
    run(ANN, "send", mailing, "--yes", "--limit", "2")
    run(BEN, "suppress", "add", "head6@s6.example")
    run(BEN, "send", mailing, "--yes")
    assert set(office.copies().values()) == {1} and len(office.copies()) == 5
    for name, (mode, gid) in modes(workspace.folder).items():
        if name.startswith("ledger.db"):
            assert (mode, gid) == (0o660, OFFICERS), (name, oct(mode), gid)
    report = json.loads(run(ANN, "report", mailing, "--json").stdout)
    assert len({one["user"] for one in report["events"]}) >= 1
    os.chmod(workspace.folder, 0o2775) # even where the folder can be looked into, nobody else reads the ledger
    assert run(EVE, "status", group=EVE, status=74).stdout == ""
    office.relay.close()
