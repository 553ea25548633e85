"""What is known of somebody who writes or calls: their last mails, calls and notes (F51, F52).

Everything is looked up by address and number; nothing is kept here but the names of those who
write, which are gone through anew only when the inbox has changed.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from heapq import nlargest

from supportdesk.domain.calls import Call, Outcome
from supportdesk.domain.mail import Conversation, Mailer, MessageSummary
from supportdesk.domain.people import CallNote, Person
from supportdesk.domain.waiting import is_from_customer, moment
from supportdesk.services.call_notes import CallNotes
from supportdesk.services.calls_board import CallsBoard
from supportdesk.services.inbox import Inbox
from supportdesk.services.people import People

MOST_CONTACTS = 5


class ContactKind(Enum):
    """How somebody was in touch with us."""

    MAIL = "mail"
    ANSWER = "answer"
    CALL = "call"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One mail, answer, call or note.

    Attributes:
        key: Of the message, the call, or the call that was noted of.
        words: The subject, or the note; empty for a call.
        by: Who of us answered.
        call: What became of it; None for mails and notes.
    """

    kind: ContactKind
    at: datetime
    key: str
    words: str = ""
    by: str = ""
    call: Call | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerCard:
    """What is shown while somebody rings.

    Attributes:
        person: With an empty key for a number that nobody was joined with.
        mail: Their last mail.
        is_namesake: The mail is only known to be from somebody of the same name.
        note: The last that was noted of a call with them.
        call: Their last call before this one.
    """

    person: Person
    mail: Contact | None = None
    is_namesake: bool = False
    note: Contact | None = None
    call: Contact | None = None


class Contacts:
    """Answers for one person at a time."""

    def __init__(self, people: People, notes: CallNotes, calls: CallsBoard, inbox: Inbox) -> None:
        self._people = people
        self._notes = notes
        self._calls = calls
        self._inbox = inbox
        self._names: dict[str, list[str]] = {}
        self._named: tuple[Conversation, ...] | None = None

    def latest(self, person: Person, *, but: Container[str] = ()) -> tuple[Contact, ...]:
        """Their last five contacts of any kind, newest first.

        Args:
            person: Known, or a stranger as `People.behind_email` makes one.
            but: Ledger keys of messages that are on show anyway.
        """
        contacts = [*self._mails(person), *self._talks(person), *self._noted(person)]
        others = (one for one in contacts if one.key not in but)
        return tuple(nlargest(MOST_CONTACTS, others, key=_age))

    def of_caller(self, number: str, name: str) -> CallerCard:
        person = self._people.behind_number(number, name)
        emails = person.emails or self.emails_named(name)
        mails = self._mails_from(emails)
        talks = [one for one in self._talks(person) if not _is_waiting(one)]
        return CallerCard(
            person=person,
            mail=max(mails, key=_age, default=None),
            is_namesake=not person.emails,
            note=max(self._noted(person), key=_age, default=None),
            call=max(talks, key=_age, default=None),
        )

    def emails_named(self, name: str) -> tuple[str, ...]:
        """Addresses of customers of exactly this name."""
        conversations = self._inbox.conversations()
        if conversations is not self._named:
            self._named = conversations
            self._names = {}
            for mailer in (one.customer for one in conversations if not one.is_robot):
                self._names.setdefault(_plain_name(mailer), []).append(mailer.email.casefold())
        wanted = _plain_name(Mailer(name=name, email=""))
        return tuple(dict.fromkeys(self._names.get(wanted, ()))) if wanted else ()

    # --- inside -------------------------------------------------------------------------

    def _mails(self, person: Person) -> Iterator[Contact]:
        for email in person.emails:
            for conversation in self._inbox.conversations_with(email):
                for message in conversation.messages[-MOST_CONTACTS:]:
                    yield _mail(message)

    def _mails_from(self, emails: Iterable[str]) -> Iterator[Contact]:
        """The newest of each conversation that is from a customer."""
        for email in emails:
            for conversation in self._inbox.conversations_with(email):
                theirs = self._inbox.message(conversation.key)
                if theirs is not None and is_from_customer(theirs):
                    yield _mail(theirs)

    def _talks(self, person: Person) -> list[Contact]:
        return [
            Contact(kind=ContactKind.CALL, at=call.started_at, key=call.key, call=call)
            for call in self._calls.by_number.of(person.numbers)
        ]

    def _noted(self, person: Person) -> list[Contact]:
        return [_noted(note) for note in self._notes.of_numbers(person.numbers)]


def _mail(message: MessageSummary) -> Contact:
    is_ours = message.is_ours or message.is_sent_copy
    return Contact(
        kind=ContactKind.ANSWER if is_ours else ContactKind.MAIL,
        at=moment(message),
        key=message.key,
        words=message.subject,
        by=message.sender.label if is_ours else "",
    )


def _noted(note: CallNote) -> Contact:
    return Contact(kind=ContactKind.NOTE, at=note.at, key=note.call, words=note.words)


def _is_waiting(contact: Contact) -> bool:
    return contact.call is not None and contact.call.outcome is Outcome.WAITING


def _plain_name(mailer: Mailer) -> str:
    return " ".join(mailer.name.casefold().split())


def _age(contact: Contact) -> tuple[datetime, str]:
    return (contact.at, contact.key)
