"""One message that can't be read or moved stops none behind it; a mailbox that people write to is left alone; one reader a mailbox."""
import json
import os
import sqlite3

import pytest

from conftest import Workspace
from test_watch import CONFIG, Watch, imap, until  # noqa: F401 (imap is a fixture)

SECRET = {"WORD": "secret"}
NAMES = ("INBOX", "Processed", "Review")


def letters(count):
    return {"INBOX": ["From: a@example.com\r\nSubject: number %d\r\n\r\nHello." % n for n in range(1, count + 1)]}


def read(workspace, server, status):
    return workspace.run("bounces", status=status, env=SECRET)


def where(server):
    return [len(server.state()["folders"][name]) for name in NAMES]


def recorded(workspace):
    with sqlite3.connect(workspace.path("ledger.db")) as ledger:
        return [row[0] for row in ledger.execute("SELECT subject FROM notices ORDER BY number")]


def set_up(workspace, imap, config=CONFIG, count=3, **script):  # noqa: F811
    server = imap(folders=letters(count), **script)
    workspace.write("config", config.format(port=server.port))
    return server


def test_one_that_cannot_be_moved(workspace, imap):  # noqa: F811
    server = set_up(workspace, imap, faults=[{"stage": "uid move", "match": "MOVE 1 ", "do": "no", "text": "it is held"}])
    for _ in range(2):
        done = read(workspace, server, 75)
        assert "message 1" in done.err and "it is held" in done.err
        assert where(server) == [1, 0, 2]
        assert recorded(workspace) == ["number 1", "number 2", "number 3"]


def test_a_body_that_does_not_come(workspace, imap):  # noqa: F811
    nil = "* 2 FETCH (UID 2 RFC822.SIZE 52 BODY[]<0> NIL)\r\nTAG OK done\r\n"
    for number, text in enumerate((nil, "TAG OK done\r\n"), 1):
        server = set_up(workspace, imap, uidvalidity=number,
                        faults=[{"stage": "uid fetch", "match": "FETCH 2 ", "do": "raw", "text": text}])
        done = read(workspace, server, 75)
        assert "message 2" in done.err, done.err
        assert where(server) == [1, 0, 2]
        assert "number 2" not in recorded(workspace)


def test_it_is_asked_for_again(workspace, imap):  # noqa: F811
    server = set_up(workspace, imap,
                    faults=[{"stage": "uid fetch", "match": "FETCH 2 ", "nth": 2, "do": "raw", "text": "TAG OK done\r\n"}])
    read(workspace, server, 75)
    assert recorded(workspace) == ["number 1", "number 3"]
    read(workspace, server, 0)
    assert recorded(workspace) == ["number 1", "number 3", "number 2"]
    assert where(server) == [0, 0, 3]


def test_a_message_at_which_the_connection_breaks(workspace, imap):  # noqa: F811
    server = set_up(workspace, imap, faults=[{"stage": "uid fetch", "match": "FETCH 2 ", "do": "drop"}])
    done = read(workspace, server, 75)
    assert "message 2" in done.err
    assert where(server) == [1, 0, 2] and recorded(workspace) == ["number 1", "number 3"]
    # Two attempts at it, and a third connection for the others.
    assert server.state()["connections"] == 3


# --- many: fetched and moved in sets ---------------------------------------------------------------

MANY = 70  # more than one set of each kind


def test_many(workspace, imap):  # noqa: F811
    server = set_up(workspace, imap, count=MANY)
    read(workspace, server, 0)
    assert where(server) == [0, 0, MANY]
    assert recorded(workspace) == ["number %d" % n for n in range(1, MANY + 1)]
    assert sum("UID FETCH" in line for line in server.log()) == 5 and sum("UID MOVE" in line for line in server.log()) == 2


@pytest.mark.parametrize("stage", ["uid fetch", "uid move"])
@pytest.mark.parametrize("do", ["no", "bad", "drop", "after"])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_set_that_fails(workspace, imap, stage, do, nth):  # noqa: F811
    """Each is tried by itself then: all are on record once, and away."""
    server = set_up(workspace, imap, count=MANY, faults=[{"stage": stage, "nth": nth, "do": do}])
    read(workspace, server, 0)
    assert where(server) == [0, 0, MANY]
    assert recorded(workspace) == ["number %d" % n for n in range(1, MANY + 1)]


