"""The pictures of the message on show: which parts to fetch, what to say, what came.

Parts of the message are shown by themselves; images of the network only once the founder asks, and
for this message alone.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from html import unescape

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from supportdesk.domain.events import PartFetched
from supportdesk.domain.links import host_of
from supportdesk.domain.mail import MessagePart, MessageText
from supportdesk.ui.controllers.acts import Acts

MAX_PART_BYTES = 12_000_000
MAX_PARTS_BYTES = 30_000_000
MAX_PARTS = 40
_NAMED = re.compile('src="cid:([^"]*)"')


class MessagePictures(QObject):
    """For one message at a time; another one gives up whatever was still on its way.

    Signals:
        came: The name of an image in the HTML and its QImage, for `Prose.set_image`.
        changed: `words` or `can_load` are new.
    """

    came = Signal(str, QImage)
    changed = Signal()

    def __init__(self, acts: Acts, parent: QObject) -> None:
        super().__init__(parent)
        self._acts = acts
        self._text: MessageText | None = None
        self._pictures: dict[str, QImage] = {}
        self._asked: set[str] = set()
        self._missing = 0
        self._give_up: Callable[[], None] | None = None
        self._turn = 0

    def show_for(self, text: MessageText | None) -> tuple[MessagePart, ...]:
        """This message is on show now; returns the parts that its images need fetched."""
        if text == self._text:
            return ()
        if self._give_up is not None:
            self._give_up()
        self._text, self._give_up = text, None
        self._pictures, self._asked, self._missing = {}, set(), 0
        self._turn += 1
        return tuple(_wanted_parts(text)) if text is not None else ()

    def pictures(self) -> Iterator[tuple[str, QImage]]:
        """All that came so far: for a Prose that was built anew."""
        return iter(tuple(self._pictures.items()))

    def part_fetched(self, event: PartFetched) -> bool:
        """Take a part that an image waits for; False when it is none of ours."""
        text = self._text
        if text is None or (event.account, event.message_id) != (text.account, text.message_id):
            return False
        part = next((one for one in _wanted_parts(text) if one.section == event.section), None)
        if part is None or not event.path:
            return False
        done = partial(self._picture_came, self._turn)
        self._acts.read_picture(f"cid:{part.content_id}", event.path, done)
        return True

    # --- images of the network ---------------------------------------------------------

    @property
    def can_load(self) -> bool:
        """There are images to ask for that were not asked for."""
        return bool(self._remote()) and self._give_up is None

    @property
    def words(self) -> str:
        """What to say about the images of the network; empty when there is nothing to say."""
        remote = self._remote()
        if self._text is None or not self._text.remote_images:
            return ""
        said = []
        if remote and self._give_up is None:
            verb = "is" if len(remote) == 1 else "are"
            said.append(f"{_images(len(remote))} from {_places(remote)} {verb} not loaded.")
        elif self._asked:
            said.append(f"Loading {_images(len(self._asked))} from {_places(remote)}.")
        elif self._missing:
            said.append(f"{_images(self._missing)} could not be loaded.")
        hidden = len(self._text.remote_images) - len(remote)
        if hidden:
            verb = "was" if hidden == 1 else "were"
            said.append(f"{hidden} tracking {'image' if hidden == 1 else 'images'} {verb} removed.")
        return " ".join(said)

    def load_remote(self) -> None:
        """The founder wants to see them."""
        if self._text is None or not self.can_load:
            return
        images = self._text.remote_images
        self._asked = {f"remote:{number}" for number, url in enumerate(images) if url}
        self._give_up = self._acts.load_remote_images(
            images, partial(self._picture_came, self._turn)
        )
        self.changed.emit()

    def _remote(self) -> list[str]:
        return [url for url in self._text.remote_images if url] if self._text else []

    def _picture_came(self, turn: int, name: str, image: QImage | None, why: str) -> None:
        if turn != self._turn:
            return
        was_asked = name in self._asked
        self._asked.discard(name)
        if image is not None:
            self._pictures[name] = image
            self.came.emit(name, image)
        elif was_asked:
            self._missing += 1
        if was_asked and not self._asked:
            self.changed.emit()


def _wanted_parts(text: MessageText) -> Iterator[MessagePart]:
    """Images that the HTML refers to and that are not too large to be shown unasked."""
    named = {unescape(name) for name in _NAMED.findall(text.html or "")}
    left_bytes, left = MAX_PARTS_BYTES, MAX_PARTS
    for part in text.parts:
        if not (part.content_id and part.section and part.media_type.startswith("image/")):
            continue
        is_named = part.content_id in named
        if is_named and left and part.size_bytes <= min(MAX_PART_BYTES, left_bytes):
            left_bytes -= part.size_bytes
            left -= 1
            yield part


def _images(count: int) -> str:
    return "1 image" if count == 1 else f"{count} images"


def _places(urls: list[str]) -> str:
    hosts = list(dict.fromkeys(host_of(url) for url in urls))
    if len(hosts) > 2:
        return f"{hosts[0]} and {len(hosts) - 1} other places"
    return " and ".join(hosts)
