"""desk.db: all that the founder entrusts to it comes back, whatever happens to the process."""

import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.looking_through import refuse_damaged
from supportdesk.domain.alerts import PopupRecord, Sound, Urgency
from supportdesk.domain.calls import Call, Outcome
from supportdesk.domain.errors import Problem, StoreError
from supportdesk.domain.health import PastTrouble, SourceName
from supportdesk.domain.people import CallNote, Person
from supportdesk.domain.reading import DroppedTime, DropRule, Edit
from supportdesk.domain.voices import Felt
from supportdesk.services.call_records import Gap
from supportdesk.services.ports import Baseline, DeskStore, PhoneMemory, QueueCount
from tests.adapters.desk_examples import AT, OFFICE, SUPPORT, alert, call, decision, later, span
from tests.conftest import ExpectLog
from tests.lab.waiting import wait_until

HEADER = 100


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteDeskStore]:
    desk = SqliteDeskStore(path)
    yield desk
    desk.close()


def reopened(path: Path) -> SqliteDeskStore:
    """Another run of the program."""
    return SqliteDeskStore(path)


def test_it_is_a_desk_store(store: SqliteDeskStore) -> None:
    port: DeskStore = store
    assert port.open_alerts() == []


def test_a_happening_is_told_once_for_ever(store: SqliteDeskStore, path: Path) -> None:
    assert store.tell(["b", "a", "b"], AT) == ["b", "a"]
    assert store.tell(["a", "c"], later(1)) == ["c"]
    assert store.tell([], later(1)) == []
    store.close()
    again = reopened(path)
    assert again.tell(["c", "b", "a", "d"], later(2)) == ["d"]
    again.close()


def test_the_ledger_can_be_asked_without_entering_anything(store: SqliteDeskStore) -> None:
    store.tell(["a", "b"], AT)
    assert store.told(["b", "c"]) == {"b"}
    assert store.tell(["c"], AT) == ["c"]


def test_a_telling_that_fails_leaves_nothing_behind(store: SqliteDeskStore) -> None:
    def keys() -> Iterator[str]:
        yield "a"
        raise RuntimeError("the caller's list broke off")

    with pytest.raises(RuntimeError):
        store.tell(keys(), AT)
    assert store.tell(["a"], AT) == ["a"]


def test_baselines(store: SqliteDeskStore) -> None:
    first = Baseline(account=SUPPORT, mailbox="INBOX", uidvalidity=1, uidnext=42, at=AT)
    lifted = replace(first, mailbox="Lifted", uidnext=4294967295)
    moved = replace(first, uidvalidity=2, at=later(9))
    assert store.baseline(SUPPORT, "INBOX") is None
    store.save_baseline(first)
    store.save_baseline(lifted)
    store.save_baseline(moved)
    assert store.baseline(SUPPORT, "INBOX") == moved
    assert store.baseline(SUPPORT, "Lifted") == lifted
    assert store.baseline(SourceName("Sales"), "INBOX") is None
    assert store.baselines(SUPPORT) == [moved, lifted]
    assert store.baselines(SourceName("Sales")) == []


def test_alerts_on_show(store: SqliteDeskStore) -> None:
    second, first = alert("second", later(1)), alert("first", AT)
    store.save_alert(second)
    store.save_alert(first)
    assert store.open_alerts() == [first, second]
    changed = replace(first, title="2 mails", actions=(), covers=(), is_digest=False)
    store.save_alert(changed)
    store.remove_alert("second")
    store.remove_alert("unknown")
    assert store.open_alerts() == [changed]


def test_what_an_alert_led_to_is_known_long_after_it_has_gone(
    store: SqliteDeskStore, path: Path
) -> None:
    store.save_told(alert("a"), later(5))
    store.save_told(replace(alert("a"), item="changed"), later(9))
    assert store.told_alert("b") is None
    store.close()
    again = reopened(path)
    told = again.told_alert("a")
    assert told == replace(
        alert("a", later(9)),
        item="changed",
        body="",
        actions=(),
        urgency=Urgency.NORMAL,
        is_digest=False,
        sound=Sound.NONE,
    )
    again.close()


