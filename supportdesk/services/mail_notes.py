"""Internal notes on conversations: words, by whom, when (F47). Nothing of them is ever sent.

What writes answers does not know this module, and a test looks that it never does.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from supportdesk.domain.side_marks import MailNote
from supportdesk.services.side_store import SideStore

_OWN = "note/"


class MailNotes:
    """All notes that are kept here. Notes come oldest first. What writes raises StoreError."""

    def __init__(self, store: SideStore) -> None:
        self._store = store
        self._notes: dict[str, MailNote] = {}
        self._of_item: dict[str, dict[str, None]] = {}

    def restore(self) -> None:
        """Take up the notes of desk.db; those known before are forgotten."""
        self._notes.clear()
        self._of_item.clear()
        for note in self._store.mail_notes():
            self._index(note)

    def note(self, key: str) -> MailNote | None:
        return self._notes.get(key)

    def of(self, items: Iterable[str]) -> tuple[MailNote, ...]:
        """Those on any of these messages."""
        keys = [key for item in items for key in self._of_item.get(item, ())]
        return tuple(sorted((self._notes[key] for key in keys), key=_age))

    def count(self, items: Iterable[str]) -> int:
        """How many; asked for each row of a list."""
        return sum(len(self._of_item.get(item, ())) for item in items)

    def new_key(self, item: str) -> str:
        """For a note not yet written: the same until it is, so that a crash leaves one note."""
        number = 1
        while (key := f"{_OWN}{number}/{item}") in self._notes:
            number += 1
        return key

    def write(self, key: str, item: str, words: str, at: datetime, *, about: str = "") -> MailNote:
        """Keep these words, also half-written ones: the last words under a key hold.

        `about` is the customer's address, so that the note goes when they are forgotten.
        """
        known = self._notes.get(key)
        if known is None:
            note = MailNote(key=key, item=item, about=about.casefold(), words=words, at=at)
        else:
            note = replace(known, words=words)
        self.put(note)
        return note

    def put(self, note: MailNote) -> None:
        """Keep it as it is: one that was taken back, or that a colleague wrote."""
        self._store.save_mail_note(note)
        self._index(note)

    def remove(self, key: str) -> MailNote | None:
        """What was removed, to be put back."""
        note = self._notes.get(key)
        if note is not None:
            self._store.remove_mail_note(key)
            del self._notes[key]
            del self._of_item[note.item][key]
        return note

    def _index(self, note: MailNote) -> None:
        self._notes[note.key] = note
        self._of_item.setdefault(note.item, {})[note.key] = None


def _age(note: MailNote) -> tuple[datetime, str]:
    return (note.at, note.key)
