"""Old mail as rows: one a message, read from the cache page by page as it comes in sight."""

from __future__ import annotations

import operator
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from supportdesk.domain.mail import Mailer, MessageSummary
from supportdesk.domain.search import OldMail
from supportdesk.ui.presenter.date_groups import short_date
from supportdesk.ui.rows import ChipKind, ChipView, ConversationRow

_PAGES_KEPT = 1_000
_PAGE = 50
_ROWS_KEPT = 500


class _Seen(NamedTuple):
    """A row that was in sight: where it stands in every later list."""

    number: int
    time: int


class OldPages:
    """Messages by their number in `OldMail`, read as pages and kept while they may be near.

    Args:
        read: Answers for a page of numbers, in their order; None for what is gone.
    """

    def __init__(self, read: Callable[[Sequence[int]], Sequence[MessageSummary | None]]) -> None:
        self._read = read
        self._known: OrderedDict[int, MessageSummary | None] = OrderedDict()
        self._seen: dict[str, _Seen] = {}

    def messages(self, old: OldMail, start: int, stop: int) -> list[MessageSummary | None]:
        numbers = old.ids[start:stop]
        missing = [number for number in numbers if number not in self._known]
        for first in range(0, len(missing), _PAGE):
            page = missing[first : first + _PAGE]
            self._known.update(zip(page, self._read(page), strict=True))
        found = [self._known[number] for number in numbers]
        for at, message in enumerate(found, start):
            if message is not None:
                self._seen[message.key] = _Seen(old.ids[at], old.times[at])
        self._let_go()
        return found

    def message(self, key: str) -> MessageSummary | None:
        """A message that was in sight not long ago."""
        seen = self._seen.get(key)
        return self._known.get(seen.number) if seen is not None else None

    def index_of(self, key: str, old: OldMail) -> int:
        """Where a message that was in sight is in this list; -1 when it is not."""
        seen = self._seen.get(key)
        if seen is None:
            return -1
        at = bisect_left(old.times, -seen.time, key=operator.neg)
        while at < len(old.times) and old.times[at] == seen.time:
            if old.ids[at] == seen.number:
                return at
            at += 1
        return -1

    def forget(self) -> None:
        """What is known may be out of date; where it was is still of use."""
        self._known.clear()

    def _let_go(self) -> None:
        while len(self._known) > _PAGES_KEPT:
            _, message = self._known.popitem(last=False)
            if message is not None:
                self._seen.pop(message.key, None)


class OldRows:
    """Makes the rows of one `OldMail`."""

    def __init__(
        self,
        old: OldMail,
        pages: OldPages,
        now: datetime,
        *,
        name_of: Callable[[Mailer], str],
        names_accounts: bool,
    ) -> None:
        self._old = old
        self._pages = pages
        self._now = now
        self._name_of = name_of
        self._names_accounts = names_accounts
        self._made: dict[int, ConversationRow] = {}

    def make(self, start: int, stop: int) -> list[ConversationRow]:
        """Rows that were made a moment ago are not made again: a window of them moves by less."""
        made = self._made
        missing = [at for at in range(start, stop) if at not in made]
        if missing:
            if len(made) > _ROWS_KEPT:
                made.clear()
                missing = list(range(start, stop))
            first = missing[0]
            messages = self._pages.messages(self._old, first, missing[-1] + 1)
            for at in missing:
                message = messages[at - first]
                made[at] = self._gone(self._old.ids[at]) if message is None else self._row(message)
        return [made[at] for at in range(start, stop)]

    def index_of(self, key: str) -> int:
        return self._pages.index_of(key, self._old)

    def _row(self, message: MessageSummary) -> ConversationRow:
        return ConversationRow(
            key=message.key,
            who=self._name_of(message.sender),
            subject=message.subject or "(no subject)",
            first_words=message.preview,
            age_label=short_date(message.arrived_at, self._now),
            is_answered=True,
            is_single=True,
            chips=tuple(old_chips(message, names_account=self._names_accounts)),
        )

    def _gone(self, number: int) -> ConversationRow:
        return ConversationRow(
            key=f"gone/{number}",
            who="(gone)",
            subject="This mail has left the mailbox",
            is_answered=True,
            is_single=True,
        )


def old_chips(message: MessageSummary, *, names_account: bool) -> list[ChipView]:
    """What is known of a single mail: sent by a machine, to which account."""
    chips = []
    if message.is_robot:
        chips.append(ChipView(label="sent by a machine", kind=ChipKind.ROBOT))
    if names_account:
        chips.append(ChipView(label=message.account, kind=ChipKind.ACCOUNT))
    return chips