def test_decisions_are_found_by_what_they_are_about(store: SqliteDeskStore, path: Path) -> None:
    first = decision("mail/1", AT)
    second = replace(decision("mail/2", later(1)), until=None)
    third = decision("mail/1", later(2), alert_key="")
    for one in (first, second, third):
        store.save_decision(one)
    assert store.decisions("", 9) == [third, second, first]
    assert store.decisions("", 2) == [third, second]
    assert store.decisions("mail/1", 9) == [third, first]
    assert store.decisions("mails/1", 9) == [second, first]
    assert store.decisions("x", 9) == []
    plan = sqlite3.connect(path).execute(
        "EXPLAIN QUERY PLAN SELECT 1 FROM decision WHERE key = '' OR alert_key = ''"
    )
    assert "SCAN" not in str(plan.fetchall())


def test_the_memory_of_alerts_has_an_end(store: SqliteDeskStore) -> None:
    for at in range(6):
        store.save_decision(decision(f"mail/{at}", later(at)))
        store.save_told(alert(f"a{at}"), later(at))
    store.prune_alert_memory(later(1), 99)
    assert len(store.decisions("", 99)) == 5
    assert store.told_alert("a0") is None
    store.prune_alert_memory(AT, 2)
    assert [one.key for one in store.decisions("", 99)] == ["mail/5", "mail/4"]
    assert [key for key in ("a3", "a4", "a5") if store.told_alert(key)] == ["a4", "a5"]
    store.prune_alert_memory(AT, 99)
    assert len(store.decisions("", 99)) == 2


def test_pop_ups_on_the_screen(store: SqliteDeskStore, path: Path) -> None:
    one = PopupRecord(alert_key="a", owner=":1.7", number=4294967295)
    other = replace(one, alert_key="b", number=2)
    for each in (other, one, replace(one, number=9), one):
        store.save_popup(each)
    store.close()
    again = reopened(path)
    assert again.popups() == [one, other]
    again.remove_popup("a")
    again.remove_popup("a")
    assert again.popups() == [other]
    again.close()


def test_the_last_trouble_of_each_source(store: SqliteDeskStore) -> None:
    slow = Problem(title="It does not answer", advice="It is tried again.", sort="ConnectionLost")
    wrong = Problem(title="The password was refused", advice="Type it.", is_for_founder=True)
    store.save_trouble(SUPPORT, PastTrouble(problem=slow, since=AT))
    store.save_trouble(OFFICE, PastTrouble(problem=slow, since=AT, until=later(1)))
    last = PastTrouble(problem=wrong, since=later(2))
    store.save_trouble(SUPPORT, last)
    kept = store.troubles()
    assert kept == {OFFICE: PastTrouble(problem=slow, since=AT, until=later(1)), SUPPORT: last}
    assert kept[OFFICE].problem.sort == "ConnectionLost"


def test_calls(store: SqliteDeskStore) -> None:
    old, new = call("1.1", later(-1)), call("2.2", AT)
    answered = replace(
        new, outcome=Outcome.ANSWERED, by="Anna", talk_seconds=61.5, reason=None, closed_at=None
    )
    for each in (new, old, answered):
        store.save_call(each)
    assert store.calls_since(later(-1)) == [old, answered]
    assert store.calls_since(AT) == [answered]
    assert store.calls_since(later(1)) == []


