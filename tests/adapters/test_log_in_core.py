"""What a run of the core does with the log as a whole, and says of the file that it lies in."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.places import Places
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.core import COPIED_DESK, Core
from tests.adapters.desk_examples import span
from tests.fakes.memory_secrets import MemorySecrets
from tests.fakes.presenter import RecordingPresenter


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
