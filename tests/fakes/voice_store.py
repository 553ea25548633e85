"""A voice store in memory: what one run saves, the next one finds; the disk can be made full."""

from supportdesk.domain.errors import StoreError
from supportdesk.domain.voices import Lesson, Quote, TypedLine


class MemoryVoiceStore:
    """VoiceStore without a disk. Its attributes are open for looking at what was saved."""

    def __init__(self) -> None:
        self.is_full = False
        self.kept: dict[str, Quote] = {}
        self.learned: dict[str, Lesson] = {}
        self.typed: dict[str, TypedLine] = {}

    def quotes(self) -> list[Quote]:
        return list(self.kept.values())

    def quotes_of(self, item: str) -> list[Quote]:
        return [one for one in self.kept.values() if one.item == item]

    def quotes_by(self, contact: str) -> list[Quote]:
        return [one for one in self.kept.values() if one.contact == contact]

    def save_quote(self, quote: Quote) -> None:
        self._write()
        self.kept[quote.key] = quote

    def remove_quote(self, key: str) -> None:
        self._write()
        self.kept.pop(key, None)

    def lessons(self) -> list[Lesson]:
        return list(self.learned.values())

    def save_lesson(self, lesson: Lesson) -> None:
        self._write()
        self.learned[lesson.key] = lesson

    def remove_lesson(self, key: str) -> None:
        self._write()
        self.learned.pop(key, None)

    def typed_lines(self) -> list[TypedLine]:
        return list(self.typed.values())

    def save_typed_line(self, line: TypedLine) -> None:
        self._write()
        self.typed[line.key] = line

    def remove_typed_line(self, key: str) -> None:
        self._write()
        self.typed.pop(key, None)

    def _write(self) -> None:
        if self.is_full:
            raise StoreError("The disk is full", "Make room.")
