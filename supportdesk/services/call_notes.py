"""Notes of calls: the founder's own words, kept as they were typed, found again (F59)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from supportdesk.domain.calls import Call
from supportdesk.domain.folding import bare, spellings
from supportdesk.domain.people import CallNote
from supportdesk.services.ports import DeskStore

if TYPE_CHECKING:
    from supportdesk.domain.voices import Felt

REMEMBERED_CHANGES = 500
"""More than are ever saved at once, and so taken back at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteChange:
    """One change, by whose number it can be taken back."""

    number: int


def _nobody_hears(_note: CallNote, _at: datetime) -> None:
    """For notes that promise nothing to anybody."""


class CallNotes:
    """All notes. `key` is a note's own; notes come oldest first."""

    def __init__(
        self,
        store: DeskStore,
        normalise: Callable[[str], str],
        noted: Callable[[CallNote, datetime], None] = _nobody_hears,
    ) -> None:
        """`noted` is told of each note before it is kept; of one that goes without its words."""
        self._store = store
        self._normalise = normalise
        self._noted = noted
        self._notes: dict[str, CallNote] = {}
        self._of_call: dict[str, dict[str, None]] = {}
        self._of_number: dict[str, dict[str, None]] = {}
        self._last_change = 0
        self._changes: dict[int, CallNote] = {}

    def restore(self) -> None:
        """Take up the notes of desk.db."""
        for note in self._store.call_notes():
            self._index(note)

    def read_again(self) -> None:
        """Notes were deleted behind our back, so no change of before can be taken back."""
        for known in (self._notes, self._of_call, self._of_number, self._changes):
            known.clear()
        _searched.cache_clear()
        self.restore()

    # --- what is known ------------------------------------------------------------------

    def note(self, key: str) -> CallNote | None:
        return self._notes.get(key)

    def of_call(self, call: str) -> tuple[CallNote, ...]:
        return self._sorted(self._of_call.get(call, ()))

    def of_numbers(self, numbers: Iterable[str]) -> tuple[CallNote, ...]:
        """Of a person: whatever was noted of calls with their numbers."""
        wanted = {self._normalise(number) for number in numbers} - {""}
        return self._sorted(key for one in wanted for key in self._of_number.get(one, ()))

    def between(self, since: datetime, until: datetime) -> tuple[CallNote, ...]:
        """Those that were written in [since, until)."""
        notes = self._notes.values()
        return tuple(sorted((note for note in notes if since <= note.at < until), key=_age))

    def search(self, words: str) -> tuple[CallNote, ...]:
        """Notes with all these words or beginnings of words, newest first; accents do not count."""
        wanted = [bare(one).split() for one in spellings(words)]
        found = [
            note
            for note in self._notes.values()
            if any(all(word in _searched(note) for word in one) for one in wanted if one)
        ]
        return tuple(sorted(found, key=_age, reverse=True))

    # --- the founder's acts -------------------------------------------------------------

    def new_key(self, call: str) -> str:
        """For a note not yet written: the same until it is, so that a crash leaves one note."""
        number = 1
        while (key := f"note/{number}/{call}") in self._notes:
            number += 1
        return key

    def write(self, key: str, call: Call, words: str, at: datetime) -> CallNote:
        """Keep these words, also half-written ones: the last words under a key hold."""
        note = CallNote(
            key=key,
            call=call.key,
            number=self._normalise(call.number),
            label=call.label,
            words=words,
            at=at,
        )
        self._put(note, at)
        return note

    def edit(self, key: str, words: str, at: datetime) -> NoteChange | None:
        """None when nothing changes. A note is removed by `remove`, never by emptying it."""
        note = self._notes.get(key)
        if note is None or not words.strip() or words == note.words:
            return None
        change = self._change(note)
        self._put(replace(note, words=words), at)
        return change

    def set_felt(self, key: str, felt: "Felt | None") -> NoteChange | None:
        """None when nothing changes."""
        note = self._notes.get(key)
        if note is None or note.felt is felt:
            return None
        change = self._change(note)
        self._keep(replace(note, felt=felt))
        return change

    def remove(self, key: str) -> NoteChange | None:
        note = self._notes.get(key)
        if note is None:
            return None
        change = self._change(note)
        self._drop(note)
        return change

    def undo(self, number: int) -> bool:
        """Take back one change; False when it is too long ago or was taken back."""
        before = self._changes.get(number)
        if before is None:
            return False
        self._put(before, before.at)
        del self._changes[number]
        return True

    # --- inside -------------------------------------------------------------------------

    def _change(self, before: CallNote) -> NoteChange:
        self._last_change += 1
        self._changes[self._last_change] = before
        self._changes.pop(self._last_change - REMEMBERED_CHANGES, None)
        return NoteChange(number=self._last_change)

    def _put(self, note: CallNote, at: datetime) -> None:
        self._noted(note, at)
        self._keep(note)

    def _keep(self, note: CallNote) -> None:
        self._store.save_call_note(note)
        self._index(note)

    def _index(self, note: CallNote) -> None:
        self._notes[note.key] = note
        self._of_call.setdefault(note.call, {})[note.key] = None
        if note.number:
            self._of_number.setdefault(note.number, {})[note.key] = None

    def _drop(self, note: CallNote) -> None:
        self._noted(replace(note, words=""), note.at)
        self._store.remove_call_note(note.key)
        del self._notes[note.key]
        del self._of_call[note.call][note.key]
        self._of_number.get(note.number, {}).pop(note.key, None)

    def _sorted(self, keys: Iterable[str]) -> tuple[CallNote, ...]:
        return tuple(sorted((self._notes[key] for key in keys), key=_age))


def _age(note: CallNote) -> tuple[datetime, str]:
    return (note.at, note.key)


@lru_cache(maxsize=4096)
def _searched(note: CallNote) -> str:
    return bare(f"{note.words} {note.label} {note.number}")
