#!/usr/bin/env python3
"""claims - every way in which several senders can go on with one mailing, gone through to its end

    claims.py [MUTATION]     says how many states there are, or how a promise is broken, step by step

A small model of lib/ledger/leases, lib/ledger/claims, lib/send/journal and lib/send/outcomes. What is one transaction there is
one step here, and so is each durable step of a sender beside the ledger (what its journal has, what the SMTP server took). Between
two steps of one sender anything may happen to the others: a sender that is asleep is one whose turn doesn't come. All that can go
wrong is tried at every point, as often as BUDGET has it: a process killed, a connection lost with its commit on record or without,
a lease's time gone by, an answer of the SMTP server lost, a person who has what is in doubt sent again. A killed sender's machine may
come back, with its journal, or never.

The promises, asked of every state:
    twice     nobody has more copies than one, and one more for each time that a person has had it sent again
    sent      who is on record as sent has a copy
    doubt     nobody's letter is taken for lost while its sender holds its lease, by the server's clock, and its connection
    journal   what a journal knows is on record once it was found again: no answer that came stays in doubt
    missed    when no sender has anything left to do, nobody waits unless every machine is gone

Each MUTATION leaves out one thing that the protocol does. That a promise is broken then shows that the thing is needed, and
that this program would see it."""
import collections
import sys

LETTERS, RUNS, BATCH = 2, 2, 1
SCOPES = ((2, 3), (3, 2))  # so many senders, with so many faults in one history
BUDGET = {"kill": 2, "cut": 1, "time": 1, "silence": 1, "again": 1}
FAULTS = tuple(BUDGET)

MUTATIONS = {
    "no-fence": "an outcome is recorded whatever lease the letter is under now",
    "again-by-itself": "letters of a lease that has ended are planned again, and not in doubt",
    "own-clock": "whether a lease's time is over is asked of another clock than that which set it",
    "guessed-commit": "a commit whose answer was lost is taken to be on record",
    "old-journal": "a journal speaks for letters of whatever lease",
    "late-note": "the journal is told of the final dot after it was sent",
    "forgotten": "letters of a lease that has ended are never told to be in doubt",
}

# A letter is (state, lease). A lease is (is held, its time isn't over, its connection is there).
# A sender is (what it does, its lease, whether its connection is there, its journal, runs left); its journal is (of which
# lease, ((letter, phase) ...)). Phases: claimed, taken (sent off and taken, no answer seen yet),
# heard, lost (no answer will come: in doubt).
State = collections.namedtuple("State", "letters leases senders copies again budget faults")
OFF, FOUND, ON = "off", "journal looked at", "sends"
NO_JOURNAL = (0, ())


class Broken(Exception):
    """A promise; what it says."""


def changed(items, index, value):
    return items[:index] + (value,) + items[index + 1:]


def spent(state, fault):
    """The state with one such fault less to come, or None when there are none left."""
    index = FAULTS.index(fault)
    if not state.budget[index] or not state.faults:
        return None
    return state._replace(budget=changed(state.budget, index, state.budget[index] - 1), faults=state.faults - 1)


