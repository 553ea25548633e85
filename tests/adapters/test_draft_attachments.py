"""Files for drafts are copied on threads; each answer comes on the GUI thread."""

import threading
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from supportdesk.domain.answers import DraftFile
from supportdesk.domain.errors import Problem
from supportdesk.draft_attachments import DraftAttachments

_WAIT_MS = 30_000


def test_each_is_answered_in_its_order(tmp_path: Path, qtbot: QtBot) -> None:
    parent = QObject()
    attachments = DraftAttachments(tmp_path / "files", parent)
    first = tmp_path / "a.txt"
    first.write_text("a")
    came: list[tuple[DraftFile | None, Problem | None]] = []
    threads: set[threading.Thread] = set()

    def then(file: DraftFile | None, why: Problem | None) -> None:
        threads.add(threading.current_thread())
        came.append((file, why))

    attachments.attach([str(first), str(tmp_path / "gone.txt")], then)
    qtbot.waitUntil(lambda: len(came) == 2, timeout=_WAIT_MS)
    (file, _), (none, why) = came
    assert file is not None
    assert file.name == "a.txt"
    assert none is None
    assert why is not None
    assert threads == {threading.main_thread()}


def test_a_picture_that_was_pasted_is_a_png(tmp_path: Path, qtbot: QtBot) -> None:
    parent = QObject()
    attachments = DraftAttachments(tmp_path, parent)
    came: list[DraftFile | None] = []
    attachments.attach_picture(
        QImage(4, 4, QImage.Format.Format_RGB32), lambda file, _why: came.append(file)
    )
    qtbot.waitUntil(lambda: bool(came), timeout=_WAIT_MS)
    [file] = came
    assert file is not None
    assert (file.name, file.media_type) == ("picture.png", "image/png")
    assert (tmp_path / file.sha256).read_bytes().startswith(b"\x89PNG")
