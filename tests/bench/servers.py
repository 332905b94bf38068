"""servers - what a ledger on a PostgreSQL server costs beside one in a file

A server of its own (tests/fake/postgres.py, but with fsync on: each commit survives power loss, as in the file) on the same
disk. The same letters go to the same SMTP server from both, turn and turn about; then one sender and two share a mailing
through a relay that takes 50 ms a letter. Whoever gets two letters, or none, fails the bench."""
import os
import shutil
import statistics
import subprocess
import sys
import time

import material

AIM_SHARE, AIM_TWO = 0.60, 1.6
CONNECTIONS = 4
RELAY_SECONDS = 0.05


class OnServer(material.Workspace):
    """A workspace whose ledger is on the server, anew in a schema of its own when it is planned."""

    def __init__(self, folder, program, count, database):
        self.database, self.schema = database, 0
        super().__init__(folder, program, count)

    def configure(self, *args):
        super().configure(*args)
        with open(self.path("config"), "a", encoding="utf-8") as out:
            out.write(f"ledger: {{server: '{self.database.url()}', schema: bench_{self.count}_{self.schema}}}\n")

    def forget(self):
        self.schema += 1
        self.configure()


def planned(workspace, program, measure):
    """Plans anew; what that took."""
    workspace.forget()
    took = measure(workspace.folder, program, "plan", "update.md", "heads", "--quiet")
    workspace.id = workspace.mailing()
    return took


def send(workspace, program, measure, make_sink, count):
    sink = make_sink(workspace.folder)
    workspace.configure("relay", sink.port, CONNECTIONS)
    took = measure(workspace.folder, program, "send", workspace.id, "--yes", "--quiet")
    sink.end()
    if sink.messages != count or len(sink.record) != count:
        sys.exit(f"bench: WRONG: {count} recipients, {sink.messages} letters arrived at {len(sink.record)}")
    return took


def beside_a_file(folder, program, measure, make_sink, database, count, rounds):
    file = material.Workspace(os.path.join(folder, "in-file"), program, count)
    server = OnServer(os.path.join(folder, "on-server"), program, count, database)
    file.run("plan", "update.md", "heads", "--quiet")
    file.id = file.mailing()
    file.keep_plan()
    plans, times = [], {"a file": [], "a server": []}
    for _ in range(rounds):
        file.restore_plan()
        times["a file"].append(send(file, program, measure, make_sink, count))
        plans.append(planned(server, program, measure))
        times["a server"].append(send(server, program, measure, make_sink, count))
    middle = {name: [statistics.median(column) for column in zip(*runs)] for name, runs in times.items()}
    print(f"\nThe ledger on a PostgreSQL server of this machine: {count:,} letters, {CONNECTIONS} connections")
    print("  ledger in    letters/s   CPU us/letter   peak MB")
    for name, (wall, cpu, rss) in middle.items():
        print(f"  {name:10}  {count / wall:10,.0f}  {1e6 * cpu / count:14.1f}  {rss:8.1f}")
    share = middle["a file"][0] / middle["a server"][0]
    print(f"  planned there in {statistics.median(p[0] for p in plans):.2f} s; {100 * share:.0f} % of the letters a second"
          f" (aim {100 * AIM_SHARE:.0f} %: {'reached' if share >= AIM_SHARE else 'missed'})")


def together(places, program, port, count):
    """Seconds until all senders of one mailing have ended."""
    for place in places:
        place.configure("relay", port, CONNECTIONS)
    start = time.monotonic()
    senders = [subprocess.Popen([program, "send", places[0].id, "--yes", "--quiet"], cwd=place.folder,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for place in places]
    said = [sender.communicate()[1] for sender in senders]
    took = time.monotonic() - start
    if any(sender.returncode for sender in senders):
        sys.exit("bench: a sender failed: " + " ".join(said))
    return took


def share_key(places, program, port):
    """The first letter makes the key that all of them need."""
    places[0].configure("relay", port, CONNECTIONS)
    places[0].run("send", places[0].id, "--yes", "--quiet", "--limit", "1")
    for place in places[1:]:
        shutil.copy(places[0].path("ledger.db.key"), place.path("ledger.db.key"))


def two_senders(folder, program, measure, database, count):
    import crashdrill
    times = []
    for senders in 1, 2:
        relay = crashdrill.Server({"faults": [{"stage": "dot", "do": "delay", "seconds": RELAY_SECONDS}]})
        places = [OnServer(os.path.join(folder, f"of-{senders}-{n}"), program, count, database) for n in range(senders)]
        for place in places:
            place.schema = f"{senders}_together"
            place.configure()
        places[0].run("plan", "update.md", "heads", "--quiet")
        places[0].id = places[0].mailing()
        share_key(places, program, relay.port)
        times.append(together(places, program, relay.port, count))
        relay.settle()
        copies = relay.copies()
        if len(copies) != count or any(len(ids) != 1 for ids in copies.values()):
            sys.exit(f"bench: WRONG: {count} recipients, letters at {len(copies)}")
        relay.close()
    gain = times[0] / times[1]
    print(f"  {count:,} letters through a relay that takes {1000 * RELAY_SECONDS:.0f} ms a letter: one sender {times[0]:.1f} s,"
          f" two {times[1]:.1f} s: {gain:.2f} x (aim {AIM_TWO}: {'reached' if gain >= AIM_TWO else 'missed'})")


def report(folder, root, program, measure, make_sink, quick):
    sys.path[:0] = [os.path.join(root, "tests", "fake"), os.path.join(root, "tests", "system")]
    import postgres
    reason = postgres.missing()
    if reason:
        print("\nThe ledger on a server: skipped: " + reason)
        return
    database = postgres.Postgres({"fsync": "on", "shared_buffers": "128MB"})
    try:
        beside_a_file(folder, program, measure, make_sink, database, 2000 if quick else 20000, 1 if quick else 3)
        two_senders(folder, program, measure, database, 400 if quick else 2000)
    finally:
        database.close()
