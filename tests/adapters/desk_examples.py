"""Values for the tests of desk.db."""

from datetime import UTC, datetime, timedelta

from supportdesk.domain.alerts import (
    Action,
    Alert,
    AlertKind,
    AlertPage,
    Decision,
    Reason,
    Sound,
    Urgency,
    Verdict,
)
from supportdesk.domain.calls import Call, CallId, MissedReason, Outcome
from supportdesk.domain.health import SourceName
from supportdesk.domain.reading import DroppedTime, DropRule, Span, SpanKind

AT = datetime(2026, 11, 21, 10, 0, 0, 123456, tzinfo=UTC)
SUPPORT = SourceName("Support")
OFFICE = SourceName("Office")


def later(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def alert(key: str = "mail/Support/<1@example.com>", at: datetime = AT) -> Alert:
    return Alert(
        key=key,
        kind=AlertKind.MAIL,
        title="Anna Nováková",
        body="Where is my order? 😀",
        actions=(Action.READ, Action.REPLY, Action.SNOOZE),
        source=SUPPORT,
        at=at,
        item=key,
        covers=(key, "mail/Support/<2@example.com>"),
        urgency=Urgency.CRITICAL,
        is_digest=True,
        page=AlertPage.WAITING,
        sound=Sound.MAIL,
    )


def decision(key: str = "mail/1", at: datetime = AT, alert_key: str = "mails/1") -> Decision:
    return Decision(
        key=key,
        alert_key=alert_key,
        kind=AlertKind.MAIL,
        source=SUPPORT,
        at=at,
        verdict=Verdict.HELD,
        reason=Reason.QUIET_HOURS,
        until=later(60),
        words="Anna Nováková",
    )


def call(call_id: str = "1700000000.1", at: datetime = AT) -> Call:
    return Call(
        phone=OFFICE,
        call_id=CallId(call_id),
        number="+420601234567",
        name="O'Brien; DROP TABLE call",
        queue="support",
        started_at=at,
        outcome=Outcome.MISSED,
        by="",
        wait_seconds=14.5,
        reason=MissedReason.NOBODY_FREE,
        closed_at=at + timedelta(seconds=20),
    )


def span(span_id: str = "span-1", at: datetime = AT, counted: float = 5.0) -> Span:
    return Span(
        span_id=span_id,
        kind=SpanKind.READ,
        item="mail/Support/<1@example.com>",
        label="Anna: Where is my order?",
        started_at=at,
        utc_offset=timedelta(hours=5, minutes=45),
        counted_seconds=counted,
        dropped=(
            DroppedTime(rule=DropRule.SKIMMED, seconds=3.0),
            DroppedTime(rule=DropRule.NOT_IN_FRONT, seconds=1.25),
        ),
    )
