"""What a run of the core does with the log as a whole, and says of the file that it lies in."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.places import Places
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.voice_tables import VoiceTables
from supportdesk.commands.requests import RequestDesk
from supportdesk.core import COPIED_DESK, Core
from supportdesk.domain.voices import Quote
from supportdesk.services.log_rows import object_of
from supportdesk.services.log_union import LogDone
from tests.adapters.desk_examples import AT, later, span
from tests.conftest import ExpectLog
from tests.fakes.memory_secrets import MemorySecrets
from tests.fakes.presenter import RecordingPresenter

LONG_AGO = 1e8
"""Some three years: whatever day the tests are run on, it is past."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def new_core(home: Path) -> Core:
    return Core(Places.under(home), presenter=RecordingPresenter(), secrets=MemorySecrets())


@pytest.fixture
def core(home: Path, qtbot: QtBot) -> Iterator[Core]:
    made = new_core(home)
    yield made
    made.stop()


def test_a_desk_that_was_copied_while_open_is_said_once(
    home: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    with closing(SqliteDeskStore(tmp_path / "original.db")) as original:
        original.append_span(span())
        shutil.copy(tmp_path / "original.db", home / "desk.db")
    first = new_core(home)
    first.start()
    assert first.problems[COPIED_DESK].title == ("desk.db was copied while supportdesk had it open")
    first.stop()
    second = new_core(home)
    second.start()
    assert not second.problems
    second.stop()


def test_the_window_exports_imports_and_deletes(core: Core, tmp_path: Path, qtbot: QtBot) -> None:
    core.start()
    done: list[LogDone] = []
    core.store.append_span(span("mine"))
    core.data.log_keeper.export(tmp_path, done.append)
    qtbot.waitUntil(lambda: len(done) == 1, timeout=30_000)
    assert done[0].words.startswith("1 row of the log is in")
    assert "mine" in (tmp_path / "reading-log.csv").read_text()
    theirs = tmp_path / "theirs.db"
    assert core.desk.voices.search() == ()
    quote = Quote(key="quote/1", words="It works", who="Eva", said_at=AT, kept_at=AT)
    with closing(SqliteDeskStore(theirs)) as other:
        VoiceTables(other.connection, theirs).save_quote(quote)
        other.join_spans(
            [span(f"{number}", later(9 * number - LONG_AGO)) for number in range(1, 300)]
        )
        other.join_spans([span("future", later(9e9))])
    with qtbot.waitSignal(core.data.log_changed, timeout=30_000):
        core.data.log_keeper.import_file(theirs, done.append)
    qtbot.waitUntil(lambda: len(done) == 2, timeout=30_000)
    assert done[1].problem is None
    assert done[1].words.startswith("299 new spans, 0 known already.")
    assert done[1].words.endswith(
        " 1 new quote, 0 new lessons and 0 new promises, 0 known already."
    )
    qtbot.waitUntil(lambda: core.desk.voices.search() == (quote,), timeout=30_000)
    assert done[1].refused == ("Row 300 is left out: it lies in the future (2312-02-03).",)
    with qtbot.waitSignal(core.data.log_changed, timeout=30_000):
        core.data.log_keeper.delete(done.append)
    qtbot.waitUntil(lambda: len(done) == 3, timeout=30_000)
    assert done[2].words.startswith("300 rows of the log deleted")
    assert list(core.store.all_spans()) == []


def test_the_weeks_follow_what_comes_and_goes(core: Core) -> None:
    core.start()
    week = core.log.week_at(AT)
    assert core.log.week(week).counted_seconds == 0
    core.data.join_log([span()])
    assert core.log.week(week).counted_seconds == 5.0
    core.data.delete_log()
    assert core.log.week(week).counted_seconds == 0


def test_what_does_not_go_is_said(core: Core, tmp_path: Path, qtbot: QtBot) -> None:
    core.start()
    done: list[LogDone] = []
    core.data.log_keeper.export(tmp_path / "nowhere", done.append)
    core.data.log_keeper.import_file(tmp_path / "nowhere.csv", done.append)
    core.data.log_keeper.import_file(core.desk_db, done.append)
    qtbot.waitUntil(lambda: len(done) == 3, timeout=30_000)
    problems = sorted(one.problem.title for one in done if one.problem is not None)
    assert problems[1:] == [
        "nowhere.csv is no file",
        "reading-log.csv cannot be written: No such file or directory",
    ]
    assert problems[0].endswith("is the log of this home itself")
    assert all(one.words.startswith(one.problem.title) for one in done if one.problem is not None)


def test_a_mistake_of_ours_ends_with_a_word_and_is_in_the_log_file(
    core: Core,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    expect_log: ExpectLog,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The window waits for the end of each, and takes no other wish until then."""
    core.start()
    keeper = core.data.log_keeper
    with closing(SqliteDeskStore(tmp_path / "theirs.db")) as other:
        other.append_span(span("theirs", later(-LONG_AGO)))

    def mistaken(*_: object) -> None:
        raise OverflowError("int too large to convert to float")

    done: list[LogDone] = []
    monkeypatch.setattr(keeper, "_join", mistaken)
    monkeypatch.setattr(keeper, "_delete", mistaken)
    keeper.import_file(tmp_path / "theirs.db", done.append)
    qtbot.waitUntil(lambda: len(done) == 1, timeout=30_000)
    keeper.delete(done.append)
    qtbot.waitUntil(lambda: len(done) == 2, timeout=30_000)
    monkeypatch.setattr(SqliteDeskStore, "all_spans", mistaken)
    keeper.export(tmp_path, done.append)
    qtbot.waitUntil(lambda: len(done) == 3, timeout=30_000)
    keeper.measure(0, done.append)
    qtbot.waitUntil(lambda: len(done) == 4, timeout=30_000)
    for one, name in zip(done, ("import", "deletion", "export", "counting"), strict=True):
        expect_log(f"The {name} of the log ended with a mistake")
        assert one.problem is not None
        assert one.problem.title == f"The {name} of the log was not finished: OverflowError"
        assert "Try it again." in one.problem.advice
    assert "nothing is counted twice" in done[0].words
    assert [str(one.exc_info[1])[:13] for one in caplog.records if one.exc_info] == [
        "int too large"
    ] * 4


def test_what_the_disk_does_not_take_is_in_the_export_and_an_import_says_so(
    core: Core, tmp_path: Path, qtbot: QtBot
) -> None:
    core.start()
    disk = core.store._store
    assert isinstance(disk, SqliteDeskStore)
    with closing(SqliteDeskStore(tmp_path / "theirs.db")) as other:
        other.append_span(span("theirs", later(-LONG_AGO)))
    disk._connection.execute("PRAGMA query_only = ON")
    core.store.append_span(span("waiting"))
    done: list[LogDone] = []
    core.data.log_keeper.export(tmp_path, done.append)
    qtbot.waitUntil(lambda: len(done) == 1, timeout=30_000)
    assert "waiting" in (tmp_path / "reading-log.csv").read_text()
    core.data.log_keeper.import_file(tmp_path / "theirs.db", done.append)
    qtbot.waitUntil(lambda: len(done) == 2, timeout=30_000)
    assert done[1].words.startswith("desk.db may not be written")
    core.data.log_keeper.delete(done.append)
    qtbot.waitUntil(lambda: len(done) == 3, timeout=30_000)
    assert done[2].words.startswith("desk.db may not be written")
    disk._connection.execute("PRAGMA query_only = OFF")
    assert core.store.write_waiting()
    assert list(core.store.all_spans()) == [span("waiting")]


def test_a_log_that_ends_with_the_run_takes_nothing(
    home: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    (home / "desk.db").write_bytes(b"not a database, by far" * 999)
    core = new_core(home)
    core.start()
    answers = RequestDesk(core)
    for request in ({"verb": "join log", "spans": []}, {"verb": "delete log"}):
        assert answers.answer(request)["title"] == "desk.db is damaged and cannot be read"
    core.stop()
    assert (home / "desk.db").read_bytes() == b"not a database, by far" * 999


def test_what_other_processes_ask_of_the_log(core: Core) -> None:
    core.start()
    answers = RequestDesk(core)
    spans = [object_of(span("a")), object_of(span("b"))]
    told = answers.answer({"verb": "join log", "spans": spans})
    assert told == {"ok": True, "new": ["a", "b"], "grown": [], "known": 0, "refused": []}
    other = object_of(span("a", later(60)))
    told = answers.answer({"verb": "join log", "spans": [other, spans[1]]})
    assert told["known"] == 1
    assert told["refused"] == [
        [0, "it began at another time than the span of this id that is here"]
    ]
    told = answers.answer({"verb": "join log", "spans": [{"span_id": "c"}]})
    assert (told["ok"], told["title"]) == (False, "That is no span of a reading log")
    assert answers.answer({"verb": "delete log"}) == {"ok": True, "count": 2}
