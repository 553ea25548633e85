"""Answers to "What did we learn?": one line after a call or a conversation, with its source."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from supportdesk.domain.voices import Lesson
from supportdesk.services.voice_store import VoiceStore


class Lessons:
    """All lessons, the newest first; read at the first question. What writes raises StoreError."""

    def __init__(self, store: VoiceStore, normalise: Callable[[str], str] = str) -> None:
        """`normalise`: a number in one normal form; "" for a withheld one."""
        self._store = store
        self._normalise = normalise
        self._known: dict[str, Lesson] | None = None

    def read_again(self) -> None:
        """What desk.db holds was changed behind our back: it is read at the next question."""
        self._known = None

    def lesson(self, key: str) -> Lesson | None:
        return self._lessons.get(key)

    def between(
        self, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[Lesson, ...]:
        """Those that were written in [since, until); None is no bound."""
        return _newest_first(
            lesson
            for lesson in self._lessons.values()
            if (since is None or lesson.at >= since) and (until is None or lesson.at < until)
        )

    def of(self, items: Iterable[str]) -> tuple[Lesson, ...]:
        """Those from these mails and calls."""
        wanted = set(items) - {""}
        return _newest_first(one for one in self._lessons.values() if one.item in wanted)

    def learn(
        self,
        words: str,
        *,
        item: str = "",
        who: str = "",
        contact: str = "",
        key: str = "",
        now: datetime,
    ) -> Lesson:
        """Keep a new line; one of a `key` that is known stays as it is."""
        from uuid import uuid4  # as in domain/reading

        known = self._lessons.get(key)
        if known is not None:
            return known
        lesson = Lesson(
            key=key or f"lesson/{uuid4()}",
            item=item,
            words=words,
            who=who,
            contact=contact_of(contact, self._normalise),
            at=now,
        )
        self.put(lesson)
        return lesson

    def put(self, lesson: Lesson) -> None:
        """Keep it as it is: one that was removed or edited and is taken back."""
        known = self._lessons
        self._store.save_lesson(lesson)
        known[lesson.key] = lesson

    def edit(self, key: str, words: str) -> Lesson | None:
        """What it was before, to be put back; None when nothing changes.

        A lesson is removed by `remove`, never by emptying it.
        """
        lesson = self._lessons.get(key)
        if lesson is None or not words.strip() or words == lesson.words:
            return None
        self.put(replace(lesson, words=words))
        return lesson

    def remove(self, key: str) -> Lesson | None:
        """What was removed, to be put back."""
        lesson = self._lessons.get(key)
        if lesson is not None:
            self._store.remove_lesson(key)
            del self._lessons[key]
        return lesson

    @property
    def _lessons(self) -> dict[str, Lesson]:
        if self._known is None:
            self._known = {lesson.key: lesson for lesson in self._store.lessons()}
        return self._known


def contact_of(contact: str, normalise: Callable[[str], str]) -> str:
    """An address or a number in the form in which it is kept and found again."""
    return contact.casefold() if "@" in contact or not contact else normalise(contact)


def _newest_first(lessons: Iterable[Lesson]) -> tuple[Lesson, ...]:
    return tuple(sorted(lessons, key=lambda one: (one.at, one.key), reverse=True))
