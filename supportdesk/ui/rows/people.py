"""Who somebody is, to be looked through and put right: their name, what is theirs, the notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supportdesk.domain.voices import Felt


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteForm:
    """A note of a call with them.

    Attributes:
        when: Of what it is, in words.
        felt: How the call felt.
    """

    key: str
    when: str
    words: str
    felt: Felt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonForm:
    """What is known of a person.

    Attributes:
        is_joined: Addresses and numbers were joined, so that they can be taken off again.
        notes: Newest first.
    """

    name: str
    emails: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    is_joined: bool = False
    notes: tuple[NoteForm, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEdit:
    """What the founder changed.

    Attributes:
        name: As it shall be, changed or not.
        emails_off: Not theirs any more; `numbers_off` too.
        notes: Those with other words, by key.
        felt: Those with another felt word, or with none any more, by key.
        notes_off: Keys of those that go.
    """

    name: str
    emails_off: tuple[str, ...] = ()
    numbers_off: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    felt: tuple[tuple[str, Felt | None], ...] = ()
    notes_off: tuple[str, ...] = ()
