"""What to ask the server so that the cache and one open mailbox agree; and when to ask.

Theory. After EXAMINE the server has told the number of messages, the next uid and perhaps the
highest mod-sequence (RFC 7162). Compared with what the cache holds, that gives the questions:
new messages first, then changed flags, then which uids exist, then the envelopes that are missing.
With QRESYNC the answer to EXAMINE itself names the changed flags and what is gone; with CONDSTORE
one question brings the flags; with neither, SEARCH tells which messages are seen and which are
answered, of the newest first, then of all. Everything the server says unasked (EXISTS, EXPUNGE,
VANISHED, FETCH, in any answer or in IDLE) goes through `heard` and becomes further questions, or
a notice to be taken (`take_notices`). When there is none left, the mailbox is listened to.

Counts decide: messages known + messages being fetched must equal EXISTS. If they do not, the uids
are listed and compared, so that no lost notice stays unnoticed. Sequence numbers live only from
one EXAMINE to the next and are corrected by each EXPUNGE.

Rules for changing this: a question is forgotten only when its answer came; a question never
depends on the order of two notices; nothing here repeats a question that brought nothing new.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import assert_never

from supportdesk.protocols.imap_parser import broken, uid_ranges
from supportdesk.protocols.imap_responses import (
    Exists,
    Expunge,
    Fetch,
    Response,
    UidRange,
    UntaggedStatus,
    Vanished,
)

NEWEST = 50
MANY_NEW = 200
COMPARED_FIRST = 2000
BATCH = 1000
MAX_NOTICES = 10_000
MAX_UIDS = 5_000_000
MAX_UID = 0xFFFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMailbox:
    """What the cache holds of a mailbox under its uidvalidity.

    Attributes:
        uidnext: All uids from here on are unknown.
        highestmodseq: All flag changes up to here are in the cache; 0 when not known.
    """

    uidvalidity: int
    uidnext: int
    highestmodseq: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedMailbox:
    """What the server said when the mailbox was opened; 0 for a number it kept to itself."""

    uidvalidity: int
    uidnext: int
    highestmodseq: int
    exists: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchNewest:
    """Envelopes of the messages from this sequence number on."""

    first_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFrom:
    """Envelopes of the messages from this uid on."""

    uid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFlags:
    """Uids and flags of these sequence numbers."""

    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFlagsSince:
    """Flags that changed after this mod-sequence."""

    modseq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareFlags:
    """Which of the messages from this sequence number on exist, are seen, are answered.

    Where the server has no mod-sequences. From 1 on it also is the answer to ListUids.
    """

    first_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListUids:
    """All uids of the mailbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchMissing:
    """Envelopes of older messages, newest first."""

    uids: tuple[int, ...]


Question = (
    FetchNewest | FetchFrom | FetchFlags | FetchFlagsSince | CompareFlags | ListUids | FetchMissing
)


