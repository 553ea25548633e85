"""The week in their words: the banner on the Voices page, and the page while it is being made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from supportdesk.domain.voices import Felt
from supportdesk.ui.rows.common import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekBanner:
    """What the page of this week has on it, in words."""

    words: str


class PageTask(StrEnum):
    """What can be done with the page."""

    COPY = "copy"
    SAVE_HTML = "save-html"
    SAVE_MARKDOWN = "save-markdown"
    PRINT = "print"
    CHAT = "chat"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLine:
    """One line that is on the page or may be.

    Attributes:
        source: Whose words, where and when.
        open_words: What opening its source does; empty where there is none.
    """

    key: str
    words: str
    source: str
    felt: Felt | None = None
    is_on: bool = False
    open_words: str = ""
    may_rise: bool = False
    may_sink: bool = False

    @property
    def spoken(self) -> str:
        felt = f"Felt {self.felt.value}." if self.felt is not None else ""
        return " ".join(part for part in (felt, self.words, self.source) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPart:
    """Lines of one kind; `caption` says how many there is room for."""

    title: str
    caption: str
    lines: tuple[WeekLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekWordsView:
    """The page of one week.

    Attributes:
        week: Its bounds in words.
        aloud: How long it takes to read it aloud.
        nothing: Why there is nothing to put on it; empty when there is.
        has_later: It is not the present week.
        is_empty: Nothing is on the page, so nothing can be done with it.
    """

    week: str
    aloud: str = ""
    parts: tuple[WeekPart, ...] = ()
    nothing: str = ""
    is_masked: bool = True
    has_later: bool = False
    is_empty: bool = False
    notice: Notice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatView:
    """The message to a chat, before it goes.

    Attributes:
        host: Whose hook it is; empty while none is kept.
        body: The request's body to the letter; empty when the chat would not take this page.
        is_going: It is on its way.
        has_gone: It is in the chat.
    """

    host: str = ""
    body: str = ""
    is_going: bool = False
    has_gone: bool = False
    notice: Notice | None = None
