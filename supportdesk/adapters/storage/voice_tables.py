"""Kept words, lessons and words being typed in desk.db: each change a commit, or a StoreError."""

from supportdesk.adapters.storage.desk_rows import Row, instant, stored_instant
from supportdesk.adapters.storage.kept_tables import KeptTables, typed
from supportdesk.domain.voices import Felt, Lesson, Quote, TypedFor, TypedLine

_QUOTE = "key, words, item, who, contact, said_at, kept_at, felt, note, talk_seconds"
_LESSON = "key, item, words, who, contact, at"
_TYPED = "key, kind, item, words, who, contact, at"


class VoiceTables(KeptTables):
    """VoiceStore port on the connection of desk.db."""

    def quotes(self) -> list[Quote]:
        return self._all("quote", _QUOTE, _quote)

    def quotes_of(self, item: str) -> list[Quote]:
        return self._some("quote", _QUOTE, _quote, "WHERE item = ?", (item,))

    def quotes_by(self, contact: str) -> list[Quote]:
        return self._some("quote", _QUOTE, _quote, "WHERE contact = ?", (contact,))

    def save_quote(self, quote: Quote) -> None:
        self._replace("quote", _QUOTE, _quote_row(quote))

    def remove_quote(self, key: str) -> None:
        self._write("DELETE FROM quote WHERE key = ?", (key,))

    def lessons(self) -> list[Lesson]:
        return self._all("lesson", _LESSON, _lesson)

    def save_lesson(self, lesson: Lesson) -> None:
        self._replace("lesson", _LESSON, _lesson_row(lesson))

    def remove_lesson(self, key: str) -> None:
        self._write("DELETE FROM lesson WHERE key = ?", (key,))

    def typed_lines(self) -> list[TypedLine]:
        return self._all("typed_line", _TYPED, _typed_line)

    def save_typed_line(self, line: TypedLine) -> None:
        row = (line.key, line.kind.value, line.item, typed(line.words), typed(line.who))
        self._replace("typed_line", _TYPED, (*row, line.contact, stored_instant(line.at)))

    def remove_typed_line(self, key: str) -> None:
        self._write("DELETE FROM typed_line WHERE key = ?", (key,))


def _quote_row(quote: Quote) -> Row:
    return (
        *(quote.key, typed(quote.words), quote.item, typed(quote.who), quote.contact),
        *(stored_instant(quote.said_at), stored_instant(quote.kept_at)),
        None if quote.felt is None else quote.felt.value,
        *(typed(quote.note), quote.talk_seconds),
    )


def _quote(row: Row) -> Quote:
    key, words, item, who, contact, said_at, kept_at, felt, note, talk_seconds = row
    return Quote(
        key=str(key),
        words=str(words),
        item=str(item),
        who=str(who),
        contact=str(contact),
        said_at=instant(said_at),
        kept_at=instant(kept_at),
        felt=None if felt is None else Felt(felt),
        note=str(note),
        talk_seconds=None if talk_seconds is None else float(talk_seconds),
    )


def _lesson_row(lesson: Lesson) -> Row:
    return (
        *(lesson.key, lesson.item, typed(lesson.words), typed(lesson.who), lesson.contact),
        stored_instant(lesson.at),
    )


def _lesson(row: Row) -> Lesson:
    key, item, words, who, contact, at = row
    return Lesson(
        key=str(key),
        item=str(item),
        words=str(words),
        who=str(who),
        contact=str(contact),
        at=instant(at),
    )


def _typed_line(row: Row) -> TypedLine:
    _key, kind, item, words, who, contact, at = row
    return TypedLine(
        kind=TypedFor(kind),
        item=str(item),
        words=str(words),
        who=str(who),
        contact=str(contact),
        at=instant(at),
    )
