"""Kept words as files, for the founder to take along."""

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from functools import partial
from pathlib import Path

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.exported_files import export_words, write_exports
from supportdesk.adapters.storage.promise_tables import PromiseTables
from supportdesk.adapters.storage.voice_tables import VoiceTables
from supportdesk.domain.hours import ToLocal
from supportdesk.services.quote_export import (
    FORMAT,
    TITLE,
    KeptWords,
    json_words,
    markdown_words,
)
from supportdesk.services.wording import count

_NAME = "kept-words"


class WordsFormat(Enum):
    """What is written."""

    MARKDOWN = "md"
    JSON = "json"


_LINES: dict[WordsFormat, Callable[[KeptWords, ToLocal], Iterator[str]]] = {
    WordsFormat.MARKDOWN: markdown_words,
    WordsFormat.JSON: json_words,
}


def export_quotes(
    store: SqliteDeskStore, folder: Path, formats: Iterable[WordsFormat], *, to_local: ToLocal
) -> str:
    """Write kept-words.md and kept-words.json; returns what a notice says. Raises StoreError."""
    voices = VoiceTables(store.connection, store.path)
    kept = KeptWords(
        quotes=voices.quotes(),
        lessons=voices.lessons(),
        promises=PromiseTables(store.connection, store.path).promises(),
    )
    lines = {one: partial(_LINES[one], kept, to_local) for one in formats}
    paths, replaced = write_exports(folder, _NAME, lines, _is_ours)
    told = [
        count(len(kept.quotes), "quote", "quotes"),
        count(len(kept.lessons), "lesson", "lessons"),
        count(len(kept.promises), "promise", "promises"),
    ]
    return export_words(f"{', '.join(told[:-1])} and {told[-1]}:", paths, replaced)


def _is_ours(beginning: str) -> bool:
    return beginning.startswith(TITLE) or FORMAT in beginning
