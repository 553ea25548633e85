"""The one-ring share in words: each number opens the callers behind it (F82, F86)."""

from supportdesk.services.one_ring_share import OneRingShare
from supportdesk.services.wording import count
from supportdesk.ui.rows import CallsTab, FigurePart, RingFigure


def ring_figure(share: OneRingShare | None) -> RingFigure | None:
    """None when nobody called this week: there is nothing to open."""
    if share is None:
        return None
    parts = []
    if share.beyond:
        others = len(share.beyond)
        words = "the one that was not" if others == 1 else f"the {others} that were not"
        parts.append(FigurePart(words=f"{words}, caller by caller", opens=CallsTab.BEYOND_RING))
    elif share.within:
        parts.append(FigurePart(words="all of them, caller by caller", opens=CallsTab.WITHIN_RING))
    if share.unknown:
        unseen = count(len(share.unknown), "call", "calls")
        which = "it" if len(share.unknown) == 1 else "them"
        words = f"{unseen} not counted: nobody saw what became of {which}"
        parts.append(FigurePart(words=words, opens=CallsTab.UNSEEN))
    if share.after_hours:
        late = count(len(share.after_hours), "call", "calls")
        words = f"{late} not counted: outside the opening hours"
        parts.append(FigurePart(words=words, opens=CallsTab.AFTER_HOURS))
    figure = None
    if share.within:
        figure = FigurePart(words=str(len(share.within)), opens=CallsTab.WITHIN_RING)
    return RingFigure(figure=figure, of_what=_of_what(share), parts=tuple(parts))


def _of_what(share: OneRingShare) -> str:
    if not share.known:
        return "Not known"
    calls = count(share.known, "call", "calls")
    return f"of {calls}" if share.within else f"None of {calls}"
