"""Files that were asked for, piece by piece from the mailbox that has their message. PEEK alone."""

from collections.abc import Callable

from supportdesk.adapters.mail.imap_link import ImapLink
from supportdesk.adapters.mail.open_mailbox import OpenMailbox
from supportdesk.adapters.mail.part_download import LEFT, Described, Download, PartDownloads
from supportdesk.adapters.mail.requests import Requests
from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import (
    WHOLE_MESSAGE,
    MessageAddress,
    MessagePart,
    fetched_section,
)
from supportdesk.protocols.imap_responses import Fetch, Response
from supportdesk.services.ports import Clock

Hearer = Callable[[Response], None]

_VISIT_SECONDS = 1.0
_NOOP_SECONDS = 1.0
_LINE = 78
_DECODED_LINE = 57


class PieceFetcher:
    """Lives as long as one connection; what it has fetched of a file outlives it."""

    def __init__(
        self,
        *,
        link: ImapLink,
        downloads: PartDownloads,
        account: SourceName,
        cache: MailCacheWriter,
        clock: Clock,
    ) -> None:
        self._link = link
        self._downloads = downloads
        self._account = account
        self._cache = cache
        self._clock = clock
        self._noop_at = float("-inf")

    def take(self, requests: Requests) -> None:
        """Take over what was asked for and what is not wanted any more."""
        while (given_up := requests.take_given_up()) is not None:
            self._downloads.give_up(*given_up)
        while (wanted := requests.take_part()) is not None:
            self._downloads.ask(*wanted)

    def next_mailbox(self) -> str | None:
        """The mailbox that has the next file; None when nothing is asked for."""
        while (download := self._downloads.next) is not None:
            address = self._address(download)
            if address is not None:
                return address.mailbox
            self._downloads.fail(download, LEFT)
        return None

    def refuse_next(self) -> None:
        """The mailbox of the next file is not watched any more."""
        download = self._downloads.next
        if download is not None:
            self._downloads.fail(download, LEFT)

    def fetch_one(self, mailbox: OpenMailbox) -> None:
        """Fetch a piece, and see to it that the server has a chance to tell what is new."""
        download = self._downloads.next
        if download is None or not self._fetch(download, mailbox):
            return
        now = self._clock.monotonic_seconds()
        if now - self._noop_at >= _NOOP_SECONDS or download.misses:
            self._noop_at = now
            self._link.run("NOOP", mailbox.sync.heard)

    def fetch_some(self, mailbox: OpenMailbox) -> None:
        """Another mailbox was opened for it: make it worth while, and be back soon."""
        deadline = self._clock.monotonic_seconds() + _VISIT_SECONDS
        while (download := self._downloads.next) is not None:
            if not self._fetch(download, mailbox) or download.misses:
                return
            if self._clock.monotonic_seconds() >= deadline:
                return

    def _fetch(self, download: Download, mailbox: OpenMailbox) -> bool:
        """False when the file is not in this mailbox."""
        address = self._address(download)
        if address is None or address.mailbox != mailbox.key.mailbox:
            return False
        try:
            if address.uidvalidity != mailbox.key.uidvalidity:
                raise MessageMissingError
            self._fetch_piece(download, address.uid, mailbox.sync.heard)
        except MessageMissingError:
            self._downloads.missed(download)
        return True

    def _fetch_piece(self, download: Download, uid: int, hear: Hearer) -> None:
        if download.decoder is None:
            described = (
                # Its size came with its envelope, and nothing is encoded about it.
                Described(encoding="", size_bytes=download.part.size_bytes)
                if download.section == WHOLE_MESSAGE
                else describe(self._link, uid, download.part, hear)
            )
            if not self._downloads.begin(download, described):
                return
        began = self._clock.monotonic_seconds()
        piece = fetch_piece(self._link, uid, download, hear)
        self._downloads.receive(download, piece, self._clock.monotonic_seconds() - began)

    def _address(self, download: Download) -> MessageAddress | None:
        known = self._cache.summary(self._account, download.message_id)
        return known.address if known else None


class MessageMissingError(Exception):
    """The server says nothing about this uid: it was expunged, or moved, a moment ago."""


def describe(link: ImapLink, uid: int, part: MessagePart, hear: Hearer) -> Described | None:
    """Ask how a part is encoded and how long it is; None when there is no such part.

    Raises MessageMissingError.
    """
    found: list[Described | None] = []
    broken_before = link.broken_responses

    # Only for a file that somebody asked for.
    from supportdesk.protocols.body_structure import parse_structure

    def take(response: Response) -> None:
        match response:
            case Fetch(uid=asked, structure=list() as tokens) if asked == uid:
                known = parse_structure(tokens).part(fetched_section(part.section))
                found.append(
                    Described(encoding=known.encoding, size_bytes=known.size_bytes)
                    if known
                    else None
                )
            case _:
                hear(response)

    ended = link.run(f"UID FETCH {uid} (UID BODYSTRUCTURE)", take)
    if ended.has_missing_messages:
        raise MessageMissingError
    if found:
        return found[-1]
    if link.broken_responses > broken_before:
        # It can be fetched all the same, with the size reckoned from the decoded one.
        is_longer = part.encoding == "base64"
        size = part.size_bytes * _LINE // _DECODED_LINE if is_longer else part.size_bytes
        return Described(encoding=part.encoding, size_bytes=size)
    raise MessageMissingError


def fetch_piece(link: ImapLink, uid: int, download: Download, hear: Hearer) -> bytes:
    """Fetch the next piece; empty at the end. Raises MessageMissingError."""
    pieces: list[bytes] = []
    section = "" if download.section == WHOLE_MESSAGE else download.asked_section

    def take(response: Response) -> None:
        match response:
            case Fetch(uid=asked, sections=((named, octets), *_)) if (asked, named) == (
                uid,
                section,
            ):
                pieces.append(octets)
            case _:
                hear(response)

    span = f"<{download.done_bytes}.{download.piece_bytes}>"
    ended = link.run(f"UID FETCH {uid} (UID BODY.PEEK[{section}]{span})", take)
    if ended.has_missing_messages or (ended.is_ok and not pieces):
        raise MessageMissingError
    return pieces[0] if pieces else b""
