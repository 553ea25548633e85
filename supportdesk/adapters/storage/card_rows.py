"""Cards of a message as JSON for mail.db, and back."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, assert_never

from supportdesk.domain.cards import (
    Card,
    Invitation,
    InvitationMethod,
    NestedMessage,
    Seal,
    SealedPart,
)


def cards_to_json(cards: Iterable[Card]) -> str:
    return json.dumps([_values(card) for card in cards], ensure_ascii=False)


def cards_from_json(text: str) -> tuple[Card, ...]:
    return tuple(_card(values) for values in json.loads(text))


def _values(card: Card) -> list[Any]:
    match card:
        case Invitation():
            return [
                "invitation",
                card.method.value,
                card.summary,
                _time_to_text(card.starts_at),
                _time_to_text(card.ends_at),
                card.is_all_day,
                card.place,
                card.organizer,
                card.repeats,
            ]
        case NestedMessage():
            sent_at = _time_to_text(card.sent_at)
            return ["message", card.sender, card.subject, sent_at, card.text, card.section]
        case SealedPart():
            return ["sealed", card.seal.value]
        case _:
            assert_never(card)


def _card(values: list[Any]) -> Card:
    match values:
        case ["invitation", method, summary, starts, ends, all_day, place, organizer, repeats]:
            return Invitation(
                method=InvitationMethod(method),
                summary=summary,
                starts_at=_time_from_text(starts),
                ends_at=_time_from_text(ends),
                is_all_day=all_day,
                place=place,
                organizer=organizer,
                repeats=repeats,
            )
        case ["message", sender, subject, sent_at, text, section]:
            return NestedMessage(
                sender=sender,
                subject=subject,
                sent_at=_time_from_text(sent_at),
                text=text,
                section=section,
            )
        case ["sealed", seal]:
            return SealedPart(seal=Seal(seal))
        case _:
            raise ValueError(f"no card has the form {values!r}")


def _time_to_text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _time_from_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
