"""Pieces of a file as they come: whole, torn, too many; disks that are full or closed."""

import base64
import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from supportdesk.adapters.attachment_store import AttachmentStore
from supportdesk.adapters.mail.part_download import (
    LEAST_PIECE_BYTES,
    LEFT,
    LIES,
    NO_FILE,
    PIECE_BYTES,
    SHORT,
    Described,
    Download,
    PartDownloads,
)
from supportdesk.adapters.mail.requests import Requests
from supportdesk.adapters.mail.transport import Waker
from supportdesk.domain.events import PartFetched, PartProgressed
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, MessagePart
from tests.fakes.event_log import EventLog
from tests.fakes.hand_clock import HandClock

NAME = SourceName("Support")
MESSAGE = MessageId("<1@example.org>")
PART = MessagePart(name="a.bin", media_type="a/b", size_bytes=3_000_000, section="2")


class Desk:
    """Downloads with all that they need."""

    def __init__(self, folder: Path) -> None:
        self.store = AttachmentStore(folder / "attachments")
        self.log = EventLog()
        self.clock = HandClock()
        self.free = 10**12
        self.downloads = PartDownloads(
            account=NAME,
            store=self.store,
            publisher=self.log,
            clock=self.clock,
            free_bytes=lambda _: self.free,
        )

    def begin(self, size: int, encoding: str = "base64", part: MessagePart = PART) -> Download:
        self.downloads.ask(MESSAGE, part)
        download = self.downloads.next
        assert download is not None
        assert self.downloads.begin(download, Described(encoding=encoding, size_bytes=size))
        return download

    def feed(self, download: Download, data: bytes, seconds: float = 0.1) -> Iterator[bytes]:
        """Give what is asked for until there is an end of it."""
        while self.downloads.next is download:
            start = download.done_bytes
            piece = data[start : start + download.piece_bytes]
            self.downloads.receive(download, piece, seconds)
            yield piece

    @property
    def told(self) -> PartFetched:
        (told,) = self.log.of(PartFetched)
        return told


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


CONTENT = bytes(range(256)) * 8000
ENCODED = base64.encodebytes(CONTENT)


def test_it_comes_in_pieces_and_is_told_now_and_then(desk: Desk) -> None:
    download = desk.begin(len(ENCODED))
    for _ in desk.feed(download, ENCODED):
        desk.clock.seconds += 0.1
    assert Path(desk.told.path).read_bytes() == CONTENT
    progress = desk.log.of(PartProgressed)
    assert 2 < len(progress) < 8
    assert {one.total_bytes for one in progress} == {len(ENCODED)}
    assert desk.downloads.next is None


def test_pieces_suit_the_link(desk: Desk) -> None:
    download = desk.begin(10_000_000, "binary")
    data = bytes(10_000_000)
    quick = desk.feed(download, data)
    for _ in range(5):
        next(quick)
    assert download.piece_bytes == PIECE_BYTES
    slow = desk.feed(download, data, seconds=3.0)
    for _ in range(6):
        next(slow)
    assert download.piece_bytes == LEAST_PIECE_BYTES


def test_a_size_announced_too_small_cuts_nothing(desk: Desk) -> None:
    download = desk.begin(len(ENCODED) - 300_000)
    list(desk.feed(download, ENCODED))
    assert Path(desk.told.path).read_bytes() == CONTENT


