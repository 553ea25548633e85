"""The uids and flags of a whole mailbox against the cache, by SEARCH: a few ranges, not lines."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from supportdesk.adapters.mail.imap_link import ImapLink
from supportdesk.adapters.storage.mail_batch import MailboxKey
from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.protocols.imap_bulk import ANSWERED, SEEN
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
        ended, ranges = self._search("ALL")
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
        searches = [self._search(what) for what in (span, f"{among}SEEN", f"{among}ANSWERED")]
        there, seen, answered = (in_ranges(ranges) for _, ranges in searches)
        first_uid = min(there, default=1) if first_seq > 1 else 1
        bits = self._cache.flag_bits(self._key, first_uid)
        both = bits.keys() & there
        changed = {uid for uid, known in bits.items() if known & SEEN} ^ seen
        changed |= {uid for uid, known in bits.items() if known & ANSWERED} ^ answered
        status = next((ended for ended, _ in searches if not ended.is_ok), searches[0][0])
        return status, Compared(
            departed=bits.keys() - there,
            missing=there - bits.keys(),
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

    def _search(self, what: str) -> tuple[TaggedStatus, list[UidRange]]:
        found: list[UidRange] = []

        def hear(response: Response) -> None:
            if isinstance(response, Search):
                found.extend(response.ranges)
            else:
                self._heard(response)

        ended = self._link.run(f"UID SEARCH {self._returns}{what}", hear)
        return ended, sorted(found)
