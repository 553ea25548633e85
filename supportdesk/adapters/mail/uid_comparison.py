"""The uids and flags of a whole mailbox against the cache, by SEARCH: a few ranges, not lines."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from supportdesk.adapters.mail.imap_link import Command, ImapLink
from supportdesk.adapters.storage.mail_batch import MailboxKey
from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.protocols.imap_bulk import ANSWERED, SEEN
from supportdesk.protocols.imap_parser import uid_ranges
from supportdesk.protocols.imap_responses import Response, Search, TaggedStatus, UidRange
from supportdesk.protocols.mailbox_sync import MAX_UID, count_of, gaps_between, in_ranges

_FEW_RANGES = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How server and cache differ.

    Attributes:
        departed: In the cache alone.
        missing: On the server alone.
        known_count: On both sides.
        flags: SEEN and ANSWERED of the messages on both sides that have others now.
    """

    departed: Iterable[int]
    missing: Iterable[int]
    known_count: int
    flags: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Found:
    """What one search has found, in whichever way the server tells it."""

    uids: list[int] = field(default_factory=list)
    ranges: list[UidRange] = field(default_factory=list)

    def as_ranges(self) -> list[UidRange]:
        return sorted((*uid_ranges(self.uids), *self.ranges))

    def as_set(self) -> set[int]:
        return in_ranges(self.ranges).union(self.uids)


class UidComparison:
    """Compares one open mailbox."""

    def __init__(
        self,
        link: ImapLink,
        cache: MailCacheWriter,
        key: MailboxKey,
        heard: Callable[[Response], None],
    ) -> None:
        self._link = link
        self._cache = cache
        self._key = key
        self._heard = heard
        self._returns = "RETURN (ALL) " if "ESEARCH" in link.capabilities else ""

    def of_uids(self) -> tuple[TaggedStatus, Compared]:
        """Compare which messages there are."""
        ended, found = self._search("ALL")
        ranges = found.as_ranges()
        known = self._cache.known_mailbox(self._key)
        count = known.count if known else 0
        if len(ranges) > _FEW_RANGES:
            return ended, self._by_sets(ranges)
        departed = self._cache.uids_in(self._key, gaps_between(ranges))
        if count_of(ranges) != count - len(departed):
            return ended, self._by_sets(ranges)
        return ended, Compared(departed=departed, missing=(), known_count=count - len(departed))

    def of_flags(self, first_seq: int) -> tuple[TaggedStatus, Compared]:
        """Compare which messages there are from this one on, and which are seen and answered."""
        span = f"{first_seq}:*" if first_seq > 1 else "ALL"
        among = f"{span} " if first_seq > 1 else ""
        first = self._begin(span)
        # Of a whole mailbox the cache is read while the server looks.
        known = self._cache.flagged(self._key, 1) if first_seq == 1 else None
        searches = [self._end(*first), *(self._search(among + one) for one in ("SEEN", "ANSWERED"))]
        there, seen, answered = (found.as_set() for _, found in searches)
        if known is None:
            known = self._cache.flagged(self._key, min(there, default=1))
        both = known.there & there
        changed = (known.seen ^ seen) | (known.answered ^ answered)
        status = next((ended for ended, _ in searches if not ended.is_ok), searches[0][0])
        return status, Compared(
            departed=known.there - there,
            missing=there - known.there,
            known_count=len(both),
            flags={
                uid: SEEN * (uid in seen) + ANSWERED * (uid in answered) for uid in changed & both
            },
        )

    def _by_sets(self, ranges: Iterable[UidRange]) -> Compared:
        there = in_ranges(ranges)
        known = set(self._cache.uids_in(self._key, [(1, MAX_UID)]))
        return Compared(
            departed=known - there, missing=there - known, known_count=len(known & there)
        )

    def _search(self, what: str) -> tuple[TaggedStatus, _Found]:
        return self._end(*self._begin(what))

    def _begin(self, what: str) -> tuple[Command, _Found]:
        found = _Found()

        def hear(response: Response) -> None:
            if isinstance(response, Search):
                found.uids += response.uids
                found.ranges += response.ranges
            else:
                self._heard(response)

        return self._link.begin(f"UID SEARCH {self._returns}{what}", hear), found

    def _end(self, command: Command, found: _Found) -> tuple[TaggedStatus, _Found]:
        return self._link.finish(command), found
