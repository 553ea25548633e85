"""What the founder's hand did to a span, in words: read off the rows that lead to what holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from supportdesk.domain.reading import DropRule, Edit, Span
from supportdesk.domain.week import WEEKDAYS
from supportdesk.ui.presenter.words import clock_seconds

_LEFT = "moved away by hand"
_WORDS = {
    Edit.ADDED: "added by hand",
    Edit.CUT: "cut by hand",
    Edit.LENGTHENED: "lengthened by hand",
    Edit.MOVED: "moved here by hand",
    Edit.DELETED: "deleted by hand",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """Nothing of it where no hand has been, or where all of it was taken back.

    Attributes:
        edit: The newest that holds.
        words: What it did, and the reason that was given.
        before: What the span said before any hand touched it; empty for what was added.
    """

    edit: Edit | None = None
    words: str = ""
    before: str = ""


def by_hand(history: Sequence[Span]) -> ByHand:
    """Of one span.

    Args:
        history: All rows that lead to the one that holds, the original first.
    """
    standing = _standing(history)
    if not standing:
        return ByHand()
    original, holding = standing[0], standing[-1]
    edit = _edit(holding)
    if edit is None:
        return ByHand()
    # The place that was left corrects what was there; the new one is there for the first time.
    words = _LEFT if edit is Edit.MOVED and holding.corrects else _WORDS[edit]
    return ByHand(
        edit=edit,
        words=f"{words}: {holding.reason}" if holding.reason else words,
        before=_before(original, holding, edit),
    )


def _standing(history: Sequence[Span]) -> list[Span]:
    """Without what was taken back, and without the taking back, which bears the same name."""
    undone = {span.act for span in history if span.edit is Edit.UNDONE}
    return [span for span in history if not span.act or span.act not in undone]


def _edit(span: Span) -> Edit | None:
    """Older versions did not say what a hand did; it shows from what came of it."""
    if span.edit is not None or not span.is_by_hand:
        return span.edit
    if not span.corrects:
        return Edit.ADDED
    if not span.counted_seconds:
        return Edit.DELETED
    is_cut = any(dropped.rule is DropRule.BY_HAND for dropped in span.dropped)
    return Edit.CUT if is_cut else Edit.LENGTHENED


def _before(original: Span, holding: Span, edit: Edit) -> str:
    if original is holding:
        return ""
    if edit is Edit.MOVED and original.started_at != holding.started_at:
        was, now = _local(original), _local(holding)
        day = "" if was.date() == now.date() else f"{WEEKDAYS[was.weekday()]} {was.day} {was:%b} "
        return f"was at {day}{was:%H:%M}"
    return f"was {clock_seconds(original.counted_seconds)}"


def _local(span: Span) -> datetime:
    return span.started_at + span.utc_offset
