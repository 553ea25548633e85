"""Lines that may stand on the page of a week: whose words, where they were said, masked or not."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from supportdesk.domain.hours import ToLocal
from supportdesk.domain.people import CallNote
from supportdesk.domain.promises import Promise
from supportdesk.domain.voices import Lesson, Quote
from supportdesk.domain.words_page import Passage
from supportdesk.services.naming import Naming
from supportdesk.services.said_where import said_where


class LineKind(Enum):
    """The parts of the page, in their order; the values are their headings."""

    QUOTE = "In their words"
    NOTE = "Noted on calls"
    LESSON = "What we learned"
    KEPT = "Promises we kept"
    OPEN = "Promises still open"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLine:
    """What may be on the page, and whether it is.

    Attributes:
        key: Of the quote, note, lesson or promise.
        item: Ledger key of the mail or call behind it; empty for none.
        contact: Whose it is, to tell people apart; never shown.
        at: When it was kept, written or settled; of an open promise, when it is due.
    """

    key: str
    kind: LineKind
    passage: Passage
    item: str
    contact: str
    at: datetime
    is_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWriter:
    """Makes lines of what is kept, with customers named as `naming` does."""

    to_local: ToLocal
    now: datetime
    naming: Naming

    def quote(self, quote: Quote) -> PageLine:
        about = self._where(quote.item, quote.said_at, quote.talk_seconds)
        passage = Passage(
            words=self.naming.words(quote.words, quote.who, quote.contact),
            by=self.naming.name(quote.who, quote.contact),
            about=about,
            felt=quote.felt,
            note=self.naming.words(quote.note, quote.who, quote.contact),
        )
        return PageLine(
            key=quote.key,
            kind=LineKind.QUOTE,
            passage=passage,
            item=quote.item,
            contact=quote.contact,
            at=quote.kept_at,
        )

    def note(self, note: CallNote) -> PageLine:
        passage = Passage(
            words=self.naming.words(note.words, note.label, note.number),
            by=self.naming.name(note.label, note.number),
            about=self._where(note.call, note.at),
            felt=note.felt,
        )
        return PageLine(
            key=note.key,
            kind=LineKind.NOTE,
            passage=passage,
            item=note.call,
            contact=note.number,
            at=note.at,
        )

    def lesson(self, lesson: Lesson) -> PageLine:
        """Without a customer where none is known: it may be about nobody."""
        naming, who, contact = self.naming, lesson.who, lesson.contact
        passage = Passage(
            words=naming.words(lesson.words, who, contact),
            by=naming.name(who, contact) if naming.known(who, contact) else "",
            about=self._where(lesson.item, lesson.at),
        )
        return PageLine(
            key=lesson.key,
            kind=LineKind.LESSON,
            passage=passage,
            item=lesson.item,
            contact=contact,
            at=lesson.at,
        )

    def promise(self, promise: Promise) -> PageLine:
        """Kept, with the day when it was; or open, with the day when it is due."""
        at = promise.settled_at or promise.due
        word = "due" if promise.is_open else "kept"
        passage = Passage(
            words=self.naming.words(promise.words, promise.who, promise.contact),
            by=self.naming.name(promise.who, promise.contact),
            about=f"{word} {self._where('', at)}",
        )
        return PageLine(
            key=promise.key,
            kind=LineKind.OPEN if promise.is_open else LineKind.KEPT,
            passage=passage,
            item=promise.item,
            contact=promise.contact,
            at=at,
        )

    # --- inside -------------------------------------------------------------------------

    def _where(self, item: str, at: datetime, talk_seconds: float | None = None) -> str:
        return said_where(item, at, self.to_local, now=self.now, talk_seconds=talk_seconds)
