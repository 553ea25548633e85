"""Rows of desk.db and the values that they stand for."""

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from supportdesk.domain.alerts import (
    Action,
    Alert,
    AlertKind,
    AlertPage,
    Decision,
    PopupRecord,
    Reason,
    Sound,
    Urgency,
    Verdict,
)
from supportdesk.domain.calls import Call, CallId, MissedReason, Outcome
from supportdesk.domain.errors import Problem
from supportdesk.domain.health import PastTrouble, SourceName
from supportdesk.domain.people import CallNote
from supportdesk.domain.reading import DroppedTime, DropRule, Edit, Span, SpanKind
from supportdesk.domain.week import FURTHEST_OFFSET, LONGEST_SPAN
from supportdesk.services.call_records import Gap
from supportdesk.services.ports import PhoneMemory, QueueCount

if TYPE_CHECKING:
    from supportdesk.domain.voices import Felt

Value = str | int | float | None
Row = tuple[Value, ...]

# The order of each list is the order of the values in its row.
ALERT_COLUMNS = (
    "key, kind, title, body, actions, source, at, item, covers, urgency, is_digest, page, sound"
)
TOLD_COLUMNS = "key, kind, title, source, at, item, covers, page"
DECISION_COLUMNS = "key, alert_key, kind, source, at, verdict, reason, until, words"
POPUP_COLUMNS = "alert_key, owner, number"
TROUBLE_COLUMNS = "source, title, advice, is_for_founder, sort, since, until"
CALL_COLUMNS = (
    "phone, call_id, number, name, queue, started_at, outcome, by,"
    " wait_seconds, talk_seconds, reason, closed_at"
)
GAP_COLUMNS = "phone, since, until, missed"
MEMORY_COLUMNS = "phone, place, heard_at, counts"
NOTE_COLUMNS = "key, call, number, label, words, at, felt"
SPAN_COLUMNS = (
    "span_id, kind, item, label, started_at, utc_offset_seconds, counted_seconds,"
    " dropped, corrects, reason, clock, edit, act"
)

_LONGEST_SPAN_SECONDS = LONGEST_SPAN.total_seconds()
_FURTHEST_SECONDS = FURTHEST_OFFSET.total_seconds()
_LONGEST_ABSENCE_SECONDS = 1e9
"""Some thirty years. Older versions wrote down absences of weeks."""
# Sums with dates of these years stay within what a date can be, whatever zone they are told in.
_YEARS = range(2, 9999)
# Thousands of rows make a page: asking the Enum by name costs as much as the rest of a row.
_KINDS = dict(SpanKind.__members__)
_RULES = dict(DropRule.__members__)
_EDITS = dict(Edit.__members__)


