"""Message text loads nothing, follows nothing, and is as high as its words."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QImage, QPainter, QTextDocument
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.mail.html_washer import wash_html
from supportdesk.domain.mail import PART_BREAK
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.prose import Prose
from supportdesk.ui.widgets.scroll import scrolling


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


# --- long messages ---------------------------------------------------------------------


def parts(*pieces: str) -> str:
    return PART_BREAK.join(pieces)


def wait(prose: Prose, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: prose.is_finished, timeout=30_000)


def test_a_long_message_comes_in_parts_and_is_whole(prose: Prose, qtbot: QtBot) -> None:
    html = parts(*(f"<p>line {n}</p>" * 40 for n in range(60)))
    with qtbot.waitSignal(prose.finished, timeout=30_000):
        prose.show_html(html)
        first = prose.toPlainText()
    assert first.startswith("line 0\n")
    assert "line 59" not in first
    wanted = "\n".join(f"line {n}" for n in range(60) for _ in range(40))
    assert prose.toPlainText() == wanted
    assert prose.verticalScrollBar().maximum() <= 2


def test_parts_leave_no_empty_lines_between_them(prose: Prose, qtbot: QtBot) -> None:
    table = "<table><tr><td>1</td><td>2</td></tr></table>"
    html = parts("<ol><li>a</li></ol>", '<ol start="2"><li>b</li></ol>', "<h2>c</h2>", table, table)
    prose.show_html(html)
    wait(prose, qtbot)
    assert prose.toPlainText().split("\n")[:3] == ["a", "b", "c"]
    assert prose.height() < 250


def test_another_message_ends_the_first(prose: Prose, qtbot: QtBot) -> None:
    prose.show_html(parts(*(f"<p>old {n}</p>" * 40 for n in range(90))))
    prose.show_html("<p>new</p>")
    wait(prose, qtbot)
    assert prose.toPlainText() == "new"
    assert prose.height() < 60


def test_the_rest_of_a_huge_message_is_asked_for(prose: Prose, qtbot: QtBot) -> None:
    prose.show_html(parts(*(f"<p>part {n}</p>" for n in range(140))))
    wait(prose, qtbot)
    assert "part 99" in prose.toPlainText()
    assert "part 100" not in prose.toPlainText()
    assert prose.toPlainText().endswith("Show the rest of this message (1 kB)")
    prose.anchorClicked.emit(QUrl("rest:"))
    qtbot.waitUntil(lambda: "part 139" in prose.toPlainText(), timeout=30_000)
    assert "Show the rest" not in prose.toPlainText()
    assert prose.toPlainText() == "\n".join(f"part {n}" for n in range(140))


def test_long_text_comes_in_parts_too(prose: Prose, qtbot: QtBot) -> None:
    text = "\n\n".join(f"paragraph {n} " + "word " * 30 for n in range(300))
    prose.show_text(text)
    wait(prose, qtbot)
    assert prose.toPlainText().split() == text.split()


def test_what_is_folded_waits(prose: Prose, qtbot: QtBot) -> None:
    prose.show_html(parts(*("<p>words</p>" * 40 for _ in range(60))))
    prose.hide()
    qtbot.waitUntil(lambda: prose.is_finished, timeout=30_000)
    assert prose.toPlainText().count("words") < 60 * 40
    prose.show()
    qtbot.waitUntil(lambda: prose.toPlainText().count("words") == 60 * 40, timeout=30_000)


def test_another_width_lays_it_out_anew(prose: Prose, qtbot: QtBot) -> None:
    prose.show_html(parts(*("<p>" + "some words " * 200 + "</p>" for _ in range(30))))
    wait(prose, qtbot)
    high = prose.height()
    prose.resize(800, high)
    qtbot.waitUntil(lambda: prose.is_finished and prose.height() < high * 0.7, timeout=30_000)
    assert prose.toPlainText().count("some words") == 6000
    assert prose.verticalScrollBar().maximum() <= 2


# --- pictures --------------------------------------------------------------------------


def picture(width: int, height: int, colour: Qt.GlobalColor = Qt.GlobalColor.red) -> QImage:
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(colour)
    return image


def reds(prose: Prose) -> tuple[int, int]:
    """The size of what is red."""
    shown = prose.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels, width = memoryview(bytes(shown.constBits())).cast("I").tolist(), shown.width()
    red = QColor("red").rgb()
    rows = [pixels[start : start + width] for start in range(0, len(pixels), width)]
    return max(row.count(red) for row in rows), sum(red in row for row in rows)


@pytest.mark.parametrize(
    ("tag", "own", "shown"),
    [
        ("", (60, 30), (60, 30)),
        ("", (1200, 300), (400, 100)),
        (' width="100" height="50"', (300, 150), (100, 50)),
        (' width="100"', (300, 150), (100, 50)),
        (' height="50"', (300, 150), (100, 50)),
        (' width="2000" height="100"', (30, 30), (400, 20)),
        (' width="100" height="50"', (10, 5), (100, 50)),
    ],
)
def test_a_picture_has_its_size(
    prose: Prose, qtbot: QtBot, tag: str, own: tuple[int, int], shown: tuple[int, int]
) -> None:
    prose.show_html(f'<div>🍞 before</div><div><img src="cid:a" alt="the mill"{tag}></div>')
    assert reds(prose) == (0, 0)
    prose.set_image("cid:a", picture(*own))
    wait(prose, qtbot)
    width, height = reds(prose)
    assert abs(width - shown[0]) <= 1
    assert abs(height - shown[1]) <= 2


def test_a_picture_may_come_before_its_part(prose: Prose, qtbot: QtBot) -> None:
    html = parts(
        *("<p>words</p>" * 40 for _ in range(30)), '<div><img src="remote:7" alt=""></div>'
    )
    prose.show_html(html)
    prose.set_image("remote:7", picture(90, 40))
    wait(prose, qtbot)
    assert reds(prose)[0] == 90


def test_the_same_picture_in_many_places(prose: Prose, qtbot: QtBot) -> None:
    prose.show_html('<div><img src="cid:a" alt=""></div><p>x</p>' * 5)
    low = prose.height()
    prose.set_image("cid:a", picture(10, 100))
    wait(prose, qtbot)
    assert prose.height() > low + 300


def test_pictures_stay_with_their_message(prose: Prose, qtbot: QtBot) -> None:
    html = '<div><img src="cid:a" alt=""></div>'
    prose.show_html(html)
    prose.set_image("cid:a", picture(50, 50))
    prose.set_image("cid:unknown", picture(50, 50))
    wait(prose, qtbot)
    assert reds(prose)[0] == 50
    prose.show_html(html)
    wait(prose, qtbot)
    assert reds(prose) == (0, 0)


def test_dark_keeps_pictures_and_paints_boxes_anew(
    prose: Prose, qtbot: QtBot, theme: Theme
) -> None:
    prose.show_html('<div><img src="cid:a" alt=""></div><div><img src="cid:b" alt="bread"></div>')
    prose.set_image("cid:a", picture(50, 50))
    wait(prose, qtbot)
    light = prose.grab().toImage()
    theme.want_dark(True)
    wait(prose, qtbot)
    assert reds(prose)[0] == 50
    assert prose.grab().toImage() != light


def logo(colour: Qt.GlobalColor) -> QImage:
    """Strokes on nothing, as logos are drawn."""
    image = picture(120, 40, Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.fillRect(20, 10, 80, 20, colour)
    painter.end()
    return image


@pytest.mark.parametrize(
    ("colour", "is_dark", "gets_paper"),
    [
        (Qt.GlobalColor.black, True, True),
        (Qt.GlobalColor.black, False, False),
        (Qt.GlobalColor.white, False, True),
        (Qt.GlobalColor.white, True, False),
        (Qt.GlobalColor.red, True, False),
        (Qt.GlobalColor.transparent, True, False),
    ],
)
def test_a_logo_is_seen_on_either_page(
    prose: Prose,
    qtbot: QtBot,
    theme: Theme,
    colour: Qt.GlobalColor,
    is_dark: bool,
    gets_paper: bool,
) -> None:
    theme.want_dark(is_dark)
    prose.show_html('<div><img src="cid:a" alt=""></div>')
    wait(prose, qtbot)
    prose.set_image("cid:a", logo(colour))
    wait(prose, qtbot)
    corner = prose.grab().toImage().pixelColor(2, 2).name()
    prose.show_html("<p>x</p>")
    wait(prose, qtbot)
    page = prose.grab().toImage().pixelColor(350, 2).name()
    assert (corner != page) == gets_paper


def test_boxes_say_what_is_missing_and_ornaments_are_silent(prose: Prose, qtbot: QtBot) -> None:
    ornament = '<div><img src="remote:0" alt="" width="8" height="8"></div>'
    prose.show_html(ornament)
    wait(prose, qtbot)
    low = prose.height()
    prose.show_html('<div><img src="remote:0" alt="the mill" width="600" height="300"></div>')
    wait(prose, qtbot)
    assert low <= prose.height() < 60
    prose.show_html('<div><img src="cid:a" alt="the mill" width="200" height="100"></div>')
    wait(prose, qtbot)
    assert prose.height() >= 100


def test_signs_of_qt_in_the_words_are_no_pictures(prose: Prose, qtbot: QtBot) -> None:
    prose.show_html('<p>\ufffc \U0001f35e \ufffc<img src="cid:a" alt=""></p>')
    prose.set_image("cid:a", picture(50, 50))
    wait(prose, qtbot)
    assert reds(prose)[0] == 50
    prose.show_text("a\ufffcb\ufdd0c\ufdd1d")
    assert prose.toPlainText() == "abcd"
    assert wash_html("a\ufffcb&#xfdd0;c\ufdd1d").html == "<div>abcd</div>"


def test_a_copy_is_clean(prose: Prose, qtbot: QtBot) -> None:
    prose.show_html(
        '<p>🍞 a<img src="cid:a" alt="the mill">b<img src="cid:b" alt="">c</p>'
        '<p>long\u200bword&nbsp;end <a href="https://a.example/">link</a></p>'
    )
    wait(prose, qtbot)
    prose.selectAll()
    copied = prose.createMimeDataFromSelection()
    assert copied.text() == "🍞 a[the mill]bc\nlongword end link"
    assert not copied.hasHtml()


def test_no_picture_of_ours_is_reached_by_its_inner_name(prose: Prose) -> None:
    kind = QTextDocument.ResourceType.ImageResource.value
    for name in ("picture:0", "picture:99", "picture:-1", "picture:x", "cid:a", "remote:0"):
        found = prose.loadResource(kind, QUrl(name))
        assert isinstance(found, QImage)
        assert (found.width(), found.height()) == (1, 1)


# --- links -----------------------------------------------------------------------------


def test_links_by_keyboard_and_the_page_follows(theme: Theme, qtbot: QtBot) -> None:
    prose = Prose(theme)
    page = scrolling(prose, "Message")
    qtbot.addWidget(page)
    page.resize(400, 200)
    page.show()
    far = "<p>words</p>" * 60
    last = "<p><a href='https://b.example/%20?q=%C3%A9'>two</a></p>"
    prose.show_html(f"<p><a href='https://a.example/'>one</a></p>{far}{last}")
    qtbot.waitUntil(lambda: page.verticalScrollBar().maximum() > 500, timeout=30_000)
    page.activateWindow()
    prose.setFocus()
    qtbot.waitUntil(prose.hasFocus, timeout=30_000)
    QTest.keyClick(prose, Qt.Key.Key_Tab)
    with qtbot.waitSignal(prose.link_asked) as told:
        QTest.keyClick(prose, Qt.Key.Key_Return)
    assert told.args == ["https://a.example/"]
    QTest.keyClick(prose, Qt.Key.Key_Tab)
    assert page.verticalScrollBar().value() > 500
    with qtbot.waitSignal(prose.link_asked) as told:
        QTest.keyClick(prose, Qt.Key.Key_Return)
    assert told.args == ["https://b.example/%20?q=%C3%A9"]


def test_the_washed_newsletter_is_shown_as_it_is(prose: Prose, qtbot: QtBot) -> None:
    story = (
        "<tr><td><h2>Story {0}</h2><p>words of story {0}</p><img src=https://a.example/{0}></tr>"
    )
    source = f"<table>{''.join(story.format(n) for n in range(200))}</table>"
    washed = wash_html(source)
    assert len(washed.remote_images) == 200
    prose.show_html(washed.html)
    wait(prose, qtbot)
    shown = prose.toPlainText()
    assert [line for line in shown.split("\n") if line.startswith("Story")] == [
        f"Story {n}" for n in range(200)
    ]
