"""Answering a ringing call and placing one on a baresip, from the click to its end in words.

One attempt at a time, and each command is sent once: a `dial` that is repeated after a lost link
would ring a customer twice.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from supportdesk.domain.calls import Caller, CallId
from supportdesk.domain.events import DialProgressed
from supportdesk.domain.health import SourceName
from supportdesk.domain.phone_numbers import dialled
from supportdesk.protocols.baresip_messages import CallTurn, CommandAnswer, Turn, number_of

ANSWER_PATIENCE: Final = timedelta(seconds=5)
"""How long baresip may take to say that it has understood, or that a call is established."""
RING_PATIENCE: Final = timedelta(seconds=180)

_LONGEST_SHOWN: Final = 60
_CODE: Final = re.compile(r"[3-6]\d\d")
_WHY_NOT: Final = {
    "401": "was not called: the phone system refuses baresip's account",
    "403": "was not called: the phone system does not allow it",
    "404": "cannot be reached: the phone system does not know the number",
    "407": "was not called: the phone system refuses baresip's account",
    "408": "did not answer",
    "480": "cannot be reached now",
    "484": "cannot be reached: the number is not complete",
    "486": "is busy",
    "487": "was not called: the call was ended",
    "600": "is busy",
    "603": "declined the call",
}


class _Step(Enum):
    """What is waited for."""

    FOUND = "baresip finds the call"
    TALK = "the talk begins"
    DIALLED = "baresip has dialled"
    RINGING = "the other side answers"


@dataclass(slots=True, kw_only=True)
class _Attempt:
    call_id: CallId | None
    number: str
    label: str
    step: _Step
    deadline: datetime
    handle: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command for baresip; its answer comes back to `answered` under this name."""

    name: str
    parameters: str = ""


DialOutput = Command | DialProgressed


