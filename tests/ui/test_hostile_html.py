"""Opening hostile HTML connects to nobody and reads no file: raw in the widget, and as a message.

The collection is in tests/adapters/hostile_html. Nothing is patched: a server listens, and the
kernel tells of every opening of a file in the watched folder, whatever code does it.
"""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtNetwork import QTcpSocket
from PySide6.QtWidgets import QScrollArea, QTextBrowser
from pytestqt.qtbot import QtBot

from supportdesk.adapters.mail.message_reader import read_message
from supportdesk.domain.mail import PART_BREAK
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.prose import Prose
from supportdesk.ui.widgets.scroll import scrolling
from tests.adapters.hostile_html.canaries import SECRET, Canaries, canaries_in
from tests.adapters.hostile_html.samples import SAMPLES, Sample
from tests.fakes.happenings import a_message, after

_RED = "#ff0000"


@pytest.fixture(scope="module")
def canaries(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canaries]:
    with canaries_in(tmp_path_factory.mktemp("canaries")) as made:
        yield made


@pytest.fixture
def page(theme: Theme, qtbot: QtBot) -> Iterator[QScrollArea]:
    area = scrolling(Prose(theme), "Message")
    qtbot.addWidget(area)
    area.resize(640, 480)
    area.show()
    yield area
    area.close()


def open_and_look(page: QScrollArea, html: str, qtbot: QtBot) -> Prose:
    """Open it as the founder does: see it, scroll, select, copy."""
    prose = page.widget()
    assert isinstance(prose, Prose)
    prose.show_html(html)
    qtbot.waitUntil(lambda: prose.is_finished, timeout=30_000)
    bar = page.verticalScrollBar()
    for position in (0, bar.maximum()):
        bar.setValue(position)
        shown = page.grab().toImage()
        colours = {
            shown.pixelColor(x, y).name()
            for x in range(4, shown.width(), 16)
            for y in range(4, shown.height(), 16)
        }
        assert _RED not in colours
    prose.selectAll()
    copied = prose.createMimeDataFromSelection()
    assert SECRET not in copied.text()
    assert SECRET not in prose.toPlainText()
    return prose


@pytest.mark.qt_log_ignore("QFont::setPixelSize")
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_raw_in_the_widget(
    sample: Sample, page: QScrollArea, canaries: Canaries, qtbot: QtBot
) -> None:
    open_and_look(page, sample.html(canaries), qtbot)
    canaries.assert_silent()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_as_a_message(sample: Sample, page: QScrollArea, canaries: Canaries, qtbot: QtBot) -> None:
    text = read_message(sample.message(canaries), a_message(1, at=after(0))).text
    html = text.html or ""
    for part in html.split(PART_BREAK):
        assert_refers_to_nothing(part)
    assert all(url == "" or url.startswith(("http://", "https://")) for url in text.remote_images)
    prose = open_and_look(page, html, qtbot)
    assert SECRET not in f"{text.text}{text.quoted}{text.notices}"
    if not html:
        prose.show_text(text.text)
    canaries.assert_silent()


_TAG = re.compile(r"<(/?)([a-z0-9]+)((?: [a-z]+=\"[^\"<>]*\")*)>")
_VALUES = {
    "href": re.compile(r"(?:https?://|mailto:|tel:).*", re.DOTALL),
    "src": re.compile(r"cid:[^\s\\]+|remote:\d+"),
    "alt": re.compile(".*", re.DOTALL),
    "class": re.compile("doubtful"),
    "style": re.compile(r"(?:font-weight|font-style|text-decoration):[a-z0-9 ;:-]+"),
    "width": re.compile(r"\d{1,4}"),
    "height": re.compile(r"\d{1,4}"),
    "colspan": re.compile("[1-8]"),
    "start": re.compile(r"\d+"),
}


def assert_refers_to_nothing(part: str) -> None:
    for _, _, attributes in _TAG.findall(part):
        for name, value in re.findall(r'([a-z]+)="([^"]*)"', attributes):
            assert _VALUES[name].fullmatch(value), (name, value)
    assert "<" not in _TAG.sub("", part)


def test_the_collection_is_large() -> None:
    assert len(SAMPLES) >= 300
    assert len({sample.name for sample in SAMPLES}) == len(SAMPLES)


def test_the_canaries_sing(qtbot: QtBot, canaries: Canaries) -> None:
    """Silence means something only if a stock widget and a plain socket are heard."""
    stock = QTextBrowser()
    qtbot.addWidget(stock)
    stock.setHtml(canaries.filled('<img src="@IMAGE@"><p>words</p>'))
    stock.show()
    stock.grab()
    if canaries.watch is not None:
        assert "canary.png" in canaries.watch.heard()
    caller = QTcpSocket()
    caller.connectToHost("127.0.0.1", canaries.server.port)
    assert caller.waitForConnected(30_000)
    caller.write(b"GET / HTTP/1.1\r\n\r\n")
    assert caller.waitForBytesWritten(30_000)
    assert canaries.server.wait_for_one()
    canaries.server.connections.clear()
    caller.close()
