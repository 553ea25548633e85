import errno
import io
import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.log_file import LogFile, on_fault
from tests.conftest import ExpectLog


@pytest.fixture
def log_file(tmp_path: Path, qapp: object) -> Iterator[LogFile]:
    made = LogFile(tmp_path)
    yield made
    made.close()


def _raised() -> tuple[type[BaseException], BaseException]:
    try:
        raise ValueError("seven")
    except ValueError as error:
        return type(error), error


def test_the_log_is_written_for_this_user_alone(log_file: LogFile, tmp_path: Path) -> None:
    logging.getLogger("supportdesk.test").info("listening")
    path = tmp_path / "supportdesk.log"
    assert "supportdesk.test: listening" in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_fault_is_logged_whole_and_told_once(
    log_file: LogFile, tmp_path: Path, qtbot: QtBot, expect_log: ExpectLog
) -> None:
    expect_log("A fault of supportdesk")
    told: list[str] = []
    on_fault(told.append, log_file)
    for _ in range(3):
        kind, error = _raised()
        sys.excepthook(kind, error, error.__traceback__)
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["ValueError: seven"]
    text = (tmp_path / "supportdesk.log").read_text()
    assert text.count("Traceback") == 3


class _FullDisk(io.StringIO):
    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_prints_nothing(
    log_file: LogFile, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(log_file._handler, "stream", _FullDisk())
        logging.getLogger("supportdesk.test").info("listening")
    assert capsys.readouterr().err == ""


def test_a_fault_of_a_thread_is_told_too(
    log_file: LogFile, qtbot: QtBot, expect_log: ExpectLog
) -> None:
    expect_log("A fault of supportdesk")
    told: list[str] = []
    on_fault(told.append, log_file)

    def fail() -> None:
        raise ValueError("in a thread")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: told == ["ValueError: in a thread"])


def test_a_folder_that_cannot_be_written_does_not_matter(tmp_path: Path, qapp: object) -> None:
    log_file = LogFile(tmp_path / "missing")
    logging.getLogger("supportdesk.test").info("listening")
    log_file.close()


def test_hooks_are_given_back(tmp_path: Path, qapp: object) -> None:
    before = sys.excepthook
    LogFile(tmp_path).close()
    assert sys.excepthook is before


def test_after_a_megabyte_a_new_file_begins_and_three_are_kept(
    log_file: LogFile, tmp_path: Path
) -> None:
    log = logging.getLogger("supportdesk.test")
    for number in range(6):
        log.info("file %d %s", number, "x" * 1_000_000)
    log.info("the newest")
    kept = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert sorted(kept) == [f"supportdesk.log{end}" for end in ("", ".1", ".2", ".3")]
    assert "the newest" in kept["supportdesk.log"]
    assert all(f"file {number} " in kept[f"supportdesk.log.{6 - number}"] for number in (3, 4, 5))
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
