"""When the founder talked to a customer, out of what the phones tell.

From the answer to the hang-up, or until the caller waits again or somebody else talks to them.
A talk whose end nobody saw, because the phone was not heard meanwhile, counts until the phone was
heard last, and says so: what may have followed is dropped, and a hand can give it back. One that
is never told to have ended counts nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from supportdesk.domain.calls import Call, Caller, Outcome, call_key, seconds_between
from supportdesk.domain.events import (
    AnswerTold,
    CallAnswered,
    CalleeAnswered,
    CallEnded,
    CallerJoined,
    CallMissed,
    DialProgressed,
    Event,
    HealthChanged,
    HistoryStored,
    LiftTold,
    MailboxOpened,
    MemberChanged,
    MemberLeft,
    MessageChanged,
    MessageGone,
    MessagesArrived,
    MessageTextFetched,
    PartFetched,
    PartProgressed,
    PhoneSnapshotTaken,
    SideTold,
    SourceHeard,
    SyncProgressed,
)
from supportdesk.domain.health import SourceName
from supportdesk.domain.reading import (
    LEFT_SECONDS,
    DropRule,
    Span,
    SpanKind,
    with_dropped,
)
from supportdesk.domain.settings import PhoneSettings
from supportdesk.domain.week import LONGEST_SPAN
from supportdesk.services.call_records import FOUNDER, is_founders_talk

_NOBODY = "Unknown number"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Talk:
    """One of the founder's that goes on."""

    label: str
    began_at: datetime


class Talks:
    """Folds events of the phones; each call returns the talks that have ended by it, as spans."""

    def __init__(
        self, *, phones: Sequence[PhoneSettings], to_local: Callable[[datetime], datetime]
    ) -> None:
        self._phones = phones
        self._to_local = to_local
        self._labels: dict[str, str] = {}
        self._talks: dict[str, _Talk] = {}

    def use(self, phones: Sequence[PhoneSettings]) -> None:
        """The settings have changed."""
        self._phones = phones

    def resume(self, calls: Iterable[Call]) -> None:
        """Talks of the founder that began in an earlier run and may end in this one."""
        for call in calls:
            is_theirs = call.outcome is Outcome.ANSWERED and self._is_founder(
                call.phone, "", call.by
            )
            has_called = call.outcome is Outcome.CALLED and call.by == FOUNDER
            if is_theirs or has_called or call.outcome is Outcome.TAKEN:
                self._talks[call.key] = _Talk(label=call.label, began_at=call.waited_until)

    def apply(self, event: Event) -> tuple[Span, ...]:
        """Fold an event of the phones; returns the talks that it ended, which are written."""
        match event:
            case CallerJoined(caller=caller, at=at):
                return self._waits(caller, at)
            case PhoneSnapshotTaken(callers=callers):
                until = event.deaf_since or event.at
                return tuple(talk for one in callers for talk in self._waits(one, until))
            case CallAnswered():
                return self._answered(event)
            case CalleeAnswered():
                self._called(event)
            case CallEnded():
                return self._ended(event)
            case CallMissed(phone=phone, call_id=call_id):
                self._labels.pop(call_key(phone, call_id), None)
            case (
                HealthChanged()
                | SourceHeard()
                | MailboxOpened()
                | MessagesArrived()
                | MessageChanged()
                | MessageGone()
                | MessageTextFetched()
                | SyncProgressed()
                | PartProgressed()
                | PartFetched()
                | HistoryStored()
                | MemberChanged()
                | MemberLeft()
                | DialProgressed()
                | AnswerTold()
                | SideTold()
                | LiftTold()
            ):
                pass
            case _:
                assert_never(event)
        return ()

    # --- inside ----------------------------------------------------------------------------

    def _waits(self, caller: Caller, at: datetime) -> tuple[Span, ...]:
        """Whoever waits again, the founder has put back or passed on."""
        self._labels[caller.key] = caller.label
        return self._passed_on(caller.key, at)

    def _answered(self, event: CallAnswered) -> tuple[Span, ...]:
        key = call_key(event.phone, event.call_id)
        label = self._labels.pop(key, "") or event.name or event.number
        if self._is_founder(event.phone, event.by_interface, event.by):
            self._talks[key] = _Talk(label=label, began_at=event.at)
            return ()
        talks = self._passed_on(key, event.at)
        self._talks.pop(key, None)
        return talks

    def _passed_on(self, key: str, at: datetime) -> tuple[Span, ...]:
        """The founder's part of a call ends here; what follows is a colleague's time."""
        talk = self._talks.get(key)
        if talk is None or at <= talk.began_at:
            return ()
        del self._talks[key]
        return (self._span(key, talk, seconds_between(talk.began_at, at), at),)

    def _called(self, event: CalleeAnswered) -> None:
        if self._is_founder(event.phone, event.by_interface, event.by):
            key = call_key(event.phone, event.call_id)
            self._talks[key] = _Talk(label=event.number, began_at=event.at)

    def _ended(self, event: CallEnded) -> tuple[Span, ...]:
        key = call_key(event.phone, event.call_id)
        talk = self._talks.pop(key, None)
        self._labels.pop(key, None)
        if talk is None or (event.talk_seconds <= 0 and not event.unheard_seconds):
            return ()
        span = self._span(key, talk, max(0.0, event.talk_seconds), event.at)
        unheard = min(event.unheard_seconds, LEFT_SECONDS)
        return (replace(span, dropped=with_dropped((), DropRule.UNHEARD, unheard)),)

    def _span(self, key: str, talk: _Talk, seconds: float, at: datetime) -> Span:
        from uuid import NAMESPACE_URL, uuid5  # as in domain/reading

        seconds = min(seconds, LONGEST_SPAN.total_seconds())
        started_at = at - timedelta(seconds=seconds)
        return Span(
            # Told twice it is one talk; a phone system may use its call ids again.
            span_id=str(uuid5(NAMESPACE_URL, f"{key}#{at.isoformat()}")),
            kind=SpanKind.TALK,
            item=key,
            label=talk.label or _NOBODY,
            started_at=started_at,
            utc_offset=self._to_local(started_at).utcoffset() or timedelta(),
            counted_seconds=seconds,
        )

    def _is_founder(self, phone: SourceName, interface: str, by: str) -> bool:
        known = next((one for one in self._phones if one.name == phone), None)
        return known is not None and is_founders_talk(known, interface, by)