def test_older_calls_come_in_pages_also_those_of_one_instant(store: SqliteDeskStore) -> None:
    calls = [call(f"{number}.1", later(number // 3)) for number in range(8)]
    store.save_calls([])
    store.save_calls([replace(calls[0], by="Anna"), *calls])
    pages: list[Call] = []
    while page := store.older_calls(pages[-1] if pages else None, 3):
        pages += page
    assert pages == calls[::-1]


def test_what_was_read_and_what_needs_no_reply(store: SqliteDeskStore) -> None:
    for key in ("a", "b", "a"):
        store.mark_read(key, AT)
        store.set_needs_no_reply(key, AT)
    store.clear_needs_no_reply("a")
    store.clear_needs_no_reply("unknown")
    assert store.read_keys() == {"a", "b"}
    assert store.needs_no_reply_keys() == {"b"}


def test_what_the_founder_knows_better_than_headers(store: SqliteDeskStore) -> None:
    store.file_by_hand("a", "one", AT)
    store.file_by_hand("a", "two", later(1))
    store.file_by_hand("b", "two", AT)
    store.clear_filed_by_hand("b")
    assert store.filed_by_hand() == {"a": "two"}
    store.judge_sender("shop@x", AT, is_robot=True)
    store.judge_sender("shop@x", later(1), is_robot=False)
    store.judge_sender("news@x", AT, is_robot=True)
    store.judge_sender("gone@x", AT, is_robot=True)
    store.clear_judged_sender("gone@x")
    assert store.judged_senders() == {"shop@x": False, "news@x": True}


def test_people_and_whose_an_address_is(store: SqliteDeskStore) -> None:
    ann = Person(key="1", name="Ann", emails=("ann@x", "a@y"), numbers=("+431",))
    store.save_person(ann)
    assert store.people() == [replace(ann, emails=("a@y", "ann@x"))]
    ben = Person(key="2", name="Ben", emails=("a@y",))
    store.save_person(ben)
    assert store.people() == [replace(ann, emails=("ann@x",)), ben]
    store.save_person(replace(ann, name="Anna", emails=()))
    assert store.people() == [Person(key="1", name="Anna", numbers=("+431",)), ben]
    store.remove_person("1")
    assert store.people() == [ben]


def test_notes_of_calls_are_kept_word_for_word(store: SqliteDeskStore) -> None:
    words = "  “Die Bäckerei”, she said;\n<b>twice</b>  "
    note = CallNote(key="n", call="call/P/1", number="+431", label="Ann", words=words, at=AT)
    earlier = replace(note, key="z", at=AT - timedelta(hours=1), felt=Felt.LET_DOWN)
    store.save_call_note(note)
    store.save_call_note(earlier)
    assert store.call_notes() == [earlier, note]
    store.save_call_note(replace(note, words="Shorter"))
    store.remove_call_note("z")
    assert store.call_notes() == [replace(note, words="Shorter")]
    # A word of a newer supportdesk that shares this form.
    with store.connection:
        store.connection.execute("UPDATE call_note SET felt = 'homesick'")
    assert store.call_notes() == [replace(note, words="Shorter")]


def test_when_the_last_run_was_awake(store: SqliteDeskStore) -> None:
    assert store.last_heard_at() is None
    store.save_last_heard(AT)
    store.save_last_heard(later(60))
    assert store.last_heard_at() == later(60)


def test_instants_of_other_zones_are_the_same_instants(store: SqliteDeskStore) -> None:
    prague = AT.astimezone(timezone(timedelta(hours=1)))
    store.append_span(span("a", at=prague))
    assert store.spans_between(AT, later(1)) == [span("a", at=AT)]


def test_an_open_span_grows_in_place(store: SqliteDeskStore) -> None:
    for counted in (5.0, 5.0, 10.0, 12.5):
        store.append_span(span(counted=counted))
    assert store.spans_between(AT, later(1)) == [span(counted=12.5)]


def test_spans_lie_in_a_half_open_time_and_come_in_order(store: SqliteDeskStore) -> None:
    for name, seconds in (("c", 10), ("a", 0), ("b", 9.999999), ("z", -0.000001)):
        store.append_span(span(name, at=later(seconds)))
    assert [each.span_id for each in store.spans_between(AT, later(10))] == ["a", "b"]


def test_a_correction_is_a_span_of_its_own(store: SqliteDeskStore) -> None:
    store.append_span(span())
    correction = replace(
        span("span-2", counted=0.0), corrects="span-1", reason="I was at lunch", dropped=()
    )
    store.append_span(correction)
    store.append_span(span(counted=99.0))
    assert store.spans_between(AT, later(1)) == [span(), correction]


@pytest.mark.parametrize("edit", [None, *Edit])
def test_a_span_keeps_its_clock_and_whose_hand_it_was(
    store: SqliteDeskStore, edit: Edit | None
) -> None:
    kept = replace(span(), clock="run-1", edit=edit, act="act-1")
    store.append_span(kept)
    assert store.spans_between(AT, later(1)) == [kept]


def test_a_span_of_an_earlier_run_never_changes(store: SqliteDeskStore, path: Path) -> None:
    store.append_span(span())
    store.close()
    again = reopened(path)
    again.append_span(span(counted=99.0))
    assert again.spans_between(AT, later(1)) == [span()]
    again.close()


def test_a_span_neither_shrinks_nor_moves(store: SqliteDeskStore) -> None:
    store.append_span(span())
    for wrong in (
        span(counted=4.0),
        span(at=later(1)),
        replace(span(), item="another"),
        replace(span(), utc_offset=timedelta()),
        replace(span(), reason="I was at lunch"),
        replace(span(), clock="another run"),
        replace(span(), edit=Edit.CUT),
        replace(span(), act="another act"),
    ):
        with pytest.raises(ValueError, match="may only grow"):
            store.append_span(wrong)
    assert store.spans_between(AT, later(5)) == [span()]


SPOILT = [
    ("kind", "SANG", "no known kind"),
    ("started_at", "2026-11-21Tnoon", "Invalid isoformat"),
    ("started_at", "2026-11-21T10:00:00", "names no zone"),
    ("utc_offset_seconds", 999_999, "999999 s from UTC"),
    ("utc_offset_seconds", "east", "east s from UTC"),
    ("counted_seconds", -60.0, "says -60.0 s"),
    ("counted_seconds", float("inf"), "says inf s"),
    ("counted_seconds", 100_000.0, "says 100000.0 s"),
    ("counted_seconds", "many", "says many s"),
    ("utc_offset_seconds", 50_401, "50401 s from UTC"),
    ("dropped", "not JSON", "it dropped not JSON"),
    ("dropped", "7", "it dropped 7"),
    ("dropped", "[" * 100_000, "it dropped [[["),
    ("dropped", f'[["LOCKED", 1{"0" * 400}]]', "it dropped ['LOCKED', 1000"),
    ("dropped", f'[["LOCKED", 1{"0" * 5000}]]', "it dropped [["),
    ("dropped", '[["LOCKED", 1e300]]', "it dropped"),
    ("dropped", '[["LOCKED", -1]]', "dropped"),
    ("dropped", '[["LOCKED", NaN]]', "dropped"),
    ("dropped", '[["LOCKED", Infinity]]', "dropped"),
    ("dropped", '[["LOCKED"]]', "dropped"),
]


def spoil(path: Path, span_id: str, column: str, value: object) -> None:
    """As another program would, which knows nothing of our triggers."""
    other = sqlite3.connect(path)
    (trigger,) = other.execute(
        "SELECT sql FROM sqlite_schema WHERE name = 'span_keeps_what_it_is'"
    ).fetchone()
    other.execute("DROP TRIGGER span_keeps_what_it_is")
    other.execute(f"UPDATE span SET {column} = ? WHERE span_id = ?", (value, span_id))
    other.execute(trigger)
    other.commit()
    other.close()


@pytest.mark.parametrize(("column", "value", "words"), SPOILT)
def test_a_row_that_cannot_be_true_is_left_out_and_named_once(
    store: SqliteDeskStore,
    path: Path,
    caplog: pytest.LogCaptureFixture,
    expect_log: ExpectLog,
    column: str,
    value: object,
    words: str,
) -> None:
    expect_log("Span spoilt of the reading log is left out: .*" + re.escape(words))
    store.append_span(span("good"))
    store.append_span(span("spoilt"))
    spoil(path, "spoilt", column, value)
    for _ in range(2):
        assert store.spans_between(later(-86400), later(86400)) == [span("good")]
    assert len(caplog.records) == 1


def test_what_a_newer_version_wrote_is_read_as_far_as_it_is_known(
    store: SqliteDeskStore, path: Path
) -> None:
    store.append_span(span("new"))
    spoil(path, "new", "dropped", '[["DREAMT", 5.0]]')
    spoil(path, "new", "edit", "SPLIT")
    (read,) = store.spans_between(AT, later(1))
    assert read.dropped == (DroppedTime(rule=DropRule.OTHER, seconds=5.0),)
    assert read.edit is None


def test_an_absence_of_five_days_by_an_older_version_ends_with_the_day(
    store: SqliteDeskStore, path: Path
) -> None:
    store.append_span(span("old", counted=400.0))
    spoil(path, "old", "dropped", '[["NOT_IN_FRONT", 432000.0], ["LOCKED", 60]]')
    (read,) = store.spans_between(AT, later(1))
    assert read.dropped == (DroppedTime(rule=DropRule.NOT_IN_FRONT, seconds=86_000.0),)


def test_not_even_another_program_deletes_a_span(store: SqliteDeskStore, path: Path) -> None:
    store.append_span(span())
    other = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
        other.execute("DELETE FROM span")
    other.close()


def test_the_files_are_for_this_user_alone(store: SqliteDeskStore, path: Path) -> None:
    store.tell(["a"], AT)
    names = {file.name for file in path.parent.iterdir()}
    assert names == {"desk.db", "desk.db-wal", "desk.db-shm"}
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_healthy_database_says_ok(store: SqliteDeskStore) -> None:
    assert store.integrity_check() == "ok"


def test_two_runs_beside_each_other(store: SqliteDeskStore, path: Path) -> None:
    store.append_span(span())
    reader = reopened(path)
    assert reader.spans_between(AT, later(1)) == [span()]
    store.append_span(span(counted=6.0))
    assert reader.spans_between(AT, later(1)) == [span(counted=6.0)]
    reader.close()


def test_spans_of_a_week_are_found_by_an_index(store: SqliteDeskStore, path: Path) -> None:
    for number in range(20):
        store.append_span(span(f"s{number}", later(number * 3600.0)))
    assert len(store.spans_between(later(5 * 3600.0), later(9 * 3600.0))) == 4
    looking = sqlite3.connect(path)
    plan = looking.execute(
        "EXPLAIN QUERY PLAN SELECT * FROM span WHERE started_at >= ? AND started_at < ?"
        " ORDER BY started_at, rowid",
        ("a", "b"),
    ).fetchall()
    looking.close()
    assert "SEARCH" in plan[0][3], "ten years of spans would be walked through"


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("WHERE kind = 'TALK' ORDER BY started_at DESC LIMIT 1", "span_talk"),
        ("WHERE corrects = 'a' AND corrects <> ''", "span_corrects"),
    ],
)
def test_the_newest_talk_and_corrections_are_found_by_an_index(
    store: SqliteDeskStore, path: Path, question: str, index: str
) -> None:
    store.append_span(span())
    looking = sqlite3.connect(path)
    sql = f"EXPLAIN QUERY PLAN SELECT span_id FROM span {question}"
    plan = looking.execute(sql).fetchall()
    looking.close()
    assert index in plan[0][3]


def tell_much(path: Path) -> None:
    desk = SqliteDeskStore(path)
    try:
        desk.tell((f"key {number}" for number in range(3000)), AT)
    finally:
        desk.close()


@pytest.mark.parametrize("damage", ["garbage", "torn page", "text"])
def test_a_damaged_file_is_said_and_left_alone(path: Path, damage: str) -> None:
    if damage == "text":
        path.write_text("these are not the bytes of a database, " * 40)
    else:
        tell_much(path)
        with path.open("r+b") as file:
            file.seek(0 if damage == "garbage" else 4096)
            file.write(os.urandom(4096 if damage == "garbage" else 40_000))
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        tell_much(path)
    assert "damaged" in caught.value.title
    assert str(path) in caught.value.advice
    # A tear in the middle is met late: then the header says that the file was opened and closed.
    assert path.read_bytes()[HEADER:] == before[HEADER:]
    assert refusal_of(path) == caught.value.title


@pytest.mark.parametrize("damage", [b"garbage", b"torn page"])
def test_damage_is_found_before_anything_is_written(path: Path, damage: bytes) -> None:
    tell_much(path)
    with path.open("r+b") as file:
        file.seek(0 if damage == b"garbage" else 4096)
        file.write(damage * 1000)
    before = path.read_bytes()
    assert "damaged" in refusal_of(path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def refusal_of(path: Path) -> str:
    with pytest.raises(StoreError) as caught:
        refuse_damaged(path)
    return caught.value.title


def test_a_whole_file_and_none_are_not_refused(path: Path) -> None:
    refuse_damaged(path)
    assert not path.exists()
    store = SqliteDeskStore(path)
    refuse_damaged(path)
    store.close()
    refuse_damaged(path)


def test_damage_is_found_by_the_integrity_check(path: Path) -> None:
    tell_much(path)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size - 8192)
        file.write(b"\0" * 4096)
    desk = SqliteDeskStore(path)
    assert desk.integrity_check() != "ok"
    desk.close()


def test_a_database_that_is_held_is_said(store: SqliteDeskStore, path: Path) -> None:
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="held by another program"):
        store.mark_read("a", AT)
    holder.execute("ROLLBACK")
    store.mark_read("a", AT)
    assert store.read_keys() == {"a"}
    holder.close()


