"""What the founder sent and customers may not have: the words on the strip and beside the icon."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from supportdesk.services.outbox_words import Unsent
from supportdesk.services.wording import count
from supportdesk.ui import rows
from supportdesk.ui.presenter.strip import ALL_QUIET
from supportdesk.ui.presenter.words import age, segment, since_words
from supportdesk.ui.rows import Action, ActionButton, ButtonRank, StripKind, StripView, Tone

_USUAL = timedelta(seconds=15)
"""So long sending may take before it is worth a word."""
_SHOW = ActionButton(
    action=Action.SHOW_OUTBOX,
    label="Show",
    icon="send",
    hint="Show what has not been sent yet",
    rank=ButtonRank.GHOST,
)


def worth_a_word(unsent: Sequence[Unsent], now: datetime) -> tuple[Unsent, ...]:
    """Without those that are just being sent, and all is well."""
    return tuple(
        one
        for one in unsent
        if one.needs_founder or one.problem is not None or now - one.since >= _USUAL
    )


def unsent_words(unsent: Sequence[Unsent], now: datetime) -> str:
    """As in "1 not sent yet, 14 min"; nothing when customers have all of it."""
    if not unsent:
        return ""
    waits = age(min(one.since for one in unsent), now)
    return _how_many(unsent) if waits == "now" else f"{_how_many(unsent)}, {waits}"


def with_unsent(strip: StripView, unsent: Sequence[Unsent], now: datetime) -> StripView:
    """A caller on the line goes first; else it has a place on the strip until it has gone out.

    While something is not sent nobody reads that all is quiet.
    """
    if not unsent or strip.kind is StripKind.YOURS:
        return strip
    tone = Tone.BRICK if any(one.needs_founder for one in unsent) else Tone.AMBER
    words = segment(unsent_words(unsent, now), tone, opens=Action.SHOW_OUTBOX)
    head = tuple(one for one in strip.segments[:1] if one.text != ALL_QUIET)
    return replace(
        strip,
        segments=(*head, words, *strip.segments[1:]),
        buttons=(*strip.buttons, _SHOW),
    )


def tray_with_unsent(tray: rows.TrayView, unsent: Sequence[Unsent], now: datetime) -> rows.TrayView:
    """Nobody knows when a tooltip is read: it says since when, not how long."""
    if not unsent:
        return tray
    words = f"{_how_many(unsent)}, since {since_words(min(one.since for one in unsent), now)}"
    return replace(tray, tooltip=f"{tray.tooltip} · {words}", unsent_line=words)


def _how_many(unsent: Sequence[Unsent]) -> str:
    undecided = sum(one.needs_founder for one in unsent)
    if undecided == len(unsent):
        return f"{count(undecided, 'message', 'messages')} not sent: you decide"
    return f"{len(unsent)} not sent yet"
