"""The runs of a digest that nobody made: made up for, and told, once."""
import pytest

from test_life import Office

DIGEST = """
digests:
  weekly: {audience: heads, notices: notices, schedule: every Monday at 07:00, title: Notices}
"""


class Weekly(Office):
    def __init__(self, workspace):
        super().__init__(workspace)
        self.transport(self.relay.lines + DIGEST)
        self.notice("first", "2026-12-01")

    def notice(self, name, date):
        self.ws.write(f"notices/{name}.md", f"---\ntitle: {name}\ndate: {date}\n---\n\nWords.\n")

    def due(self, clock, **more):
        done = self.run("digest", "--due", "--quiet", clock=clock, **more)
        assert done.out == ""
        return done.err

    def send(self, clock, **more):
        return self.run("digest", "weekly", "--send", "--quiet", clock=clock, **more).err


@pytest.fixture
def weekly(workspace):
    one = Weekly(workspace)
    yield one
    one.relay.close()


def test_a_missed_monday_is_made_up_for(weekly):
    """Set up on a Wednesday: last Monday's is not. The next one is, when it is ten minutes over."""
    assert weekly.due("2026-12-02T12:00:00Z") == "" and not weekly.relay.taken
    assert weekly.due("2026-12-07T07:05:00Z") == "" and not weekly.relay.taken
    told = weekly.due("2026-12-08T09:15:00Z")
    assert "digest 'weekly': its run of Monday 7 December 2026, 07:00 GMT was missed, and is made up for now" in told
    assert len(weekly.relay.taken) == 6
    assert weekly.due("2026-12-08T09:30:00Z") == "" and len(weekly.relay.taken) == 6


def test_what_ran_was_not_missed(weekly):
    assert weekly.send("2026-12-07T07:00:00Z") == "" and len(weekly.relay.taken) == 6
    assert weekly.due("2026-12-07T07:15:00Z") == "" and weekly.due("2026-12-13T23:00:00Z") == ""
    weekly.notice("second", "2026-12-08")
    assert weekly.send("2026-12-14T07:00:30Z") == "" and len(weekly.relay.taken) == 12


def test_a_late_run_says_so_once(weekly):
    """As systemd starts it when the machine is on again; or the next one by cron."""
    weekly.send("2026-12-07T07:00:00Z")
    weekly.notice("second", "2026-12-08")
    told = weekly.send("2027-01-05T10:00:00Z")
    assert "digest 'weekly': 4 runs were missed, the last that of Monday 4 January 2027, 07:00 GMT; one is made for all of them now" in told
    assert len(weekly.relay.taken) == 12
    assert weekly.send("2027-01-05T10:05:00Z") == "" and weekly.due("2027-01-05T10:15:00Z") == ""


def test_what_went_wrong_was_told_and_not_missed(weekly):
    weekly.due("2026-12-02T12:00:00Z")
    weekly.ws.write("notices/bad.md", "---\ntitle: {{broken\ndate: 2026-12-01\n---\n\nWords.\n")
    assert "bad.md" in weekly.send("2026-12-07T07:00:00Z", status=65)
    assert weekly.due("2026-12-07T07:15:00Z") == ""


def test_what_was_killed_was_missed(weekly):
    weekly.due("2026-12-02T12:00:00Z")
    weekly.run("digest", "weekly", "--send", "--quiet", clock="2026-12-07T07:00:00Z,stop-after=1", status=None)
    assert not weekly.relay.taken
    assert "was missed" in weekly.due("2026-12-07T07:15:00Z") and len(weekly.relay.taken) == 6


def test_usage(weekly):
    for words in ([], ["weekly", "--due"], ["--due", "--send"], ["--due", "--dry-run"]):
        assert "--due" in weekly.run("digest", *words, status=64).err


def test_what_would_have_made_nothing_was_not_missed(weekly):
    """Outside of term: of four Mondays only the last is told."""
    weekly.transport(weekly.relay.lines + DIGEST.replace("title: Notices", "title: Notices, terms: terms.csv"))
    weekly.ws.write("terms.csv", "name,from,to\nAutumn,2026-09-01,2026-12-18\nSpring,2027-01-04,2027-03-19\n")
    weekly.send("2026-12-14T07:00:00Z")
    weekly.notice("second", "2026-12-20")
    assert weekly.due("2026-12-30T12:00:00Z") == ""
    assert "its run of Monday 4 January 2027, 07:00 GMT was missed" in weekly.due("2027-01-05T12:00:00Z")
    assert len(weekly.relay.taken) == 12