def opened_mailbox(responses: Iterable[Response]) -> OpenedMailbox:
    """Gather the numbers out of the answer to EXAMINE."""
    exists = 0
    numbers = {"UIDVALIDITY": 0, "UIDNEXT": 0, "HIGHESTMODSEQ": 0}
    for response in responses:
        if isinstance(response, Exists):
            exists = response.count
        elif isinstance(response, UntaggedStatus):
            name, _, value = response.code.partition(" ")
            # A longer number is none of RFC 3501 or RFC 7162, and no database holds it.
            if name.upper() in numbers and re.fullmatch("[0-9]{1,18}", value):
                numbers[name.upper()] = int(value)
    return OpenedMailbox(
        uidvalidity=numbers["UIDVALIDITY"],
        uidnext=numbers["UIDNEXT"],
        highestmodseq=numbers["HIGHESTMODSEQ"],
        exists=exists,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """What the server told of messages by uid, without being asked."""

    flags: Mapping[int, frozenset[str]]
    vanished: tuple[UidRange, ...]


class MailboxSync:
    """The questions about one open mailbox, from EXAMINE to the next EXAMINE.

    Attributes:
        exists: Messages on the server, as last heard.
        uidnext: From here on nothing has been asked for yet.
    """

    def __init__(
        self,
        opened: OpenedMailbox,
        known: KnownMailbox | None,
        *,
        was_resynced: bool = False,
        compares_all: bool = True,
    ) -> None:
        """Compare what is known with what the server said on opening.

        Attributes:
            was_resynced: EXAMINE told flags and losses by itself (QRESYNC).
            compares_all: Without mod-sequences: look at all flags, not only at the newest.
        """
        is_same = known is not None and known.uidvalidity == opened.uidvalidity
        self.uidvalidity = opened.uidvalidity
        self.exists = opened.exists
        self.uidnext = known.uidnext if known and is_same else 1
        self._opened = opened
        self._known_count = known.count if known and is_same else 0
        self._has_new = self._sees_new()
        self._flag_seqs: set[int] = set()
        self._flags_since: int | None = None
        self._compare_from: list[int] = []
        if not was_resynced:
            self._plan_flags(known.highestmodseq if known and is_same else 0, compares_all)
        self._flags_told: dict[int, frozenset[str]] = {}
        self._vanished: list[UidRange] = []
        # One that is gone and one that is new could cancel out: the new ones are counted first.
        self._must_list = False
        self._is_count_checked = False
        self._missing: list[int] = []
        self._unanswered: set[int] = set()
        self._on_their_way = 0

    @property
    def known_count(self) -> int:
        return self._known_count

    @property
    def has_new(self) -> bool:
        """There is mail that was not asked for yet."""
        return self._has_new

    @property
    def is_complete(self) -> bool:
        """True when every message on the server is in the cache, or was asked for in vain."""
        return not (self._has_new or self._must_list or self._missing or self._on_their_way)

    @property
    def settled_modseq(self) -> int:
        """The mod-sequence up to which flags are known; 0 while that is still being asked."""
        asked = self._flags_since is None and not self._compare_from
        return self._opened.highestmodseq if asked else 0

    def heard(self, response: Response) -> None:
        """Take note of what the server said unasked."""
        match response:
            case Exists(count=count):
                self._has_new = self._has_new or count > self.exists
                # Fewer without a word of which: such a server has to be asked.
                self._must_list = self._must_list or count < self.exists
                self.exists = count
            case Expunge(seq=seq):
                self._expunged(seq)
            case Vanished():
                self._vanish(response)
            case Fetch(flags=frozenset() as flags):
                self._flags_changed(response, flags)
            case _:
                pass

    @property
    def has_notices(self) -> bool:
        """Something was told that has not been taken."""
        return bool(self._flags_told or self._vanished)

    def take_notices(self) -> Notices | None:
        """Return the flags and losses that were told with their uids; None when there are none."""
        if not self.has_notices:
            return None
        notices = Notices(flags=self._flags_told, vanished=tuple(self._vanished))
        self._flags_told = {}
        self._vanished = []
        return notices

    def left(self, count: int) -> None:
        """So many of the messages that are in the cache are not on the server any more."""
        self._known_count -= count
        self._check_count()

    def next_question(self) -> Question | None:
        """Return what to ask now; the answer is reported by the method named after it."""
        if self._has_new:
            return self._new_question()
        if self._flag_seqs:
            return FetchFlags(seqs=tuple(sorted(self._flag_seqs)[:BATCH]))
        if self._flags_since is not None:
            return FetchFlagsSince(modseq=self._flags_since)
        if self._compare_from:
            return CompareFlags(first_seq=self._compare_from[0])
        if not (self._is_count_checked or self._vanished):
            self._is_count_checked = True
            self._check_count()
        if self._must_list:
            return ListUids()
        return None

    def next_backlog(self) -> FetchMissing | None:
        """Return the next older messages to ask for, when nothing else is pressing."""
        return FetchMissing(uids=tuple(self._missing[:BATCH])) if self._missing else None

    def asked(self, question: Question) -> None:
        """Forget a question just before it is sent: what is heard meanwhile is another one."""
        match question:
            case FetchNewest() | FetchFrom():
                self._has_new = False
            case FetchFlags(seqs=seqs):
                self._flag_seqs.difference_update(seqs)
            case FetchFlagsSince():
                self._flags_since = None
            case CompareFlags(first_seq=first_seq):
                self._compare_from.remove(first_seq)
                self._must_list = self._must_list and first_seq > 1
            case ListUids():
                self._must_list = False
            case FetchMissing(uids=uids):
                self._missing = self._missing[len(uids) :]
                self._unanswered.update(uids)
                self._on_their_way += 1
            case _:
                assert_never(question)

    def stored(self, uids: Collection[int]) -> None:
        """Note messages that are new in the cache."""
        self._unanswered.difference_update(uids)
        self._known_count += len(uids)

    def missing_answered(self) -> None:
        """What the answer to a FetchMissing brought is in the cache."""
        self._on_their_way -= 1

    def uidnext_after(self, uids: Iterable[int]) -> int:
        """Return the uid from which nothing is known once these new ones are stored."""
        return max(self.uidnext, self._opened.uidnext, *(uid + 1 for uid in uids))

    def new_answered(self, uids: Iterable[int]) -> None:
        """The answer to FetchNewest or FetchFrom is in the cache: is anything else missing?"""
        self.uidnext = self.uidnext_after(uids)
        self._check_count()

    def listed(self, *, missing: Iterable[int], known_count: int) -> None:
        """All uids were compared: these are not in the cache, so many are on both sides."""
        missing_uids = set(missing)
        # What was asked for once and never came would be asked for again for ever.
        self._unanswered &= missing_uids
        self._missing = sorted(missing_uids - self._unanswered, reverse=True)
        self._known_count = known_count

    def _check_count(self) -> None:
        expected = self._known_count + len(self._unanswered) + len(self._missing)
        if self._has_new or self._vanished:
            # Both change the count: it is looked at after them.
            self._is_count_checked = False
        elif expected != self.exists:
            self._must_list = True

    def _sees_new(self) -> bool:
        if not self.exists:
            return False
        if not self._opened.uidnext or not self._known_count:
            return True
        return self._opened.uidnext > self.uidnext

    def _new_question(self) -> FetchNewest | FetchFrom:
        uid_gap = self._opened.uidnext - self.uidnext
        if not self._known_count or uid_gap > MANY_NEW:
            return FetchNewest(first_seq=max(1, self.exists - NEWEST + 1))
        return FetchFrom(uid=self.uidnext)

    def _plan_flags(self, known_modseq: int, compares_all: bool) -> None:
        """Note from which mod-sequence or which sequence numbers on flags must be asked for."""
        if not self._known_count or not self.exists:
            return
        if known_modseq and self._opened.highestmodseq:
            if self._opened.highestmodseq != known_modseq:
                self._flags_since = known_modseq
            return
        newest = max(1, self.exists - COMPARED_FIRST + 1)
        self._compare_from = [newest, 1] if compares_all and newest > 1 else [newest]

    def _flags_changed(self, fetch: Fetch, flags: frozenset[str]) -> None:
        if fetch.uid is not None and len(self._flags_told) < MAX_NOTICES:
            self._flags_told[fetch.uid] = flags
        elif fetch.seq <= self.exists:
            self._flag_seqs.add(fetch.seq)

    def _vanish(self, vanished: Vanished) -> None:
        if not vanished.is_earlier:
            self.exists = max(0, self.exists - count_of(vanished.ranges))
        if len(self._vanished) + len(vanished.ranges) > MAX_NOTICES:
            self._must_list = True
            return
        self._vanished += vanished.ranges

    def _expunged(self, seq: int) -> None:
        self.exists = max(0, self.exists - 1)
        self._must_list = True
        self._flag_seqs = {
            other - 1 if other > seq else other for other in self._flag_seqs if other != seq
        }


def uid_set(uids: Iterable[int]) -> str:
    """Write uids as a sequence set: `1:3,7` (RFC 3501, section 9)."""
    return ",".join(str(low) if low == high else f"{low}:{high}" for low, high in uid_ranges(uids))


def count_of(ranges: Iterable[UidRange]) -> int:
    return sum(high - low + 1 for low, high in ranges)


def gaps_between(ranges: Sequence[UidRange]) -> list[UidRange]:
    """Return what lies outside of ascending ranges: (3, 5), (9, 9) -> (1, 2), (6, 8), (10, ...)."""
    gaps = []
    low = 1
    for first, last in ranges:
        if first > low:
            gaps.append((low, first - 1))
        low = max(low, last + 1)
    gaps.append((low, MAX_UID))
    return gaps


def in_ranges(ranges: Iterable[UidRange]) -> set[int]:
    """Write ranges out. Raises PeerProtocolError when that would not fit in memory."""
    ranges = tuple(ranges)
    if count_of(ranges) > MAX_UIDS:
        raise broken("an endless set of numbers")
    return {uid for low, high in ranges for uid in range(low, high + 1)}


class Due(Enum):
    """What a listening link has to do now."""

    NOTHING = "nothing"
    LOOK_AROUND = "ask about the other mailboxes, which also proves that the link lives"
    CATCH_UP = "open the mailbox again and compare"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListeningRules:
    """How patient a link is.

    A black hole is noticed after `look_around_seconds` and `answer_seconds`, 75 s together. IDLE is
    renewed each time, so never later than the 29 minutes of RFC 2177, or the ten after which
    routers forget a connection. While an answer is being written Sent is looked into each
    `attend_seconds`: only the inbox tells by itself.
    """

    look_around_seconds: float = 50.0
    catch_up_seconds: float = 240.0
    answer_seconds: float = 25.0
    hasty_answer_seconds: float = 10.0
    poll_seconds: float = 15.0
    sleep_seconds: float = 5.0
    attend_seconds: float = 10.0


class ListeningSchedule:
    """When IDLE is interrupted although the server is silent; `seconds` are monotonic."""

    def __init__(self, rules: ListeningRules, seconds: float, now: datetime) -> None:
        self._rules = rules
        self._looked_at = seconds
        self._caught_up_at = seconds
        self._last_seconds = seconds
        self._last_now = now

    def due(self, seconds: float, now: datetime) -> Due:
        """Tell what is due. A wall clock that ran ahead of the monotonic one means sleep."""
        slept = (now - self._last_now).total_seconds() - (seconds - self._last_seconds)
        self._last_seconds = seconds
        self._last_now = now
        if slept > self._rules.sleep_seconds:
            return Due.CATCH_UP
        if seconds - self._caught_up_at >= self._rules.catch_up_seconds:
            return Due.CATCH_UP
        if seconds - self._looked_at >= self._rules.look_around_seconds:
            return Due.LOOK_AROUND
        return Due.NOTHING

    def wait_seconds(self, seconds: float) -> float:
        """How long IDLE may wait before something is due."""
        looks_at = self._looked_at + self._rules.look_around_seconds
        catches_up_at = self._caught_up_at + self._rules.catch_up_seconds
        return max(0.0, min(looks_at, catches_up_at) - seconds)

    def looked_around(self, seconds: float) -> None:
        self._looked_at = seconds

    def caught_up(self, seconds: float) -> None:
        self._caught_up_at = seconds
