"""Somebody is forgotten while the desk runs: it knows nothing of them, and writes nothing back."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.places import Places
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.commands.requests import RequestDesk
from supportdesk.core import Core
from supportdesk.domain.errors import StoreError
from supportdesk.services.forgetting import Forgotten, ForgottenDone
from tests.adapters.forgotten_home import (
    EMAIL,
    NAME,
    NUMBER,
    SECRETS,
    bytes_found,
    fill_alerts,
    make_full_home,
)
from tests.conftest import ExpectLog
from tests.fakes.memory_secrets import MemorySecrets
from tests.fakes.presenter import RecordingPresenter
from tests.lab.waiting import free_port


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = make_full_home(tmp_path / "home")
    with made.settings_path.open("a") as file:
        file.write(f'port = {free_port()}\nsecurity = "none"\n')
    with closing(SqliteDeskStore(made.desk_db)) as store:
        fill_alerts(store)
    return made


@pytest.fixture
def core(places: Places, qtbot: QtBot) -> Iterator[Core]:
    secrets = MemorySecrets()
    secrets.set("mail/Support", "x")
    made = Core(places, presenter=RecordingPresenter(), secrets=secrets)
    made.start()
    yield made
    made.stop()


def customers(core: Core) -> set[str]:
    conversations = core.desk.inbox.conversations()
    return {one.sender.email.lower() for each in conversations for one in each.messages}


def test_the_window_asks_and_forgets(core: Core, places: Places, qtbot: QtBot) -> None:
    done: list[ForgottenDone] = []
    assert EMAIL in customers(core)
    core.data.forgetting.look(EMAIL, done.append)
    qtbot.waitUntil(lambda: len(done) == 1, timeout=30_000)
    assert done[0].label.startswith(NAME)
    assert done[0].words.startswith(
        "This deletes 2 mails with their texts, 1 file, 2 calls, 1 note"
    )
    with qtbot.waitSignals([core.data.person_forgotten, core.data.log_changed], timeout=30_000):
        core.data.forgetting.forget(NUMBER, done.append)
    qtbot.waitUntil(lambda: len(done) == 2, timeout=30_000)
    assert done[1].problem is None
    assert "is forgotten here" in done[1].words
    assert customers(core) == {"bob@other.example"}
    assert core.desk.people.of_email(EMAIL) is core.desk.people.of_number(NUMBER) is None
    assert [note.words for note in core.desk.notes.search("ask")] == ["Ask … too"]
    assert core.desk.calls.by_number.of([NUMBER]) == []
    assert not any(NAME in f"{one.title} {one.body}" for one in core.desk.alerts())
    core.stop()
    assert bytes_found(places.data_dir, *SECRETS) == []


def test_what_does_not_go_is_said(
    core: Core, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, expect_log: ExpectLog
) -> None:
    done: list[ForgottenDone] = []
    core.data.forgetting.look("nobody", done.append)
    qtbot.waitUntil(lambda: len(done) == 1, timeout=30_000)
    assert done[0].problem is not None
    assert done[0].problem.title == "Nobody here is called “nobody”"

    def full(_who: object) -> None:
        raise StoreError("The disk is full", "Make room.")

    monkeypatch.setattr(core.data.forgetting, "_leave", full)
    core.data.forgetting.forget("bob@other.example", done.append)
    qtbot.waitUntil(lambda: len(done) == 2, timeout=30_000)
    assert done[1].problem is not None
    assert done[1].problem.title == "The disk is full"


def test_a_mistake_of_ours_ends_with_a_word(
    core: Core, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, expect_log: ExpectLog
) -> None:
    def mistaken(*_: object) -> None:
        raise OverflowError("too large")

    done: list[ForgottenDone] = []
    monkeypatch.setattr(core.data.forgetting, "_leave", mistaken)
    core.data.forgetting.forget("bob@other.example", done.append)
    qtbot.waitUntil(lambda: len(done) == 1, timeout=30_000)
    assert done[0].problem is not None
    assert done[0].problem.title == "They are not wholly forgotten: OverflowError"
    expect_log("Forgetting somebody ended with a mistake")


def test_another_process_has_the_desk_let_go(core: Core) -> None:
    desk = RequestDesk(core)
    who = Forgotten(emails=("bob@other.example",))
    assert desk.answer({"verb": "forget", **who.as_fields()}) == {"ok": True}
    assert "bob@other.example" not in customers(core)


def test_a_stand_in_forgets_nobody(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "desk.db").write_bytes(b"no database at all" * 100)
    core = Core(Places.under(tmp_path), presenter=RecordingPresenter(), secrets=MemorySecrets())
    core.start()
    done: list[ForgottenDone] = []
    core.data.forgetting.forget(EMAIL, done.append)
    qtbot.waitUntil(lambda: len(done) == 1, timeout=30_000)
    assert done[0].problem is not None
    answer = RequestDesk(core).answer({"verb": "forget", "emails": [EMAIL]})
    assert answer["ok"] is False
    core.stop()
