"""Corrections over the real desk.db: also of the span that the reading clock is still counting."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.patient_store import PatientDeskStore
from supportdesk.domain.errors import StoreError
from supportdesk.domain.reading import DropRule, Edit, Span, SpanKind
from supportdesk.domain.span_chains import effective
from supportdesk.domain.week import Week
from supportdesk.services.log_corrections import LogCorrections
from supportdesk.services.reading_clock import ReadMessage
from supportdesk.services.reading_log import ReadingLog, ReadingRules
from tests.adapters.desk_examples import AT, later, span
from tests.fakes.reading_life import Life

PRAGUE = ZoneInfo("Europe/Prague")
NINE = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
LETTER = ReadMessage(key="mail/Support/<1@x>", label="Ingrid", words=400)


def to_prague(at: datetime) -> datetime:
    return at.astimezone(PRAGUE)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


@pytest.fixture
def disk(path: Path) -> Iterator[SqliteDeskStore]:
    store = SqliteDeskStore(path)
    yield store
    store.close()


@pytest.fixture
def life(disk: SqliteDeskStore) -> Life:
    """At a mail for 20 s, with the window in front."""
    made = Life(NINE, PRAGUE, disk)
    made.opens(LETTER)
    made.waits(20.0)
    return made


def hand_of(life: Life, disk: SqliteDeskStore) -> LogCorrections:
    return LogCorrections(life.log, disk, to_prague)


def this_week(life: Life) -> Week:
    return life.log.week(life.log.named_week("2026-W47"))


def the_open_one(life: Life) -> Span:
    return max(life.spans, key=lambda one: (one.started_at, one.seconds))


# --- a span that still grows -------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [0.0, 3.0, 3.5, 17.25, 31.0])
def test_what_is_read_after_the_correction_of_the_open_span_counts(
    life: Life, disk: SqliteDeskStore, seconds: float
) -> None:
    life.waits(seconds)
    seen = the_open_one(life)
    act = hand_of(life, disk).set_length(seen, 5.0, "the phone rang", life.moment().now)
    life.waits(40.0)
    life.closes()
    (cut,) = act.spans
    taken_off = sum(one.seconds for one in cut.dropped if one.rule is DropRule.BY_HAND)
    assert this_week(life).read_seconds == pytest.approx(60.0 + seconds - taken_off, abs=0.002)
    assert this_week(life).dropped_seconds == pytest.approx(taken_off, abs=0.002)


def test_what_follows_in_the_open_span_is_counted_once_when_it_is_taken_back(
    life: Life, disk: SqliteDeskStore
) -> None:
    hand = hand_of(life, disk)
    for _ in range(3):
        hand.delete(the_open_one(life), "it only lay open", life.moment().now)
        life.waits(7.0)
    life.locks(is_locked=True)
    life.waits(30.0)
    life.closes()
    while hand.undo(life.moment().now) is not None:
        pass
    assert this_week(life).read_seconds == pytest.approx(41.0, abs=0.002)
    assert {one.rule for day in this_week(life).days for one in day.dropped} == {DropRule.LOCKED}
    assert this_week(life).dropped_seconds == pytest.approx(30.0, abs=0.002)


def test_the_plug_is_pulled_after_a_correction_of_the_open_span(
    life: Life, disk: SqliteDeskStore
) -> None:
    hand_of(life, disk).delete(the_open_one(life), "it only lay open", life.moment().now)
    life.waits(30.0)
    life.pulls_the_plug()
    life.opens(LETTER)
    life.waits(10.0)
    life.closes()
    assert 40.0 - 5.0 <= this_week(life).read_seconds <= 42.0


def test_a_full_disk_keeps_the_correction_of_the_open_span(path: Path) -> None:
    disk = SqliteDeskStore(path)
    failures: list[StoreError] = []
    store = PatientDeskStore(disk, failures.append)
    life = Life(NINE, PRAGUE, store)
    life.opens(LETTER)
    life.waits(20.0)
    disk._connection.execute("PRAGMA query_only = ON")
    hand = LogCorrections(life.log, store, to_prague)
    act = hand.move(the_open_one(life), NINE - timedelta(hours=1), "it was then", life.moment().now)
    life.waits(30.0)
    life.closes()
    moved = act.spans[1].counted_seconds
    assert this_week(life).read_seconds == pytest.approx(50.0, abs=0.002)
    known = hand.undoable(life.moment().now)
    assert known is not None
    assert known.key == act.key
    assert hand.history_of(act.spans[1])[-1] == act.spans[1]
    assert failures
    disk._connection.execute("PRAGMA query_only = OFF")
    assert store.write_waiting()
    week = this_week(life)
    store.close()

    again = SqliteDeskStore(path)
    log = ReadingLog(store=again, rules=ReadingRules(), to_local=to_prague)
    assert log.week(log.named_week("2026-W47")) == week
    undone = LogCorrections(log, again, to_prague).undo(life.moment().now)
    assert undone is not None
    assert undone.spans[0].counted_seconds == moved
    assert log.week(log.named_week("2026-W47")).read_seconds == pytest.approx(50.0, abs=0.002)
    again.close()


# --- acts in the file --------------------------------------------------------------------------


def by_hand(name: str, act: str, corrects: str = "", edit: Edit = Edit.CUT) -> Span:
    return replace(span(name, counted=1.0), act=act, corrects=corrects, edit=edit, reason="so")


def test_an_act_is_written_whole_or_not_at_all(disk: SqliteDeskStore) -> None:
    disk.append_span(span("a"))
    no_text = replace(by_hand("c", "1"), label="\udc80")
    with pytest.raises(UnicodeEncodeError):
        disk.append_act([by_hand("b", "1", "a"), no_text])
    assert disk.spans_of_act("1") == []
    disk.append_span(span("a", counted=9.0))
    assert disk.spans_between(AT, later(1)) == [span("a", counted=9.0)]


def test_acts_are_found_newest_first_with_all_their_rows(disk: SqliteDeskStore) -> None:
    disk.append_span(span("a"))
    for act in ("1", "2", "3"):
        disk.append_act([by_hand(f"{act}-left", act, "a"), by_hand(f"{act}-new", act)])
    disk.append_act([by_hand("undone", "1", "1-left", Edit.UNDONE)])
    assert {row.span_id for row in disk.newest_acts("", 1)} == {"3-left", "3-new"}
    assert {row.act for row in disk.newest_acts("", 2)} == {"3", "2"}
    assert {row.span_id for row in disk.newest_acts("2", 5)} == {"1-left", "1-new", "undone"}
    assert disk.newest_acts("1", 5) == []
    assert len(disk.spans_of_act("1")) == 3
    assert disk.spans_of_act("") == []


def talk(name: str, seconds: float) -> Span:
    return replace(span(name, later(seconds)), kind=SpanKind.TALK)


def test_the_newest_talks_are_those_of_one_instant(disk: SqliteDeskStore) -> None:
    assert disk.newest_talks(None) == []
    disk.append_span(talk("old", 0))
    disk.append_span(talk("new", 60))
    disk.append_span(replace(talk("cut", 60), corrects="new"))
    disk.append_span(span("read", later(90)))
    assert [row.span_id for row in disk.newest_talks(None)] == ["new", "cut"]
    assert [row.span_id for row in disk.newest_talks(later(60))] == ["old"]
    assert disk.newest_talks(later(0)) == []


def test_what_waits_for_the_disk_is_among_acts_and_talks(disk: SqliteDeskStore) -> None:
    store = PatientDeskStore(disk, lambda _: None)
    store.append_act([by_hand("b", "1", "a"), by_hand("c", "2")])
    store.append_span(talk("old", 0))
    disk._connection.execute("PRAGMA query_only = ON")
    store.append_act([by_hand("d", "2", "c", Edit.UNDONE), by_hand("e", "3")])
    store.append_span(talk("new", 60))
    assert {row.span_id for row in store.newest_acts("", 1)} == {"e"}
    assert {row.span_id for row in store.newest_acts("3", 1)} == {"c", "d"}
    assert {row.span_id for row in store.newest_acts("3", 9)} == {"b", "c", "d"}
    assert {row.span_id for row in store.spans_of_act("2")} == {"c", "d"}
    assert store.spans_of_act("") == []
    assert store.newest_talks(None) == [talk("new", 60)]
    assert store.newest_talks(later(60)) == [talk("old", 0)]
    assert store.newest_talks(later(0)) == []
    disk._connection.execute("PRAGMA query_only = OFF")
    assert store.write_waiting()
    assert {row.span_id for row in disk.newest_acts("", 1)} == {"e"}


@pytest.mark.parametrize("question", ["newest_acts", "newest_acts before", "act", "talk"])
def test_none_of_these_reads_the_log_from_end_to_end(
    disk: SqliteDeskStore, path: Path, question: str
) -> None:
    asked: list[str] = []
    disk._connection.set_trace_callback(asked.append)
    match question:
        case "newest_acts":
            disk.newest_acts("", 20)
        case "newest_acts before":
            disk.newest_acts("a", 20)
        case "act":
            disk.spans_of_act("a")
        case _:
            disk.newest_talks(AT)
    disk._connection.set_trace_callback(None)
    (sql,) = asked
    looking = sqlite3.connect(path)
    plan = [str(step[3]) for step in looking.execute(f"EXPLAIN QUERY PLAN {sql}")]
    looking.close()
    index = "span_talk" if question == "talk" else "span_act"
    walked = [step for step in plan if step.startswith(("SCAN", "SEARCH")) and "span" in step]
    assert walked
    assert all(index in step or step.startswith("SCAN LIST") for step in walked), plan


@pytest.mark.parametrize("hours", [None, 2])
def test_two_logs_with_acts_are_joined_in_any_order(tmp_path: Path, hours: int | None) -> None:
    """What one of them took back, and what both moved elsewhere, counts once."""
    laptop, tower = (SqliteDeskStore(tmp_path / f"{name}.db") for name in ("laptop", "tower"))
    for store in (laptop, tower):
        store.append_span(span("a", counted=60.0))
    hands = []
    for store in (laptop, tower):
        log = ReadingLog(store=store, rules=ReadingRules(), to_local=to_prague)
        hands.append(LogCorrections(log, store, to_prague))
    now = AT + timedelta(hours=1)
    if hours is None:
        hands[0].set_length(span("a"), 20.0, "here", now)
        hands[0].undo(now)
    else:
        hands[0].move(span("a"), AT - timedelta(hours=hours), "here", now)
    hands[1].move(span("a"), AT - timedelta(hours=1), "there", now)
    both = [[*laptop.all_spans()], [*tower.all_spans()]]
    laptop.join_spans(both[1])
    tower.join_spans(both[0])
    held = effective(laptop.all_spans())
    assert held == effective(tower.all_spans())
    assert sum(row.counted_seconds for row in held) == 60.0
    assert laptop.join_spans([*tower.all_spans()]).refused == ()
    assert list(laptop.all_spans()) == list(tower.all_spans())
    laptop.close()
    tower.close()