class Protocol:
    def __init__(self, mutation=None):
        self.mutation = mutation

    # --- what stands in the ledger ------------------------------------------------------------------

    def end_dead(self, state, own=0):
        """leases_end_dead and deliveries_recover: what nobody holds any more is in doubt."""
        leases = list(state.leases)
        for number, (held, fresh, connected) in enumerate(leases, 1):
            is_over = not fresh or self.mutation == "own-clock"
            if held and number != own and (is_over or not connected):
                if fresh and connected:
                    raise Broken(f"doubt: lease {number} was ended, and its sender holds it")
                leases[number - 1] = (False, fresh, connected)
        state = state._replace(leases=tuple(leases))
        if self.mutation == "forgotten":
            return state
        anew = "planned" if self.mutation == "again-by-itself" else "unknown"
        return state._replace(letters=tuple(
            (anew, lease) if was == "sending" and not (lease and leases[lease - 1][0]) else (was, lease)
            for was, lease in state.letters))

    def record(self, state, letter, lease, outcome):
        """SQL_RECORD: whose lease it isn't, or who isn't in hand or in doubt, is left alone."""
        was, under = state.letters[letter]
        may = was in ("sending", "unknown") and under == lease
        if not may and self.mutation != "no-fence":
            return state
        return state._replace(letters=changed(state.letters, letter, (outcome, under)))

    # --- a run begins -------------------------------------------------------------------------------

    def find_journal(self, state, index):
        """sending_heed_journal: its process is no more, so it speaks for the letters of its lease."""
        doing, lease, connected, (of, slots), runs = state.senders[index]
        phases = dict(slots)
        for letter, (was, under) in enumerate(state.letters):
            if not of or was not in ("sending", "unknown") or (under != of and self.mutation != "old-journal"):
                continue
            if was == "unknown" and letter not in phases:
                continue
            outcome = {"claimed": "planned", "heard": "sent", None: "planned"}.get(phases.get(letter), "unknown")
            state = state._replace(letters=changed(state.letters, letter, (outcome, under)))
        for letter, phase in slots:
            if phase == "heard" and state.letters[letter] == ("unknown", of):
                raise Broken(f"journal: letter {letter} was taken, and is in doubt")
        if of:
            held, fresh, there = state.leases[of - 1]
            state = state._replace(leases=changed(state.leases, of - 1, (False, fresh, there)))
        state = state._replace(senders=changed(state.senders, index, (FOUND, 0, True, NO_JOURNAL, runs - 1)))
        return state if of else self.take_lease(state, index)  # without one this was no transaction

    def take_lease(self, state, index):
        state = self.end_dead(state)
        number = len(state.leases) + 1
        runs = state.senders[index][4]
        return state._replace(leases=state.leases + ((True, True, True),),
                              senders=changed(state.senders, index, (ON, number, True, (number, ()), runs)))

    # --- deliveries_turn ----------------------------------------------------------------------------

    def turn(self, state, index):
        """(What happened, the state after it) of one transaction that records and claims."""
        doing, lease, connected, (of, slots), runs = state.senders[index]
        if not connected:
            yield "ends, for its connection is lost", self.off(state, index)
            return
        after, left = state, list(slots)
        held = state.leases[lease - 1][0]
        if held:
            after = after._replace(leases=changed(after.leases, lease - 1, (True, True, True)))
        for letter, phase in slots:
            if phase in ("heard", "lost"):
                after = self.record(after, letter, lease, "sent" if phase == "heard" else "unknown")
                left.remove((letter, phase))
        taken = []
        if held:
            taken = [letter for letter, (was, _) in enumerate(after.letters) if was == "planned"][:BATCH]
        for letter in taken:
            after = after._replace(letters=changed(after.letters, letter, ("sending", lease)))
            left.append((letter, "claimed"))
        if not taken and not left:
            after = self.end_dead(after, lease)  # the others are waited for
        told = changed(after.senders, index, (ON, lease, True, (of, tuple(left)), runs))
        if not held:
            yield "records, and ends: its lease was ended", self.off(after._replace(senders=told), index)
            return
        if after.letters != state.letters or after.leases != state.leases or tuple(left) != slots:
            yield f"records, and claims {taken}", after._replace(senders=told)
        if not left and all(was not in ("planned", "sending") for was, _ in after.letters):
            end = after._replace(leases=changed(after.leases, lease - 1, (False, True, True)),
                                 senders=changed(after.senders, index, (OFF, 0, True, NO_JOURNAL, runs)))
            yield "records, and ends: all is done", end
        if after.letters != state.letters or tuple(left) != slots:
            yield from self.cut(state, after, index, tuple(left))

    def cut(self, before, after, index, left):
        """The connection is lost with the commit, or the process is killed behind it."""
        doing, lease, connected, (of, slots), runs = before.senders[index]

        def with_sender(state, journal, alive=True):
            state = self.unplugged(state, lease)
            return state._replace(senders=changed(state.senders, index,
                                                  (ON if alive else OFF, lease if alive else 0, False, (of, journal), runs)))

        lost = spent(before, "cut")
        if lost:
            yield "commits, loses its connection, and learns that it has", with_sender(after._replace(budget=lost.budget, faults=lost.faults), left)
            if self.mutation == "guessed-commit":
                yield "loses its connection, and guesses that it has committed", with_sender(lost, left)
            else:
                yield "loses its connection, and learns that it has not committed", self.off(with_sender(lost, slots), index)
        lost = spent(before, "kill")
        if lost:
            yield "commits, and is killed before its journal knows", with_sender(after._replace(budget=lost.budget, faults=lost.faults), slots, False)

    # --- a letter -----------------------------------------------------------------------------------

    def send(self, state, index):
        doing, lease, connected, (of, slots), runs = state.senders[index]

        def noted(now, place, phase):
            slot = (slots[place][0], phase)
            return now._replace(senders=changed(now.senders, index, (doing, lease, connected, (of, changed(slots, place, slot)), runs)))

        for place, (letter, phase) in enumerate(slots):
            copied = state._replace(copies=changed(state.copies, letter, state.copies[letter] + 1))
            if phase == "claimed":
                yield f"notes the final dot of letter {letter}, sends it, and it is taken", noted(copied, place, "taken")
                if self.mutation == "late-note" and spent(state, "kill"):
                    yield (f"sends letter {letter}, which is taken, and is killed before it notes that",
                           self.kill(spent(copied, "kill"), index))
                if spent(state, "silence"):
                    yield f"notes the final dot of letter {letter}, which never arrives", noted(spent(state, "silence"), place, "lost")
                break  # one after the other: of two that are alike, either could be the first
            if phase == "taken":
                yield f"hears that letter {letter} was taken", noted(state, place, "heard")
                if spent(state, "silence"):
                    yield f"hears no more of letter {letter}", noted(spent(state, "silence"), place, "lost")

    # --- what happens to it -------------------------------------------------------------------------

    @staticmethod
    def unplugged(state, lease):
        if not lease:
            return state
        held, fresh, _ = state.leases[lease - 1]
        return state._replace(leases=changed(state.leases, lease - 1, (held, fresh, False)))

    def off(self, state, index):
        doing, lease, connected, journal, runs = state.senders[index]
        state = self.unplugged(state, lease)
        return state._replace(senders=changed(state.senders, index, (OFF, 0, False, journal, runs)))

    def kill(self, state, index):
        return self.off(state, index)

    def steps(self, state):
        for index, (doing, lease, connected, journal, runs) in enumerate(state.senders):
            who = f"sender {index}"
            if doing == OFF and runs and (journal[0] or any(was in ("planned", "sending") for was, _ in state.letters)):
                yield f"{who} begins, with what its journal knows", self.find_journal(state, index)
            if doing == FOUND:
                yield f"{who} takes lease {len(state.leases) + 1}", self.take_lease(state, index)
            if doing == ON:
                for what, after in self.turn(state, index):
                    yield f"{who} {what}", after
                for what, after in self.send(state, index):
                    yield f"{who} {what}", after
            if doing != OFF and spent(state, "kill"):
                yield f"{who} is killed", self.kill(spent(state, "kill"), index)
        for number, (held, fresh, connected) in enumerate(state.leases, 1):
            if held and fresh and spent(state, "time"):
                yield (f"the time of lease {number} goes by",
                       spent(state, "time")._replace(leases=changed(state.leases, number - 1, (held, False, connected))))
        for letter, (was, lease) in enumerate(state.letters):
            if was == "unknown" and spent(state, "again"):
                yield (f"a person has letter {letter} sent again",
                       spent(state, "again")._replace(letters=changed(state.letters, letter, ("planned", lease)),
                                                      again=changed(state.again, letter, state.again[letter] + 1)))

    # --- promises -----------------------------------------------------------------------------------

    @staticmethod
    def check(state):
        for letter, copies in enumerate(state.copies):
            if copies > 1 + state.again[letter]:
                raise Broken(f"twice: letter {letter} went {copies} times")
            if state.letters[letter][0] == "sent" and not copies:
                raise Broken(f"sent: letter {letter} is on record as sent, and was never taken")
        for doing, lease, _, (_, slots), _ in state.senders:
            for letter, _ in slots if doing == ON and state.leases[lease - 1] == (True, True, True) else ():
                if state.letters[letter] == ("unknown", lease):
                    raise Broken(f"doubt: letter {letter} is in doubt, and the sender that holds it goes on with it")

    @staticmethod
    def check_end(state):
        """Nothing can happen any more: who still waits waits for machines of which none can begin again."""
        waits = [letter for letter, (was, _) in enumerate(state.letters) if was in ("planned", "sending")]
        if waits and any(doing != OFF or runs for doing, _, _, _, runs in state.senders):
            raise Broken(f"missed: letters {waits} wait, and nobody goes on with them")


