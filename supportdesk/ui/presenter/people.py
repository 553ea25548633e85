"""Who somebody is, in lines: beside a caller, above a message, in front of a call back."""

from collections.abc import Sequence
from datetime import datetime

from supportdesk.domain.calls import Call, Outcome
from supportdesk.services.alert_text import again_words
from supportdesk.services.contacts import CallerCard, Contact, ContactKind
from supportdesk.services.missed_calls import how_closed
from supportdesk.services.wording import fit
from supportdesk.ui.presenter.words import since_words
from supportdesk.ui.rows import PersonFact, PersonLine

_WORDS = 70
_LINE = 200
_FACTS = {
    ContactKind.MAIL: PersonFact.MAIL,
    ContactKind.ANSWER: PersonFact.MAIL,
    ContactKind.CALL: PersonFact.CALL,
    ContactKind.NOTE: PersonFact.NOTE,
}


def caller_line(card: CallerCard, tries: Sequence[datetime], now: datetime) -> str:
    """What the founder should know before they pick up; empty when nothing is known (F52)."""
    parts = [again_words(tries, now, datetime.astimezone).rstrip(".")]
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


def call_words(call: Call) -> str:
    """What became of a call: "Missed call, answered by mail", "Call with Anna"."""
    match call.outcome:
        case Outcome.MISSED | Outcome.CALLED_BACK:
            how = how_closed(call)
            return f"Missed call, {how}" if how else "Missed call"
        case Outcome.ANSWERED | Outcome.TAKEN:
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
