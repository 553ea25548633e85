"""The Voices page in words: a card for each quote, the counts of felt words, what was learned."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from supportdesk.domain.hours import ToLocal
from supportdesk.domain.voices import Felt, Lesson, Quote
from supportdesk.domain.week import WeekId
from supportdesk.services.said_where import said_where
from supportdesk.services.wording import fit
from supportdesk.ui.rows import Action, ActionButton, ButtonRank, EmptyView
from supportdesk.ui.rows.voices import (
    FeltTab,
    KeptWords,
    LessonLine,
    QuoteCard,
    VoicesFilter,
    WeekChoice,
)

_NAME = 60
_WEEKS = 12
_SOMEBODY = "Somebody"

NO_QUOTES = EmptyView(
    head="No words kept yet.",
    sentence="Select words in a mail and press q, or type after a call what somebody said. They "
    "stay as they are, and lead back to where they were said.",
    buttons=(ActionButton(action=Action.SHOW_INBOX, label="To the inbox", icon="inbox"),),
)


MadeCards = dict[str, tuple[Quote, QuoteCard]]
"""By the key of their quote."""


@dataclass(frozen=True, slots=True)
class QuoteCards:
    """Quotes as a source of cards; equal when their quotes are.

    Attributes:
        made: Cards that were made before, taken over from one source to the next.
    """

    quotes: tuple[Quote, ...]
    year: int
    to_local: ToLocal = field(compare=False)
    now: datetime = field(compare=False)
    made: MadeCards = field(default_factory=dict, compare=False)
    _places: dict[str, int] = field(default_factory=dict, compare=False)

    @property
    def count(self) -> int:
        return len(self.quotes)

    def card(self, at: int) -> QuoteCard:
        quote = self.quotes[at]
        known = self.made.get(quote.key)
        if known is None or known[0] is not quote:
            known = self.made[quote.key] = (quote, quote_card(quote, self.to_local, self.now))
        return known[1]

    def index_of(self, key: str) -> int:
        if not self._places:
            self._places.update((quote.key, at) for at, quote in enumerate(self.quotes))
        return self._places.get(key, -1)


def quote_card(quote: Quote, to_local: ToLocal, now: datetime) -> QuoteCard:
    return QuoteCard(
        key=quote.key,
        words=quote.words,
        who=whose(quote.who, quote.contact),
        about=said_where(
            quote.item, quote.said_at, to_local, now=now, talk_seconds=quote.talk_seconds
        ),
        icon=_icon(quote.item),
        felt=quote.felt,
        note=quote.note,
        open_words=opening(quote.item),
    )


def kept_words(
    quotes: Iterable[Quote], *, fresh: str = "", near: int = 0, sought: str = ""
) -> tuple[KeptWords, ...]:
    """For the text in which they were said."""
    return tuple(
        KeptWords(
            key=quote.key,
            words=quote.words,
            felt=quote.felt,
            is_fresh=quote.key == fresh,
            is_sought=quote.key == sought,
            near=near if quote.key == fresh else 0,
        )
        for quote in quotes
    )


def lesson_lines(lessons: Iterable[Lesson]) -> tuple[LessonLine, ...]:
    return tuple(
        LessonLine(
            key=lesson.key,
            words=fit(lesson.words, len(lesson.words)),
            source=_lesson_source(lesson),
            open_words=opening(lesson.item),
        )
        for lesson in lessons
    )


def felt_tabs(quotes: Sequence[Quote]) -> tuple[FeltTab, ...]:
    """All of them, then each felt word."""
    counts = Counter(quote.felt for quote in quotes)
    of_felt = [FeltTab(felt=felt, count=counts[felt]) for felt in Felt]
    return (FeltTab(felt=None, count=len(quotes)), *of_felt)


def week_choices(present: WeekId, oldest: WeekId) -> tuple[WeekChoice, ...]:
    """Any week, and the latest ones since words are kept."""
    weeks = [present.moved(-back) for back in range(_WEEKS)]
    named = {0: "This week", 1: "Last week"}
    choices = [
        WeekChoice(week=week.text, label=named.get(back, week.label))
        for back, week in enumerate(weeks)
        if week >= oldest
    ]
    return (WeekChoice(week="", label="Any week"), *choices)


def nothing_found(wanted: VoicesFilter, person: str, week: str) -> str:
    """Why no quote is shown, by what was asked for."""
    parts = [
        f"with “{fit(wanted.words, 40)}”" if wanted.words.strip() else "",
        f"felt {wanted.felt.value}" if wanted.felt is not None else "",
        f"of {person}" if person else "",
        f"of {week[:1].lower()}{week[1:]}" if wanted.week else "",
    ]
    return " ".join(["No kept words", *(part for part in parts if part)]) + "."


def quote_actions(quote: Quote) -> tuple[ActionButton, ...]:
    """What can be done with the chosen quote; its words stay as they are."""
    source = opening(quote.item)
    note = "Edit note" if quote.note else "Note"
    return (
        *_open_source(source, quote.key),
        _offer(Action.COPY_QUOTE, "Copy", quote.key, "copy", "c", "Copy as text"),
        _offer(
            Action.COPY_QUOTE_MASKED,
            "Copy masked",
            quote.key,
            "copy",
            "C",
            "Copy as text without the name",
        ),
        _offer(Action.EDIT_KEPT, note, quote.key, "note", "e", "Your own note beside these words"),
        *_without_note(quote),
        _offer(
            Action.QUOTES_OF_PERSON,
            "All of theirs",
            quote.key,
            "person",
            "p",
            f"Only words of {whose(quote.who, quote.contact)}",
        ),
        _offer(Action.REMOVE_KEPT, "Take out", quote.key, "trash", "", "Do not keep them (Delete)"),
        _offer(Action.COPY_MARKDOWN, "Copy as Markdown", quote.key, "copy"),
        _offer(Action.COPY_MARKDOWN_MASKED, "Copy as Markdown, masked", quote.key, "copy"),
    )


def _without_note(quote: Quote) -> tuple[ActionButton, ...]:
    if not quote.note:
        return ()
    return (_offer(Action.REMOVE_QUOTE_NOTE, "Remove note", quote.key, "close"),)


def lesson_actions(lesson: Lesson) -> tuple[ActionButton, ...]:
    """The words of a lesson are the founder's own: they can be changed."""
    return (
        *_open_source(opening(lesson.item), lesson.key),
        _offer(Action.EDIT_KEPT, "Edit", lesson.key, "note", "e"),
        _offer(Action.REMOVE_KEPT, "Take out", lesson.key, "trash", "", "Remove it (Delete)"),
    )


def opening(item: str) -> str:
    """What opening this source does; empty where there is none."""
    if not item:
        return ""
    return "Open the call" if item.startswith("call/") else "Open the mail"


def whose(who: str, contact: str) -> str:
    return fit(who or contact or _SOMEBODY, _NAME)


def _lesson_source(lesson: Lesson) -> str:
    kind = "" if not lesson.item else "call" if lesson.item.startswith("call/") else "mail"
    who = fit(lesson.who or lesson.contact, _NAME)
    return ", ".join(part for part in (who, kind) if part)


def _icon(item: str) -> str:
    if not item:
        return "quote"
    return "phone" if item.startswith("call/") else "mail"


def _open_source(words: str, key: str) -> tuple[ActionButton, ...]:
    if not words:
        return ()
    return (_offer(Action.OPEN_SOURCE, words, key, "open", "o"),)


def _offer(
    action: Action, label: str, key: str, icon: str, shortcut: str = "", hint: str = ""
) -> ActionButton:
    return ActionButton(
        action=action,
        label=label,
        target=key,
        icon=icon,
        shortcut=shortcut,
        hint=hint,
        rank=ButtonRank.GHOST,
    )
