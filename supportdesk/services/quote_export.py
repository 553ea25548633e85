"""Kept words as text: Markdown for people, JSON for programs; quotes, lessons and promises.

All of it is in both, oldest first; the JSON has it to the letter. Nothing in it names this computer
or the moment of writing: the same words are the same file.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from supportdesk.domain.app_links import link_to
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.promises import Promise
from supportdesk.domain.voices import Lesson, Quote
from supportdesk.services.passage_lines import lines_of, one_line
from supportdesk.services.words_markdown import escaped, quote_markdown

FORMAT = "supportdesk quotes"
VERSION = 1
TITLE = "# Kept words"
_BREAK = "\\\n"
UNITS = {"*_at_local": "ISO 8601, local time with its offset from UTC", "talk_seconds": "seconds"}
Entry = dict[str, str | float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptWords:
    """What is exported, in any order."""

    quotes: Sequence[Quote]
    lessons: Sequence[Lesson]
    promises: Sequence[Promise]

    @property
    def count(self) -> int:
        return len(self.quotes) + len(self.lessons) + len(self.promises)


def json_words(kept: KeptWords, to_local: ToLocal) -> Iterator[str]:
    """One object: what the file is, then a list of each kind, an entry a line."""
    header = json.dumps({"format": FORMAT, "version": VERSION, "units": UNITS}, indent=1)
    yield header.removesuffix("\n}")
    quotes = (_quote_entry(one, to_local) for one in _quotes(kept))
    lessons = (_lesson_entry(one, to_local) for one in _lessons(kept))
    promises = (_promise_entry(one, to_local) for one in _promises(kept))
    for name, entries in (("quotes", quotes), ("lessons", lessons), ("promises", promises)):
        yield f',\n "{name}": ['
        separator = "\n"
        for entry in entries:
            yield separator + json.dumps(entry, ensure_ascii=False)
            separator = ",\n"
        yield "\n]"
    yield "\n}\n"


def markdown_words(kept: KeptWords, to_local: ToLocal) -> Iterator[str]:
    """CommonMark; whatever somebody wrote is text in it, and each source is a link of ours."""
    yield f"{TITLE}\n"
    for quote in _quotes(kept):
        yield f"\n{quote_markdown(quote.words)}\n\n"
        felt = [quote.felt.value] if quote.felt is not None else []
        yield _source(quote.who, quote.contact, quote.item, to_local(quote.said_at), felt)
        if quote.note:
            yield f"\n{_BREAK.join(escaped(line) for line in lines_of(quote.note))}\n"
    yield from _list("What we learned", (_lesson_line(one, to_local) for one in _lessons(kept)))
    yield from _list("Promises", (_promise_line(one, to_local) for one in _promises(kept)))


# --- inside --------------------------------------------------------------------------------------


def _quotes(kept: KeptWords) -> list[Quote]:
    return sorted(kept.quotes, key=lambda one: (one.said_at, one.key))


def _lessons(kept: KeptWords) -> list[Lesson]:
    return sorted(kept.lessons, key=lambda one: (one.at, one.key))


def _promises(kept: KeptWords) -> list[Promise]:
    return sorted(kept.promises, key=lambda one: (one.made_at, one.key))


def _quote_entry(quote: Quote, to_local: ToLocal) -> Entry:
    return {
        "quote": quote.key,
        "words": quote.words,
        "who": quote.who,
        "contact": quote.contact,
        "said_at_local": _iso(to_local(quote.said_at)),
        "kept_at_local": _iso(to_local(quote.kept_at)),
        "felt": None if quote.felt is None else quote.felt.value,
        "note": quote.note,
        "talk_seconds": quote.talk_seconds,
        "source": quote.item,
    }


def _lesson_entry(lesson: Lesson, to_local: ToLocal) -> Entry:
    return {
        "lesson": lesson.key,
        "words": lesson.words,
        "who": lesson.who,
        "contact": lesson.contact,
        "written_at_local": _iso(to_local(lesson.at)),
        "source": lesson.item,
    }


def _promise_entry(promise: Promise, to_local: ToLocal) -> Entry:
    settled_at = promise.settled_at
    return {
        "promise": promise.key,
        "words": promise.words,
        "who": promise.who,
        "contact": promise.contact,
        "made_at_local": _iso(to_local(promise.made_at)),
        "due_at_local": _iso(to_local(promise.due)),
        "state": promise.state.value,
        "settled_at_local": None if settled_at is None else _iso(to_local(settled_at)),
        "source": promise.item,
    }


def _lesson_line(lesson: Lesson, to_local: ToLocal) -> str:
    source = _source(lesson.who, lesson.contact, lesson.item, to_local(lesson.at), [])
    return f"- {escaped(one_line(lesson.words))} {source}"


def _promise_line(promise: Promise, to_local: ToLocal) -> str:
    due = f"{promise.state.value}, due {_day(to_local(promise.due))}"
    made_at = to_local(promise.made_at)
    source = _source(promise.who, promise.contact, promise.item, made_at, [due])
    return f"- {escaped(one_line(promise.words))} {source}"


def _list(title: str, lines: Iterable[str]) -> Iterator[str]:
    written = list(lines)
    if written:
        yield f"\n## {title}\n\n"
        yield from written


def _source(who: str, contact: str, item: str, at: datetime, more: Sequence[str]) -> str:
    """Who, how they are reached, where and when; a line of its own."""
    kind = "call" if item.startswith("call/") else "mail"
    where = f"[{kind}]({link_to(item)})" if item else ""
    parts = [escaped(one_line(one)) for one in (who, contact if contact != who else "")]
    return f"— {', '.join(part for part in (*parts, where, _day(at), *more) if part)}\n"


def _day(at: datetime) -> str:
    return at.date().isoformat()


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
