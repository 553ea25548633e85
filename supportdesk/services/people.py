"""People: which addresses and numbers are one customer's, as the founder has joined them (F51).

Nothing is joined silently: only what the founder says or accepts. An address or a number belongs to
one person; to give it to another takes it from the first. A person without any is no longer one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from supportdesk.domain.calls import Call, Caller
from supportdesk.domain.mail import Mailer
from supportdesk.domain.people import Person
from supportdesk.services.ports import DeskStore

REMEMBERED_CHANGES = 500
"""More than are ever saved at once, and so taken back at once."""

_Called = TypeVar("_Called", Call, Caller)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChange:
    """One change, by whose number it can be taken back, and the person after it."""

    number: int
    person: Person


class People:
    """All people of the founder. Addresses may be given in any case, numbers in any form."""

    def __init__(self, store: DeskStore, normalise: Callable[[str], str]) -> None:
        self._store = store
        self._normalise = normalise
        self._by_key: dict[str, Person] = {}
        self._by_email: dict[str, str] = {}
        self._by_number: dict[str, str] = {}
        self._last_key = 0
        self.version = 0
        """Another one whenever anything about anybody is different from before."""
        self._last_change = 0
        # Each change as the people it touched were before it; None for one that it made.
        self._changes: dict[int, dict[str, Person | None]] = {}

    def restore(self) -> None:
        """Take up the people of desk.db."""
        for person in self._store.people():
            self._index(person)
            self._last_key = max(self._last_key, int(person.key) if person.key.isdigit() else 0)

    def read_again(self) -> None:
        """People were deleted behind our back, so no change of before can be taken back."""
        for known in (self._by_key, self._by_email, self._by_number, self._changes):
            known.clear()
        self.version += 1
        self.restore()

    # --- who is it ----------------------------------------------------------------------

    def person(self, key: str) -> Person | None:
        return self._by_key.get(key)

    def owner_of(self, number: str) -> str:
        """Key of the person of a number in its normal form; "" for nobody."""
        return self._by_number.get(number, "")

    def of_number(self, number: str) -> Person | None:
        return self._by_key.get(self.owner_of(self._normalise(number)))

    def of_email(self, email: str) -> Person | None:
        return self._by_key.get(self._by_email.get(_plain(email), ""))

    def of_contact(self, contact: str) -> Person | None:
        """Whose address or number it is."""
        return self.of_email(contact) or self.of_number(contact)

    def behind_number(self, number: str, name: str = "") -> Person:
        """Whoever calls from there; somebody not known to be a person has an empty key."""
        normal = self._normalise(number)
        stranger = Person(key="", name=name, numbers=(normal,) if normal else ())
        return self.of_number(number) or stranger

    def behind_email(self, email: str, name: str = "") -> Person:
        """Whoever writes from there; somebody not known to be a person has an empty key."""
        return self.of_email(email) or Person(key="", name=name, emails=(_plain(email),))

    def who_call_and_write(self) -> list[Person]:
        """Those of whom both a number and an address are known, in no order."""
        return [one for one in self._by_key.values() if one.numbers and one.emails]

    def named(self, who: _Called) -> _Called:
        """Under the person's name, whatever the phone calls them."""
        person = self.of_number(who.number) if self._by_number else None
        if person is None or person.name in ("", who.name):
            return who
        return replace(who, name=person.name)

    def names(self) -> dict[str, str]:
        """By number in its normal form; those without a name are left out."""
        named = (one for one in self._by_key.values() if one.name)
        return {number: one.name for one in named for number in one.numbers}

    def owner_name(self, number: str) -> str:
        """What whoever has this number is called; "" for nobody."""
        person = self.of_number(number)
        return person.name if person is not None else ""

    def name_of(self, customer: Mailer) -> str:
        """What the founder calls whoever writes from there, else what they call themselves."""
        person = self.of_email(customer.email)
        return person.name if person is not None and person.name else customer.label

    # --- the founder's acts -------------------------------------------------------------

    def join_number(self, email: str, number: str, name: str) -> PersonChange | None:
        """Whoever writes from there calls from here; None when that says nothing new.

        Args:
            email: Its person is kept; without one the person of the number gets the address.
            number: Taken from whom it belonged to.
            name: Of a person made for this.
        """
        normal = self._normalise(number)
        person = self.of_email(email) or self.of_number(normal)
        if not normal or not _plain(email):
            return None
        return self._add(person, name, emails=(_plain(email),), numbers=(normal,))

    def join_email(self, email: str, other: str, name: str) -> PersonChange | None:
        """Both addresses are one person's: that of the first, if it has one."""
        person = self.of_email(email) or self.of_email(other)
        if not _plain(email) or not _plain(other):
            return None
        return self._add(person, name, emails=(_plain(email), _plain(other)))

    def split_number(self, number: str) -> PersonChange | None:
        """It is not this person's, or not theirs alone."""
        person, normal = self.of_number(number), self._normalise(number)
        return None if person is None else self._change(_without(person, {normal}))

    def split_email(self, email: str) -> PersonChange | None:
        person = self.of_email(email)
        return None if person is None else self._change(_without(person, {_plain(email)}))

    def rename(self, person: Person, name: str) -> PersonChange | None:
        """Call them so; somebody who was not known to be a person becomes one by it."""
        known = self._by_key.get(person.key)
        name = name.strip()
        if not name or name == (known or person).name:
            return None
        return self._change(replace(known or self._new(person), name=name))

    def undo(self, number: int) -> bool:
        """Take back the change of this number; False when it is too long ago or was taken back."""
        before = self._changes.get(number)
        if before is None:
            return False
        for key, person in before.items():
            if person is None and key in self._by_key:
                self._remove(self._by_key[key])
        for person in before.values():
            if person is not None:
                self._put(person)
        del self._changes[number]
        return True

    # --- inside -------------------------------------------------------------------------

    def _add(
        self,
        person: Person | None,
        name: str,
        *,
        emails: Iterable[str],
        numbers: Iterable[str] = (),
    ) -> PersonChange | None:
        known = person or self._new(Person(key="", name=name.strip()))
        joined = replace(
            known,
            emails=tuple(sorted({*known.emails, *emails})),
            numbers=tuple(sorted({*known.numbers, *numbers})),
        )
        return None if joined == known else self._change(joined)

    def _new(self, stranger: Person) -> Person:
        """Their key is never one that a change of this run may bring back."""
        self._last_key += 1
        return replace(stranger, key=str(self._last_key))

    def _change(self, person: Person) -> PersonChange:
        touched = self._others_with(person)
        before = {one.key: one for one in touched} | {person.key: self._by_key.get(person.key)}
        self._last_change += 1
        self._changes[self._last_change] = before
        self._changes.pop(self._last_change - REMEMBERED_CHANGES, None)
        self._put(person)
        return PersonChange(number=self._last_change, person=person)

    def _others_with(self, person: Person) -> list[Person]:
        keys = [self._by_email.get(one, "") for one in person.emails]
        keys += [self._by_number.get(one, "") for one in person.numbers]
        return [self._by_key[key] for key in dict.fromkeys(keys) if key not in ("", person.key)]

    def _put(self, person: Person) -> None:
        for other in self._others_with(person):
            self._keep(_without(other, {*person.emails, *person.numbers}))
        self._keep(person)

    def _keep(self, person: Person) -> None:
        known = self._by_key.get(person.key)
        if known is not None:
            self._unindex(known)
        if person.emails or person.numbers:
            self._index(person)
            self._store.save_person(person)
        else:
            self._store.remove_person(person.key)

    def _remove(self, person: Person) -> None:
        self._unindex(person)
        self._store.remove_person(person.key)

    def _index(self, person: Person) -> None:
        self.version += 1
        self._by_key[person.key] = person
        self._by_email.update(dict.fromkeys(person.emails, person.key))
        self._by_number.update(dict.fromkeys(person.numbers, person.key))

    def _unindex(self, person: Person) -> None:
        self.version += 1
        del self._by_key[person.key]
        for email in person.emails:
            del self._by_email[email]
        for number in person.numbers:
            del self._by_number[number]


def _plain(email: str) -> str:
    return email.strip().casefold()


def _without(person: Person, values: set[str]) -> Person:
    return replace(
        person,
        emails=tuple(one for one in person.emails if one not in values),
        numbers=tuple(one for one in person.numbers if one not in values),
    )
