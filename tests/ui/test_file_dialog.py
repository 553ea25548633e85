"""Questions for files: the founder's places, room for names at any size of text, right answers."""

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QTreeView, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.ui.file_dialog import ask_for_file, ask_for_folder, ask_where_to_save
from supportdesk.ui.theme import Theme


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two of the usual folders, and a bookmark of the file manager, of which one has gone."""
    for name in ("Documents", "Downloads", "customers", ".config/gtk-3.0"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    dirs = 'XDG_DOCUMENTS_DIR="$HOME/Documents"\nXDG_DOWNLOAD_DIR="$HOME/Downloads"\n'
    (tmp_path / ".config/user-dirs.dirs").write_text(dirs + 'XDG_PICTURES_DIR="$HOME"\n')
    (tmp_path / ".config/gtk-3.0/bookmarks").write_text(
        f"file://{tmp_path}/customers Our customers\nfile://{tmp_path}/gone\nsftp://far/away\n"
    )
    return tmp_path


@pytest.fixture
def window(theme: Theme, qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def asked(window: QWidget) -> QFileDialog:
    (dialog,) = window.findChildren(QFileDialog)
    return dialog


def places(dialog: QFileDialog, home: Path) -> list[str]:
    """Those that lie in this home."""
    paths = [Path(url.toLocalFile()) for url in dialog.sidebarUrls() if url.toLocalFile()]
    return [str(path.relative_to(home)) for path in paths if path.is_relative_to(home)]


def test_the_places_of_the_founder_are_beside_the_files(home: Path, window: QWidget) -> None:
    ask_for_folder(window, "Where to", str(home), print)
    dialog = asked(window)
    assert sorted(places(dialog, home)) == [".", "Documents", "Downloads", "customers"]
    assert QUrl.fromLocalFile(str(home / "gone")) not in dialog.sidebarUrls()
    dialog.reject()


@pytest.mark.parametrize("broken", [b"\xff\xfe\0", None])
def test_bookmarks_that_cannot_be_read_are_none(
    home: Path, window: QWidget, broken: bytes | None
) -> None:
    file = home / ".config/gtk-3.0/bookmarks"
    file.unlink()
    if broken is not None:
        file.write_bytes(broken)
    ask_for_folder(window, "Where to", str(home), print)
    assert sorted(places(asked(window), home)) == [".", "Documents", "Downloads"]


def test_a_folder_is_the_answer(home: Path, window: QWidget, qtbot: QtBot) -> None:
    chosen: list[str] = []
    ask_for_folder(window, "Where to", str(home / "Documents"), chosen.append)
    dialog = asked(window)
    assert dialog.testOption(QFileDialog.Option.ShowDirsOnly)
    dialog.done(QDialog.DialogCode.Accepted.value)
    dialog.fileSelected.emit(str(home))
    assert chosen[-1] == str(home)
    qtbot.waitUntil(lambda: not window.findChildren(QFileDialog), timeout=30_000)


def test_a_name_is_offered_and_gets_its_ending(home: Path, window: QWidget) -> None:
    chosen: list[str] = []
    folder, kinds = str(home / "Documents"), "Calendar (*.ics)"
    ask_where_to_save(window, "Save", folder, "visit.ics", chosen.append, kinds=kinds)
    dialog = asked(window)
    name = dialog.findChild(QLineEdit)
    assert name is not None
    assert (name.text(), dialog.directory().path()) == ("visit.ics", folder)
    name.setText("other")
    dialog.accept()
    assert chosen == [f"{folder}/other.ics"]


def test_a_file_is_chosen_by_its_kind(home: Path, window: QWidget) -> None:
    ask_for_file(window, "Import", str(home), "Log (*.csv *.db);;All files (*)", print)
    dialog = asked(window)
    assert dialog.nameFilters() == ["Log (*.csv *.db)", "All files (*)"]
    assert dialog.fileMode() is QFileDialog.FileMode.ExistingFile
    dialog.reject()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_names_have_most_of_the_room_at_any_size_of_text(
    home: Path, window: QWidget, theme: Theme, qtbot: QtBot, scale: float
) -> None:
    theme.set_text_scale(scale)
    ask_for_folder(window, "Where to", str(home), print)
    dialog = asked(window)
    tree = dialog.findChild(QTreeView, "treeView")
    assert tree is not None
    qtbot.waitUntil(lambda: tree.model().rowCount(tree.rootIndex()) > 0, timeout=30_000)
    assert tree.columnWidth(0) > tree.columnWidth(1) + tree.columnWidth(3)
    assert tree.columnWidth(0) > tree.fontMetrics().horizontalAdvance("a name of a file")
    assert tree.isColumnHidden(2)
    assert dialog.width() <= dialog.screen().availableSize().width()
    dialog.reject()


def test_a_path_that_is_typed_wins_over_a_folder_that_is_selected(
    home: Path, window: QWidget, qtbot: QtBot
) -> None:
    chosen: list[str] = []
    ask_where_to_save(window, "Save", str(home), "notes.txt", chosen.append)
    dialog = asked(window)
    name, tree = dialog.findChild(QLineEdit), dialog.findChild(QTreeView, "treeView")
    assert name is not None
    assert tree is not None
    qtbot.waitUntil(lambda: tree.model().rowCount(tree.rootIndex()) > 0, timeout=30_000)
    name.setText(f"{home}/Documents/new.tx")
    tree.setCurrentIndex(tree.model().index(0, 0, tree.rootIndex()))
    name.setText(f"{home}/Documents/new.tx")
    QTest.keyClicks(name, "t")
    dialog.accept()
    assert chosen == [f"{home}/Documents/new.txt"]