def test_one_of_many_that_cannot_be_moved(workspace, imap):  # noqa: F811
    """The set is refused for it, as is the one itself."""
    server = set_up(workspace, imap, count=MANY, faults=[{"stage": "uid move", "match": "MOVE 1:", "do": "no", "text": "held"},
                                                       {"stage": "uid move", "match": "MOVE 9 ", "do": "no", "text": "it is held"}])
    done = read(workspace, server, 75)
    assert "1 message stays" in done.err and "message 9" in done.err and "it is held" in done.err
    assert where(server) == [1, 0, MANY - 1]
    assert len(recorded(workspace)) == MANY
    read(workspace, server, 75)
    assert len(recorded(workspace)) == MANY


def test_one_of_many_at_which_the_connection_breaks(workspace, imap):  # noqa: F811
    for number, match in enumerate(("1:16", "FETCH 9 "), 1):
        server = set_up(workspace, imap, count=MANY, uidvalidity=number,
                        faults=[{"stage": "uid fetch", "match": one, "do": "drop"} for one in ("FETCH 1:", match)])
        done = read(workspace, server, 75 if number == 2 else 0)
        assert ("message 9" in done.err) == (number == 2)
        assert where(server)[0] == number - 1


@pytest.mark.parametrize("steps", [5, 20, 63, 64, 65, 66, 70, 71])
def test_many_and_killed(workspace, imap, steps):  # noqa: F811
    """Stopped after a durable step (each message on record, each set away): once on record, and all away in the end."""
    server = set_up(workspace, imap, count=MANY)
    workspace.run("bounces", status=None, env={**SECRET, "CIRCULAR_TEST": f"stop-after={steps}"})
    at_first = recorded(workspace)
    assert 0 < len(at_first) <= MANY and where(server)[0] + where(server)[2] == MANY
    read(workspace, server, 0)
    assert where(server) == [0, 0, MANY]
    assert recorded(workspace) == ["number %d" % n for n in range(1, MANY + 1)]


def test_peoples_mailbox(workspace, imap):  # noqa: F811
    """Without bounce.address letters come back to 'from', where people write to."""
    shared = [CONFIG.replace("bounce:\n  address: bounces@example.org\n", ""),
              CONFIG.replace("bounces@example.org", "director@example.org"),
              CONFIG.replace("user: user", "user: director")]
    for number, config in enumerate(shared, 1):
        server = set_up(workspace, imap, config, uidvalidity=number, users={"user": "secret", "director": "secret"})
        done = read(workspace, server, 0)
        assert where(server) == [3, 0, 0]
        assert "stay where they lie" in done.err + done.out
        assert recorded(workspace) == []


def test_one_reader(workspace, imap):  # noqa: F811
    server = imap(folders=letters(1))
    watch = Watch(workspace, server)
    until(lambda: watch.notices() == 1)
    done = read(workspace, server, 75)
    assert "being read already" in done.err
    # Another workspace, with a ledger of its own, would take its messages away; another folder is another mailbox.
    other = Workspace(workspace.folder + "-other")
    config = workspace.read("config").decode()
    other.write("config", config)
    assert "being read already" in other.run("bounces", env=SECRET, status=75).err
    elsewhere = imap(folders=letters(1))
    other.write("config", config.replace("port: %d" % server.port, "port: %d" % elsewhere.port))
    assert json.loads(other.run("bounces", "--json", env=SECRET).out)["messages"] == 1
    watch.end()
    assert json.loads(workspace.run("bounces", "--json", env=SECRET).out)["messages"] == 0
    for folder in (workspace.folder, other.folder, os.path.join(os.environ["XDG_CACHE_HOME"], "circular")):
        assert not [name for name in os.listdir(folder) if "mailbox-" in name]  # nothing lies about
