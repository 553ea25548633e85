"""The log as a whole: joined with another one, read from end to end, deleted for good."""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.patient_store import PatientDeskStore
from supportdesk.domain.errors import StoreError
from supportdesk.domain.reading import Edit, Span
from supportdesk.services.ports import DeskStore
from tests.adapters.desk_examples import AT, later, span
from tests.adapters.test_desk_store import spoil
from tests.conftest import ExpectLog
from tests.fakes.stores import MemoryDeskStore

OLD_DESKS = Path(__file__).parent / "old_desks"


def _ignore(_: StoreError) -> None:
    raise AssertionError("the disk is good")


STORES: list[Callable[[Path], DeskStore]] = [
    SqliteDeskStore,
    lambda path: PatientDeskStore(SqliteDeskStore(path), _ignore),
    lambda _: MemoryDeskStore(),
]


@pytest.fixture(params=STORES, ids=["disk", "patient", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DeskStore]:
    made = request.param(tmp_path / "desk.db")
    yield made
    if not isinstance(made, MemoryDeskStore):
        made.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


@pytest.fixture
def disk(path: Path) -> Iterator[SqliteDeskStore]:
    with closing(SqliteDeskStore(path)) as made:
        yield made


def many(count: int) -> list[Span]:
    return [span(f"span-{number}", later(60 * (number // 3))) for number in range(count)]


def test_the_union_by_span_id(store: DeskStore) -> None:
    joined = store.join_spans([span("a"), span("b", counted=3.0), span("a")])
    assert (joined.new, joined.grown, joined.known) == (("a", "b"), (), 1)
    joined = store.join_spans([span("b", counted=9.0), span("c"), span("a", counted=2.0)])
    assert (joined.new, joined.grown, joined.known) == (("c",), ("b",), 1)
    assert list(store.all_spans()) == [span("a"), span("b", counted=9.0), span("c")]


def test_what_is_not_the_same_span_is_refused_and_the_rest_is_taken(store: DeskStore) -> None:
    store.join_spans([span("a")])
    joined = store.join_spans([span("a", later(60)), span("b")])
    assert joined.new == ("b",)
    ((place, why),) = [(one.place, one.why) for one in joined.refused]
    assert (place, why) == (0, "it began at another time than the span of this id that is here")
    assert list(store.all_spans()) == [span("a"), span("b")]


def test_two_logs_are_one_whichever_comes_first(store: DeskStore, tmp_path: Path) -> None:
    chance = random.Random(7)
    states = [span(f"{n % 40}", later(n % 40), counted=chance.uniform(0, 99)) for n in range(200)]
    for size in (1, 7, 200):
        chance.shuffle(states)
        other = SqliteDeskStore(tmp_path / f"other-{size}.db")
        for start in range(0, len(states), size):
            other.join_spans(states[start : start + size])
        store.join_spans(list(other.all_spans()))
        assert list(store.all_spans()) == list(other.all_spans())
        other.close()


def test_a_log_of_any_length_is_read_from_end_to_end_in_order(store: DeskStore) -> None:
    store.join_spans(list(reversed(many(1203))))
    read = list(store.all_spans())
    assert len(read) == 1203
    assert read == sorted(many(1203), key=lambda one: (one.started_at, one.span_id))


def test_what_is_written_while_the_log_is_read_does_not_disturb_it(store: DeskStore) -> None:
    store.join_spans(many(1000))
    names = []
    for number, one in enumerate(store.all_spans()):
        names.append(one.span_id)
        if number == 250:
            store.append_span(span("much later", later(999_999)))
            store.join_spans([span("before all", later(-60))])
    assert len(names) == len(set(names))
    assert set(names) - {"much later"} == {one.span_id for one in many(1000)}


def test_deleting_everything(store: DeskStore) -> None:
    store.join_spans([*many(10), replace(span("cut"), corrects="span-1", edit=Edit.CUT)])
    store.mark_read("a letter", AT)
    assert store.delete_all_spans() == 11
    assert list(store.all_spans()) == []
    assert store.delete_all_spans() == 0
    assert store.read_keys() == {"a letter"}
    assert store.join_spans(many(2)).new == ("span-0", "span-1")


def test_a_joined_span_is_not_one_that_grows_here(disk: SqliteDeskStore) -> None:
    disk.join_spans([span("theirs")])
    disk.append_span(span("theirs", counted=99.0))
    assert list(disk.all_spans()) == [span("theirs")]


def test_nobody_else_lets_a_span_grow_that_is_being_counted(disk: SqliteDeskStore) -> None:
    disk.append_span(span("ours", counted=10.0))
    joined = disk.join_spans([span("ours", counted=5.0), span("ours", counted=20.0)])
    assert joined.known == 1
    assert [one.why for one in joined.refused] == ["it is being counted on this computer right now"]
    disk.append_span(span("ours", counted=12.0))
    assert list(disk.all_spans()) == [span("ours", counted=12.0)]


def test_a_spoilt_row_is_named_and_not_joined_with(
    disk: SqliteDeskStore, path: Path, expect_log: ExpectLog
) -> None:
    expect_log("Span spoilt of the reading log is left out")
    disk.join_spans([span("good"), span("spoilt")])
    spoil(path, "spoilt", "counted_seconds", -60.0)
    joined = disk.join_spans([span("spoilt")])
    assert [one.why for one in joined.refused] == ["the row of this id that is here is damaged"]
    assert list(disk.all_spans()) == [span("good")]
    assert disk.unreadable_spans() == ["it says -60.0 s (span spoilt)"]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("9999-12-31T23:59:59.000000+00:00", "it began in the year 9999"),
        ("0001-01-01T00:00:00.000000+00:00", "it began in the year 1"),
    ],
)
def test_a_start_at_the_end_of_time_is_left_out_of_the_whole_log(
    disk: SqliteDeskStore, path: Path, expect_log: ExpectLog, at: str, words: str
) -> None:
    """No zone could tell it."""
    expect_log(f"Span spoilt of the reading log is left out: {words}")
    disk.join_spans([span("good"), span("spoilt")])
    spoil(path, "spoilt", "started_at", at)
    assert list(disk.all_spans()) == [span("good")]
    assert disk.unreadable_spans() == [f"{words} (span spoilt)"]


def test_joining_is_all_or_nothing(disk: SqliteDeskStore, path: Path) -> None:
    disk._connection.execute("PRAGMA max_page_count = 40")
    with pytest.raises(StoreError, match="disk is full"):
        disk.join_spans(many(5000))
    assert list(disk.all_spans()) == []
    disk._connection.execute("PRAGMA max_page_count = 100000")
    assert len(disk.join_spans(many(5000)).new) == 5000


def test_a_span_that_is_being_counted_goes_on_after_the_deletion(disk: SqliteDeskStore) -> None:
    running = replace(span("now", counted=40.0), dropped=())
    disk.append_span(running)
    disk.delete_all_spans()
    disk.append_span(running)
    disk.append_span(replace(running, counted_seconds=45.0))
    dropped = span().dropped
    disk.append_span(replace(running, counted_seconds=50.0, dropped=dropped))
    assert list(disk.all_spans()) == [
        replace(running, started_at=later(40), counted_seconds=10.0, dropped=dropped)
    ]


def test_seconds_that_were_dropped_before_the_deletion_stay_deleted(disk: SqliteDeskStore) -> None:
    disk.append_span(span("now"))
    disk.delete_all_spans()
    skimmed, behind = span().dropped
    disk.append_span(replace(span("now"), dropped=(skimmed, replace(behind, seconds=9.25))))
    assert list(disk.all_spans()) == [
        replace(
            span("now"),
            started_at=later(5),
            counted_seconds=0.0,
            dropped=(replace(behind, seconds=8.0),),
        )
    ]


def test_nothing_of_a_deleted_log_is_left_in_any_file(path: Path) -> None:
    path.write_bytes((OLD_DESKS / "before_007.db").read_bytes())
    path.chmod(0o600)
    beside = sqlite3.connect(path)
    beside.execute(
        "INSERT INTO span VALUES ('s', 'READ', 'i', 'Anna is SECRET', '2026-11-20T10:00:00.000000"
        "+00:00', 0, 60.0, '[]', '', '')"
    )
    beside.commit()
    beside.close()
    with closing(SqliteDeskStore(path)) as store:
        copy = next(path.parent.glob("desk.db.before-*"))
        assert b"SECRET" in copy.read_bytes()
        (path.parent / "desk.db.before-9.9.part").write_bytes(b"SECRET")
        (path.parent / "desk.db.before-0.1").write_bytes(b"SECRET, and no database")
        store.join_spans([replace(span("x"), label="also SECRET"), *many(50)])
        assert store.delete_all_spans() > 50
        for file in path.parent.iterdir():
            assert b"SECRET" not in file.read_bytes(), file.name
        store.append_span(span())
        with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
            store._connection.execute("DELETE FROM span")
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("SELECT count(*) FROM span").fetchone() == (0,)
        assert kept.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert {file.name for file in path.parent.iterdir()} == {"desk.db", copy.name}


def test_what_waits_for_the_disk_is_in_the_whole_log_and_goes_with_it(path: Path) -> None:
    disk = SqliteDeskStore(path)
    failures: list[StoreError] = []
    store = PatientDeskStore(disk, failures.append)
    store.append_span(span("on disk", counted=1.0))
    disk._connection.execute("PRAGMA query_only = ON")
    store.append_span(span("on disk", counted=2.0))
    store.append_span(span("waiting"))
    assert list(store.all_spans()) == [span("on disk", counted=2.0), span("waiting")]
    with pytest.raises(StoreError, match="may not be written"):
        store.join_spans([span("imported")])
    with pytest.raises(StoreError, match="may not be written"):
        store.delete_all_spans()
    disk._connection.execute("PRAGMA query_only = OFF")
    assert store.delete_all_spans() == 2
    assert list(store.all_spans()) == []
    store.close()


def test_a_letter_that_is_no_utf8_takes_nothing_along(
    disk: SqliteDeskStore, path: Path, expect_log: ExpectLog
) -> None:
    expect_log("There is text in desk.db that is not UTF-8")
    disk.join_spans([span("a"), span("b")])
    with closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE span SET label = CAST(X'416EFF' AS TEXT) WHERE span_id = 'b'")
        other.commit()
    for _ in range(2):
        assert [one.label for one in disk.spans_between(AT, later(1))] == [span().label, "An\ufffd"]
