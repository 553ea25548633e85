"""Take call and Call back: one attempt at a time, from the click to its end in words.

*Take* rings the founder's phone and lets Asterisk's Bridge() fetch the waiting caller only when
the founder picks up: until then the caller keeps the place in the queue. If somebody else answers
first, or the caller leaves, the ring is taken back: Bridge() would pull a caller out of a talk.
*Call back* rings the founder through a Local channel, which shows each side the other's number,
and dials the customer when the founder has picked up.

Nothing is ever sent twice: an attempt that loses its link is over.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from supportdesk.domain.calls import Caller, CallId
from supportdesk.domain.events import CallAnswered, CallEnded, CallMissed, DialProgressed, Event
from supportdesk.domain.phone_numbers import plain_number
from supportdesk.protocols.ami import Packet
from supportdesk.protocols.ami_calls import PhoneIdentity
from supportdesk.protocols.ami_members import extension_of

TAKE_RING_SECONDS: Final = 20
CALL_BACK_RING_SECONDS: Final = 30
_TALK_PATIENCE: Final = timedelta(seconds=90)
"""How long a customer's phone may ring before we stop reporting; the call itself goes on."""
_ANSWER_GRACE: Final = timedelta(seconds=5)
_STATUS_GRACE: Final = timedelta(seconds=2)
"""The DialEnd that says why nobody picked up may come after the OriginateResponse that failed."""
_NAME_LENGTH: Final = 80
_UNQUOTABLE: Final = re.compile(r'["\\<>\x00-\x1f\x7f]')

_WHY_NOT_PICKED_UP: Final = {
    "1": "did not answer",
    "3": "did not answer",
    "5": "is busy",
    "8": "cannot be reached",
}
_WHY_FOUNDER_NOT_REACHED: Final = {
    "BUSY": "declined the call",
    "NOANSWER": "did not answer",
    "CHANUNAVAIL": "is not connected to the phone system",
}
"""By DialStatus: of a Local channel OriginateResponse says nothing but that it failed."""
_WHY_NOT_REACHED: Final = {
    "BUSY": "is busy",
    "NOANSWER": "did not answer",
    "CANCEL": "was not called: the call was ended",
    "CHANUNAVAIL": "cannot be reached: the phone system has no free or working line",
    "CONGESTION": "cannot be reached: the phone network refused the call",
}


class _Step(Enum):
    """How far an attempt is."""

    ASKED = "asked"
    RINGING = "the founder's phone rings"
    PICKED_UP = "the founder has picked up"
    NOT_PICKED_UP = "nobody has, and why is still to come"
    CANCELLED = "being taken back"


@dataclass(slots=True)
class _Attempt:
    call_id: CallId | None
    number: str
    label: str
    channel_id: str
    deadline: datetime
    step: _Step = _Step.ASKED
    founder_channel: str = ""
    founder_status: str = ""
    has_rung: bool = False

    @property
    def founder_leg(self) -> str:
        """The half of a Call back's Local channel that dials the founder's phone."""
        return f"{self.channel_id}-2"


@dataclass(frozen=True, slots=True)
class Ask:
    """An action to send; `action_id` is the session's to choose unless it is given."""

    name: str
    fields: tuple[tuple[str, str], ...]
    action_id: str = ""


DialOutput = Ask | DialProgressed


