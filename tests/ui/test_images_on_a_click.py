"""From the bytes of a mail to the picture on screen: nothing before the click, all of it after."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from supportdesk.adapters.mail.message_reader import read_message
from supportdesk.picture_loader import PictureLoader
from supportdesk.ui.controllers.acts import PictureDone
from supportdesk.ui.controllers.message_pictures import MessagePictures
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.prose import Prose
from tests.adapters.image_fetches import LOOPBACK
from tests.fakes.happenings import DeskRig, a_message, after, settings_with
from tests.fakes.pictures import encoded
from tests.fakes.web_server import WebServer, image
from tests.ui.rig import FakeActs


class LoadingActs(FakeActs):
    """Really loads, from this computer alone."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(DeskRig(), settings_with())
        self._loader = PictureLoader(parent, LOOPBACK)

    def load_remote_images(self, urls: Sequence[str], done_each: PictureDone) -> Callable[[], None]:
        return self._loader.load_remote(urls, done_each)


@pytest.fixture
def web() -> Iterator[WebServer]:
    server = WebServer()
    yield server
    server.close()


def mail_with(html: str) -> bytes:
    return f"From: a@shop.example\r\nContent-Type: text/html\r\n\r\n{html}".encode()


def has_green(prose: Prose) -> bool:
    shown = prose.grab().toImage()
    green = QColor("#008000").rgb()
    return any(
        shown.pixel(x, y) == green
        for x in range(0, shown.width(), 3)
        for y in range(0, shown.height(), 3)
    )


def test_a_click_loads_them_for_this_message(
    web: WebServer, theme: Theme, qtbot: QtBot, qapp: QObject
) -> None:
    web.answers["/mill.png"] = image(encoded("png", 80, 60))
    html = (
        f"<p>Dear Anna</p><img src='{web.url('/mill.png')}' alt='the mill'>"
        f"<img src='{web.url('/open.gif')}' width=1 height=1><img src='{web.url('/gone.png')}'>"
    )
    text = read_message(mail_with(html), a_message(1, at=after(0))).text
    prose = Prose(theme)
    qtbot.addWidget(prose)
    prose.resize(400, 300)
    prose.show()
    pictures = MessagePictures(LoadingActs(qapp), qapp)
    pictures.came.connect(prose.set_image)
    pictures.show_for(text)
    prose.show_html(text.html or "")
    qtbot.waitUntil(lambda: prose.is_finished, timeout=30_000)
    assert pictures.words == (
        "2 images from 127.0.0.1 are not loaded. 1 tracking image was removed."
    )
    assert not has_green(prose)
    assert web.asked == []
    pictures.load_remote()
    qtbot.waitUntil(lambda: has_green(prose), timeout=30_000)
    missing = "1 image could not be loaded. 1 tracking image was removed."
    qtbot.waitUntil(lambda: pictures.words == missing, timeout=30_000)
    paths = sorted(asked.split(" ")[1] for asked in web.asked)
    assert paths == ["/gone.png", "/mill.png"]
