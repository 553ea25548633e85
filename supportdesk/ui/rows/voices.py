"""The Voices page and kept words wherever they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from supportdesk.domain.voices import Felt
from supportdesk.ui.rows.common import ActionButton, EmptyView, Notice
from supportdesk.ui.rows.week_words import WeekBanner


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptWords:
    """Kept words of the text on show.

    Attributes:
        key: Of the quote.
        is_fresh: Kept just now: how they were felt can be chosen below them.
        is_sought: The founder came here for them: they are brought into sight.
        near: Where they were selected, where the same words stand in more than one place.
    """

    key: str
    words: str
    felt: Felt | None = None
    is_fresh: bool = False
    is_sought: bool = False
    near: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteCard:
    """A quote on the page.

    Attributes:
        about: Where and when it was said: "mail, Fri 20 Nov", "call, Tue 17 Nov, 6 min".
        icon: Of its source.
        open_words: What opening its source does; empty where there is none to open.
    """

    key: str
    words: str
    who: str
    about: str
    icon: str
    felt: Felt | None = None
    note: str = ""
    open_words: str = ""

    @property
    def spoken(self) -> str:
        felt = f"Felt {self.felt.value}." if self.felt is not None else ""
        note = f"Your note: {self.note}" if self.note else ""
        parts = (felt, f"“{self.words}”", f"{self.who}, {self.about}.", note)
        return " ".join(part for part in parts if part)


class CardSource(Protocol):
    """Quotes by position, their cards made when the page comes to them. It never changes."""

    @property
    def count(self) -> int: ...

    def card(self, at: int) -> QuoteCard: ...

    def index_of(self, key: str) -> int:
        """-1 when it is not among them."""
        ...


@dataclass(frozen=True, slots=True)
class FixedCards:
    """Cards that are all there."""

    cards: tuple[QuoteCard, ...] = ()

    @property
    def count(self) -> int:
        return len(self.cards)

    def card(self, at: int) -> QuoteCard:
        return self.cards[at]

    def index_of(self, key: str) -> int:
        return next((at for at, one in enumerate(self.cards) if one.key == key), -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonLine:
    """One line of what was learned, and the contact that taught it."""

    key: str
    words: str
    source: str
    open_words: str = ""

    @property
    def spoken(self) -> str:
        return f"Learned: {self.words} {self.source}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeltTab:
    """How many quotes have this felt word; None stands for all quotes."""

    felt: Felt | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicesFilter:
    """Which quotes are wanted.

    Attributes:
        felt: None: however they felt.
        contact: Address or number of one person; empty for everybody.
        week: As 2026-W47; empty for any.
    """

    words: str = ""
    felt: Felt | None = None
    contact: str = ""
    week: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekChoice:
    """An entry in the menu of weeks; an empty week is any."""

    week: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicesView:
    """The page: the quotes wanted, and what was learned.

    Attributes:
        lessons: Newest first.
        person: Whose words alone are shown; empty for everybody's.
        chosen: Key of the chosen quote or lesson.
        actions: What can be done with it.
        buttons: What can be done on the page, whatever is chosen.
        nothing: Why no quote is shown, where the filter says so.
        empty: Nothing was ever kept.
        banner: The page of this week; None for a week of which nothing was kept.
    """

    cards: CardSource = FixedCards()
    tabs: tuple[FeltTab, ...] = ()
    wanted: VoicesFilter = VoicesFilter()
    person: str = ""
    weeks: tuple[WeekChoice, ...] = ()
    lessons: tuple[LessonLine, ...] = ()
    chosen: str = ""
    actions: tuple[ActionButton, ...] = ()
    buttons: tuple[ActionButton, ...] = ()
    notice: Notice | None = None
    nothing: str = ""
    empty: EmptyView | None = None
    banner: WeekBanner | None = None
