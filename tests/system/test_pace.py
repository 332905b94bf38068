"""What the provider allows is kept: by the minute, by the day over days, by domain, by connection."""
import json
import time

from crashdrill import Office, Server


def paced(tmp_path, server, letters, more, connections=1):
    office = Office(tmp_path / "office", port=server.port, letters=letters, connections=connections, more=more)
    office.plan()
    return office


class Clocked(Server):
    """Notes when each message came."""

    def __init__(self):
        self.times = []
        super().__init__()

    def take(self, entry):
        with self.lock:
            self.times.append((time.monotonic(), entry["recipients"][0], entry["connection"]))
        super().take(entry)


def test_per_minute_spreads_evenly(tmp_path):
    server = Clocked()
    office = paced(tmp_path, server, 12, "  per_minute: 600\n", connections=4)
    office.send()
    moments = sorted(moment for moment, _, _ in server.times)
    assert len(moments) == 12
    assert moments[-1] - moments[0] > 0.95  # 11 gaps of 0.1 s
    # Never a burst: no window of half a second holds more than it may, and one that was late.
    for first, sixth in zip(moments, moments[7:]):
        assert sixth - first > 0.4
    server.close()


def test_cron_hears_nothing_of_letters_put_off_until_one_is_given_up(tmp_path):
    server = Server({"faults": [{"stage": "rcpt", "match": "head2@", "do": "reply", "text": "450 4.2.1 grey"}]})
    office = paced(tmp_path, server, 3, "  retry_for: 2h\n")
    office.send("--no-wait", hooks="clock=2026-01-05T09:00:00Z", status=75)
    quiet = office.run("send", "--due", "--quiet", hooks="clock=2026-01-05T09:30:00Z")
    assert (quiet.out, quiet.err) == ("", "")
    assert "1 letter put off" in office.run("send", "--due", hooks="clock=2026-01-05T10:00:00Z").out
    for clock in ("05T10:30", "05T11:30", "05T13:00"):
        quiet = office.run("send", "--due", "--quiet", hooks=f"clock=2026-01-{clock}:00Z")
        assert (quiet.out, quiet.err) == ("", "")
    ended = office.run("send", "--due", "--quiet", hooks="clock=2026-01-06T09:00:00Z", status=69)
    assert "1 refused" in ended.err
    server.close()


def test_two_mailings_at_once_share_the_pace(tmp_path):
    server = Clocked()
    office = paced(tmp_path, server, 10, "  per_minute: 600\n")
    office.write("second.md", "---\nsubject: Another\n---\n\nAnother one.\n")
    second = json.loads(office.run("plan", "second.md", "heads", "--json").out)["id"]
    both = [office.start("send", which, "--yes") for which in (office.id, second)]
    for process in both:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, (out, err)
    moments = sorted(moment for moment, _, _ in server.times)
    assert len(moments) == 20
    assert moments[-1] - moments[0] > 1.65  # 19 gaps of 0.1 s, two of which two may take at once
    server.close()


def test_a_clock_that_was_far_ahead_holds_nobody_up(tmp_path):
    server = Server({"faults": [{"stage": "rcpt", "nth": 10, "do": "reply", "text": "450 4.2.1 later"}]})
    office = paced(tmp_path, server, 10, "")
    office.send("--no-wait", hooks="clock=2031-01-05T09:00:00Z", status=None)
    assert office.counts() == {"sent": 9, "deferred": 1}
    office.run("send", "--due", "--no-wait", hooks="clock=2026-01-05T09:00:00Z")
    assert office.counts() == {"sent": 10}
    server.close()


def test_per_domain_holds_one_back_and_not_the_others(tmp_path):
    server = Clocked()
    office = paced(tmp_path, server, 21, "  per_domain: 150\n")  # 7 domains, 3 letters each, 0.4 s apart
    office.send()
    by_domain = {}
    for moment, recipient, _ in server.times:
        by_domain.setdefault(recipient.split("@")[1], []).append(moment)
    assert sorted(map(len, by_domain.values())) == [3] * 7
    for moments in by_domain.values():
        assert moments[2] - moments[0] > 0.4  # two gaps of 0.4 s, and a machine that is busy when the first comes
    # While one domain waits the others go on.
    order = [recipient.split("@")[1] for _, recipient, _ in server.times]
    assert all(one != next_one for one, next_one in zip(order[:7], order[1:7]))
    assert office.counts() == {"sent": 21}
    server.close()


