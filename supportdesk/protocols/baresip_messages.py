"""What baresip's control port says, as plain values; what is not of interest is left out.

Its answers to `listcalls` and `callstat` are text for people, with colours. `listcalls` names no
call by its id, and `callstat` only the one that is current there.
"""

import json
import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from supportdesk.domain.phone_numbers import caller_number

_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
_LISTED: Final = re.compile(r"\[line \d+\][ \d:]*\s([A-Z]+)\s.*?(sips?:\S+)")
_PEER: Final = re.compile(r"^ *peer_uri: *(.*?) *<(sips?:[^>\s]*)>", re.MULTILINE)
_ID: Final = re.compile(r"\bid=(\S+)")


class Turn(Enum):
    """What happens to a call."""

    INCOMING = "CALL_INCOMING"
    RINGING = "CALL_RINGING"
    ESTABLISHED = "CALL_ESTABLISHED"
    CLOSED = "CALL_CLOSED"


_TURNS: Final = {turn.value: turn for turn in Turn}
_OUTGOING_BEGINS: Final = ("CALL_OUTGOING", "CALL_PROGRESS")
_IS_RINGING_BEFORE: Final = {
    Turn.INCOMING: (),
    Turn.RINGING: (True,),
    Turn.ESTABLISHED: (True,),
    Turn.CLOSED: (True, False),
}
"""As what a list may have named a call to which this happens now; a new call it has not named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTurn:
    """A turn of one call; `param` is the reason when it is closed."""

    turn: Turn
    call_id: str
    uri: str
    name: str
    is_outgoing: bool
    param: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandAnswer:
    """The answer to a command of ours."""

    token: str
    is_ok: bool
    text: str


@dataclass(frozen=True, slots=True)
class Exiting:
    """It is about to end in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCall:
    """One line of `listcalls`, or the call of `callstat`, which alone knows id and name."""

    uri: str
    is_ringing: bool
    call_id: str = ""
    name: str = ""
    is_outgoing: bool = False


Message = CallTurn | CommandAnswer | Exiting


def decode(payload: bytes) -> Message | None:
    """None for what means nothing to us: registrations, media, and what is no JSON object."""
    try:
        fields = json.loads(payload.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    if fields.get("response") is True:
        return CommandAnswer(
            token=_text(fields, "token"),
            is_ok=fields.get("ok") is True,
            text=_COLOUR.sub("", _text(fields, "data")).strip(),
        )
    kind = _text(fields, "type")
    if kind == "EXIT":
        return Exiting()
    turn = Turn.RINGING if kind in _OUTGOING_BEGINS else _TURNS.get(kind)
    call_id = _text(fields, "id")
    if turn is None or not call_id:
        return None
    return CallTurn(
        turn=turn,
        call_id=call_id,
        uri=_text(fields, "peeruri"),
        name=_text(fields, "peerdisplayname"),
        is_outgoing=_text(fields, "direction") == "outgoing",
        param=_text(fields, "param"),
    )


def listed_calls(text: str) -> list[ListedCall]:
    """The lines of `listcalls` of calls that ring here or are talked on."""
    return [
        ListedCall(uri=uri, is_ringing=state == "INCOMING")
        for state, uri in _LISTED.findall(_COLOUR.sub("", text))
        if state in ("INCOMING", "ESTABLISHED")
    ]


def current_call(text: str) -> ListedCall | None:
    """The call that `callstat` describes; None for one that we have dialled, or for none."""
    peer, call_id = _PEER.search(text), _ID.search(text)
    if peer is None or call_id is None or "direction: Incoming" not in text:
        return None
    return ListedCall(
        uri=peer[2], is_ringing="(INCOMING)" in text, call_id=call_id[1], name=peer[1].strip('"')
    )


def with_current(listed: list[ListedCall], current: ListedCall | None) -> list[ListedCall]:
    """The same list, with what is known of the current call in its place."""
    if current is None:
        return listed
    by_id = (one for one in listed if one.call_id == current.call_id)
    like_it = ("", current.uri, current.is_ringing)
    nameless = (one for one in listed if (one.call_id, one.uri, one.is_ringing) == like_it)
    same = next(by_id, None) or next(nameless, None)
    if same is None:
        return listed
    return [current, *(one for one in listed if one is not same)]


def after_turn(listed: list[ListedCall], turn: CallTurn) -> list[ListedCall]:
    """What the list would say now that this has happened."""
    if turn.is_outgoing and turn.turn in (Turn.INCOMING, Turn.RINGING):
        return listed  # it names who rings here, and nobody who is rung from here
    same = _line_of(turn, listed)
    others = [one for one in listed if one is not same]
    if turn.turn is Turn.CLOSED:
        return others
    is_ringing = turn.turn is not Turn.ESTABLISHED
    return [
        *others,
        ListedCall(
            uri=turn.uri,
            is_ringing=is_ringing,
            call_id=turn.call_id,
            name=turn.name,
            is_outgoing=turn.is_outgoing,
        ),
    ]


def _line_of(turn: CallTurn, listed: list[ListedCall]) -> ListedCall | None:
    """The call by its id, else one without an id that this can have happened to."""
    states = [one for one in _IS_RINGING_BEFORE[turn.turn] if not (one and turn.is_outgoing)]
    by_id = (one for one in listed if one.call_id == turn.call_id)
    nameless = (
        one
        for one in listed
        if (one.uri, one.call_id) == (turn.uri, "") and one.is_ringing in states
    )
    return next(by_id, None) or next(nameless, None)


def number_of(uri: str) -> str:
    """What to call somebody by: the number alone where it is one, else their whole address."""
    return caller_number(uri)


def _text(fields: dict[str, object], key: str) -> str:
    value = fields.get(key)
    return value if isinstance(value, str) else ""
