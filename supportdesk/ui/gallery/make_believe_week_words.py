"""The page of a make-believe week, and its way to a chat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from PySide6.QtWidgets import QWidget

from supportdesk.domain.people import CallNote, Person
from supportdesk.domain.promises import Promise
from supportdesk.domain.week import WeekId
from supportdesk.services.chat_message import chat_message
from supportdesk.services.naming import Naming
from supportdesk.services.week_lines import LineWriter
from supportdesk.services.week_page import words_page
from supportdesk.ui.gallery.make_believe_voices import LESSONS, QUOTES
from supportdesk.ui.presenter.week_words import page_is_full, week_banner, week_words_view
from supportdesk.ui.rows import Notice, Tone
from supportdesk.ui.rows.week_words import ChatView, WeekWordsView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.voices.chat_dialog import ChatDialog
from supportdesk.ui.voices.week_words_dialog import WeekWordsDialog

_NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
_WEEK = WeekId.containing(_NOW.date())


class _NoCards:
    """Nobody of them is known by more than their name."""

    def of_contact(self, contact: str) -> Person | None:
        return None


_WRITER = LineWriter(
    to_local=lambda at: at, now=_NOW, naming=Naming(cards=_NoCards(), is_masked=True)
)
_NOTE = CallNote(
    key="note/1",
    call="call/Office/1",
    number="+33140000000",
    label="Maison Aubry",
    words="Would pay for a call before five. Her sister opens a second shop in March.",
    at=_NOW - timedelta(days=3),
)
_PROMISE = Promise(
    key="promise/1",
    item="call/Office/1",
    words="I'll send the sheet with both shops on it",
    who="Pavel Kiss",
    contact="pavel@bakery.example",
    made_at=_NOW - timedelta(days=2),
    due=_NOW + timedelta(days=3),
)
_LINES = tuple(
    replace(line, is_on=number != 1)
    for number, line in enumerate(
        (
            *(_WRITER.quote(one) for one in QUOTES if one.kept_at.date() in _WEEK.days),
            _WRITER.note(_NOTE),
            *(_WRITER.lesson(one) for one in LESSONS),
            _WRITER.promise(_PROMISE),
        )
    )
)
_PAGE = words_page(_WEEK, _LINES, is_masked=True)
_MESSAGE = chat_message("https://hooks.slack.com/services/T0/B0/x", _PAGE)
_BUSY = "hooks.slack.com did not take the page (404)"
_BUSY_ADVICE = (
    "The hook may have been removed: make a new one in the chat, and paste it. It says:"
    " no_service. The page is as it was."
)

BANNER = week_banner(_LINES, is_masked=True)
PAGE = week_words_view(_WEEK, _LINES, _PAGE, is_masked=True, has_later=False, notice=None)
FULL = replace(PAGE, notice=Notice(title=page_is_full(_LINES[0].kind), tone=Tone.AMBER))
NOTHING = week_words_view(
    _WEEK.moved(-1),
    (),
    words_page(_WEEK, (), is_masked=True),
    is_masked=True,
    has_later=True,
    notice=None,
)
NO_CHAT = ChatView()
CHAT = ChatView(host=_MESSAGE.host, body=_MESSAGE.shown)
CHAT_REFUSED = replace(CHAT, notice=Notice(title=_BUSY, text=_BUSY_ADVICE, tone=Tone.BRICK))


def week_words(view: WeekWordsView) -> Callable[[Theme], QWidget]:
    def build(theme: Theme) -> QWidget:
        dialog = WeekWordsDialog(theme, None)
        dialog.show_view(view)
        return dialog

    return build


def chat(view: ChatView) -> Callable[[Theme], QWidget]:
    def build(theme: Theme) -> QWidget:
        dialog = ChatDialog(theme, None)
        dialog.show_view(view)
        return dialog

    return build
