"""What was promised to customers: taken from the lines of notes, kept or moved by a key (F93).

A promise is what its note says: who changes or removes the line changes or removes the promise.
When it is due, and whether it was kept, is the founder's own word and outlives that: an open one
whose line is only corrected stays the promise that it is, due as it was unless another time is
said. What was kept or dropped was that very line: in other words it is promised anew.
"""

import hashlib
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from supportdesk.domain.hours import ToLocal
from supportdesk.domain.people import Person
from supportdesk.domain.promises import Promise, PromiseState
from supportdesk.domain.settings import HoursRange
from supportdesk.services.promise_store import PromiseStore

_PREFIX = "promise/"
_MARK = "!"
_ALIKE = 0.8
"""So much of two lines is the same where one is the other, corrected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A note as it shall be; without words it goes.

    Attributes:
        note: Key of the note.
        item: Ledger key of what was noted of.
        who: The customer's name.
        contact: Their address in lower case, or their number in its normal form.
    """

    note: str
    words: str
    item: str
    who: str
    contact: str


class Promises:
    """All promises. What writes raises StoreError."""

    def __init__(self, store: PromiseStore, to_local: ToLocal) -> None:
        self._store = store
        self._to_local = to_local
        self._opening_hours: Sequence[HoursRange] = ()
        self._known: dict[str, Promise] = {}
        # Removed with their lines in this run: a line that comes back is the same promise.
        self._removed: dict[tuple[str, str], Promise] = {}
        self._were_due: frozenset[str] = frozenset()

    def configure(self, opening_hours: Sequence[HoursRange]) -> None:
        """When a working day ends."""
        self._opening_hours = opening_hours

    def restore(self) -> None:
        """Take up what desk.db has; also after something was deleted there."""
        self._known = {one.key: one for one in self._store.promises()}
        self._removed.clear()

    # --- what is known ------------------------------------------------------------------

    def promise(self, key: str) -> Promise | None:
        return self._known.get(key)

    def open(self) -> tuple[Promise, ...]:
        """Soonest first."""
        return _soonest_first(one for one in self._known.values() if one.is_open)

    def due(self, now: datetime) -> tuple[Promise, ...]:
        """Those whose time has come, longest first."""
        return _soonest_first(one for one in self._known.values() if one.is_due(now))

    def of_items(self, items: Iterable[str]) -> tuple[Promise, ...]:
        """Open ones noted of any of these messages or calls, soonest first."""
        wanted = frozenset(items) if self._known else frozenset()
        return tuple(one for one in self.open() if one.item in wanted) if wanted else ()

    def of_person(self, person: Person) -> tuple[Promise, ...]:
        """Open ones to whoever has these addresses and numbers, soonest first."""
        contacts = {*person.emails, *person.numbers} - {""}
        return tuple(one for one in self.open() if one.contact in contacts)

    def of_week(self, since: datetime, until: datetime) -> tuple[Promise, ...]:
        """Made, due or settled in this time, or still open before it ends; soonest first."""
        return _soonest_first(
            one
            for one in self._known.values()
            if (one.is_open and one.made_at < until)
            or any(since <= at < until for at in (one.made_at, one.settled_at or one.due))
        )

    def next_due(self, now: datetime) -> datetime | None:
        """When the next one falls due."""
        return min(
            (one.due for one in self._known.values() if one.is_open and one.due > now), default=None
        )

    def have_fallen_due(self, now: datetime) -> bool:
        """Since the last question others are due than before."""
        due = frozenset(one.key for one in self._known.values() if one.is_due(now))
        before, self._were_due = self._were_due, due
        return due != before

    # --- changes ------------------------------------------------------------------------

    def noted(self, noted: Noted, now: datetime) -> None:
        """A note is written, changed or removed: its lines say what is promised."""
        lines = dict.fromkeys(self._lines(noted.words))
        ending = f"/{noted.note}"
        here = [one for one in self._known.values() if one.key.endswith(ending)]
        gone = {one.words: one for one in here if one.words not in lines}
        known = {one.words for one in here}
        for line in lines:
            if line not in known:
                self._line_came(line, gone, noted, now)
        for promise in gone.values():
            self._store.remove_promise(promise.key)
            self._removed[noted.note, promise.words] = promise
            del self._known[promise.key]

    def put(self, promise: Promise) -> None:
        """Keep it as it is: one that was settled or moved and is taken back."""
        self._store.save_promise(promise)
        self._known[promise.key] = promise

    def settle(self, key: str, state: PromiseState, now: datetime) -> Promise | None:
        """It is kept or dropped. What it was before, to be put back; None if it is not open."""
        promise = self._known.get(key)
        if promise is None or not promise.is_open:
            return None
        self.put(replace(promise, state=state, settled_at=now))
        return promise

    def move(self, key: str, due: datetime) -> Promise | None:
        """It is due at another time. What it was before; None if it is not open."""
        promise = self._known.get(key)
        if promise is None or not promise.is_open:
            return None
        self.put(replace(promise, due=due))
        return promise

    # --- inside -------------------------------------------------------------------------

    def _lines(self, words: str) -> list[str]:
        if _MARK not in words:
            return []
        from supportdesk.domain.promise_words import promised_lines  # most notes promise nothing

        return promised_lines(words)

    def _line_came(self, line: str, gone: dict[str, Promise], noted: Noted, now: datetime) -> None:
        """A promise anew, one of this run that is back, or one of those that `gone` loses by it."""
        back = self._removed.get((noted.note, line))
        before = None if back is not None else _corrected(line, gone.values())
        if back is not None:
            self.put(back)
            del self._removed[noted.note, line]
        elif before is not None:
            was_due, is_due = (self._due(one, before.made_at) for one in (before.words, line))
            due = before.due if was_due == is_due else self._due(line, now)
            self.put(replace(before, words=line, due=due))
            del gone[before.words]
        else:
            self.put(self._made(line, noted, now))

    def _made(self, line: str, noted: Noted, now: datetime) -> Promise:
        taken = self._known.keys() | {one.key for one in self._removed.values()}
        return Promise(
            key=_key(noted.note, line, taken),
            item=noted.item,
            words=line,
            who=noted.who,
            contact=noted.contact,
            made_at=now,
            due=self._due(line, now),
        )

    def _due(self, line: str, made_at: datetime) -> datetime:
        from supportdesk.domain.promise_words import WorkingHours, due_of

        hours = WorkingHours(opening_hours=self._opening_hours, to_local=self._to_local)
        return due_of(line, made_at, hours)


