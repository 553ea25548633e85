"""Where kept words and lessons lie: a port of its own beside `DeskStore`, as `SideStore` is."""

from typing import Protocol

from supportdesk.domain.voices import Lesson, Quote, TypedLine


class VoiceStore(Protocol):
    """Called from the thread that owns desk.db, first thing in a turn. Raises StoreError."""

    def quotes(self) -> list[Quote]: ...

    def quotes_of(self, item: str) -> list[Quote]:
        """Of one mail or call; asked for each message that is opened."""
        ...

    def quotes_by(self, contact: str) -> list[Quote]:
        """Of one address or number."""
        ...

    def save_quote(self, quote: Quote) -> None:
        """Insert, or replace the quote of the same key."""
        ...

    def remove_quote(self, key: str) -> None: ...

    def lessons(self) -> list[Lesson]: ...

    def save_lesson(self, lesson: Lesson) -> None:
        """Insert, or replace the lesson of the same key."""
        ...

    def remove_lesson(self, key: str) -> None: ...

    def typed_lines(self) -> list[TypedLine]: ...

    def save_typed_line(self, line: TypedLine) -> None:
        """Insert, or replace the line of the same key."""
        ...

    def remove_typed_line(self, key: str) -> None: ...


class UnkeptVoiceStore:
    """VoiceStore of a desk that keeps nothing, as in a look without a home."""

    def quotes(self) -> list[Quote]:
        return []

    def quotes_of(self, item: str) -> list[Quote]:
        return []

    def quotes_by(self, contact: str) -> list[Quote]:
        return []

    def save_quote(self, quote: Quote) -> None: ...

    def remove_quote(self, key: str) -> None: ...

    def lessons(self) -> list[Lesson]:
        return []

    def save_lesson(self, lesson: Lesson) -> None: ...

    def remove_lesson(self, key: str) -> None: ...

    def typed_lines(self) -> list[TypedLine]:
        return []

    def save_typed_line(self, line: TypedLine) -> None: ...

    def remove_typed_line(self, key: str) -> None: ...