class BaresipDial:
    """Answers and dials for the founder. It refuses a second call while one is being placed."""

    def __init__(self, phone: SourceName) -> None:
        self._phone = phone
        self._attempt: _Attempt | None = None
        self._placed: set[str] = set()

    @property
    def deadline(self) -> datetime | None:
        return None if self._attempt is None else self._attempt.deadline

    def take(self, caller: Caller, handle: str, now: datetime) -> list[DialOutput]:
        """Answer a call that rings; `handle` is baresip's own id of it, empty when unknown."""
        known = self._attempt
        if known is not None and known.call_id == caller.call_id:
            return [self._say(known, f"{caller.label} is being answered", now)]
        if known is not None:
            return [self.refuse(caller.call_id, caller.number, _occupied(known), now)]
        if not handle:
            words = f"Answer {caller.label} in baresip: it does not say which of its calls that is"
            return [self.refuse(caller.call_id, caller.number, words, now)]
        self._attempt = _Attempt(
            call_id=caller.call_id,
            number=caller.number,
            label=caller.label,
            step=_Step.FOUND,
            deadline=now + ANSWER_PATIENCE,
            handle=handle,
        )
        return [Command(name="callfind", parameters=handle)]

    def call_back(self, number: str, name: str, now: datetime) -> list[DialOutput]:
        """Dial a customer; baresip rings them at once, with no ring for the founder."""
        if self._attempt is not None:
            return [self.refuse(None, number, _occupied(self._attempt), now)]
        target = dialled(number)
        if not target:
            shown = "".join(one for one in number if one.isprintable())[:_LONGEST_SHOWN]
            words = f"“{shown}” cannot be dialled" if number else "There is no number to call back"
            return [self.refuse(None, number, words, now)]
        self._attempt = _Attempt(
            call_id=None,
            number=number,
            label=name or number,
            step=_Step.DIALLED,
            deadline=now + ANSWER_PATIENCE,
            target=number_of(target) if "@" in target else target,
        )
        return [Command(name="dial", parameters=target)]

    def hang_up(self) -> list[Command]:
        """End the call that is being placed, else the one that is current in baresip."""
        handle = "" if self._attempt is None else self._attempt.handle
        find = [Command(name="callfind", parameters=handle)] if handle else []
        return [*find, Command(name="hangup")]

    def answered(self, command: str, answer: CommandAnswer, now: datetime) -> list[DialOutput]:
        """Baresip has answered a command of ours."""
        attempt = self._attempt
        if attempt is None:
            return []
        match (attempt.step, command):
            case (_Step.FOUND, "callfind") if answer.is_ok:
                attempt.step = _Step.TALK
                return [Command(name="accept")]
            case (_Step.DIALLED, "dial") if answer.is_ok:
                attempt.step = _Step.RINGING
                attempt.deadline = now + RING_PATIENCE
                return [self._say(attempt, f"Calling {attempt.label}", now)]
            case (_Step.FOUND, "callfind"):
                return self._fail(attempt, f"{attempt.label} does not ring any more", now)
            case (_Step.DIALLED, "dial") | (_Step.TALK, "accept") if not answer.is_ok:
                return self._fail(attempt, f"baresip refused: {answer.text or 'no reason'}", now)
            case _:
                return []

    def apply(self, turn: CallTurn, now: datetime) -> list[DialOutput]:
        """Look for our own call among the turns."""
        attempt = self._attempt
        is_older = turn.call_id in self._placed
        self._note_placed(turn)
        if attempt is None or not _is_ours(attempt, turn, is_older=is_older):
            return []
        attempt.handle = turn.call_id
        match turn.turn:
            case Turn.RINGING:
                return [self._say(attempt, f"{attempt.label} is being rung", now)]
            case Turn.ESTABLISHED:
                self._attempt = None
                return [
                    self._say(attempt, f"You are talking to {attempt.label}", now, is_over=True)
                ]
            case Turn.CLOSED:
                return self._fail(attempt, _why_closed(attempt, turn.param), now)
            case _:
                return []

    def tick(self, now: datetime) -> list[DialOutput]:
        """Say what took too long; a call that goes on ringing is left alone."""
        attempt = self._attempt
        if attempt is None or now < attempt.deadline:
            return []
        if attempt.step is _Step.RINGING:
            return self._fail(attempt, f"{attempt.label} did not answer", now)
        return self._fail(attempt, "baresip does not answer", now)

    def give_up(self, words: str, now: datetime) -> list[DialOutput]:
        """End the attempt, if there is one, for a reason outside it."""
        attempt = self._attempt
        return [] if attempt is None else self._fail(attempt, words, now)

    def refuse(
        self, call_id: CallId | None, number: str, words: str, now: datetime
    ) -> DialProgressed:
        """A call that is not even tried."""
        return self._progress(call_id, number, words, now, is_over=True, has_failed=True)

    def _note_placed(self, turn: CallTurn) -> None:
        """A call to the same number that was placed before an attempt is not the attempt's."""
        if turn.turn is Turn.CLOSED:
            self._placed.discard(turn.call_id)
        elif turn.is_outgoing:
            self._placed.add(turn.call_id)

    def _fail(self, attempt: _Attempt, words: str, now: datetime) -> list[DialOutput]:
        self._attempt = None
        return [self.refuse(attempt.call_id, attempt.number, words, now)]

    def _say(
        self, attempt: _Attempt, words: str, now: datetime, *, is_over: bool = False
    ) -> DialProgressed:
        return self._progress(attempt.call_id, attempt.number, words, now, is_over=is_over)

    def _progress(
        self,
        call_id: CallId | None,
        number: str,
        words: str,
        now: datetime,
        *,
        is_over: bool,
        has_failed: bool = False,
    ) -> DialProgressed:
        return DialProgressed(
            phone=self._phone,
            call_id=call_id,
            number=number,
            words=words,
            is_over=is_over,
            has_failed=has_failed,
            at=now,
        )


def _is_ours(attempt: _Attempt, turn: CallTurn, *, is_older: bool) -> bool:
    if attempt.handle:
        return turn.call_id == attempt.handle
    return turn.is_outgoing and not is_older and number_of(turn.uri) == attempt.target


def _occupied(attempt: _Attempt) -> str:
    return f"baresip is already calling {attempt.label}"


def _why_closed(attempt: _Attempt, reason: str) -> str:
    if attempt.call_id is not None:
        return f"{attempt.label} hung up before you answered"
    if "by user" in reason:
        return f"You hung up before {attempt.label} answered"
    code = _CODE.match(reason)
    known = _WHY_NOT.get(code[0]) if code else None
    if known:
        return f"{attempt.label} {known}"
    return f"{attempt.label} cannot be reached ({reason or 'no reason given'})"