def test_messages_per_connection_and_connections(tmp_path):
    server = Clocked()
    office = paced(tmp_path, server, 50, "  messages_per_connection: 10\n")
    office.send()
    per_connection = {}
    for _, _, connection in server.times:
        per_connection[connection] = per_connection.get(connection, 0) + 1
    assert list(per_connection.values()) == [10] * 5
    assert server.counts["quit"] == 5
    server.close()


def test_a_daily_limit_holds_over_mailings_sent_at_once(tmp_path):
    server = Server({"faults": [{"stage": "dot", "do": "delay", "seconds": 0.05}]})
    office = paced(tmp_path, server, 10, "  per_day: 10\n")
    office.write("other.md", "---\nsubject: Another\n---\n\nDear {{head}},\n\nwords.\n")
    other = json.loads(office.run("plan", "other.md", "heads", "--json").out)["id"]
    both = [office.start("send", one, "--yes") for one in (office.id, other)]
    for process in both:
        process.communicate(timeout=60)
    assert len(server.taken) == 10
    states = [row[0] for row in office.ledger("SELECT state FROM deliveries")]
    assert sorted(states) == ["planned"] * 10 + ["sent"] * 10
    server.close()


def test_a_daily_limit_splits_a_mailing_over_days(tmp_path):
    server = Server()
    office = paced(tmp_path, server, 50, "  per_day: 20\n", connections=2)
    first = office.send(hooks="clock=2026-01-05T09:00:00Z", status=75)
    assert "the day's limit of 20 letters is used up" in first.err and "30 not sent yet" in first.err
    assert office.counts() == {"sent": 20, "planned": 30}
    # The same day there is nothing for cron to do, and no reason to mail anybody about it.
    done = office.run("send", "--due", "--quiet", hooks="clock=2026-01-05T20:00:00Z")
    assert (done.out, done.err) == ("", "") and len(server.taken) == 20
    office.run("send", "--due", hooks="clock=2026-01-06T09:01:00Z")
    assert office.counts() == {"sent": 40, "planned": 10}
    office.run("send", "--due", hooks="clock=2026-01-07T09:02:00Z")
    assert office.counts() == {"sent": 50}
    assert all(len(ids) == 1 for ids in server.copies().values()) and len(server.copies()) == 50
    # Nothing is due any more.
    assert office.run("send", "--due", hooks="clock=2026-01-08T09:00:00Z").err == ""
    server.close()


def test_a_daily_limit_counts_over_all_mailings_and_over_crashes(tmp_path):
    server = Server()
    office = paced(tmp_path, server, 15, "  per_day: 20\n")
    office.send(hooks="clock=2026-01-05T09:00:00Z")
    office.write("second.md", "---\nsubject: Second\n---\n\nMore.\n")
    done = office.run("send", "second.md", "heads", "--yes", hooks="clock=2026-01-05T15:00:00Z", status=75)
    assert "10 not sent yet" in done.err
    assert len(server.taken) == 20
    # Letters of the day before count for 24 hours from when they left, as providers count.
    office.run("send", "--due", hooks="clock=2026-01-06T09:01:00Z")
    assert len(server.taken) == 30
    server.close()


def test_limit_sends_so_many_and_no_more(tmp_path):
    server = Server()
    office = paced(tmp_path, server, 30, "", connections=3)
    done = office.send("--limit", "7")
    assert len(server.taken) == 7 and office.counts() == {"sent": 7, "planned": 23}
    assert "23 left by --limit" in done.out
    office.send()
    assert office.counts() == {"sent": 30} and len(server.taken) == 30
    server.close()


def test_limit_counts_letters_and_not_those_given_back(tmp_path):
    """The relay goes away in between: what came back unsent doesn't use up the limit."""
    server = Server({"faults": [{"stage": "greeting", "do": "drop", "nth": 2}]})
    office = paced(tmp_path, server, 30, "  messages_per_connection: 4\n")
    office.send("--limit", "9", hooks="nodelay")
    assert office.counts() == {"sent": 9, "planned": 21}
    server.close()
