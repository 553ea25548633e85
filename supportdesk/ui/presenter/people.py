"""Who somebody is, in lines: beside a caller, above a message, in front of a call back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from supportdesk.domain.calls import Call, Outcome
from supportdesk.domain.mail import Mailer
from supportdesk.domain.people import Person
from supportdesk.domain.promises import Promise
from supportdesk.domain.voices import Quote
from supportdesk.services.alert_text import again_words
from supportdesk.services.contacts import CallerCard, Contact, ContactKind
from supportdesk.services.missed_calls import how_closed
from supportdesk.services.person_suggestions import Suggestion
from supportdesk.services.wording import fit
from supportdesk.ui.presenter.promises import promise_line, promise_lines
from supportdesk.ui.presenter.words import since_words
from supportdesk.ui.rows import (
    Action,
    ActionButton,
    ButtonRank,
    PersonFact,
    PersonLine,
    PersonOffer,
    PersonView,
)

_WORDS = 70
_NUMBER = "number/"
_LINE = 200
_FACTS = {
    ContactKind.MAIL: PersonFact.MAIL,
    ContactKind.ANSWER: PersonFact.MAIL,
    ContactKind.CALL: PersonFact.CALL,
    ContactKind.NOTE: PersonFact.NOTE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What is known of a customer beside their address.

    Attributes:
        person: With an empty key for somebody who was not joined with anything.
        contacts: What is not on show anyway, newest first.
        suggestions: Numbers that may be theirs.
        promises: Open ones to them, soonest first.
        quotes: Their kept words, the newest first.
        call_back: What a call back is asked with; empty without a number.
    """

    person: Person
    contacts: Sequence[Contact] = ()
    suggestions: Sequence[Suggestion] = ()
    promises: Sequence[Promise] = ()
    quotes: Sequence[Quote] = ()
    call_back: str = ""


def number_key(number: str) -> str:
    """What a call back of a number that never called is asked with."""
    return f"{_NUMBER}{number}"


def number_of(key: str) -> str:
    """The number in such a key; empty for any other key."""
    return key.removeprefix(_NUMBER) if key.startswith(_NUMBER) else ""


def person_view(customer: Mailer, facts: PersonFacts | None, now: datetime) -> PersonView:
    """The card above a message."""
    emails = [customer.email] if customer.name else []
    if facts is None:
        return PersonView(name=customer.label, house=" · ".join(emails))
    return PersonView(
        name=facts.person.name or customer.label,
        house=" · ".join([*emails, *facts.person.numbers]),
        lines=(
            *promise_lines(facts.promises, now),
            *(contact_line(one, now) for one in facts.contacts[:1]),
            *(quote_line(one, now) for one in facts.quotes[:1]),
            *(contact_line(one, now) for one in facts.contacts[1:]),
        ),
        call_back=_call_back(facts),
        edit=ActionButton(
            action=Action.EDIT_PERSON,
            label="",
            icon="note",
            hint="Who this is: name, addresses, numbers, notes (p)",
            rank=ButtonRank.GHOST,
        ),
        offers=tuple(_offer(one, now) for one in facts.suggestions),
    )


def _call_back(facts: PersonFacts) -> ActionButton | None:
    if not facts.call_back:
        return None
    return ActionButton(
        action=Action.CALL_BACK,
        label="Call back",
        target=facts.call_back,
        icon="phone-out",
        shortcut="b",
        hint=f"Call {facts.person.numbers[0]}",
    )


def _offer(suggestion: Suggestion, now: datetime) -> PersonOffer:
    called = since_words(suggestion.call.started_at, now)
    return PersonOffer(
        text=f"{suggestion.number} called, {called}: {suggestion.why.value}",
        button=ActionButton(
            action=Action.JOIN_NUMBER,
            label="Same person",
            target=suggestion.number,
            hint=f"{suggestion.number} belongs to {fit(suggestion.name, 40)}",
            rank=ButtonRank.SECONDARY,
        ),
    )


def caller_line(
    card: CallerCard, tries: Sequence[datetime], now: datetime, promises: Sequence[Promise] = ()
) -> str:
    """What the founder should know before they pick up; empty when nothing is known (F52)."""
    parts = [promise_line(promises, now), again_words(tries, now, datetime.astimezone).rstrip(".")]
    if card.note is not None:
        parts.append(f"Noted {since_words(card.note.at, now)}: {_quoted(card.note.words)}")
    if card.mail is not None:
        whose = "Mail under this name" if card.is_namesake else "Mail"
        parts.append(f"{whose}, {since_words(card.mail.at, now)}: {_quoted(card.mail.words)}")
    elif card.call is not None and card.call.call is not None:
        parts.append(f"{call_words(card.call.call)}, {since_words(card.call.at, now)}")
    return fit(" · ".join(part for part in parts if part), _LINE)


def contact_line(contact: Contact, now: datetime) -> PersonLine:
    """A line of the person card; it opens what it tells of."""
    when = since_words(contact.at, now)
    if contact.call is not None:
        label, text = "Call", f"{when}: {_lower(call_words(contact.call))}"
    elif contact.kind is ContactKind.NOTE:
        label, text = "Note", f"{when}: {_quoted(contact.words)}"
    elif contact.kind is ContactKind.ANSWER:
        label, text = f"Answer of {fit(contact.by, 30)}", f"{when}: {_quoted(contact.words)}"
    else:
        label, text = "Mail", f"{when}: {_quoted(contact.words)}"
    return PersonLine(fact=_FACTS[contact.kind], label=label, text=text, key=contact.key)


def quote_line(quote: Quote, now: datetime) -> PersonLine:
    """Words of theirs that were kept; it opens where they were said."""
    text = f"{_quoted(quote.words)} · {since_words(quote.said_at, now)}"
    return PersonLine(fact=PersonFact.QUOTE, label="Quote", text=text, key=quote.item)


def call_words(call: Call) -> str:
    """What became of a call: "Missed call, answered by mail", "Call with Anna"."""
    match call.outcome:
        case Outcome.MISSED | Outcome.CALLED_BACK:
            how = how_closed(call)
            return f"Missed call, {how}" if how else "Missed call"
        case Outcome.ANSWERED | Outcome.TAKEN | Outcome.CALLED:
            return f"Call with {call.by or 'somebody'}"
        case Outcome.WAITING:
            return "Is on the line"
        case _:
            return "Call with an unknown end"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _quoted(words: str) -> str:
    line = fit(words, _WORDS)
    return f"“{line}”" if line else "(no subject)"