def test_a_little_short_is_whole_but_a_tenth_is_not(desk: Desk, tmp_path: Path) -> None:
    list(desk.feed(desk.begin(len(ENCODED) * 21 // 20), ENCODED))
    assert Path(desk.told.path).read_bytes() == CONTENT
    other = Desk(tmp_path / "other")
    list(other.feed(other.begin(len(ENCODED) * 2), ENCODED))
    assert (other.told.path, other.told.problem) == ("", SHORT)
    assert other.store.size_bytes() == 0


def test_a_server_without_end_is_given_up(desk: Desk) -> None:
    download = desk.begin(100_000, "binary")
    pieces = sum(1 for _ in desk.feed(download, bytes(100_000_000)))
    assert desk.told.problem == LIES
    assert pieces < 30
    assert desk.store.size_bytes() == 0


def test_more_than_was_asked_for_is_given_up(desk: Desk) -> None:
    download = desk.begin(10_000_000, "binary")
    desk.downloads.receive(download, bytes(download.piece_bytes + 1), 0.1)
    assert desk.told.problem == LIES


def test_without_room_nothing_begins(desk: Desk) -> None:
    desk.free = 90_000_000
    desk.downloads.ask(MESSAGE, PART)
    download = desk.downloads.next
    assert download is not None
    assert not desk.downloads.begin(download, Described(encoding="", size_bytes=50_000_000))
    assert "no room for this file of 50 MB" in desk.told.problem


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk is Linux's /dev/full")
def test_a_disk_that_fills_up_is_said(desk: Desk) -> None:
    download = desk.begin(10_000_000, "binary")
    coming = desk.store.coming(NAME, MESSAGE, "2")
    coming.unlink()
    coming.symlink_to("/dev/full")
    desk.downloads.receive(download, bytes(1000), 0.1)
    assert desk.told.problem == "The disk is full. Make room, then try again."


def test_a_folder_that_cannot_be_written(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "attachments").write_text("in the way")
    desk.downloads.ask(MESSAGE, PART)
    download = desk.downloads.next
    assert download is not None
    assert not desk.downloads.begin(download, Described(encoding="", size_bytes=1))
    assert "cannot be written" in desk.told.problem
    assert errno.errorcode[errno.EEXIST] not in desk.told.problem


def test_the_smallest_comes_first_and_nothing_twice(desk: Desk) -> None:
    film = MessagePart(name="f", media_type="v/m", size_bytes=10**8, section="2")
    logo = MessagePart(name="l", media_type="i/p", size_bytes=100, section="3")
    for part in (film, logo, film, logo):
        desk.downloads.ask(MESSAGE, part)
    first = desk.downloads.next
    assert first is not None
    assert first.section == "3"
    desk.downloads.give_up(MESSAGE, "3")
    second = desk.downloads.next
    assert second is not None
    assert second.section == "2"
    desk.downloads.give_up(MESSAGE, "2")
    assert desk.downloads.next is None
    desk.downloads.give_up(MESSAGE, "9")
    assert [(one.path, one.problem) for one in desk.log.of(PartFetched)] == [("", "")] * 3


def test_what_is_given_up_before_it_was_taken_never_begins() -> None:
    waker = Waker()
    requests = Requests(waker)
    other = MessagePart(name="b", media_type="a/b", size_bytes=1, section="3")
    for part in (PART, other):
        requests.ask_part(MESSAGE, part)
    requests.give_up_part(MESSAGE, "2")
    assert requests.take_given_up() == (MESSAGE, "2")
    assert requests.take_part() == (MESSAGE, other)
    assert requests.take_part() is None
    requests.ask_part(MESSAGE, PART)
    assert requests.take_part() == (MESSAGE, PART)
    waker.close()


def test_a_message_that_is_not_there_is_looked_for_a_few_times(desk: Desk) -> None:
    desk.downloads.ask(MESSAGE, PART)
    download = desk.downloads.next
    assert download is not None
    desk.downloads.missed(download)
    desk.downloads.missed(download)
    assert desk.log.of(PartFetched) == []
    desk.downloads.missed(download)
    assert desk.told.problem == LEFT


def test_what_the_server_does_not_know_is_refused(desk: Desk) -> None:
    desk.downloads.ask(MESSAGE, PART)
    download = desk.downloads.next
    assert download is not None
    assert not desk.downloads.begin(download, None)
    assert desk.told.problem == NO_FILE
    with pytest.raises(ValueError, match="begun"):
        desk.downloads.receive(download, b"x", 0.1)


def test_while_deaf_what_is_here_is_given_and_the_rest_refused(desk: Desk) -> None:
    list(desk.feed(desk.begin(len(ENCODED)), ENCODED))
    desk.downloads.refuse(MESSAGE, PART, "The network is away.")
    other = MessagePart(name="b", media_type="a/b", size_bytes=1, section="3")
    desk.downloads.refuse(MESSAGE, other, "The network is away.")
    assert [one.problem for one in desk.log.of(PartFetched)] == ["", "", "The network is away."]
    assert desk.log.of(PartFetched)[1].path