def _corrected(line: str, gone: Iterable[Promise]) -> Promise | None:
    """Which of them it is in other words; one that is settled only in the same ones."""
    could_be = {one.words: one for one in gone}
    if not could_be:
        return None
    same = _bare(line)
    settled = (one for one in could_be.values() if not one.is_open and _bare(one.words) == same)
    is_settled = next(settled, None)
    if is_settled is not None:
        return is_settled
    from difflib import get_close_matches  # most lines come to a note that loses none

    open_ones = [words for words, one in could_be.items() if one.is_open]
    nearest = get_close_matches(line, open_ones, n=1, cutoff=_ALIKE)
    return could_be[nearest[0]] if nearest else None


def _bare(words: str) -> list[str]:
    """Without punctuation, and with all letters small."""
    spaced = (" " if unicodedata.category(each)[0] in "PZ" else each for each in words)
    return "".join(spaced).casefold().split()


def _key(note: str, line: str, taken: Collection[str]) -> str:
    """By its first words, which a corrected one keeps; the same on each computer of the note."""
    keys = (
        f"{_PREFIX}{hashlib.sha256(words).hexdigest()[:12]}/{note}"
        for words in ((line + "\n" * number).encode("utf-8", "replace") for number in count())
    )
    return next(key for key in keys if key not in taken)


def _soonest_first(promises: Iterable[Promise]) -> tuple[Promise, ...]:
    return tuple(sorted(promises, key=lambda one: (one.due, one.key)))
