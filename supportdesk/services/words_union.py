"""Kept words and promises of another computer joined to those here, by their keys."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from supportdesk.domain.promises import Promise
from supportdesk.domain.voices import Lesson, Quote
from supportdesk.services.promise_store import PromiseStore
from supportdesk.services.voice_store import VoiceStore
from supportdesk.services.wording import count

_ELSEWHERE = "/elsewhere"
"""Behind the key of a promise whose note is on another computer: no note here is without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedWords:
    """What came of joining.

    Attributes:
        settled: Promises that were open here and are kept or dropped there.
    """

    quotes: int = 0
    lessons: int = 0
    promises: int = 0
    settled: int = 0
    known: int = 0

    @property
    def words(self) -> str:
        """What a notice says; empty when there was nothing to join."""
        if self == JoinedWords():
            return ""
        quotes = count(self.quotes, "new quote", "new quotes")
        lessons = count(self.lessons, "new lesson", "new lessons")
        promises = count(self.promises, "new promise", "new promises")
        settled = f", {self.settled} kept or dropped there" if self.settled else ""
        return f"{quotes}, {lessons} and {promises}{settled}, {self.known} known already."


def join_words(
    store: VoiceStore, quotes: Iterable[Quote], lessons: Iterable[Lesson]
) -> JoinedWords:
    """Take in what is not here; what is here stays as it is, with its feeling and its note.

    The same words of the same mail or call are one quote, whoever kept them. Raises StoreError;
    what was taken until then stays.
    """
    known_quotes, known_lessons = store.quotes(), store.lessons()
    keys = {one.key for one in known_quotes} | {one.key for one in known_lessons}
    places = {(one.item, one.words) for one in known_quotes if one.item}
    new_quotes = new_lessons = known = 0
    for quote in quotes:
        if quote.key in keys or (quote.item, quote.words) in places:
            known += 1
        else:
            store.save_quote(quote)
            new_quotes += 1
    for lesson in lessons:
        if lesson.key in keys:
            known += 1
        else:
            store.save_lesson(lesson)
            new_lessons += 1
    return JoinedWords(quotes=new_quotes, lessons=new_lessons, known=known)


def join_promises(
    store: PromiseStore, promises: Iterable[Promise], words: JoinedWords
) -> JoinedWords:
    """The same of promises, counted beside the words that were joined.

    One that is open here and settled there is settled; when it is due stays as it is here.
    """
    new = settled = known = 0
    here = store.promises()
    by_key = {_at_home(one.key): one for one in here}
    by_place = {(one.item, one.words): one for one in here}
    for promise in promises:
        same = by_key.get(_at_home(promise.key)) or by_place.get((promise.item, promise.words))
        if same is None:
            store.save_promise(replace(promise, key=_at_home(promise.key) + _ELSEWHERE))
            new += 1
        elif same.is_open and not promise.is_open:
            state, settled_at = promise.state, promise.settled_at
            store.save_promise(replace(same, state=state, settled_at=settled_at))
            settled += 1
        else:
            known += 1
    return replace(words, promises=new, settled=settled, known=words.known + known)


def _at_home(key: str) -> str:
    """What its key is on the computer where its note is."""
    return key.removesuffix(_ELSEWHERE)