def stored_instant(at: datetime) -> str:
    """One form for all, of one length: it sorts as text."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def instant(stored: Value) -> datetime:
    return datetime.fromisoformat(str(stored))


def note_row(note: CallNote) -> Row:
    felt = None if note.felt is None else note.felt.value
    return (
        *(note.key, note.call, note.number, note.label, note.words),
        *(stored_instant(note.at), felt),
    )


def note_of(row: Row) -> CallNote:
    key, call, number, label, words, at, felt = row
    return CallNote(
        key=str(key),
        call=str(call),
        number=str(number),
        label=str(label),
        words=str(words),
        at=instant(at),
        felt=_felt(felt),
    )


def _felt(value: Value) -> "Felt | None":
    """None also for a word that only a newer form of desk.db knows."""
    if value is None:
        return None
    from supportdesk.domain.voices import Felt  # a quiet tray keeps no words

    return next((one for one in Felt if one.value == value), None)


def memory_row(memory: PhoneMemory) -> Row:
    counts = [[one.queue, one.abandoned, one.completed] for one in memory.counts]
    return (memory.phone, memory.place, stored_instant(memory.heard_at), json.dumps(counts))


def memory_of(row: Row) -> PhoneMemory:
    phone, place, heard_at, counts = row
    return PhoneMemory(
        phone=SourceName(str(phone)),
        place=str(place),
        heard_at=instant(heard_at),
        counts=tuple(
            QueueCount(queue=queue, abandoned=abandoned, completed=completed)
            for queue, abandoned, completed in json.loads(str(counts))
        ),
    )


def gap_row(gap: Gap) -> Row:
    return (gap.phone, stored_instant(gap.since), stored_instant(gap.until), gap.missed)


def gap_of(row: Row) -> Gap:
    phone, since, until, missed = row
    return Gap(
        phone=SourceName(str(phone)),
        since=instant(since),
        until=instant(until),
        missed=None if missed is None else int(missed),
    )


def alert_row(alert: Alert) -> Row:
    return (
        alert.key,
        alert.kind.name,
        alert.title,
        alert.body,
        json.dumps([action.name for action in alert.actions]),
        alert.source,
        stored_instant(alert.at),
        alert.item,
        json.dumps(alert.covers),
        alert.urgency.name,
        int(alert.is_digest),
        alert.page.name,
        alert.sound.name,
    )


def alert_of(row: Row) -> Alert:
    key, kind, title, body, actions, source, at, item, covers, urgency, is_digest, *more = row
    page, sound = more
    return Alert(
        key=str(key),
        kind=AlertKind[str(kind)],
        title=str(title),
        body=str(body),
        actions=tuple(Action[name] for name in json.loads(str(actions))),
        source=SourceName(str(source)),
        at=instant(at),
        item=str(item),
        covers=tuple(json.loads(str(covers))),
        urgency=Urgency[str(urgency)],
        is_digest=bool(is_digest),
        page=AlertPage[str(page)],
        sound=Sound[str(sound)],
    )


def told_row(alert: Alert, at: datetime) -> Row:
    return (
        alert.key,
        alert.kind.name,
        alert.title,
        alert.source,
        stored_instant(at),
        alert.item,
        json.dumps(alert.covers),
        alert.page.name,
    )


def told_of(row: Row) -> Alert:
    key, kind, title, source, at, item, covers, page = row
    return Alert(
        key=str(key),
        kind=AlertKind[str(kind)],
        title=str(title),
        body="",
        actions=(),
        source=SourceName(str(source)),
        at=instant(at),
        item=str(item),
        covers=tuple(json.loads(str(covers))),
        page=AlertPage[str(page)],
    )


def decision_row(decision: Decision) -> Row:
    return (
        decision.key,
        decision.alert_key,
        decision.kind.name,
        decision.source,
        stored_instant(decision.at),
        decision.verdict.name,
        decision.reason.name,
        None if decision.until is None else stored_instant(decision.until),
        decision.words,
    )


def decision_of(row: Row) -> Decision:
    key, alert_key, kind, source, at, verdict, reason, until, words = row
    return Decision(
        key=str(key),
        alert_key=str(alert_key),
        kind=AlertKind[str(kind)],
        source=SourceName(str(source)),
        at=instant(at),
        verdict=Verdict[str(verdict)],
        reason=Reason[str(reason)],
        until=None if until is None else instant(until),
        words=str(words),
    )


def popup_of(row: Row) -> PopupRecord:
    alert_key, owner, number = row
    return PopupRecord(alert_key=str(alert_key), owner=str(owner), number=int(number or 0))


def trouble_row(source: SourceName, trouble: PastTrouble) -> Row:
    problem = trouble.problem
    return (
        source,
        problem.title,
        problem.advice,
        int(problem.is_for_founder),
        problem.sort,
        stored_instant(trouble.since),
        None if trouble.until is None else stored_instant(trouble.until),
    )


def trouble_of(row: Row) -> tuple[SourceName, PastTrouble]:
    source, title, advice, is_for_founder, sort, since, until = row
    problem = Problem(
        title=str(title),
        advice=str(advice),
        is_for_founder=bool(is_for_founder),
        sort=str(sort),
    )
    ended = None if until is None else instant(until)
    return SourceName(str(source)), PastTrouble(problem=problem, since=instant(since), until=ended)


def call_row(call: Call) -> Row:
    return (
        call.phone,
        call.call_id,
        call.number,
        call.name,
        call.queue,
        stored_instant(call.started_at),
        call.outcome.name,
        call.by,
        call.wait_seconds,
        call.talk_seconds,
        None if call.reason is None else call.reason.name,
        None if call.closed_at is None else stored_instant(call.closed_at),
    )


def call_of(row: Row) -> Call:
    phone, call_id, number, name, queue, started_at, outcome, by, wait, talk, reason, closed = row
    return Call(
        phone=SourceName(str(phone)),
        call_id=CallId(str(call_id)),
        number=str(number),
        name=str(name),
        queue=str(queue),
        started_at=instant(started_at),
        outcome=Outcome[str(outcome)],
        by=str(by),
        wait_seconds=float(wait or 0),
        talk_seconds=float(talk or 0),
        reason=None if reason is None else MissedReason[str(reason)],
        closed_at=None if closed is None else instant(closed),
    )


def span_row(span: Span) -> Row:
    return (
        span.span_id,
        span.kind.name,
        span.item,
        span.label,
        stored_instant(span.started_at),
        round(span.utc_offset.total_seconds()),
        span.counted_seconds,
        json.dumps([[dropped.rule.name, dropped.seconds] for dropped in span.dropped]),
        span.corrects,
        span.reason,
        span.clock,
        "" if span.edit is None else span.edit.name,
        span.act,
    )


def span_of(row: Row) -> Span:
    """Raises ValueError for a row that cannot be true; a newer version may know more rules."""
    span_id, kind, item, label, started_at, offset, counted, dropped, *by_hand = row
    corrects, reason, clock, edit, act = by_hand
    known_kind = _KINDS.get(str(kind))
    if known_kind is None:
        raise ValueError(f"it is of no known kind ({kind})")
    started = instant(started_at)
    if started.tzinfo is None:
        raise ValueError(f"its start names no zone ({started_at})")
    if started.year not in _YEARS:
        raise ValueError(f"it began in the year {started.year}")
    counted_seconds = _span_seconds(counted)
    return Span(
        span_id=str(span_id),
        kind=known_kind,
        item=str(item),
        label=str(label),
        started_at=started,
        utc_offset=_utc_offset(offset),
        counted_seconds=counted_seconds,
        dropped=_dropped(str(dropped), _LONGEST_SPAN_SECONDS - counted_seconds),
        corrects=str(corrects),
        reason=str(reason),
        clock=str(clock),
        edit=_EDITS.get(str(edit)),
        act=str(act),
    )


def _span_seconds(stored: object) -> float:
    if not isinstance(stored, int | float) or not 0 <= stored <= _LONGEST_SPAN_SECONDS:
        raise ValueError(f"it says {_shown(stored)} s")
    return float(stored)


def _utc_offset(stored: Value) -> timedelta:
    if not isinstance(stored, int) or abs(stored) > _FURTHEST_SECONDS:
        raise ValueError(f"it is {_shown(stored)} s from UTC")
    return timedelta(seconds=stored)


def _dropped(stored: str, room_seconds: float) -> tuple[DroppedTime, ...]:
    """As much as a day holds."""
    if stored == "[]":
        return ()
    dropped: list[DroppedTime] = []
    for entry in _entries(stored):
        match entry:
            case [str(rule), int() | float() as seconds] if 0 <= seconds < _LONGEST_ABSENCE_SECONDS:
                kept = min(float(seconds), room_seconds)
                if kept > 0:
                    known = _RULES.get(rule, DropRule.OTHER)
                    dropped.append(DroppedTime(rule=known, seconds=kept))
                    room_seconds -= kept
            case _:
                raise ValueError(f"it dropped {_shown(entry)}")
    return tuple(dropped)


def _entries(stored: str) -> list[object]:
    try:
        entries = json.loads(stored)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it dropped {_shown(stored)}") from error
    if not isinstance(entries, list):
        raise ValueError(f"it dropped {_shown(stored)}")
    return entries


def _shown(stored: object) -> str:
    return str(stored)[:60]