class DialDesk:
    """Places calls for the founder. It refuses a second one while the first is under way."""

    def __init__(self, identity: PhoneIdentity, user: str) -> None:
        self._identity = identity
        self._user = user
        self._attempt: _Attempt | None = None
        self._serial = 0
        self._handlers: dict[str, Callable[[_Attempt, Packet, datetime], list[DialOutput]]] = {
            "Newchannel": self._channel_made,
            "OriginateResponse": self._founder_done,
            "DialBegin": self._dial_begun,
            "DialEnd": self._dial_done,
            "Hangup": self._channel_ended,
        }

    def take(self, caller: Caller, now: datetime, refusal: str) -> list[DialOutput]:
        """Ring the founder for a waiting caller; `refusal` is why rights forbid it, or empty."""
        if self._attempt is not None and self._attempt.call_id == caller.call_id:
            words = f"Your phone already rings for {caller.label}"
            return [self._progress(self._attempt, words, now)]
        refusal = refusal or self._refusal()
        if not refusal and not caller.channel:
            refusal = f"The phone system does not say where {caller.label} waits"
        if refusal:
            return [self._over(caller.call_id, caller.number, refusal, now, has_failed=True)]
        attempt = self._begin(
            caller.call_id, caller.number, caller.label, now, TAKE_RING_SECONDS, "take"
        )
        return [
            self._originate(
                attempt,
                ("Channel", self._identity.founder),
                ("Application", "Bridge"),
                ("Data", caller.channel),
                ("CallerID", caller_id(caller.name, caller.number)),
                ("Timeout", str(TAKE_RING_SECONDS * 1000)),
            )
        ]

    def call_back(self, number: str, name: str, now: datetime, refusal: str) -> list[DialOutput]:
        """Ring the founder, then dial a customer."""
        diallable = plain_number(number)
        refusal = refusal or self._refusal()
        if not refusal and not diallable:
            shown = _UNQUOTABLE.sub(" ", number)[:_NAME_LENGTH]
            refusal = (
                f"“{shown}” is not a number that can be dialled"
                if number
                else "There is no number to call back"
            )
        if refusal:
            return [self._over(None, number, refusal, now, has_failed=True)]
        attempt = self._begin(None, number, name or number, now, CALL_BACK_RING_SECONDS, "back")
        extension = extension_of(self._identity.founder)
        return [
            self._originate(
                attempt,
                ("Channel", f"Local/{extension}@{self._identity.context}"),
                ("OtherChannelId", attempt.founder_leg),
                ("Context", self._identity.context),
                ("Exten", diallable),
                ("Priority", "1"),
                ("CallerID", caller_id(name, diallable)),
                ("Timeout", str(CALL_BACK_RING_SECONDS * 1000)),
            )
        ]

    def respond(self, packet: Packet, now: datetime) -> list[DialOutput]:
        """Take the response to an Originate of ours."""
        attempt = self._attempt
        if attempt is None or packet.action_id != attempt.channel_id:
            return []
        if packet.response == "Success":
            attempt.step = _Step.RINGING
            words = f"Your phone rings; pick up to talk to {attempt.label}"
            return [self._progress(attempt, words, now)]
        message = packet.get("Message")
        if message == "Permission denied":
            return self._fail(attempt, missing_right(self._user), now)
        if message.startswith("Extension does not exist"):
            words = (
                f"The phone system has no way to dial {attempt.number} from the context"
                f" “{self._identity.context}”; check `context` in the settings"
            )
            return self._fail(attempt, words, now)
        return self._fail(attempt, f"The phone system refused: {message or 'no reason'}", now)

    def apply(self, packet: Packet, now: datetime) -> list[DialOutput]:
        """Look for our own channels among the events."""
        handler = self._handlers.get(packet.event)
        if self._attempt is None or handler is None:
            return []
        return handler(self._attempt, packet, now)

    def react(self, event: Event, now: datetime) -> list[DialOutput]:
        """Learn what became of the caller that is being taken."""
        attempt = self._attempt
        match event:
            case CallAnswered() if attempt is not None and attempt.call_id == event.call_id:
                if event.by_interface == self._identity.founder:
                    return self._finish(attempt, f"You are talking to {attempt.label}", now)
                return self._withdraw(attempt, f"{event.by} answered first", now, has_failed=False)
            case CallMissed() if attempt is not None and attempt.call_id == event.call_id:
                words = f"{attempt.label} hung up before you picked up"
                return self._withdraw(attempt, words, now, has_failed=True)
            case CallEnded() if attempt is not None and attempt.call_id == event.call_id:
                words = f"The call with {attempt.label} ended before you picked up"
                return self._withdraw(attempt, words, now, has_failed=True)
            case _:
                return []

    def tick(self, now: datetime) -> list[DialOutput]:
        attempt = self._attempt
        if attempt is None or now < attempt.deadline:
            return []
        if attempt.step is _Step.CANCELLED:
            self._attempt = None
            return []
        if attempt.step is _Step.NOT_PICKED_UP:
            return self._fail(attempt, self._why_not_picked_up(attempt), now)
        if attempt.step is _Step.PICKED_UP and attempt.call_id is None:
            return self._finish(attempt, f"{attempt.label} has been rung for a while", now)
        return self._fail(attempt, "The phone system does not say what became of the call", now)

    def next_wakeup(self) -> datetime | None:
        return None if self._attempt is None else self._attempt.deadline

    def give_up(self, words: str, now: datetime) -> list[DialProgressed]:
        """End the attempt, if there is one, for a reason outside it."""
        attempt, self._attempt = self._attempt, None
        if attempt is None or attempt.step is _Step.CANCELLED:
            return []
        return [self._over(attempt.call_id, attempt.number, words, now, has_failed=True)]

    def _refusal(self) -> str:
        if not self._identity.founder:
            return 'No phone of yours is known: set `founder = "PJSIP/100"` in the settings'
        if self._attempt is not None:
            return f"Your phone is already being rung for {self._attempt.label}"
        return ""

    def _begin(
        self,
        call_id: CallId | None,
        number: str,
        label: str,
        now: datetime,
        ring_seconds: int,
        purpose: str,
    ) -> _Attempt:
        self._serial += 1
        self._attempt = _Attempt(
            call_id=call_id,
            number=number,
            label=label or number,
            # It becomes the channel's Uniqueid, so no two runs of ours may choose the same.
            channel_id=f"supportdesk-{purpose}-{int(now.timestamp() * 1000)}-{self._serial}",
            deadline=now + timedelta(seconds=ring_seconds) + _ANSWER_GRACE,
        )
        return self._attempt

    @staticmethod
    def _originate(attempt: _Attempt, *fields: tuple[str, str]) -> Ask:
        return Ask(
            "Originate",
            (*fields, ("Async", "true"), ("ChannelId", attempt.channel_id)),
            attempt.channel_id,
        )

    def _channel_made(self, attempt: _Attempt, packet: Packet, now: datetime) -> list[DialOutput]:
        if packet.last("Uniqueid") == attempt.channel_id:
            attempt.founder_channel = packet.get("Channel")
            if attempt.step is _Step.CANCELLED:
                return self._hang_up(attempt)
        return []

    def _founder_done(self, attempt: _Attempt, packet: Packet, now: datetime) -> list[DialOutput]:
        if packet.action_id != attempt.channel_id:
            return []
        if attempt.step is _Step.CANCELLED:
            self._attempt = None
            return []
        if packet.get("Response") == "Success":
            attempt.step = _Step.PICKED_UP
            if attempt.call_id is not None:
                attempt.deadline = now + _ANSWER_GRACE
                return []
            attempt.deadline = now + _TALK_PATIENCE
            return [self._progress(attempt, f"Calling {attempt.label}", now)]
        reason = packet.get("Reason")
        is_known = reason in _WHY_NOT_PICKED_UP or attempt.founder_status
        if attempt.call_id is None and attempt.has_rung and not is_known:
            attempt.step = _Step.NOT_PICKED_UP
            attempt.deadline = now + _STATUS_GRACE
            return []
        return self._fail(attempt, self._why_not_picked_up(attempt, reason), now)

    def _why_not_picked_up(self, attempt: _Attempt, reason: str = "") -> str:
        phone = f"Your phone {self._identity.founder}"
        still = "" if attempt.call_id is None else f"; {attempt.label} is still waiting"
        if reason in _WHY_NOT_PICKED_UP:
            return f"{phone} {_WHY_NOT_PICKED_UP[reason]}{still}"
        if attempt.call_id is None:
            if attempt.founder_status in _WHY_FOUNDER_NOT_REACHED:
                return f"{phone} {_WHY_FOUNDER_NOT_REACHED[attempt.founder_status]}"
            if attempt.has_rung:
                return f"{phone} did not answer, or declined the call"
        elif attempt.founder_channel:
            return f"{phone} declined the call{still}"
        return f"{phone} is not connected to the phone system, or declined the call{still}"

    def _dial_begun(self, attempt: _Attempt, packet: Packet, now: datetime) -> list[DialOutput]:
        attempt.has_rung |= packet.last("Uniqueid") == attempt.founder_leg
        return []

    def _dial_done(self, attempt: _Attempt, packet: Packet, now: datetime) -> list[DialOutput]:
        """A leg of a Call back: the first half of our Local channel dials the customer."""
        status = packet.get("DialStatus")
        dialling = packet.last("Uniqueid")
        if attempt.founder_leg == dialling or packet.last("DestUniqueid") == attempt.channel_id:
            attempt.founder_status = status
            if attempt.step is _Step.NOT_PICKED_UP:
                return self._fail(attempt, self._why_not_picked_up(attempt), now)
            return []
        is_customers = dialling == attempt.channel_id
        if not is_customers or attempt.step is not _Step.PICKED_UP:
            return []
        if status == "ANSWER":
            return self._finish(attempt, f"You are talking to {attempt.label}", now)
        why = _WHY_NOT_REACHED.get(status, "cannot be reached")
        return self._fail(attempt, f"{attempt.label} {why}", now)

    def _channel_ended(self, attempt: _Attempt, packet: Packet, now: datetime) -> list[DialOutput]:
        if packet.last("Uniqueid") != attempt.channel_id:
            return []
        if attempt.step is _Step.CANCELLED:
            self._attempt = None
            return []
        if attempt.step is _Step.PICKED_UP:
            return self._fail(attempt, f"The call to {attempt.label} ended", now)
        return []  # OriginateResponse follows and knows more.

    def _withdraw(
        self, attempt: _Attempt, words: str, now: datetime, *, has_failed: bool
    ) -> list[DialOutput]:
        """Stop the founder's phone: there is nobody to pick up for."""
        over = self._over(attempt.call_id, attempt.number, words, now, has_failed=has_failed)
        if attempt.step is _Step.PICKED_UP:
            # Bridge() may hold both by now: a hang-up of ours would cut the customer off.
            self._attempt = None
            return [over]
        attempt.step = _Step.CANCELLED
        return [over, *self._hang_up(attempt)]

    @staticmethod
    def _hang_up(attempt: _Attempt) -> list[DialOutput]:
        if not attempt.founder_channel:
            return []  # Its Newchannel is on the way.
        return [Ask("Hangup", (("Channel", attempt.founder_channel),))]

    def _fail(self, attempt: _Attempt, words: str, now: datetime) -> list[DialOutput]:
        self._attempt = None
        return [self._over(attempt.call_id, attempt.number, words, now, has_failed=True)]

    def _finish(self, attempt: _Attempt, words: str, now: datetime) -> list[DialOutput]:
        self._attempt = None
        return [self._over(attempt.call_id, attempt.number, words, now, has_failed=False)]

    def _progress(self, attempt: _Attempt, words: str, now: datetime) -> DialProgressed:
        return DialProgressed(
            phone=self._identity.name,
            call_id=attempt.call_id,
            number=attempt.number,
            words=words,
            is_over=False,
            has_failed=False,
            at=now,
        )

    def _over(
        self, call_id: CallId | None, number: str, words: str, now: datetime, *, has_failed: bool
    ) -> DialProgressed:
        return DialProgressed(
            phone=self._identity.name,
            call_id=call_id,
            number=number,
            words=words,
            is_over=True,
            has_failed=has_failed,
            at=now,
        )


def missing_right(user: str) -> str:
    return (
        f"The phone user “{user}” may not start calls: add `originate` and `call` to its `write`"
        " line in manager.conf"
    )


def caller_id(name: str, number: str) -> str:
    """Return a CallerID header: the name without what would end its quotes."""
    plain = _UNQUOTABLE.sub(" ", name).strip()[:_NAME_LENGTH]
    digits = _UNQUOTABLE.sub("", number)
    return f'"{plain}" <{digits}>' if plain else f"<{digits}>"
