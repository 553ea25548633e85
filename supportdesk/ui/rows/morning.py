"""What the morning scroll shows: a piece for each mail and call, and the card at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from supportdesk.ui.rows.common import ActionButton, ChipView, Notice
from supportdesk.ui.rows.voices import KeptWords


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceView:
    """A mail with all its words, or a call and what is known of it.

    Attributes:
        about: Where they write from, and of what; of a call the number.
        html: Washed already; without it `text` is shown.
        quoted_html: What is folded, instead of `quoted_text`.
        aside: What else came with it, in a line.
        notes: What was noted of a call, word for word.
        loading: What is being waited for; empty when all is here.
        kept: Words of it that are kept.
        notices: What the founder is to be told of it.
    """

    key: str
    who: str
    when: str
    about: str = ""
    html: str = ""
    text: str = ""
    quoted_summary: str = ""
    quoted_text: str = ""
    quoted_html: str = ""
    aside: str = ""
    notes: tuple[str, ...] = ()
    loading: str = ""
    chips: tuple[ChipView, ...] = ()
    kept: tuple[KeptWords, ...] = ()
    notices: tuple[Notice, ...] = ()
    actions: tuple[ActionButton, ...] = ()

    @property
    def accessible_text(self) -> str:
        return ", ".join(part for part in (self.who, self.about, self.when) if part)


class Pieces(Protocol):
    """Words a piece when it is about to come in sight."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Of all pieces, in order."""
        ...

    def piece(self, key: str) -> PieceView: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EndLine:
    """What a figure at the end is made of: a line that opens a mail or a call."""

    key: str
    who: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndList:
    """A figure, and the lines that a click on it shows."""

    words: str
    icon: str
    lines: tuple[EndLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndView:
    """The end of the scroll: one true sentence and the ways on.

    Attributes:
        facts: Figures; each opens what it is made of.
        lists: Figures whose lines are shown here: open promises, what was left out.
    """

    head: str
    sentence: str
    buttons: tuple[ActionButton, ...] = ()
    facts: tuple[ActionButton, ...] = ()
    lists: tuple[EndList, ...] = ()
    notice: Notice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningView:
    """One scroll.

    Attributes:
        name: Another one for each scroll: the column begins anew with it.
        since: In words.
        place: The key to begin at; "" is the beginning.
        is_at_end: Begin at the end.
    """

    name: str
    since: str
    pieces: Pieces
    end: EndView
    place: str = ""
    is_at_end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InView:
    """Where the founder is in the scroll.

    Attributes:
        key: What is read now; "" at the end.
        seen: What is in view to its end.
        is_end: The card at the end is in view.
    """

    key: str
    seen: tuple[str, ...] = ()
    is_end: bool = False
