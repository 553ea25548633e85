"""What a phone event from outside may say: names and numbers of strangers, made fit to be kept.

`supportdesk call`, the spool and the HTTP endpoint all come through here, so that an event means
the same by whichever way it comes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from supportdesk.domain.phone_numbers import caller_number
from supportdesk.domain.text import clean_line
from supportdesk.protocols.hook_calls import HookEvent, HookTurn

LONGEST_TEXT: Final = 200
OLDEST: Final = timedelta(days=31)

_TURNS: Final = {turn.value: turn for turn in HookTurn}
_NAMES_OF_TURNS: Final = ", ".join(_TURNS)
_KNOWN: Final = frozenset({"event", "from", "name", "id", "to", "by", "me", "at", "event_id"})
_FOUNDER: Final = "you"
_MOST_NAMED: Final = 10

Fields = Mapping[str, object]


class HookFieldError(Exception):
    """A field is missing or wrong; `field` is empty when the body as a whole is."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class SentEvent:
    """An event as somebody sent it.

    Attributes:
        event_id: The sender's own name of this sending; the same again is the same event.
        ignored: Fields that are not known here.
    """

    event: HookEvent
    event_id: str = ""
    ignored: tuple[str, ...] = ()


def made_event(
    turn: str,
    number: str,
    at: datetime,
    *,
    name: str = "",
    call_id: str = "",
    to: str = "",
    by: str = "",
    is_mine: bool = False,
) -> HookEvent | None:
    """The event of these texts, cleaned; None when the turn is not known or no number is told.

    A caller who hides their number is told of as `anonymous`, and has none then.
    `is_mine`: it was the founder who answered, whatever `by` says.
    """
    known = _TURNS.get(turn)
    if known is None or not clean_line(number):
        return None
    return HookEvent(
        turn=known,
        number=caller_number(_kept(number)),
        at=at,
        name=_kept(name),
        call_id=clean_line(call_id),
        to=_kept(to),
        by=_FOUNDER if is_mine else _kept(by),
    )


def sent_event(body: bytes, now: datetime) -> SentEvent:
    """The event in a JSON body. Raises HookFieldError, which names the field."""
    fields = _object_in(body)
    turn = _text(fields, "event")
    if turn not in _TURNS:
        raise HookFieldError("event", f"The field event has to be one of {_NAMES_OF_TURNS}.")
    event = made_event(
        turn,
        _text(fields, "from"),
        _moment(fields, now),
        name=_text(fields, "name"),
        call_id=_id(fields, "id"),
        to=_text(fields, "to"),
        by=_text(fields, "by"),
        is_mine=_flag(fields, "me"),
    )
    if event is None:
        raise HookFieldError("from", "The field from has to be the caller's number, as text.")
    unknown = sorted(clean_line(name)[:LONGEST_TEXT] for name in fields.keys() - _KNOWN)
    return SentEvent(
        event=event,
        event_id=_id(fields, "event_id"),
        ignored=tuple(unknown[:_MOST_NAMED]),
    )


def _object_in(body: bytes) -> Fields:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:
        # Brackets by the thousand are no JSON that anybody means.
        raise HookFieldError("", "The body cannot be read as JSON.") from error
    if not isinstance(fields, dict):
        raise HookFieldError("", "The body has to be one JSON object, with event and from.")
    return fields


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise HookFieldError(name, f"The field {name} has to be text, in quotes.")
    return value


def _flag(fields: Fields, name: str) -> bool:
    value = fields.get(name)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise HookFieldError(name, f"The field {name} has to be true or false, without quotes.")


def _id(fields: Fields, name: str) -> str:
    """Many systems count their calls: a whole number will do."""
    value = fields.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    text = clean_line(_text({name: value}, name))
    if len(text) > LONGEST_TEXT:
        # Cut short, two calls could become one.
        sentence = f"The field {name} may have at most {LONGEST_TEXT} characters."
        raise HookFieldError(name, sentence)
    return text


def _moment(fields: Fields, now: datetime) -> datetime:
    """When it happened; a clock that is ahead of ours is not believed."""
    text = _text(fields, "at")
    if not text:
        return now
    at = _utc(text)
    if at is None:
        sentence = "The field at has to be a time with its zone, as 2026-11-21T10:00:00+01:00."
        raise HookFieldError("at", sentence)
    if at < now - OLDEST:
        raise HookFieldError("at", f"The field at is more than {OLDEST.days} days ago.")
    return min(at, now)


def _utc(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _kept(text: str) -> str:
    return clean_line(text)[:LONGEST_TEXT]
