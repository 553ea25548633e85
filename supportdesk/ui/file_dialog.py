"""Questions for a file or a folder: the system's own dialog, or Qt's with the founder's places.

Qt's own stands where the system has none that Qt knows (`without_gtk`). It comes with two places in
its sidebar, columns that elide everything, and a size that is the same for all sizes of text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from PySide6.QtCore import QDir, QSize, QStandardPaths, QStorageInfo, QUrl
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QFileDialog,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTreeView,
    QWidget,
)

_Place = QStandardPaths.StandardLocation
_PLACES = (
    _Place.HomeLocation,
    _Place.DesktopLocation,
    _Place.DocumentsLocation,
    _Place.DownloadLocation,
    _Place.PicturesLocation,
)
_STICKS = ("/media/", "/run/media/")
"""Where desktops mount what is plugged in."""
_SIZE_EM = QSize(76, 46)
_SIDEBAR_EM = 14
_MOST_OF_SCREEN = 0.9
_NAME, _TYPE, _DATE = 0, 2, 3
_MOST_BYTES = 65_536

Chosen = Callable[[str], object]


def ask_for_file(parent: QWidget, title: str, folder: str, kinds: str, then: Chosen) -> None:
    """One that is there; `then` gets its path, unless the founder thinks better of it."""
    dialog = _made(parent, title, folder)
    dialog.setNameFilters(kinds.split(";;"))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    _show(dialog, then)


def ask_for_files(
    parent: QWidget, title: str, folder: str, then: Callable[[tuple[str, ...]], object]
) -> None:
    """Some that are there; `then` gets their paths, unless the founder thinks better of it."""
    dialog = _made(parent, title, folder)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(lambda paths: then(tuple(paths)))
    _open(dialog)


def ask_for_folder(parent: QWidget, title: str, folder: str, then: Chosen) -> None:
    dialog = _made(parent, title, folder)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly, on=True)
    _show(dialog, then)


def ask_where_to_save(
    parent: QWidget, title: str, folder: str, name: str, then: Chosen, *, kinds: str = ""
) -> None:
    """Under which name; one of `kinds`, such as `Calendar (*.ics)`, gives its ending to it."""
    dialog = _made(parent, title, folder)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    if kinds:
        dialog.setNameFilter(kinds)
        dialog.setDefaultSuffix(kinds.rpartition("*.")[2].rstrip(")"))
    dialog.selectFile(name)
    _show(dialog, then)


def _made(parent: QWidget, title: str, folder: str) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setDirectory(folder)
    # What the founder dragged there stays, in this and other programs of Qt.
    theirs = [url for url in dialog.sidebarUrls() if _is_there(url)]
    ours = [url for url in _places() if url not in theirs]
    dialog.setSidebarUrls([*theirs, *ours])
    return dialog


def _show(dialog: QFileDialog, then: Chosen) -> None:
    dialog.fileSelected.connect(then)
    _open(dialog)


def _open(dialog: QFileDialog) -> None:
    dialog.finished.connect(dialog.deleteLater)
    tree = dialog.findChild(QTreeView, "treeView")
    # Qt makes its own widgets only where the system has no dialog.
    if tree is not None:
        _furnish(dialog, tree)
    dialog.open()


def _furnish(dialog: QFileDialog, tree: QTreeView) -> None:
    em = dialog.fontMetrics().height() * 2 // 3
    room = dialog.screen().availableSize() * _MOST_OF_SCREEN
    dialog.resize((_SIZE_EM * em).boundedTo(room))
    header = tree.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
    tree.setColumnHidden(_TYPE, True)
    # On a small screen names need the room of the date.
    tree.setColumnHidden(_DATE, dialog.width() < _SIZE_EM.width() * em)
    splitter = dialog.findChild(QSplitter)
    if splitter is not None:
        splitter.setSizes([_SIDEBAR_EM * em, dialog.width() - _SIDEBAR_EM * em])
    for button in dialog.findChildren(QPushButton):
        button.setIcon(QIcon())
    name = dialog.findChild(QLineEdit)
    if name is not None:
        name.textEdited.connect(lambda text: _let_words_win(tree, text))


def _let_words_win(tree: QTreeView, text: str) -> None:
    """While a path is typed Qt selects the folders on its way, and on Enter would go into one."""
    if "/" in text:
        tree.clearSelection()


def _places() -> Iterator[QUrl]:
    """Each once: where a desktop has no folder for pictures, theirs is the home."""
    paths = [
        *(QStandardPaths.writableLocation(place) for place in _PLACES),
        *_plugged_in(QStorageInfo.mountedVolumes()),
    ]
    for path in dict.fromkeys(QDir.cleanPath(path) for path in paths if path):
        if Path(path).is_dir():
            yield QUrl.fromLocalFile(path)
    yield from _bookmarks()


def _plugged_in(volumes: Iterable[QStorageInfo]) -> Iterator[str]:
    for volume in volumes:
        if volume.rootPath().startswith(_STICKS):
            yield volume.rootPath()


def _bookmarks() -> Iterator[QUrl]:
    """Of the desktop's file manager: a line is a URL and, after a space, a name."""
    settings = QStandardPaths.writableLocation(_Place.GenericConfigLocation)
    try:
        with Path(settings, "gtk-3.0", "bookmarks").open(encoding="utf-8") as file:
            lines = file.read(_MOST_BYTES).splitlines()
    except (OSError, UnicodeDecodeError):
        return
    for line in lines:
        url = QUrl(line.partition(" ")[0])
        if url.isLocalFile() and _is_there(url):
            yield url


def _is_there(url: QUrl) -> bool:
    return not url.toLocalFile() or Path(url.toLocalFile()).is_dir()
