"""Claims as keywords on the message itself: who says "mine" first has it (F46).

A STORE that names the mod-sequence it was decided on (UNCHANGEDSINCE, RFC 7162) lets one of two
win, but not always: of keywords that a mailbox has never seen before, both can. So it is read
back what is there, and of several claims the least name stays; the other takes its own back and is
told. Both look at the same flags, so both come to the same end, whoever looks first.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from supportdesk.adapters.mail.writing_link import WritingLink
from supportdesk.domain.mail import MessageAddress
from supportdesk.domain.side_marks import CLAIM_PREFIX, claim_order, claimer_of, claims_among
from supportdesk.protocols.imap_responses import Response
from supportdesk.services.claims import ClaimAct, ClaimWish

_TRIES = 6
_MODSEQ = re.compile(rb"MODSEQ \((\d{1,20})\)", re.IGNORECASE)
_SETTLES_SECONDS = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What is on the message after a wish.

    Attributes:
        forms: All claims on it now.
        is_kept: The mailbox keeps keywords; else nothing was done.
        is_gone: The message is not there.
    """

    forms: tuple[str, ...] = ()
    is_kept: bool = True
    is_gone: bool = False


class ClaimFlags:
    """Carries out wishes on one connection; a mailbox is open for flags for a moment each time."""

    def __init__(self, link: WritingLink) -> None:
        self._link = link
        self._has_modseq = "CONDSTORE" in link.capabilities

    def settle(self, place: MessageAddress, wish: ClaimWish) -> Settled:
        with self._link.opened_for_flags(place.mailbox) as opened:
            there, modseq = self._look(place.uid)
            if opened.uidvalidity != place.uidvalidity or there is None:
                return Settled(is_gone=True)
            if not opened.can_keep(_keyword(wish.form or wish.own[0])):
                return Settled(is_kept=False)
            if wish.act is ClaimAct.LET_GO:
                self._remove(place.uid, wish.own)
            else:
                self._claim(place.uid, wish, there, modseq)
            there, _ = self._look(place.uid)
            # Some servers promise keywords and refuse them all the same, for their length say.
            is_kept = not wish.form or bool(there)
            forms = tuple(sorted(there or (), key=claim_order))
            return Settled(forms=forms, is_kept=is_kept, is_gone=there is None)

    def _claim(self, uid: int, wish: ClaimWish, there: frozenset[str], modseq: int) -> None:
        for _ in range(_TRIES):
            if _others(there, wish):
                return  # somebody was quicker
            self._add(uid, wish.form, modseq)
            after, modseq = self._look(uid)
            if after is None:
                return
            there = after
            if wish.form in there:
                self._yield_or_stay(uid, wish, there)
                return

    def _yield_or_stay(self, uid: int, wish: ClaimWish, there: frozenset[str]) -> None:
        if not self._has_modseq:
            # Nothing has kept another one from the same moment: theirs may come yet.
            self._link.wait(_SETTLES_SECONDS)
            there = self._look(uid)[0] or there
        others = _others(there, wish)
        if others and min(map(claim_order, others)) < claim_order(wish.form):
            self._remove(uid, (wish.form, *wish.own))
        else:
            self._remove(uid, (one for one in (*wish.over, *wish.own) if one in there))

    def _look(self, uid: int) -> tuple[frozenset[str] | None, int]:
        """The claims on a message, and the mod-sequence of that; None: it is not there."""
        modseqs = [0]

        def take(line: bytes) -> bool:
            modseqs.extend(int(number) for number in _MODSEQ.findall(line))
            return False

        if self._has_modseq:
            self._link.run(f"UID FETCH {uid} (UID MODSEQ)", _ignore, take)
        flags = self._link.flags(uid)
        return (None if flags is None else claims_among(flags)), modseqs[-1]

    def _add(self, uid: int, form: str, modseq: int) -> None:
        since = f"(UNCHANGEDSINCE {modseq}) " if modseq else ""
        # Refused, because it has changed since, is no failure: what is there is looked at.
        self._link.run(f"UID STORE {uid} {since}+FLAGS.SILENT ({_keyword(form)})", _ignore)

    def _remove(self, uid: int, forms: Iterable[str]) -> None:
        for form in forms:
            self._link.remove_flag(uid, _keyword(form))


def _others(there: Iterable[str], wish: ClaimWish) -> list[str]:
    """Claims of others that do not give way."""
    me = claimer_of(wish.form)
    return [one for one in there if claimer_of(one) != me and one not in wish.over]


def _keyword(form: str) -> str:
    return CLAIM_PREFIX + form


def _ignore(_response: Response) -> None:
    """What the server tells besides is the reading connection's to know."""
