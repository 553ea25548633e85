"""`supportdesk export log`, `import log FILE` and `delete log`: the whole reading log.

What is written goes through the app when it runs: it holds minutes in memory, and shows them.
"""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.desktop.single_instance import ask
from supportdesk.adapters.places import Places
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.log_files import (
    LogFormat,
    caution_about,
    deleted_words,
    export_log,
    import_words,
    read_log,
    refuse_same,
)
from supportdesk.domain.errors import StoreError, SupportDeskError
from supportdesk.domain.reading import Span
from supportdesk.services.log_import import LogImport, overlapping
from supportdesk.services.log_rows import object_of
from supportdesk.services.log_union import JoinedSpans, RefusedSpan
from supportdesk.services.watch_lines import JsonObject
from supportdesk.services.wording import count

_ANSWER_SECONDS = 60.0
# The app takes no longer line than 65,536 bytes; a row of the log is half of that at most.
_LONGEST_REQUEST = 60_000
_WORD = "delete"


def run_export_log(folder: str, wanted: str) -> int:
    """Write reading-log.csv, reading-log.json or both."""
    formats = tuple(one for one in LogFormat if wanted in ("both", one.value))
    with closing(_store(_places())) as store:
        exported = export_log(Path(folder).absolute(), formats, store.all_spans)
        spoilt = len(store.unreadable_spans())
    print(exported.words)
    if spoilt:
        rows = count(spoilt, "damaged row is", "damaged rows are")
        print(f"{rows} not in it: `supportdesk doctor` names them.", file=sys.stderr)
    return 0


def run_import_log(file: str) -> int:
    """Join a file to the log; 1 when a row of it was left out."""
    places, path = _places(), Path(file)
    refuse_same(path, places.desk_db)
    caution = caution_about(path)
    _app = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])  # Qt's sockets want one
    running = _RunningLog(places)
    with closing(_store(places)) as store:
        importing = LogImport(running.join if running.is_there() else store.join_spans)
        importing.take(read_log(path, SystemClock().now()))
        words = import_words(path, places.desk_db)
        running.refresh()
        over = overlapping(store.all_spans, importing.taken)
    told = importing.result(overlapping=over, caution=caution)
    for sentence in told.refused:
        print(f"supportdesk: {sentence}", file=sys.stderr)
    more = told.refused_count - len(told.refused)
    if more:
        print(f"supportdesk: And {count(more, 'row', 'rows')} more.", file=sys.stderr)
    print(told.words)
    if words:
        print(words)
    return 1 if told.refused_count else 0


def run_delete_log(*, is_sure: bool) -> int:
    """Delete every row for good, after a second question."""
    places = _places()
    if not is_sure and not _is_meant(places):
        print("Nothing was deleted.")
        return 1
    _app = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])
    answer = ask(places, {"verb": "delete log"}, _ANSWER_SECONDS)
    if answer is not None:
        number = _checked(answer).get("count")
        rows = number if isinstance(number, int) else 0
    else:
        with closing(_store(places)) as store:
            rows = store.delete_all_spans()
        _RunningLog(places).refresh()
    print(deleted_words(rows))
    return 0


def _is_meant(places: Places) -> bool:
    if not sys.stdin.isatty():
        raise StoreError(
            "There is nobody here to ask whether the log shall be deleted",
            "Run it on a terminal, or with --yes.",
        )
    with closing(_store(places)) as store:
        rows = sum(1 for _ in store.all_spans())
    print(
        f"This deletes all {count(rows, 'row', 'rows')} of your reading log, and nothing brings "
        "them back. `supportdesk export log` keeps a copy."
    )
    try:
        return input(f"Type {_WORD} to go on: ").strip().lower() == _WORD
    except EOFError:
        return False


def _places() -> Places:
    places = Places.from_environment(os.environ)
    places.create_folders()
    return places


def _store(places: Places) -> SqliteDeskStore:
    return SqliteDeskStore(places.desk_db, is_looked_through=True)


def _checked(answer: JsonObject) -> JsonObject:
    """Raises StoreError for a refusal."""
    if not answer.get("ok"):
        raise StoreError(str(answer.get("title")), str(answer.get("advice")))
    return answer


class _RunningLog:
    """The log of the app that runs, by its socket."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def is_there(self) -> bool:
        answer = ask(self._places, _request([]), _ANSWER_SECONDS)
        return answer is not None and bool(_checked(answer))

    def refresh(self) -> None:
        """An app that has started in between has read the weeks as they were before."""
        with suppress(SupportDeskError):
            self.is_there()

    def join(self, spans: Sequence[Span]) -> JoinedSpans:
        joined = JoinedSpans()
        done = 0
        for some in _in_requests(spans):
            answer = ask(self._places, _request(some), _ANSWER_SECONDS)
            if answer is None:
                raise StoreError(
                    "supportdesk has ended meanwhile",
                    "Import the file again: nothing is counted twice.",
                )
            joined = _together(joined, _joined_of(_checked(answer), some, done))
            done += len(some)
        return joined


def _request(spans: Sequence[Span]) -> dict[str, object]:
    return {"verb": "join log", "spans": [object_of(span) for span in spans]}


def _in_requests(spans: Sequence[Span]) -> Iterator[list[Span]]:
    """As many at once as fit into a line."""
    some: list[Span] = []
    size = 0
    for span in spans:
        row = len(json.dumps(object_of(span))) + 2
        if some and size + row > _LONGEST_REQUEST:
            yield some
            some, size = [], 0
        some.append(span)
        size += row
    if some:
        yield some


def _joined_of(answer: JsonObject, some: Sequence[Span], done: int) -> JoinedSpans:
    new, grown, known, refused = (answer.get(key) for key in ("new", "grown", "known", "refused"))
    pairs = refused if isinstance(refused, list) else []
    return JoinedSpans(
        new=tuple(str(one) for one in new) if isinstance(new, list) else (),
        grown=tuple(str(one) for one in grown) if isinstance(grown, list) else (),
        known=known if isinstance(known, int) else 0,
        refused=tuple(
            RefusedSpan(place=done + place, span=some[place], why=str(why))
            for place, why in _pairs(pairs)
        ),
    )


def _pairs(values: Sequence[object]) -> Iterator[tuple[int, object]]:
    for value in values:
        match value:
            case [int() as place, why]:
                yield place, why
            case _:
                pass


def _together(one: JoinedSpans, other: JoinedSpans) -> JoinedSpans:
    return replace(
        one,
        new=one.new + other.new,
        grown=one.grown + other.grown,
        known=one.known + other.known,
        refused=one.refused + other.refused,
    )
