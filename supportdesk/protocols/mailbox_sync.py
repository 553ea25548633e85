"""What to ask the server so that the cache and one open mailbox agree; and when to ask.

Theory. After EXAMINE the server has told the number of messages, the next uid and perhaps the
highest mod-sequence (RFC 7162). Compared with what the cache holds, that gives the questions:
new messages first, then changed flags, then which uids exist, then the envelopes that are missing.
Everything the server says unasked (EXISTS, EXPUNGE, VANISHED, FETCH, in any answer or in IDLE) goes
through `heard` and becomes further questions. When there is none left, the mailbox is listened to.

Counts decide: messages known + messages being fetched must equal EXISTS. If they do not, the uids
are listed and compared, so that no lost notice stays unnoticed. Sequence numbers live only from
one EXAMINE to the next and are corrected by each EXPUNGE.

Rules for changing this: a question is forgotten only when its answer came; a question never
depends on the order of two notices; nothing here repeats a question that brought nothing new.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import assert_never

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
FLAGS_WITHOUT_MODSEQ = 2000
BATCH = 1000


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
class FetchFlagsFrom:
    """Uids and flags of the newest messages, where the server has no mod-sequences."""

    first_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListUids:
    """All uids of the mailbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchMissing:
    """Envelopes of older messages, newest first."""

    uids: tuple[int, ...]


Question = (
    FetchNewest
    | FetchFrom
    | FetchFlags
    | FetchFlagsSince
    | FetchFlagsFrom
    | ListUids
    | FetchMissing
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
            if name.upper() in numbers and value.isdigit():
                numbers[name.upper()] = int(value)
    return OpenedMailbox(
        uidvalidity=numbers["UIDVALIDITY"],
        uidnext=numbers["UIDNEXT"],
        highestmodseq=numbers["HIGHESTMODSEQ"],
        exists=exists,
    )


class MailboxSync:
    """The questions about one open mailbox, from EXAMINE to the next EXAMINE.

    Attributes:
        exists: Messages on the server, as last heard.
        uidnext: From here on nothing has been asked for yet.
    """

    def __init__(self, opened: OpenedMailbox, known: KnownMailbox | None) -> None:
        is_same = known is not None and known.uidvalidity == opened.uidvalidity
        self.uidvalidity = opened.uidvalidity
        self.exists = opened.exists
        self.uidnext = known.uidnext if known and is_same else 1
        self._opened = opened
        self._known_count = known.count if known and is_same else 0
        self._has_new = self._sees_new()
        self._flag_seqs: set[int] = set()
        self._flags_since, self._flags_from = self._flag_questions(
            known.highestmodseq if known and is_same else 0
        )
        # One that is gone and one that is new could cancel out: the new ones are counted first.
        self._must_list = not self._has_new and self._known_count != self.exists
        self._missing: list[int] = []
        self._unanswered: set[int] = set()

    @property
    def known_count(self) -> int:
        return self._known_count

    @property
    def is_complete(self) -> bool:
        """True when every message on the server is in the cache."""
        return not (self._has_new or self._must_list or self._missing)

    @property
    def settled_modseq(self) -> int:
        """The mod-sequence up to which flags are known; 0 while that is still being asked."""
        asked = self._flags_since is None and self._flags_from is None
        return self._opened.highestmodseq if asked else 0

    def heard(self, response: Response) -> None:
        """Take note of what the server said unasked."""
        match response:
            case Exists(count=count):
                self._has_new = self._has_new or count > self.exists
                self.exists = count
            case Expunge(seq=seq):
                self._expunged(seq)
            case Vanished(ranges=ranges):
                self.exists -= sum(high - low + 1 for low, high in ranges)
                self._must_list = True
            case Fetch(seq=seq, flags=flags) if flags is not None:
                self._flag_seqs.add(seq)
            case _:
                pass

    def next_question(self) -> Question | None:
        """Return what to ask now; the answer is reported by the method named after it."""
        if self._has_new:
            return self._new_question()
        if self._flag_seqs:
            return FetchFlags(seqs=tuple(sorted(self._flag_seqs)[:BATCH]))
        if self._flags_since is not None:
            return FetchFlagsSince(modseq=self._flags_since)
        if self._flags_from is not None:
            return FetchFlagsFrom(first_seq=self._flags_from)
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
            case FetchFlagsFrom():
                self._flags_from = None
            case ListUids():
                self._must_list = False
            case FetchMissing(uids=uids):
                self._missing = self._missing[len(uids) :]
                self._unanswered.update(uids)
            case _:
                assert_never(question)

    def stored(self, uids: Collection[int]) -> None:
        """Note messages that are new in the cache."""
        self._unanswered.difference_update(uids)
        self._known_count += len(uids)

    def uidnext_after(self, uids: Iterable[int]) -> int:
        """Return the uid from which nothing is known once these new ones are stored."""
        return max(self.uidnext, self._opened.uidnext, *(uid + 1 for uid in uids))

    def new_answered(self, uids: Iterable[int]) -> None:
        """The answer to FetchNewest or FetchFrom is in the cache: is anything else missing?"""
        self.uidnext = self.uidnext_after(uids)
        if not self._has_new and self._known_count + len(self._unanswered) != self.exists:
            self._must_list = True

    def listed(self, on_server: set[int], known: set[int]) -> frozenset[int]:
        """Compare all uids; return those that are gone. The rest becomes backlog."""
        # What was asked for once and never came would be asked for again for ever.
        self._unanswered &= on_server
        self._missing = sorted(on_server - known - self._unanswered, reverse=True)
        self._known_count = len(on_server & known)
        return frozenset(known - on_server)

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

    def _flag_questions(self, known_modseq: int) -> tuple[int | None, int | None]:
        """Return the mod-sequence or the sequence number from which flags must be asked for."""
        if not self._known_count or not self.exists:
            return None, None
        if known_modseq and self._opened.highestmodseq:
            changed = self._opened.highestmodseq != known_modseq
            return (known_modseq if changed else None), None
        return None, max(1, self.exists - FLAGS_WITHOUT_MODSEQ + 1)

    def _expunged(self, seq: int) -> None:
        self.exists = max(0, self.exists - 1)
        self._must_list = True
        self._flag_seqs = {
            other - 1 if other > seq else other for other in self._flag_seqs if other != seq
        }


def uid_ranges(uids: Iterable[int]) -> tuple[UidRange, ...]:
    """Join neighbouring uids: 1, 2, 3, 7 -> (1, 3), (7, 7)."""
    ranges: list[UidRange] = []
    for uid in sorted(uids):
        if ranges and uid == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], uid)
        else:
            ranges.append((uid, uid))
    return tuple(ranges)


def uid_set(uids: Iterable[int]) -> str:
    """Write uids as a sequence set: `1:3,7` (RFC 3501, section 9)."""
    return ",".join(str(low) if low == high else f"{low}:{high}" for low, high in uid_ranges(uids))


class Due(Enum):
    """What a listening link has to do now."""

    NOTHING = "nothing"
    LOOK_AROUND = "ask about the other mailboxes, which also proves that the link lives"
    CATCH_UP = "open the mailbox again and compare"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListeningRules:
    """How patient a link is.

    A black hole is noticed after `look_around_seconds` and `answer_seconds`, 85 s together. IDLE is
    renewed each time, so never later than the 29 minutes of RFC 2177, or the ten after which
    routers forget a connection.
    """

    look_around_seconds: float = 60.0
    catch_up_seconds: float = 240.0
    answer_seconds: float = 25.0
    hasty_answer_seconds: float = 10.0
    poll_seconds: float = 15.0
    sleep_seconds: float = 5.0


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
