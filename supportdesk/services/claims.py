"""Who says "mine" of which conversation, and what the founder's own wishes lead to (F46).

A claim is a keyword or a marker message on the server and carries no time, so its two hours run
from when this program first saw it in its present form; who goes on writing changes the form. Of
several claims on one message the least name holds, on every desk alike: the others take theirs
back. Nothing here talks to a server: wishes go out, what was seen comes in.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from supportdesk.domain.errors import StoreError
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, mail_key
from supportdesk.domain.side_marks import (
    Claim,
    claim_name,
    claim_order,
    claimer_of,
    renewed_form,
)
from supportdesk.services.side_store import SideStore

LASTS = timedelta(hours=2)
_RENEWED_AFTER = timedelta(minutes=60)


class ClaimAct(Enum):
    """What is wished for on the server."""

    TAKE = "take"
    TAKE_OVER = "take over"
    RENEW = "renew"
    LET_GO = "let go"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimWish:
    """To be carried out on the server, and answered by what is there then.

    Attributes:
        item: Ledger key of the message.
        form: What the claim says: a name, perhaps renewed.
        over: Forms of others that give way: those that have expired, or all of them.
        own: Forms of the founder's own that go.
    """

    item: str
    act: ClaimAct
    form: str = ""
    over: tuple[str, ...] = ()
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLost:
    """Who has what the founder had claimed, or wished to."""

    item: str
    who: str


class Claims:
    """All claims seen. `items` are the messages of one conversation."""

    def __init__(self, store: SideStore) -> None:
        self._store = store
        self._name: Callable[[], str] = str
        self._known_name: str | None = None
        # By message and form: who claims it, since when.
        self._seen: dict[tuple[str, str], Claim] = {}
        self._held: set[tuple[str, str]] = set()

    def configure(self, claim_as: str, otherwise: Callable[[], str] = str) -> None:
        """`otherwise` is asked for a name once one is needed, where the settings have none."""
        self._name = lambda: claim_as or otherwise()
        self._known_name = None

    def restore(self) -> None:
        """Take up when claims were first seen; those known before are forgotten."""
        self._seen = {(one.item, one.form): one for one in self._store.claims()}

    # --- what is known ------------------------------------------------------------------

    @property
    def me(self) -> str:
        """By which name the founder claims; empty: not at all."""
        if self._known_name is None:
            self._known_name = claim_name(self._name())
        return self._known_name

    def is_mine(self, claim: Claim) -> bool:
        return claim.who == self.me

    def of(self, items: Iterable[str], now: datetime) -> Claim | None:
        """Who has this conversation; None for nobody, or for one of whom nothing was heard long."""
        held = [claim for item in items for claim in self._of_item(item) if _holds(claim, now)]
        return min(held, key=lambda one: claim_order(one.form), default=None)

    def next_due(self, now: datetime) -> datetime | None:
        """When the next claim expires."""
        ends = [one.since + LASTS for one in self._seen.values() if _holds(one, now)]
        return min(ends, default=None)

    def have_changed(self, now: datetime) -> bool:
        """A claim has come, gone or expired since the last question."""
        before = self._held
        self._held = {key for key, claim in self._seen.items() if _holds(claim, now)}
        return self._held != before

    # --- what the founder wishes --------------------------------------------------------

    def take(self, items: Sequence[str], now: datetime, *, over: bool = False) -> ClaimWish | None:
        """Claim it; None when it is the founder's already, or somebody's and not to be `over`."""
        held = self.of(items, now)
        if not self.me or (held is not None and (self.is_mine(held) or not over)):
            return None
        # Taken over where it stands: on another message nobody else would see who has it.
        item = items[-1] if held is None else held.item
        there = self._of_item(item)
        own = tuple(one.form for one in there if self.is_mine(one))
        return ClaimWish(
            item=item,
            act=ClaimAct.TAKE if held is None else ClaimAct.TAKE_OVER,
            form=renewed_form(own[0]) if own else self.me,
            over=tuple(one.form for one in there if not self.is_mine(one)),
            own=own,
        )

    def let_go(self, items: Iterable[str]) -> tuple[ClaimWish, ...]:
        """Nothing of the founder's is left on it afterwards."""
        wishes = []
        for item in items:
            own = tuple(one.form for one in self._of_item(item) if self.is_mine(one))
            if own:
                wishes.append(ClaimWish(item=item, act=ClaimAct.LET_GO, own=own))
        return tuple(wishes)

    def typed(self, items: Iterable[str], now: datetime) -> ClaimWish | None:
        """An answer is being written: the claim is renewed in time, if it is the founder's."""
        held = self.of(items, now)
        if held is None or not self.is_mine(held) or now - held.since < _RENEWED_AFTER:
            return None
        form = renewed_form(held.form)
        return ClaimWish(item=held.item, act=ClaimAct.RENEW, form=form, own=(held.form,))

    def expired(self, now: datetime) -> tuple[ClaimWish, ...]:
        """The founder's own of which nothing was heard for long: they are let go."""
        ended = {
            one.item for one in self._seen.values() if self.is_mine(one) and not _holds(one, now)
        }
        return self.let_go(sorted(ended))

    # --- what was seen ------------------------------------------------------------------

    def seen(
        self, account: SourceName, claims: Iterable[tuple[str, str]], now: datetime
    ) -> tuple[ClaimLost, ...]:
        """All claims that this account has now, by message and form."""
        there = set(claims)
        begins = mail_key(account, MessageId(""))
        before = {key for key in self._seen if key[0].startswith(begins)}
        return self._replace(before, there, now)

    def settled(
        self, item: str, forms: Iterable[str], now: datetime, *, wished: bool
    ) -> tuple[ClaimLost, ...]:
        """What is on one message after a wish; `wished` to have it, somebody else may do so."""
        there = {(item, form) for form in forms}
        before = {key for key in self._seen if key[0] == item}
        lost = self._replace(before, there, now)
        held = self.of([item], now)
        if wished and not lost and held is not None and not self.is_mine(held):
            return (ClaimLost(item=item, who=held.who),)
        return lost

    # --- inside -------------------------------------------------------------------------

    def _replace(
        self, before: set[tuple[str, str]], there: set[tuple[str, str]], now: datetime
    ) -> tuple[ClaimLost, ...]:
        mine = {item for item, form in before if claimer_of(form) == self.me}
        had = {item for item in mine if self._holds_mine(item, now)}
        for gone in sorted(before - there):
            claim = self._seen.pop(gone)
            with suppress(StoreError):
                self._store.remove_claim(claim)
        for item, form in sorted(there - before):
            claim = Claim(item=item, form=form, since=now)
            self._seen[item, form] = claim
            # Not kept it only begins its two hours anew with the next start.
            with suppress(StoreError):
                self._store.save_claim(claim)
        return tuple(self._lost(sorted(had), now))

    def _lost(self, items: Iterable[str], now: datetime) -> Iterable[ClaimLost]:
        for item in items:
            held = self.of([item], now)
            if held is not None and not self.is_mine(held):
                yield ClaimLost(item=item, who=held.who)

    def _holds_mine(self, item: str, now: datetime) -> bool:
        held = self.of([item], now)
        return held is not None and self.is_mine(held)

    def _of_item(self, item: str) -> list[Claim]:
        return [claim for (of, _), claim in self._seen.items() if of == item]


def _holds(claim: Claim, now: datetime) -> bool:
    return now - claim.since < LASTS
