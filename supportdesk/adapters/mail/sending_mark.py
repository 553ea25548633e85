"""The mark on a question while its answer is being sent, so that two never answer it at once.

To look into Sent before sending is not enough: of two who press Send within the same second both
look, both see nothing, and both send; of 100 such pairs 66 did. So each sets a keyword of its own
on the question first, and then looks which are there:

- only mine is there: whoever comes later sees it, so now I may look into Sent and send;
- another one is there: I take mine back, wait a moment of chance length, and try anew.

A mark is taken back only when the copy has been seen in Sent (or when nothing was sent), never
before: then whoever waited for it finds the answer. That the least name goes first would be wrong
here: who has looked before and has seen only its own mark is sending already.

The second STORE of a race may come before or after the first FETCH, but never are both FETCHes
before both STOREs: so at least one of the two sees both marks. (UNCHANGEDSINCE promises more and
keeps less: of keywords that a mailbox has not seen before both can win.)
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from supportdesk.adapters.mail.transport import Wakeup
from supportdesk.adapters.mail.writing_link import WritingLink
from supportdesk.domain.mail import MessageAddress
from supportdesk.protocols.imap_responses import Response

_PREFIX = "$SD-sending-"
_MARK = re.compile(r"\$sd-sending-([a-z0-9-]+?)-([a-z0-9]{1,16})", re.IGNORECASE)
_TRIES = 12
_MOST_LOST = 3
_LEFT_BEHIND_SECONDS = 900.0
# A server that does not count changes may write one founder's keywords over the other's (Courier
# does), so the one that was there first is looked for once more.
_LASTING_SECONDS = 0.25
_SHORTEST_SECONDS, _LONGEST_SECONDS = 0.02, 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """How an attempt to set the mark ended.

    Attributes:
        is_set: The mark stands, and no other one beside it.
        others: Who else is sending an answer to this question.
        is_gone: The question lies there no more.
        is_kept: False where such a mark cannot be kept: then the look into Sent has to do.
    """

    is_set: bool = False
    others: tuple[str, ...] = ()
    is_gone: bool = False
    is_kept: bool = True


def mark_of(name: str, installation: str) -> str:
    """The keyword of one founder at one computer: letters, digits and dashes alone."""
    plain = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")[:24] or "somebody"
    place = re.sub("[^a-z0-9]", "", installation.lower())[:4] or "0"
    return f"{_PREFIX}{plain}-{place}"


class SeenMarks:
    """Since when marks of others are seen: one that stays was left behind by a crash.

    A mark tells no time, so it counts from when it was first seen here.
    """

    def __init__(self) -> None:
        self._first: dict[tuple[MessageAddress, str], float] = {}

    def fresh(self, place: MessageAddress, marks: frozenset[str], seconds: float) -> frozenset[str]:
        """Those that have not stood for longer than any sending takes."""
        for key in [key for key in self._first if key[0] == place and key[1] not in marks]:
            del self._first[key]
        return frozenset(
            mark
            for mark in marks
            if seconds - self._first.setdefault((place, mark), seconds) < _LEFT_BEHIND_SECONDS
        )


class SendingMark:
    """Sets and takes back one keyword on one connection."""

    def __init__(
        self,
        link: WritingLink,
        keyword: str,
        *,
        seen: SeenMarks,
        seconds: Callable[[], float],
        chance: Callable[[], float],
    ) -> None:
        self._link = link
        self._keyword = keyword
        self._seen = seen
        self._seconds = seconds
        self._chance = chance

    def set(self, place: MessageAddress) -> Marking:
        """Try to be the only one; the mailbox is open for flags for a moment each time."""
        marking = Marking()
        lost = 0
        for _ in range(_TRIES):
            marking = self._try(place)
            if marking.is_set or marking.is_gone or not marking.is_kept:
                break
            if not marking.others:
                # Written over by somebody who has left since; or the server keeps none at all.
                lost += 1
                if lost == _MOST_LOST:
                    break
            span = _LONGEST_SECONDS - _SHORTEST_SECONDS
            self._rest(_SHORTEST_SECONDS + span * self._chance())
        return marking

    def set_anyway(self, place: MessageAddress) -> Marking:
        """Set it beside whatever is there: the founder knows of the others, and sends."""
        with self._link.opened_for_flags(place.mailbox) as opened:
            if opened.uidvalidity != place.uidvalidity or not opened.can_keep(self._keyword):
                return Marking(is_kept=False)
            return Marking(is_set=self._link.add_flag(place.uid, self._keyword))

    def take_back(self, place: MessageAddress) -> None:
        """Take it off the question; one that is not there needs nothing."""
        opened = self._link.open(place.mailbox)
        if opened.uidvalidity != place.uidvalidity:
            return
        if self._keyword.lower() not in (self._link.flags(place.uid) or ()):
            return
        with self._link.opened_for_flags(place.mailbox):
            self._link.remove_flag(place.uid, self._keyword)

    def _try(self, place: MessageAddress) -> Marking:
        opened = self._link.open(place.mailbox)
        flags = self._link.flags(place.uid)
        if opened.uidvalidity != place.uidvalidity or flags is None:
            return Marking(is_gone=True)
        others = self._others(place, flags)
        if others:
            return Marking(others=others)
        with self._link.opened_for_flags(place.mailbox) as writable:
            if not writable.can_keep(self._keyword):
                return Marking(is_kept=False)
            is_set = self._link.add_flag(place.uid, self._keyword)
        if "CONDSTORE" not in self._link.capabilities:
            self._rest(_LASTING_SECONDS)
            self._link.open(place.mailbox)
        flags = self._link.flags(place.uid)
        is_set = is_set and self._keyword.lower() in (flags or ())
        others = self._others(place, flags or frozenset())
        if others and is_set:
            self.take_back(place)
        return Marking(is_set=is_set and not others, others=others, is_gone=flags is None)

    def _rest(self, seconds: float) -> None:
        """Let this much time pass, whoever wakes the thread meanwhile."""
        until = self._seconds() + seconds
        while (left := until - self._seconds()) > 0:
            if self._link.wait(left) is Wakeup.DATA:
                self._link.run("NOOP", _ignore)

    def _others(self, place: MessageAddress, flags: frozenset[str]) -> tuple[str, ...]:
        """Names of those whose marks are there, and are not of a crash."""
        marks = frozenset(
            one for one in flags if _MARK.fullmatch(one) and one != self._keyword.lower()
        )
        fresh = self._seen.fresh(place, marks, self._seconds())
        return tuple(sorted(found[1] for one in fresh if (found := _MARK.fullmatch(one))))


def _ignore(_response: Response) -> None:
    """What the server tells besides is the reading connection's to know."""
