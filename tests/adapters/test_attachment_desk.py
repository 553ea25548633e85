"""Fetched attachments on the desktop: judged and copied in threads, told on the GUI thread."""

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from supportdesk.adapters.attachment_desk import AttachmentDesk
from supportdesk.adapters.attachment_store import AttachmentStore
from supportdesk.adapters.places import Places
from supportdesk.domain.errors import Problem
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, MessagePart
from supportdesk.services.file_danger import Judgement, Risk
from supportdesk.ui.controllers.file_acts import FileActs, FileToSave
from tests.conftest import ExpectLog

NAME, MESSAGE = SourceName("Support"), MessageId("<1@x>")
PDF = MessagePart(name="a.pdf", media_type="application/pdf", size_bytes=9, section="2")
WAIT = 30_000


class Desktop:
    """Has a program for every file."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    def __call__(self, path: str) -> bool:
        self.opened.append(path)
        return True


class Copies:
    """What was told of copies, and by which thread."""

    def __init__(self) -> None:
        self.told: list[tuple[list[str], Problem | None]] = []
        self.threads: set[int] = set()

    def __call__(self, paths: Sequence[str], problem: Problem | None) -> None:
        self.told.append((list(paths), problem))
        self.threads.add(threading.get_ident())


@pytest.fixture
def store(tmp_path: Path) -> AttachmentStore:
    return AttachmentStore(Places.under(tmp_path).attachments_dir)


@pytest.fixture
def desk(qapp: QObject, store: AttachmentStore) -> AttachmentDesk:
    return AttachmentDesk(store, Desktop())


def keep(store: AttachmentStore, content: bytes) -> str:
    store.coming(NAME, MESSAGE, "2").write_bytes(content)
    return str(store.keep(NAME, MESSAGE, "2", "a.pdf"))


def test_it_is_what_the_window_asks_for(desk: AttachmentDesk) -> None:
    acts: FileActs = desk
    assert acts is desk


def test_a_part_is_found_where_the_worker_put_it(
    desk: AttachmentDesk, store: AttachmentStore, tmp_path: Path
) -> None:
    path = keep(AttachmentStore.beside(Places.under(tmp_path).mail_db), b"%PDF-1.7")
    assert desk.path_of(NAME, MESSAGE, "2") == path
    assert desk.path_of(NAME, MESSAGE, "3") == ""
    assert desk.path_of(NAME, MESSAGE, "") == ""


@pytest.mark.parametrize(("content", "risk"), [(b"%PDF-1.7", Risk.NONE), (b"MZ", Risk.DANGEROUS)])
def test_a_file_is_judged_by_its_bytes(
    desk: AttachmentDesk, store: AttachmentStore, qtbot: QtBot, content: bytes, risk: Risk
) -> None:
    found: list[Judgement] = []
    desk.judge(keep(store, content), PDF, found.append)
    assert found == []
    qtbot.waitUntil(lambda: bool(found), timeout=WAIT)
    assert found[0].risk is risk


def test_a_file_that_went_is_not_opened(desk: AttachmentDesk, qtbot: QtBot) -> None:
    found: list[Judgement] = []
    desk.judge("/nowhere/a.pdf", PDF, found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=WAIT)
    assert found[0].risk is Risk.UNKNOWN
    assert not desk.open("/nowhere/a.pdf")


def test_a_file_that_breaks_the_judge_is_said_and_not_opened(
    desk: AttachmentDesk,
    store: AttachmentStore,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    expect_log: ExpectLog,
) -> None:
    expect_log("could not be judged")

    def fail(_path: Path) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("supportdesk.adapters.file_inspection.inspect_file", fail)
    found: list[Judgement] = []
    desk.judge(keep(store, b"%PDF-1.7"), PDF, found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=WAIT)
    assert found == [Judgement(risk=Risk.UNKNOWN, kind="A file that cannot be judged here")]


def test_what_ends_after_the_window_troubles_nobody(
    store: AttachmentStore, qapp: QObject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, path, copies = AttachmentDesk(store, Desktop()), keep(store, b"%PDF-1.7"), Copies()
    goes_on = threading.Event()
    raised: list[object] = []
    monkeypatch.setattr(threading, "excepthook", raised.append)

    def wait(_path: Path) -> None:
        goes_on.wait(30)
        raise OSError

    def wait_and_save(*_args: object) -> Path:
        goes_on.wait(30)
        return tmp_path

    monkeypatch.setattr("supportdesk.adapters.file_inspection.inspect_file", wait)
    monkeypatch.setattr("supportdesk.adapters.attachment_desk.save_as", wait_and_save)
    before = set(threading.enumerate())
    desk.judge(path, PDF, lambda _found: None)
    desk.save_as(path, str(tmp_path / "mine.pdf"), "", copies)
    begun = set(threading.enumerate()) - before
    shiboken6.delete(desk)
    goes_on.set()
    for thread in begun:
        thread.join(30)
    assert len(begun) == 2
    assert raised == []
    assert copies.told == []


def test_the_desktop_opens_our_copy(qapp: QObject, store: AttachmentStore) -> None:
    desktop = Desktop()
    desk, path = AttachmentDesk(store, desktop), keep(store, b"%PDF-1.7")
    assert desk.open(path)
    desk.show_in_folder(path)
    assert desktop.opened == [path, str(Path(path).parent)]


def test_copies_are_told_on_the_gui_thread(
    desk: AttachmentDesk, store: AttachmentStore, qtbot: QtBot, tmp_path: Path
) -> None:
    path, copies = keep(store, b"%PDF-1.7"), Copies()
    folder = tmp_path / "Downloads"
    folder.mkdir()
    desk.save_as(path, str(folder / "mine.pdf"), "ann@example.org", copies)
    qtbot.waitUntil(lambda: len(copies.told) == 1, timeout=WAIT)
    files = [FileToSave(path=path, name="mine.pdf"), FileToSave(path=path, name="b.pdf")]
    desk.save_into(files, str(folder), "ann@example.org", copies)
    qtbot.waitUntil(lambda: len(copies.told) == 2, timeout=WAIT)
    desk.save_into(files, str(folder / "none"), "ann@example.org", copies)
    qtbot.waitUntil(lambda: len(copies.told) == 3, timeout=WAIT)
    assert copies.threads == {threading.get_ident()}
    assert copies.told[0] == ([str(folder / "mine.pdf")], None)
    assert copies.told[1] == ([str(folder / "mine (2).pdf"), str(folder / "b.pdf")], None)
    paths, problem = copies.told[2]
    assert paths == []
    assert problem is not None


def test_the_folder_of_the_last_copy_is_remembered(
    desk: AttachmentDesk, store: AttachmentStore, tmp_path: Path, qtbot: QtBot
) -> None:
    assert Path(desk.last_folder()).name
    folder, copies = tmp_path / "Účty", Copies()
    folder.mkdir()
    desk.save_into([FileToSave(path=keep(store, b"x"), name="a")], str(folder), "", copies)
    qtbot.waitUntil(lambda: bool(copies.told), timeout=WAIT)
    assert AttachmentDesk(store, Desktop()).last_folder() == str(folder)
    (folder / "a").unlink()
    folder.rmdir()
    assert desk.last_folder() != str(folder)


def test_where_nothing_can_be_remembered_all_goes_on(
    qapp: QObject, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "file").write_text("")
    desk, copies = AttachmentDesk(AttachmentStore(tmp_path / "file"), Desktop()), Copies()
    desk.save_as("/nowhere/a", str(tmp_path / "b"), "", copies)
    qtbot.waitUntil(lambda: bool(copies.told), timeout=WAIT)
    assert desk.last_folder()
