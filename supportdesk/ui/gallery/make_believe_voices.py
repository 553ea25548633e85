"""Kept words of make-believe customers, in all five felt words and in none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from PySide6.QtWidgets import QWidget

from supportdesk.domain.voices import Felt, Lesson, Quote
from supportdesk.domain.week import WeekId
from supportdesk.ui.gallery.make_believe import MESSAGE
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.voices import (
    NO_QUOTES,
    QuoteCards,
    felt_tabs,
    lesson_lines,
    quote_actions,
    week_choices,
)
from supportdesk.ui.rows import Action, ActionButton, Notice, Page, Tone
from supportdesk.ui.rows.voices import KeptWords, VoicesFilter, VoicesView
from supportdesk.ui.theme.theme import Theme

_NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def _quote(
    number: int, words: str, felt: Felt | None, who: str, item: str, days: int, minutes: int = 0
) -> Quote:
    said_at = _NOW - timedelta(days=days)
    return Quote(
        key=f"quote/{number}",
        words=words,
        item=item,
        who=who,
        contact=f"{who.split()[0].lower()}@bakery.example",
        said_at=said_at,
        kept_at=said_at,
        felt=felt,
        talk_seconds=minutes * 60 if minutes else None,
    )


_MAIL, _CALL = "mail/Support/1", "call/Office/1"
QUOTES = (
    _quote(
        1,
        "I am not stupid, the button looks as if nothing happened.",
        Felt.FRUSTRATED,
        "Ingrid Solheim",
        _MAIL,
        0,
    ),
    _quote(
        2,
        "I had my coffee sitting down for the first time since August.",
        Felt.DELIGHTED,
        "Ruth Okafor",
        _MAIL,
        0,
    ),
    _quote(
        3,
        "I can live with no. I cannot live with “soon”.",
        Felt.FRUSTRATED,
        "Tomasz Wrona",
        _MAIL,
        1,
    ),
    _quote(
        4,
        "You close at five and I start at three in the morning. So I write to you at the hour "
        "nobody reads.",
        Felt.LET_DOWN,
        "Maison Aubry",
        _CALL,
        3,
        6,
    ),
    replace(
        _quote(
            5,
            "We sell until two. Your day ends at midnight. So which Saturday are these numbers "
            "from?",
            Felt.PUZZLED,
            "Pavel Kiss",
            _CALL,
            2,
            4,
        ),
        note="Ask him for a photo of the printed sheet.",
    ),
    _quote(
        6, "I trust the sheet, not the send button.", Felt.LET_DOWN, "Ingrid Solheim", _MAIL, 49
    ),
    _quote(
        7,
        "Oh. So it was the printer all along.",
        Felt.RELIEVED,
        "Backhaus Linde",
        _CALL,
        1,
        9,
    ),
    _quote(
        8,
        "It works now. Your colleague was very patient with me.",
        Felt.RELIEVED,
        "Noor Haddad",
        _MAIL,
        0,
    ),
    _quote(
        9,
        "My daughter reads your little line aloud every evening: you have enough for tomorrow.",
        None,
        "Ruth Okafor",
        _MAIL,
        0,
    ),
)
LESSONS = tuple(
    Lesson(key=f"lesson/{number}", item=item, words=words, who=who, at=_NOW)
    for number, (words, who, item) in enumerate(
        (
            ("Bakers press a grey button twice: they walk away from it.", "Ingrid Solheim", _MAIL),
            ("A shop's day is not the calendar's day.", "Pavel Kiss", _CALL),
            ("“No” is an answer. “Soon” is not.", "Tomasz Wrona", _MAIL),
            ("Nobody reads the second page of the invoice.", "Noor Haddad", _MAIL),
        )
    )
)
_KEEP = ActionButton(
    action=Action.KEEP_QUOTE, label="Keep words", icon="quote", shortcut="q", target=_CALL
)
_WEEK = WeekId.containing(_NOW.date())
VOICES = VoicesView(
    cards=QuoteCards(QUOTES, 2026, datetime.astimezone, _NOW),
    tabs=felt_tabs(QUOTES),
    weeks=week_choices(_WEEK, _WEEK.moved(-7)),
    lessons=lesson_lines(LESSONS),
    buttons=(_KEEP,),
)
CHOSEN = replace(
    VOICES,
    chosen=QUOTES[4].key,
    actions=quote_actions(QUOTES[4]),
    person="Pavel Kiss",
    wanted=VoicesFilter(contact=QUOTES[4].contact),
    notice=Notice(title="Copied without the name", tone=Tone.GOOD),
)
EMPTY = VoicesView(empty=NO_QUOTES, buttons=(_KEEP,))
_KEPT = KeptWords(key="quote/1", words=QUOTES[0].words, is_fresh=True)
KEPT_MESSAGE = replace(MESSAGE, kept=(_KEPT,))
"""Words of it are kept just now."""


def voices(
    view: VoicesView, build: Callable[[Theme], MainWindow], kept: KeptWords | None = None
) -> Callable[[Theme], QWidget]:
    def built(theme: Theme) -> QWidget:
        window = build(theme)
        window.show_voices(view)
        window.show_page(Page.VOICES)
        window.show_kept(kept)
        return window

    return built


TYPED = KeptWords(key="quote/4", words=QUOTES[3].words, felt=Felt.LET_DOWN, is_fresh=True)
"""Words of a call, typed just now."""
