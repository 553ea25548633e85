"""Who may be one person: offered, never joined silently (F51).

A customer and a number that called belong together if the number stands in the customer's
signature, or if both go under the same full name. A number that is somebody's already is not
offered: the founder has said whose it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from supportdesk.domain.calls import Call
from supportdesk.domain.mail import Mailer
from supportdesk.services.calls_board import CallsBoard
from supportdesk.services.people import People

_MOST = 3


class Why(Enum):
    """What speaks for it."""

    SIGNATURE = "the number stands in their signature"
    SAME_NAME = "under the same name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A number that may be a customer's.

    Attributes:
        call: The newest from this number.
    """

    email: str
    name: str
    number: str
    why: Why
    call: Call


class PersonSuggestions:
    """Looks only among numbers that have called."""

    def __init__(self, people: People, calls: CallsBoard) -> None:
        self._people = people
        self._calls = calls

    def for_mail(self, sender: Mailer, numbers: Iterable[str]) -> tuple[Suggestion, ...]:
        """Newest caller first, signatures before names.

        Args:
            sender: The customer.
            numbers: Those of the signature, normalised.
        """
        signed = frozenset(numbers)
        callers = [
            call
            for call in self._calls.by_number.newest()
            if self._people.of_number(call.number) is None
        ]
        by_signature = [
            call for call in callers if self._people.behind_number(call.number).numbers[0] in signed
        ]
        name = _full_name(sender.name)
        by_name = [call for call in callers if name and _full_name(call.name) == name]
        found = {call.key: (call, Why.SIGNATURE) for call in by_signature}
        for call in by_name:
            found.setdefault(call.key, (call, Why.SAME_NAME))
        return tuple(
            Suggestion(
                email=sender.email, name=sender.label, number=call.number, why=why, call=call
            )
            for call, why in list(found.values())[:_MOST]
        )


def _full_name(name: str) -> str:
    """A first name alone is too many people's: empty."""
    words = name.casefold().split()
    return " ".join(words) if len(words) > 1 else ""
