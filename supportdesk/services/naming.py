"""What customers are called on what leaves the desk: by their names, or masked.

Kept words know what their customer was called then; the card may say more by now. Shown is the
name of then, and the card's where that was none. A mask leaves out both, and all addresses and
numbers of the card.
"""

from dataclasses import dataclass
from typing import Protocol

from supportdesk.domain.people import Person
from supportdesk.services.masking import is_name, masked_name, masked_words


class Cards(Protocol):
    """What is asked of the people."""

    def of_contact(self, contact: str) -> Person | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """One way to name all customers of a page or a copy."""

    cards: Cards
    is_masked: bool

    def known(self, who: str, contact: str) -> str:
        """The name of then, else that of now; where neither is one, what stood for it then."""
        person = None if is_name(who, contact) else self.cards.of_contact(contact)
        return person.name or who if person is not None else who

    def name(self, who: str, contact: str) -> str:
        """As they are called, or their initials."""
        known = self.known(who, contact)
        return masked_name(known, contact) if self.is_masked else known

    def words(self, words: str, who: str, contact: str) -> str:
        """What they said, or what was written about them."""
        if not self.is_masked:
            return words
        person = self.cards.of_contact(contact)
        if person is None:
            return masked_words(words, [who], [contact])
        contacts = [contact, *person.numbers, *person.emails]
        return masked_words(words, [who, person.name], contacts)
