"""What was promised, in words: a line of the person card, a chip, a row of the list."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from supportdesk.domain.promises import Promise
from supportdesk.services.wording import fit
from supportdesk.ui.presenter.side import moment_words
from supportdesk.ui.presenter.words import age, since_words
from supportdesk.ui.rows import (
    Action,
    ActionButton,
    ButtonRank,
    ChipKind,
    ChipView,
    ConversationRow,
    PersonFact,
    PersonLine,
)

_WORDS = 90
_MOST_LINES = 2


def due_words(promise: Promise, now: datetime) -> str:
    """As "due today 18:00" or "due since 18:00"; the day is named where it is another."""
    if promise.is_due(now):
        return f"due since {since_words(promise.due, now)}"
    when = moment_words(promise.due, now)
    is_today = promise.due.astimezone().date() == now.astimezone().date()
    return f"due today {when}" if is_today else f"due {when}"


def promise_chips(promises: Sequence[Promise], now: datetime) -> tuple[ChipView, ...]:
    """Of the first that is to be kept."""
    return tuple(
        ChipView(label=f"promise {due_words(one, now)}", kind=ChipKind.PROMISE)
        for one in promises[:1]
    )


def promise_lines(promises: Sequence[Promise], now: datetime) -> tuple[PersonLine, ...]:
    """For the person card: the soonest first; each opens what it was noted of."""
    return tuple(
        PersonLine(
            fact=PersonFact.PROMISE,
            label=f"Promise {due_words(one, now)}",
            text=f"“{fit(one.words, _WORDS)}”, noted {since_words(one.made_at, now)}",
            key=one.item,
            buttons=promise_buttons(one),
        )
        for one in promises[:_MOST_LINES]
    )


def promise_buttons(promise: Promise) -> tuple[ActionButton, ...]:
    """Keep it or move it; the menu of the second can also drop it."""
    return (
        ActionButton(
            action=Action.PROMISE_KEPT,
            label="Kept",
            target=promise.key,
            shortcut="y",
            hint=f"“{fit(promise.words, _WORDS)}” is done (y)",
            rank=ButtonRank.GHOST,
        ),
        ActionButton(
            action=Action.PROMISE_MOVE,
            label="Move…",
            target=promise.key,
            shortcut="Y",
            hint="Another time, or not at all (Y)",
            rank=ButtonRank.GHOST,
        ),
    )


def promise_line(promises: Sequence[Promise], now: datetime) -> str:
    """Beside a caller who rings (F94); empty for none."""
    return "".join(
        f"Promised, {due_words(one, now)}: “{fit(one.words, _WORDS)}”" for one in promises[:1]
    )


class PromisedRows:
    """Rows of what was promised by mail; that mail may have left the mailbox since."""

    def __init__(
        self, promises: Sequence[Promise], held: Mapping[str, ConversationRow], now: datetime
    ) -> None:
        """`held`: the row of its conversation, by key of the promise, where there is one."""
        self.promises = promises
        self._held = held
        self._now = now

    def make(self, start: int, stop: int) -> list[ConversationRow]:
        return [self._row(one) for one in self.promises[start:stop]]

    def index_of(self, key: str) -> int:
        return next((at for at, one in enumerate(self.promises) if self._key(one) == key), -1)

    def has(self, key: str) -> bool:
        return self.index_of(key) >= 0

    def _key(self, promise: Promise) -> str:
        held = self._held.get(promise.key)
        return held.key if held is not None else promise.item

    def _row(self, promise: Promise) -> ConversationRow:
        now, is_due = self._now, promise.is_due(self._now)
        label = age(promise.due, now) if is_due else due_words(promise, now).removeprefix("due ")
        held = self._held.get(promise.key)
        if held is None:
            held = ConversationRow(
                key=promise.item,
                who=promise.who,
                subject=promise.words,
                first_words=f"Noted {since_words(promise.made_at, now)}",
                age_label="",
                chips=promise_chips([promise], now),
            )
        words = f"You promised: “{promise.words}”"
        return replace(
            held, first_words=words, age_label=label, is_hot=is_due, is_answered=not is_due
        )
