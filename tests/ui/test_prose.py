"""Message text loads nothing, follows nothing, and is as high as its words."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.prose import Prose


@pytest.fixture
def prose(theme: Theme, qtbot: QtBot) -> Prose:
    made = Prose(theme)
    qtbot.addWidget(made)
    made.resize(400, 100)
    made.show()
    return made


@pytest.mark.parametrize(
    "address", ["file:///etc/hostname", "http://tracker.example/x.png", "x.png"]
)
def test_nothing_is_ever_loaded(prose: Prose, address: str) -> None:
    found = prose.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl(address))
    assert isinstance(found, QImage)
    assert (found.width(), found.height()) == (1, 1)


def test_a_local_picture_is_not_shown(prose: Prose, tmp_path: Path) -> None:
    picture = tmp_path / "secret.png"
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    image.save(str(picture))
    prose.show_html(f"<p>before</p><img src='{picture.as_uri()}'><p>after</p>")
    assert prose.height() < 200
    colours = {
        prose.grab().toImage().pixelColor(x, y).name()
        for x in range(0, prose.width(), 5)
        for y in range(0, prose.height(), 5)
    }
    assert "#ff0000" not in colours


def test_links_are_told_not_followed(prose: Prose, qtbot: QtBot) -> None:
    prose.show_html("<p><a href='https://larder.example/x'>a long enough link to hit</a></p>")
    with qtbot.waitSignal(prose.link_asked) as told:
        QTest.mouseClick(prose.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, 10))
    assert told.args == ["https://larder.example/x"]
    assert "long enough" in prose.toPlainText()


def test_plain_text_is_text(prose: Prose) -> None:
    prose.show_text("Hello <b>you</b> & all,\n\nsecond\nline")
    assert prose.toPlainText() == "Hello <b>you</b> & all,\nsecond\nline"


def test_height_follows_the_words(prose: Prose) -> None:
    prose.show_text("one line")
    low = prose.height()
    prose.show_text("many words " * 100)
    assert prose.height() > 5 * low
    prose.resize(800, prose.height())
    assert prose.verticalScrollBar().maximum() <= 2


def test_dark_switch_keeps_the_words_and_changes_links(prose: Prose, theme: Theme) -> None:
    prose.show_html("<p><a href='https://a.example'>link</a></p>")
    theme.want_dark(True)
    assert prose.toPlainText() == "link"
    assert "#7bd3bd" in prose.toHtml().lower()


def test_a_selection_is_activity(prose: Prose, qtbot: QtBot) -> None:
    prose.show_text("some words to select")
    with qtbot.waitSignal(prose.selection_made):
        prose.selectAll()
