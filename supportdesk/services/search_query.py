"""What the founder types into the search, as a value. Nothing that is typed is a mistake.

    refund anna        both words, anywhere; the last one may go on ("ann" finds Anna)
    "invoice 2026"     these words in this order
    -newsletter        not this word
    from:anna  to:sales  subject:"late order"
    after:2026-10-01   from that day on        before:2026-10   before October began
    has:attachment

What is no such key is a word like any other ("foo:bar", "AND", a lone quote); a date that is none
is left out, and `notes` says so.
"""

import re
from dataclasses import dataclass
from datetime import date

from supportdesk.domain.search import Found
from supportdesk.domain.text import clean_line

MOST_TERMS = 16
LONGEST_TYPED = 500

_FIELDS = {"from": Found.SENDER, "to": Found.RECIPIENT, "subject": Found.SUBJECT}
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_TERM = re.compile(
    r"(?P<minus>-?)(?:(?P<key>from|to|subject|before|after|has):\s*)?"
    r'(?:"(?P<quoted>[^"]*)(?P<closed>"?)|(?P<word>[^\s"]+)|(?<=:))',
    re.IGNORECASE,
)
_DAY = re.compile(r"(\d{4})(?:([-./])(\d{1,2})(?:\2(\d{1,2}))?)?\.?")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
# What may still become a date with the next key.
_BEGUN_DAY = re.compile(r"\d{0,3}|\d{1,2}\.(?:\d{1,2}\.?\d{0,3})?|\d{4}[-./](?:\d{1,2}[-./])?")
_ATTACHMENT = "attachment"
_HAS_WORDS = (_ATTACHMENT, "attachments", "file", "files")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchTerm:
    """One or more words that follow each other.

    Attributes:
        field: Where they have to be; None for anywhere.
        is_prefix: The last word may go on.
        is_excluded: Messages that have them are not wanted.
    """

    text: str
    field: Found | None = None
    is_prefix: bool = False
    is_excluded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """All of it has to be true of a message.

    Attributes:
        since: From the beginning of this day on, in local time.
        until: Before the beginning of this day.
        has_attachment: None when it does not matter.
        notes: Sentences on what was left out.
    """

    terms: tuple[SearchTerm, ...] = ()
    since: date | None = None
    until: date | None = None
    has_attachment: bool | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        has_dates = self.since is not None or self.until is not None
        return not (self.terms or has_dates or self.has_attachment is not None)


def read_query(typed: str) -> SearchQuery:
    reading = _Reading(is_going_on=not typed[-1:].isspace())
    text = clean_line(typed[:LONGEST_TYPED].translate(_QUOTES))
    for match in _TERM.finditer(text):
        reading.take(match, is_last=match.end() == len(text))
    return reading.query()


class _Reading:
    """Takes the terms one by one."""

    def __init__(self, *, is_going_on: bool) -> None:
        self._is_going_on = is_going_on
        self._terms: list[SearchTerm] = []
        self._since: date | None = None
        self._until: date | None = None
        self._has_attachment: bool | None = None
        self._notes: list[str] = []

    def take(self, match: re.Match[str], *, is_last: bool) -> None:
        key = (match["key"] or "").lower()
        value = match["quoted"] or match["word"] or ""
        is_excluded = bool(match["minus"])
        is_open = is_last and self._is_going_on and not match["closed"]
        if not value:
            return
        if key == "has":
            self._take_has(value.lower(), is_excluded=is_excluded, is_open=is_open)
        elif key in ("before", "after"):
            self._take_date(key, value, is_excluded=is_excluded, is_open=is_open)
        elif any(char.isalnum() for char in value):
            self._terms.append(
                SearchTerm(
                    text=value,
                    field=_FIELDS.get(key),
                    is_prefix=is_open and not is_excluded and _goes_on(value),
                    is_excluded=is_excluded,
                )
            )

    def query(self) -> SearchQuery:
        if len(self._terms) > MOST_TERMS:
            self._notes.append(f"Only the first {MOST_TERMS} words are looked for.")
        return SearchQuery(
            terms=tuple(self._terms[:MOST_TERMS]),
            since=self._since,
            until=self._until,
            has_attachment=self._has_attachment,
            notes=tuple(self._notes),
        )

    def _take_has(self, value: str, *, is_excluded: bool, is_open: bool) -> None:
        if value in _HAS_WORDS:
            self._has_attachment = not is_excluded
        elif not (is_open and _ATTACHMENT.startswith(value)):
            self._notes.append(f"has:{value} is not known and was left out; has:attachment is.")

    def _take_date(self, key: str, value: str, *, is_excluded: bool, is_open: bool) -> None:
        day = _day(value)
        if day is None:
            if not (is_open and _BEGUN_DAY.fullmatch(value)):
                self._notes.append(
                    f"{key}:{value} is not a date and was left out; write it as {key}:2026-10-01."
                )
        elif (key == "before") is not is_excluded:
            self._until = day if self._until is None else min(day, self._until)
        else:
            self._since = day if self._since is None else max(day, self._since)


def _goes_on(value: str) -> bool:
    """One letter is the beginning of half of all words."""
    word = value.split()[-1] if value.split() else ""
    return len(word) > 1 and word[-1].isalnum()


def _day(value: str) -> date | None:
    """A day, or the first one of a month or year."""
    if (found := _DAY.fullmatch(value)) is not None:
        year, month, day = found[1], found[3] or "1", found[4] or "1"
    elif (found := _DAY_FIRST.fullmatch(value)) is not None:
        day, month, year = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
