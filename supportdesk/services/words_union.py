"""Kept words of another computer joined to those here: by their keys, nothing twice."""

from collections.abc import Iterable
from dataclasses import dataclass

from supportdesk.domain.voices import Lesson, Quote
from supportdesk.services.voice_store import VoiceStore
from supportdesk.services.wording import count


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedWords:
    """What came of joining."""

    quotes: int = 0
    lessons: int = 0
    known: int = 0

    @property
    def words(self) -> str:
        """What a notice says; empty when there was nothing to join."""
        if self == JoinedWords():
            return ""
        quotes = count(self.quotes, "new quote", "new quotes")
        lessons = count(self.lessons, "new lesson", "new lessons")
        return f"{quotes} and {lessons}, {self.known} known already."


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
