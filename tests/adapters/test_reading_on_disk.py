"""The reading clock, the log and desk.db together: what is read is what was lived."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.domain.calls import CallId
from supportdesk.domain.events import CallAnswered, CallEnded
from supportdesk.domain.health import SourceName
from supportdesk.domain.reading import DroppedTime, DropRule, Moment, SpanKind
from supportdesk.domain.settings import PhoneKind, PhoneSettings
from supportdesk.services.log_corrections import LogCorrections
from supportdesk.services.reading_clock import ReadingClock, ReadMessage
from supportdesk.services.reading_log import ReadingLog, ReadingRules

NINE = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
DESK_PHONE = PhoneSettings(name=SourceName("Desk"), kind=PhoneKind.BARESIP)


def moment(seconds: float) -> Moment:
    return Moment(
        now=NINE + timedelta(seconds=seconds),
        monotonic_seconds=seconds,
        boot_seconds=seconds,
        utc_offset=timedelta(),
    )


def log_on(store: SqliteDeskStore) -> ReadingLog:
    rules = ReadingRules(phones=(DESK_PHONE,))
    return ReadingLog(store=store, rules=rules, to_local=lambda at: at)


def test_a_morning_survives_the_end_of_the_process(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    store = SqliteDeskStore(path)
    log, clock = log_on(store), ReadingClock()
    log.record(clock.attention(None, moment(0)))
    log.record(clock.opened(ReadMessage(key="mail/S/<1@x>", label="Ingrid", words=400), moment(0)))
    for second in range(1, 31):
        log.record(clock.beat(moment(second)))
    call = CallId("1")
    answered_at, ended_at = NINE + timedelta(seconds=10), NINE + timedelta(seconds=25)
    log.apply(
        CallAnswered(
            phone=DESK_PHONE.name,
            call_id=call,
            by="",
            by_interface="",
            hold_seconds=0.0,
            at=answered_at,
        )
    )
    log.apply(CallEnded(phone=DESK_PHONE.name, call_id=call, talk_seconds=15.0, at=ended_at))
    log.record(clock.beat(moment(31)))
    log.record(clock.attention(DropRule.LOCKED, moment(31)))
    log.record(clock.beat(moment(100)))
    # No closing of the visit: this is how kill -9 finds it.
    store.close()

    again = SqliteDeskStore(path)
    log = log_on(again)
    week = log.week(log.named_week("2026-W47"))
    assert week.talk_seconds == 15.0
    assert 31 - 5 - 15 <= week.read_seconds <= 31 - 15
    (read,) = [part for part in week.days[2].parts if part.span.kind is SpanKind.READ]
    assert read.dropped[0] == DroppedTime(rule=DropRule.OVERLAPPED, seconds=15.0)
    again.close()


def test_corrections_stay_beside_their_original(tmp_path: Path) -> None:
    store = SqliteDeskStore(tmp_path / "desk.db")
    log, clock = log_on(store), ReadingClock()
    clock.attention(None, moment(0))
    clock.opened(ReadMessage(key="mail/S/<1@x>", label="Ingrid", words=400), moment(0))
    for second in range(1, 61):
        log.record(clock.beat(moment(second)))
    log.record(clock.closed(moment(60)))
    (span,) = store.spans_between(NINE, NINE + timedelta(hours=1))
    later = NINE + timedelta(weeks=1, hours=1)
    corrections = LogCorrections(log, store, lambda at: at)
    corrections.set_length(span, 20.0, "the phone rang", later)
    corrections.move(span, NINE + timedelta(weeks=1), "wrong week", later)
    this, following = log.last_weeks(later, 2)
    assert len(store.spans_between(NINE, NINE + timedelta(hours=1))) == 3
    assert (this.read_seconds, following.read_seconds) == (0.0, 20.0)
    store.close()
