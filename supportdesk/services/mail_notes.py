"""Internal notes on conversations: words, by whom, when (F47). Nothing of them is ever sent.

What writes answers does not know this module, and a test looks that it never does.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import mail_key
from supportdesk.domain.side_events import SharedNote
from supportdesk.domain.side_marks import MailNote, shared_note_id
from supportdesk.services.side_store import SideStore

_OWN = "note/"
_SHARED = "shared/"


Heard = Callable[[MailNote, datetime], None]
"""Is told of each note before it is kept; of one that goes without its words."""


def nobody_hears(_note: MailNote, _at: datetime) -> None:
    """For notes that promise nothing to anybody."""


class MailNotes:
    """All notes that are kept here. Notes come oldest first. What writes raises StoreError."""

    def __init__(self, store: SideStore, noted: Heard = nobody_hears) -> None:
        self._store = store
        self._noted = noted
        self._notes: dict[str, MailNote] = {}
        self._of_item: dict[str, dict[str, None]] = {}
        # By account and message: what lies in the mailbox of notes, and is not kept here.
        self._shared: dict[SourceName, dict[str, tuple[MailNote, ...]]] = {}

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
        wanted = list(items)
        notes = [self._notes[key] for item in wanted for key in self._of_item.get(item, ())]
        notes += [one for item in wanted for one in self._shared_of(item)]
        return tuple(sorted(notes, key=_age))

    def count(self, items: Iterable[str]) -> int:
        """How many; asked for each row of a list."""
        return sum(len(self._of_item.get(i, ())) + len(self._shared_of(i)) for i in items)

    def seen(self, account: SourceName, notes: Iterable[SharedNote], me: str) -> bool:
        """All shared notes of an account; those of `me` may be kept here. True: they changed."""
        there: dict[str, tuple[MailNote, ...]] = {}
        own = {shared_note_id(note, me) for note in self._notes.values()}
        for one in notes:
            if one.note_id not in own:
                item = mail_key(account, one.about)
                there[item] = (*there.get(item, ()), _told(one, item))
        is_new = self._shared.get(account, {}) != there
        self._shared[account] = there
        return is_new

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
        self._keep(note, at)
        return note

    def put(self, note: MailNote) -> None:
        """Keep it as it is: one that was taken back, or that a colleague wrote."""
        self._keep(note, note.at)

    def remove(self, key: str) -> MailNote | None:
        """What was removed, to be put back."""
        note = self._notes.get(key)
        if note is not None:
            self._noted(replace(note, words=""), note.at)
            self._store.remove_mail_note(key)
            del self._notes[key]
            del self._of_item[note.item][key]
        return note

    def _shared_of(self, item: str) -> tuple[MailNote, ...]:
        return next((notes[item] for notes in self._shared.values() if item in notes), ())

    def _keep(self, note: MailNote, at: datetime) -> None:
        self._noted(note, at)
        self._store.save_mail_note(note)
        self._index(note)

    def _index(self, note: MailNote) -> None:
        self._notes[note.key] = note
        self._of_item.setdefault(note.item, {})[note.key] = None


def _told(note: SharedNote, item: str) -> MailNote:
    key = f"{_SHARED}{note.note_id}"
    return MailNote(key=key, item=item, words=note.words, by=note.by, at=note.at, is_shared=True)


def _age(note: MailNote) -> tuple[datetime, str]:
    return (note.at, note.key)
