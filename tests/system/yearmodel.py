"""What every recipient of a year's digests should have had: the rules, written again and simply.

Nothing here knows how circular works. A world is lists of rows and notices as Python has them; a Reader is what
somebody would remember of one school.
"""
import dataclasses
import datetime


@dataclasses.dataclass
class Notice:
    """A notice as it stands in its file on some day."""

    name: str
    date: datetime.date
    chosen: object  # a function of the row: whom it is for
    revision: int = 1
    expires: datetime.date = None
    event: datetime.datetime = None  # the time on the clock

    def is_over(self, now):
        if self.expires and now.date() > self.expires:
            return True
        return bool(self.event) and now >= self.event


@dataclasses.dataclass
class Reader:
    since: datetime.date
    seen: datetime.datetime
    had: dict = dataclasses.field(default_factory=dict)  # notice -> highest revision


class Digest:
    """One digest's memory over the year. `run` says who gets what, and remembers it as sent."""

    def __init__(self, first_days=14, min_items=1):
        self.first_days, self.min_items = first_days, min_items
        self.began = self.last_sent = None
        self.readers = {}

    def beginning(self, now):
        """From which day on a new reader has notices."""
        if self.last_sent:
            return self.last_sent.date()
        return self.began or now.date() - datetime.timedelta(days=self.first_days)

    def reader(self, key, now):
        known = self.readers.get(key)
        if known is None or (self.last_sent and known.seen < self.last_sent):
            had = known.had if known else {}
            known = Reader(self.beginning(now), now, had)
        return known

    def new_to(self, reader, row, notices, now):
        """[(name, revision, whether it is an update)]"""
        found = []
        for notice in notices:
            had = reader.had.get(notice.name, 0)
            if notice.date > now.date() or notice.is_over(now) or not notice.chosen(row):
                continue
            if had >= notice.revision or (not had and notice.date < reader.since):
                continue
            found.append((notice.name, notice.revision, had > 0))
        return found

    def run(self, now, rows, notices, suppressed, sent=True):
        """rows: {key: row}; row["email"] may be "". suppressed: {address: why}. Gives {key: (address, items, reason)},
        where no items come with a reason; {} when nobody gets anything. With `sent` False (a plan that nobody sends)
        nothing is remembered of what was in it."""
        outcome = {}
        readers = {key: self.reader(key, now) for key in rows}
        for key, row in rows.items():
            items = self.new_to(readers[key], row, notices, now)
            address = row["email"]
            if not address:
                outcome[key] = (address, [], "no address")
            elif address in suppressed:
                outcome[key] = (address, [], suppressed[address])
            elif not items:
                outcome[key] = (address, [], "nothing new")
            elif len(items) < self.min_items:
                outcome[key] = (address, [], f"it waits for more: {len(items)} new, under the least of {self.min_items}")
            else:
                outcome[key] = (address, items, "")
        self.began = self.began or self.beginning(now)
        if not any(items for _, items, _ in outcome.values()):
            return {}
        for key, reader in readers.items():
            reader.seen = now
            self.readers[key] = reader
            if sent:
                for name, revision, _ in outcome[key][1]:
                    reader.had[name] = revision
        if sent:
            self.last_sent = now
        return outcome