def canonical(state):
    """Senders are alike: which of them is which makes no other state, nor how a lease has ended."""
    leases = tuple(lease if lease[0] else (False,) * 3 for lease in state.leases)
    return state._replace(senders=tuple(sorted(state.senders)), leases=leases)


def explore(senders, faults, mutation=None):
    """How many states there are. Broken, with the steps that lead there in its second argument."""
    protocol = Protocol(mutation)
    first = State((("planned", 0),) * LETTERS, (), ((OFF, 0, False, NO_JOURNAL, RUNS),) * senders, (0,) * LETTERS,
                  (0,) * LETTERS, tuple(BUDGET.values()), faults)
    came = {first: None}
    queue = collections.deque([first])
    while queue:
        state = queue.popleft()
        moves = is_checked = False
        try:
            for what, after in protocol.steps(state):
                after = canonical(after)
                moves = moves or after != state
                if after in came:
                    continue
                came[after] = (state, what)
                is_checked = True
                protocol.check(after)
                is_checked = False
                queue.append(after)
            if not moves:
                protocol.check_end(state)
        except Broken as broken:
            raise Broken(broken.args[0], way_to(came, after if is_checked else state)) from None
    return len(came)


def way_to(came, state):
    way = []
    while came[state]:
        state, what = came[state]
        way.append(what)
    return way[::-1]


def main(words):
    mutation = words[0] if words else None
    if mutation and mutation not in MUTATIONS:
        print(__doc__)
        print("\n".join(f"    {name:16} {what}" for name, what in MUTATIONS.items()))
        return 64
    try:
        for senders, faults in SCOPES:
            print(f"{senders} senders, {faults} faults: {explore(senders, faults, mutation):,} states, and every promise holds in each")
        return 0
    except Broken as broken:
        print("\n".join([*broken.args[1], broken.args[0]]))
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
