"""The morning scroll: what came by mail and phone since the last look, oldest first, to its end.

What was decided, and why:
- What came is every customer's mail and every call that is over, whoever has answered since: it is
  about their words, not about work that is left. Mail of machines is left out, and counted.
- A scroll that was left half way goes on at its place, with what came since at its end, and behind
  that what is unread before the place: it was told late or passed over, and the end waits for it.
  One that was seen to its end begins the next one there, once there is something new for it.
- What comes while it is on show joins at the end: nothing moves under who is reading.
- A deaf night tells in the morning of mail that lay there before the last look. What is unread
  and not much older than that look belongs to this one.
- The first scroll of a home looks back one day, and none after it further back than that.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from supportdesk.domain.calls import Call, Outcome
from supportdesk.domain.errors import Problem, StoreError
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.reading import SpanKind
from supportdesk.domain.waiting import is_from_customer, moment
from supportdesk.domain.week import Week
from supportdesk.services.call_history import CallHistory
from supportdesk.services.inbox import Inbox
from supportdesk.services.people import People

FIRST_LOOK_BACK = timedelta(days=1)
TOLD_LATE_WITHIN = timedelta(days=7)
_LONGEST_CALL = timedelta(days=1)

Piece = MessageSummary | Call


@dataclass(frozen=True, slots=True, kw_only=True)
class ScrollPlace:
    """Where the founder is.

    Attributes:
        since: The last look: what came after it is in the scroll.
        until: When its end was reached; None while it is under way.
        place: Ledger key of the mail or call in view; "" at the beginning.
        earliest: How far the first scroll of the home looked back: nothing before it is news.
    """

    since: datetime
    until: datetime | None = None
    place: str = ""
    earliest: datetime | None = None


class ScrollStore(Protocol):
    """Keeps the one place. Raises StoreError."""

    def scroll(self) -> ScrollPlace | None: ...

    def save_scroll(self, place: ScrollPlace) -> None: ...


class MorningScroll:
    """The pieces of one scroll and the place in it. `key` is a ledger key throughout.

    Attributes:
        problem: Why the place could not be kept, if it could not; it holds for this run then.
    """

    def __init__(
        self,
        *,
        inbox: Inbox,
        history: CallHistory,
        people: People,
        store: ScrollStore,
        now: datetime,
    ) -> None:
        """Go on where it was left, or begin the next one where the last one ended."""
        self._inbox = inbox
        self._history = history
        self._people = people
        self._store = store
        self._pieces: dict[str, Piece] = {}
        self._left_out: dict[str, MessageSummary] = {}
        self._seen: set[str] = set()
        self._moved: set[str] = set()
        self._in_view = ""
        self.problem: Problem | None = None
        known = store.scroll()
        a_day_ago = now - FIRST_LOOK_BACK
        self._kept = kept = known or ScrollPlace(since=a_day_ago, earliest=a_day_ago)
        if kept.until is not None and self._news(kept.until):
            self._kept = ScrollPlace(since=kept.until, earliest=kept.earliest)
        self.look()
        self._take_as_seen()
        self._keep(self._kept)

    # --- what is in it -----------------------------------------------------------------

    def look(self) -> bool:
        """Take in what has come since; True when there is more than before."""
        news = self._news(self._kept.since)
        self._pieces |= {piece.key: piece for piece in news}
        robots = (one for one in self._mails_since(self._kept.since) if _is_from_machine(one))
        self._left_out |= {one.key: one for one in robots}
        return bool(news)

    def forget(self, keys: Iterable[str]) -> None:
        """Nothing is known of them any more."""
        for key in keys:
            self._pieces.pop(key, None)
            self._left_out.pop(key, None)

    @property
    def since(self) -> datetime:
        """The last look, or when the first of it came, of which it told too late."""
        return min((self._kept.since, *(came_at(one) for one in self._pieces.values())))

    @property
    def place(self) -> str:
        """In view when it was left; "" at the beginning."""
        known = (one for one in (self._in_view, self._kept.place) if one in self._pieces)
        return next(known, "")

    @property
    def is_at_end(self) -> bool:
        """Its end was reached, and the founder has not gone back since."""
        return self._kept.until is not None

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return tuple(self._pieces.values())

    def piece(self, key: str) -> Piece | None:
        return self._pieces.get(key)

    @property
    def left_out(self) -> tuple[MessageSummary, ...]:
        """Mail of machines, oldest first."""
        return tuple(sorted(self._left_out.values(), key=_age))

    @property
    def people(self) -> int:
        """How many wrote or called; each call without a number is somebody."""
        return len({self._who(piece) for piece in self._pieces.values()})

    @property
    def passed_over(self) -> tuple[Piece, ...]:
        """What has not been in view to its end, of what lies before the place."""
        before = [piece for key, piece in self._pieces.items() if key not in self._seen]
        if self._kept.until is not None:
            # What has come since is still ahead.
            return tuple(one for one in before if came_at(one) <= self._kept.until)
        keys = list(self._pieces)
        passed = set(keys[: keys.index(self.place)]) if self.place else set()
        return tuple(one for one in before if one.key in passed)

    # --- the founder's place -----------------------------------------------------------

    def came_to(self, key: str) -> None:
        """This one is in view now."""
        self._in_view = key
        place = self._place_before() if key in self._moved else key
        if place != self._kept.place or self.is_at_end:
            self._keep(replace(self._kept, place=place, until=None))

    def saw(self, keys: Iterable[str]) -> None:
        """These were in view to their end."""
        self._seen.update(keys)

    def came_to_end(self, now: datetime) -> None:
        """The end is in view: the next scroll begins here."""
        if not self.is_at_end:
            self._in_view = ""
            self._keep(replace(self._kept, until=now, place=""))

    # --- inside ------------------------------------------------------------------------

    def _keep(self, place: ScrollPlace) -> None:
        self._kept = place
        try:
            self._store.save_scroll(place)
        except StoreError as error:
            self.problem = error.problem

    def _take_as_seen(self) -> None:
        """What lies before the place was in view in an earlier run; what is unread is ahead."""
        keys = list(self._pieces)
        if not self.is_at_end:
            keys = keys[: keys.index(self.place)] if self.place else []
        unread = [key for key in keys if self._inbox.is_unread(key)]
        self._seen.update(set(keys) - set(unread))
        self._moved = set(unread)
        self._pieces |= {key: self._pieces.pop(key) for key in unread}

    def _place_before(self) -> str:
        """While one is in view that was moved: by its age it stands before what has been seen."""
        if not self.is_at_end:
            return self._kept.place
        return next((key for key in reversed(self._pieces) if key not in self._moved), "")

    def _news(self, since: datetime) -> list[Piece]:
        """What is not in it yet, oldest first."""
        mails = (one for one in self._mails_since(since) if is_from_customer(one))
        pieces: list[Piece] = [*mails, *self._calls_since(since)]
        return sorted((one for one in pieces if one.key not in self._pieces), key=_age)

    def _mails_since(self, since: datetime) -> list[MessageSummary]:
        known = self._inbox.conversations()
        return [one for view in known for one in view.messages if self._belongs(one, since)]

    def _belongs(self, message: MessageSummary, since: datetime) -> bool:
        came = moment(message)
        if came > since:
            return True
        earliest = self._kept.earliest
        reaches_back = came > since - TOLD_LATE_WITHIN and (earliest is None or came > earliest)
        return reaches_back and self._inbox.is_unread(message.key)

    def _calls_since(self, since: datetime) -> list[Call]:
        history = self._history
        is_more = True
        while is_more and not _reach_back(history.calls(), since):
            is_more = history.read_older()
        return [
            self._people.named(one)
            for one in history.calls()
            if not one.is_going_on and one.outcome is not Outcome.CALLED and came_at(one) > since
        ]

    def _who(self, piece: Piece) -> str:
        if isinstance(piece, MessageSummary):
            person = self._people.behind_email(piece.sender.email)
        else:
            person = self._people.behind_number(piece.number)
        return person.key or next(iter((*person.emails, *person.numbers)), piece.key)


def came_at(piece: Piece) -> datetime:
    """When a mail came, or a call was over."""
    if isinstance(piece, MessageSummary):
        return moment(piece)
    return piece.waited_until + timedelta(seconds=piece.talk_seconds)


def seconds_read(weeks: Iterable[Week], keys: Collection[str]) -> float:
    """What the log counts for reading these."""
    days = (day for week in weeks for day in week.days)
    return sum(
        part.counted_seconds
        for day in days
        for part in day.parts
        if part.span.kind is SpanKind.READ and part.span.item in keys
    )


def _age(piece: Piece) -> tuple[datetime, str]:
    return (came_at(piece), piece.key)


def _is_from_machine(message: MessageSummary) -> bool:
    return message.is_robot and not (message.is_ours or message.is_sent_copy)


def _reach_back(newest_first: Sequence[Call], since: datetime) -> bool:
    return bool(newest_first) and newest_first[-1].started_at < since - _LONGEST_CALL