def test_a_full_disk_is_said_and_nothing_is_lost(store: SqliteDeskStore) -> None:
    store.mark_read("before", AT)
    # The disk of a test is never full; SQLite treats its own size limit in the same way.
    (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
    store._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="disk is full"):
        store.tell((f"{number:0100}" for number in range(1000)), AT)
    assert store.read_keys() == {"before"}
    store._connection.execute("PRAGMA max_page_count = 1000000")
    assert len(store.tell((f"{number:0100}" for number in range(1000)), AT)) == 1000


def test_another_programs_database_is_refused(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        SqliteDeskStore(path)
    assert path.read_bytes() == before


def test_a_place_where_no_file_can_be_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        SqliteDeskStore(tmp_path / "missing" / "desk.db")
    with pytest.raises(StoreError, match="cannot be opened"):
        SqliteDeskStore(tmp_path)


AS_ANOTHER_USER = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.domain.errors import StoreError
os.setgid(65534)
os.setuid(65534)
try:
    SqliteDeskStore(Path(sys.argv[1])).mark_read("a", datetime(2026, 1, 1, tzinfo=UTC))
except StoreError as error:
    print(error.title)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize(
    ("mode", "sentence"),
    [(0o644, "desk.db may not be written"), (0o600, "desk.db cannot be opened")],
)
def test_a_file_of_another_user(mode: int, sentence: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "desk.db"
        SqliteDeskStore(path).close()
        path.chmod(mode)
        path.parent.chmod(0o755)
        done = subprocess.run(
            [sys.executable, "-c", AS_ANOTHER_USER, str(path)],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    assert done.stdout.strip() == sentence, done.stderr


WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from tests.adapters.desk_examples import AT, alert, call, later, span
store = SqliteDeskStore(Path(sys.argv[1]))
run = sys.argv[2]
number = 0
while True:
    number += 1
    store.tell([f"{run}/{number}"], AT)
    store.save_alert(alert(f"alert {number % 5}"))
    store.save_call(call(f"{run}.{number}"))
    store.append_span(span(f"span {run}", at=later(int(run)), counted=float(number)))
    print(number, flush=True)
"""


def test_kill_9_at_any_moment_loses_nothing_that_was_written(path: Path) -> None:
    for run in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(run)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            for _ in range(20 + run * 37):
                last = int(writer.stdout.readline())
            os.kill(writer.pid, signal.SIGKILL)
            for line in writer.stdout.read().splitlines():
                last = int(line)
        store = SqliteDeskStore(path)
        assert store.integrity_check() == "ok"
        (grown,) = store.spans_between(later(run), later(run + 1))
        assert grown.counted_seconds in (float(last), float(last + 1))
        assert store.tell([f"{run}/{number}" for number in range(1, last + 1)], AT) == []
        assert len(store.open_alerts()) == 5
        store.close()


def test_two_programs_may_make_the_database_at_the_same_moment(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from supportdesk.adapters.storage.desk_store import SqliteDeskStore;"
        "sys.stdin.read(1); SqliteDeskStore(Path(sys.argv[1])).close()"
    )
    starters = [
        subprocess.Popen([sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE)
        for _ in range(4)
    ]
    for starter in starters:
        assert starter.stdin is not None
        starter.stdin.write(b"\n")
        starter.stdin.close()
    wait_until(
        lambda: all(starter.poll() is not None for starter in starters),
        seconds=30,
        what="four programs to open one database",
    )
    assert [starter.returncode for starter in starters] == [0, 0, 0, 0]


def test_a_naive_time_cannot_get_in(store: SqliteDeskStore) -> None:
    store.save_last_heard(datetime.fromisoformat("2026-11-21T10:00:00+00:00"))
    heard = store.last_heard_at()
    assert heard is not None
    assert heard.utcoffset() == timedelta()


def test_what_is_known_of_a_phone_system(store: SqliteDeskStore) -> None:
    counts = (
        QueueCount(queue="sales", abandoned=0, completed=7),
        QueueCount(queue="support", abandoned=3, completed=90),
    )
    memory = PhoneMemory(phone=OFFICE, place="pbx.example:5038", heard_at=AT, counts=counts)
    assert store.phone_memory(OFFICE) is None
    store.save_phone_memory(memory)
    later_on = replace(memory, heard_at=later(60), counts=())
    assert store.phone_memory(OFFICE) == memory
    store.save_phone_memory(later_on)
    assert store.phone_memory(OFFICE) == later_on
    assert store.phone_memory(SourceName("Annex")) is None


def test_gaps_are_kept_newest_and_in_order(store: SqliteDeskStore, path: Path) -> None:
    unknown = Gap(phone=OFFICE, since=AT, until=later(60), missed=None)
    long = Gap(phone=SourceName("Annex"), since=later(-900), until=later(90), missed=0)
    newest = Gap(phone=OFFICE, since=later(100), until=later(160), missed=2)
    assert store.newest_gaps(5) == []
    for gap in (newest, unknown, long):
        store.save_gap(gap)
    store.save_gap(replace(newest, missed=3))
    store.close()
    again = reopened(path)
    assert again.newest_gaps(5) == [unknown, long, replace(newest, missed=3)]
    assert again.newest_gaps(1) == [replace(newest, missed=3)]
    again.close()
