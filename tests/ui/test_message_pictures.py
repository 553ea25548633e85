"""Pictures of the message on show: parts by themselves, images of the network only when asked."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from supportdesk.domain.events import PartFetched
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, MessagePart, MessageText
from supportdesk.ui.controllers.acts import PictureDone
from supportdesk.ui.controllers.message_pictures import MAX_PARTS, MessagePictures
from tests.fakes.happenings import DeskRig, settings_with
from tests.ui.rig import FakeActs

ACCOUNT, MESSAGE = SourceName("Support"), MessageId("<a@shop.example>")
LOGO = MessagePart(
    name="logo.png",
    media_type="image/png",
    size_bytes=1000,
    section="1.2",
    content_id="logo&1@shop",
    is_inline=True,
)
TEXT = MessageText(
    account=ACCOUNT,
    message_id=MESSAGE,
    text="",
    html='<img src="cid:logo&amp;1@shop" alt=""><img src="remote:0" alt="">',
    remote_images=("https://larder.example/a.png", "", "https://cdn.example/b.png"),
    parts=(
        LOGO,
        replace(LOGO, section="1.3", content_id="not-named@shop"),
        replace(LOGO, section="", content_id="logo&1@shop"),
        replace(LOGO, section="1.4", media_type="text/html"),
    ),
)


class Loading(FakeActs):
    """Keeps what was asked, to answer when the test wants."""

    def load_remote_images(self, urls: Sequence[str], done_each: PictureDone) -> Callable[[], None]:
        self.done = done_each
        return super().load_remote_images(urls, done_each)


@pytest.fixture
def acts(qapp: object) -> Loading:
    return Loading(DeskRig(), settings_with())


@pytest.fixture
def pictures(acts: Loading, qapp: QObject) -> MessagePictures:
    made = MessagePictures(acts, qapp)
    made.came.connect(lambda name, image: acts.asked.append(f"came {name} {image.width()}"))
    made.changed.connect(lambda: acts.asked.append("changed"))
    return made


def fetched(part: MessagePart, path: str = "/cache/1") -> PartFetched:
    return PartFetched(account=ACCOUNT, message_id=MESSAGE, section=part.section, path=path)


def test_only_the_parts_that_the_html_shows_are_fetched(pictures: MessagePictures) -> None:
    assert pictures.show_for(TEXT) == (LOGO,)
    assert pictures.show_for(TEXT) == ()
    assert pictures.show_for(replace(TEXT, html=None)) == ()
    assert pictures.show_for(None) == ()


def test_neither_huge_parts_nor_hundreds(pictures: MessagePictures) -> None:
    huge = replace(TEXT, parts=(replace(LOGO, size_bytes=50_000_000),))
    assert pictures.show_for(huge) == ()
    many = replace(TEXT, parts=(LOGO,) * 500)
    assert len(pictures.show_for(many)) == MAX_PARTS


def test_a_part_that_came_is_decoded_and_handed_over(
    acts: Loading, pictures: MessagePictures
) -> None:
    pictures.show_for(TEXT)
    assert pictures.part_fetched(fetched(LOGO))
    assert acts.asked == ["picture cid:logo&1@shop /cache/1", "came cid:logo&1@shop 2"]
    assert [name for name, _ in pictures.pictures()] == ["cid:logo&1@shop"]
    assert not pictures.part_fetched(fetched(LOGO, path=""))
    assert not pictures.part_fetched(fetched(replace(LOGO, section="9")))
    assert not pictures.part_fetched(replace(fetched(LOGO), message_id=MessageId("<b@x>")))


def test_images_of_the_network_are_loaded_on_a_click(
    acts: Loading, pictures: MessagePictures
) -> None:
    pictures.show_for(TEXT)
    assert pictures.can_load
    assert pictures.words == (
        "2 images from larder.example and cdn.example are not loaded. 1 tracking image was removed."
    )
    assert acts.asked == []
    pictures.load_remote()
    pictures.load_remote()
    assert acts.asked == [
        "image https://larder.example/a.png",
        "image https://cdn.example/b.png",
        "changed",
    ]
    assert "Loading 2 images from" in pictures.words
    acts.done("remote:0", QImage(5, 5, QImage.Format.Format_RGB32), "")
    acts.done("remote:2", None, "It is too large.")
    assert acts.asked[3:] == ["came remote:0 5", "changed"]
    assert pictures.words == "1 image could not be loaded. 1 tracking image was removed."


def test_another_message_gives_up_what_is_on_its_way(
    acts: Loading, pictures: MessagePictures
) -> None:
    pictures.show_for(TEXT)
    pictures.load_remote()
    pictures.show_for(replace(TEXT, message_id=MessageId("<b@x>"), remote_images=("", "")))
    assert acts.asked[-1] == "images given up"
    acts.done("remote:0", QImage(5, 5, QImage.Format.Format_RGB32), "")
    assert list(pictures.pictures()) == []
    assert pictures.words == "2 tracking images were removed."
    assert not pictures.can_load
    pictures.load_remote()
    assert acts.asked[-1] == "images given up"


@pytest.mark.parametrize(
    ("urls", "words"),
    [
        (("https://a.example/1",), "1 image from a.example is not loaded."),
        (
            ("https://a.example/1", "https://b.example/1", "https://c.example/1"),
            "3 images from a.example and 2 other places are not loaded.",
        ),
        ((), ""),
    ],
)
def test_words(pictures: MessagePictures, urls: tuple[str, ...], words: str, qtbot: QtBot) -> None:
    pictures.show_for(replace(TEXT, remote_images=urls))
    assert pictures.words == words
