"""Saved replies as files that the app and any editor write."""

import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.saved_reply_files import SavedReplyFiles
from supportdesk.domain.errors import StoreError

PATIENCE_MS = 30_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "saved-replies"


@pytest.fixture
def files(folder: Path, qtbot: QtBot) -> SavedReplyFiles:
    return SavedReplyFiles(folder)


def names(files: SavedReplyFiles) -> list[str]:
    return [reply.name for reply in files.replies()]


def append(path: Path, words: str) -> None:
    with path.open("a") as file:
        file.write(words)


def test_without_a_folder_there_are_none_and_none_is_made(
    files: SavedReplyFiles, folder: Path
) -> None:
    assert files.replies() == ()
    assert not folder.exists()


def test_what_was_saved_is_there_for_the_next_run(files: SavedReplyFiles, folder: Path) -> None:
    key = files.save("Refund", "Dear {name},\nit is on its way.")
    files.save("apology", "We are sorry.")
    assert names(files) == ["apology", "Refund"]
    assert (folder / key).read_text() == "Refund\n\nDear {name},\nit is on its way.\n"
    if sys.platform != "win32":
        assert folder.stat().st_mode & 0o777 == 0o700
    assert SavedReplyFiles(folder).replies() == files.replies()


def test_a_reply_is_changed_in_place_and_removed(files: SavedReplyFiles) -> None:
    key = files.save("Refund", "a")
    assert files.save("Refunds", "b", key) == key
    assert [(reply.key, reply.name, reply.text) for reply in files.replies()] == [
        (key, "Refunds", "b")
    ]
    files.remove(key)
    files.remove(key)
    assert files.replies() == ()


def test_two_of_one_name_are_two_files(files: SavedReplyFiles) -> None:
    assert [files.save("Refund", "a"), files.save("refund", "b")] == [
        "Refund.txt",
        "refund (2).txt",
    ]


def test_files_of_any_editor_are_read(files: SavedReplyFiles, folder: Path) -> None:
    folder.mkdir()
    (folder / "a.txt").write_bytes("Grüße\r\n\r\nBis bald".encode("utf-16"))
    (folder / "b.txt").write_bytes("Zürich\n\nSchöne Grüße aus Zürich".encode("latin-1"))
    (folder / "c.txt").write_bytes("\ufeffUTF\n\nž".encode())
    (folder / "empty.txt").write_bytes(b"")
    (folder / "notes.md").write_text("Not one")
    (folder / ".hidden.txt").write_text("Not one")
    (folder / "folder.txt").mkdir()
    assert names(files) == ["Grüße", "UTF", "Zürich"]


def test_what_an_editor_does_is_heard(files: SavedReplyFiles, folder: Path, qtbot: QtBot) -> None:
    assert files.replies() == ()
    with qtbot.waitSignal(files.changed, timeout=PATIENCE_MS):
        folder.mkdir()
        (folder / "a.txt").write_text("One\n\nfirst")
    qtbot.waitUntil(lambda: names(files) == ["One"], timeout=PATIENCE_MS)
    with qtbot.waitSignal(files.changed, timeout=PATIENCE_MS):
        append(folder / "a.txt", "more")
    assert files.replies()[0].text == "firstmore"
    with qtbot.waitSignal(files.changed, timeout=PATIENCE_MS):
        (folder / "new").write_text("Two\n\nsecond")
        (folder / "new").replace(folder / "a.txt")
    assert names(files) == ["Two"]
    with qtbot.waitSignal(files.changed, timeout=PATIENCE_MS):
        (folder / "a.txt").write_text("Three\n\nthird")
    assert names(files) == ["Three"]
    with qtbot.waitSignal(files.changed, timeout=PATIENCE_MS):
        (folder / "a.txt").unlink()
    assert names(files) == []


def test_what_we_save_ourselves_is_told_once(files: SavedReplyFiles, qtbot: QtBot) -> None:
    told: list[int] = []
    files.changed.connect(lambda: told.append(len(files.replies())))
    files.replies()
    key = files.save("One", "first")
    assert told == [1]
    # The folder tells of our own writing too; that changes nothing, and is not told.
    (files.folder / "b.txt").write_text("Two\n\nsecond")
    qtbot.waitUntil(lambda: told[-1] == 2, timeout=PATIENCE_MS)
    files.remove(key)
    assert told == [1, 2, 1]


@pytest.mark.parametrize(
    "key", ["../settings.txt", "/etc/passwd", "a/b.txt", "settings.toml", ".."]
)
def test_a_key_leads_nowhere_else(files: SavedReplyFiles, key: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        files.remove(key)
    with pytest.raises(ValueError, match="no key"):
        files.save("a", "b", key)


def test_a_disk_that_does_not_take_it_is_named(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "file").write_text("")
    files = SavedReplyFiles(tmp_path / "file" / "saved-replies")
    with pytest.raises(StoreError, match="cannot be kept"):
        files.save("a", "b")
    assert files.replies() == ()
    with pytest.raises(StoreError, match="cannot be deleted"):
        files.remove("a.txt")


def test_a_link_to_nowhere_is_left_out(files: SavedReplyFiles, folder: Path) -> None:
    folder.mkdir()
    (folder / "a.txt").write_text("One\n\nfirst")
    (folder / "b.txt").symlink_to(folder / "nowhere.txt")
    assert names(files) == ["One"]
