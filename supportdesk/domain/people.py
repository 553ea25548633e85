"""Customers as people: the addresses and numbers that are theirs, and what was noted of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supportdesk.domain.voices import Felt


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody outside of the team, joined by the founder or from a signature (F51).

    An address or a number belongs to one person at most.

    Attributes:
        key: Made when the person is; it names nobody outside of desk.db.
        emails: In lower case.
        numbers: Normalised (E.164 where the country is known).
    """

    key: str
    name: str
    emails: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNote:
    """What the founder wrote about a call; the words are kept as they were typed (F59).

    Attributes:
        key: Of this note.
        call: Ledger key of the call.
        number: Of the other side, normalised; empty when it was withheld.
        label: Who that was when the note was written.
        at: When it was written, UTC.
        felt: How the call felt, as the founder chose (F88).
    """

    key: str
    call: str
    number: str
    label: str
    words: str
    at: datetime
    felt: "Felt | None" = None
