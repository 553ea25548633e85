"""Attachments come down in pieces, between other work, into files of our own.

A piece is a short command; between two pieces the session does what is more pressing, so that new
mail is told at once while fifty megabytes come down. What has come stays through a new connection.
Nothing is ever whole in memory. Whatever goes wrong with one file is said in words, and stops
nothing else: an OSError of our disk must not look like one of the network.
"""

import errno
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from supportdesk.adapters.attachment_store import AttachmentStore
from supportdesk.domain.events import PartFetched, PartProgressed
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import WHOLE_MESSAGE, MessageId, MessagePart, fetched_section
from supportdesk.protocols.transfer_decoding import TransferDecoder, decoder_for
from supportdesk.services.ports import Clock, Publisher

PIECE_BYTES = 256 * 1024
LEAST_PIECE_BYTES = 16 * 1024
_SLOW_SECONDS = 1.0
_QUICK_SECONDS = 0.25
_PROGRESS_SECONDS = 0.25
_FREE_BYTES = 64 * 1024 * 1024
_SLACK_BYTES = 4096
_MISSES = 3
_NUMBERS = re.compile(r"\d{1,5}(?:\.\d{1,5}){0,63}\Z")

LEFT = "The message has left the mailbox; its files went with it."
NO_FILE = "The mail server cannot give this file by itself. Open the mail in your mail program."
LIES = (
    "The mail server sends more than it announced, so this file was given up. "
    "Open the mail in your mail program."
)
PACKED = (
    "It could not be taken out of what it is packed in. Save winmail.dat, or ask the sender for "
    "the file itself."
)
SHORT = (
    "The mail server ended this file too early: it may be damaged. Try again; if it stays, "
    "open the mail in your mail program."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A part as the server describes it: how it is encoded and how long it is there."""

    encoding: str
    size_bytes: int


@dataclass(slots=True, kw_only=True)
class Download:
    """One file on its way. Belongs to the worker's thread.

    Attributes:
        total_bytes: Encoded, as the server announced; 0 until it was asked.
        done_bytes: Encoded.
        misses: How often in a row the server had nothing to say about its message.
    """

    message_id: MessageId
    part: MessagePart
    total_bytes: int = 0
    done_bytes: int = 0
    misses: int = 0
    piece_bytes: int = LEAST_PIECE_BYTES * 4
    decoder: TransferDecoder | None = None
    told_at: float = field(default=float("-inf"))

    @property
    def section(self) -> str:
        """What it is known by."""
        return self.part.section

    @property
    def asked_section(self) -> str:
        """What the server is asked for."""
        return fetched_section(self.part.section)

    @property
    def left_bytes(self) -> int:
        return (self.total_bytes or self.part.size_bytes) - self.done_bytes


class PartDownloads:
    """What was asked for and is not here yet; outlives connections, belongs to one thread."""

    def __init__(
        self,
        *,
        account: SourceName,
        store: AttachmentStore,
        publisher: Publisher,
        clock: Clock,
        free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        self._account = account
        self._store = store
        self._publisher = publisher
        self._clock = clock
        self._free_bytes = free_bytes
        self._downloads: list[Download] = []

    @property
    def next(self) -> Download | None:
        """The one with the least to come: a picture does not wait behind a film."""
        return min(self._downloads, key=lambda one: one.left_bytes, default=None)

    def ask(self, message_id: MessageId, part: MessagePart) -> None:
        """Begin, unless it is here or on its way."""
        if any(self._is(one, message_id, part.section) for one in self._downloads):
            return
        kept = self._store.path_of(self._account, message_id, part.section)
        if kept is not None:
            self._tell_fetched(message_id, part.section, path=str(kept))
        elif part.section != WHOLE_MESSAGE and not _NUMBERS.match(fetched_section(part.section)):
            self._tell_fetched(message_id, part.section, problem=NO_FILE)
        else:
            self._downloads.append(Download(message_id=message_id, part=part))

    def refuse(self, message_id: MessageId, part: MessagePart, problem: str) -> None:
        """It cannot be fetched now; what is here is here all the same."""
        kept = self._store.path_of(self._account, message_id, part.section)
        if kept is not None:
            self._tell_fetched(message_id, part.section, path=str(kept))
        else:
            self._tell_fetched(message_id, part.section, problem=problem)

    def give_up(self, message_id: MessageId, section: str) -> None:
        """The founder does not want it any more; told also when nobody knows of it."""
        found = [one for one in self._downloads if self._is(one, message_id, section)]
        for one in found:
            self._end(one)
        if not found:
            self._tell_fetched(message_id, section)

    def begin(self, download: Download, described: Described | None) -> bool:
        """The server was asked what it is; False when it cannot be had."""
        if described is None:
            self.fail(download, NO_FILE)
            return False
        download.total_bytes = max(1, described.size_bytes)
        download.decoder = decoder_for(described.encoding or download.part.encoding)
        download.misses = 0
        try:
            coming = self._store.coming(self._account, download.message_id, download.section)
            if self._free_bytes(coming.parent) < described.size_bytes + _FREE_BYTES:
                self.fail(download, _no_room(described.size_bytes))
                return False
            coming.unlink(missing_ok=True)
            coming.touch(mode=0o600)
        except OSError as error:
            self.fail(download, _words_of(error))
            return False
        self._tell_progress(download)
        return True

    def missed(self, download: Download) -> None:
        """The message was not there; it may have moved, and be found again by the next look."""
        download.misses += 1
        if download.misses >= _MISSES:
            self.fail(download, LEFT)

    def receive(self, download: Download, piece: bytes, seconds: float) -> None:
        """Add a piece; an empty one is the end.

        Args:
            download: To which it belongs.
            piece: As it came, still encoded.
            seconds: How long it took; the next one is made larger or smaller for it.
        """
        download.misses = 0
        if len(piece) > download.piece_bytes or self._is_too_much(download, piece):
            self.fail(download, LIES)
            return
        is_short = len(piece) < download.piece_bytes
        download.done_bytes += len(piece)
        # The announced size is not to be trusted: only a piece that is short ends the file.
        is_last = not piece or (is_short and download.done_bytes >= download.total_bytes)
        try:
            self._write(download, piece, is_last=is_last)
            if is_last:
                self._finish(download)
                return
        except OSError as error:
            self.fail(download, _words_of(error))
            return
        download.piece_bytes = _next_size(download.piece_bytes, seconds)
        self._tell_progress(download)

    def fail(self, download: Download, problem: str) -> None:
        self._end(download, problem)

    def _is(self, download: Download, message_id: MessageId, section: str) -> bool:
        return (download.message_id, download.section) == (message_id, section)

    def _is_too_much(self, download: Download, piece: bytes) -> bool:
        most = download.total_bytes * 5 // 4 + _SLACK_BYTES
        return download.done_bytes + len(piece) > most

    def _write(self, download: Download, piece: bytes, *, is_last: bool) -> None:
        decoder = download.decoder
        if decoder is None:
            raise ValueError("a download is begun before it receives")
        decoded = decoder.feed(piece) + (decoder.close() if is_last else b"")
        path = self._store.coming(self._account, download.message_id, download.section)
        with path.open("ab") as file:
            file.write(decoded)

    def _finish(self, download: Download) -> None:
        if download.done_bytes * 10 < download.total_bytes * 9:
            self.fail(download, SHORT)
            return
        if download.asked_section != download.section:
            # Few files come packed into another one.
            from supportdesk.adapters.mail.part_unpacking import unpack_file

            coming = self._store.coming(self._account, download.message_id, download.section)
            if not unpack_file(coming, download.part):
                self.fail(download, PACKED)
                return
        kept = self._store.keep(
            self._account, download.message_id, download.section, download.part.name
        )
        self._downloads.remove(download)
        self._tell_fetched(download.message_id, download.section, path=str(kept))

    def _end(self, download: Download, problem: str = "") -> None:
        self._downloads.remove(download)
        self._store.discard(self._account, download.message_id, download.section)
        self._tell_fetched(download.message_id, download.section, problem=problem)

    def _tell_progress(self, download: Download) -> None:
        now = self._clock.monotonic_seconds()
        if now - download.told_at < _PROGRESS_SECONDS:
            return
        download.told_at = now
        self._publisher.publish(
            PartProgressed(
                account=self._account,
                message_id=download.message_id,
                section=download.section,
                done_bytes=min(download.done_bytes, download.total_bytes),
                total_bytes=download.total_bytes,
            )
        )

    def _tell_fetched(
        self, message_id: MessageId, section: str, *, path: str = "", problem: str = ""
    ) -> None:
        self._publisher.publish(
            PartFetched(
                account=self._account,
                message_id=message_id,
                section=section,
                path=path,
                problem=problem,
            )
        )


def _next_size(size: int, seconds: float) -> int:
    """Large pieces on a quick link; on a slow one small ones, so that nothing waits for them."""
    if seconds > _SLOW_SECONDS:
        return max(LEAST_PIECE_BYTES, size // 2)
    return min(PIECE_BYTES, size * 2) if seconds < _QUICK_SECONDS else size


def _no_room(needed: int) -> str:
    return (
        f"The disk has no room for this file of {needed / 1_000_000:.0f} MB. "
        "Make room, then try again."
    )


def _words_of(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full. Make room, then try again."
    return (
        f"The file cannot be written in supportdesk's folder: {error.strerror or error}. "
        "Look at its rights, then try again."
    )
