"""The calls of desk.db, oldest first, a page at a time: however many there are."""

from collections.abc import Callable, Iterator
from datetime import datetime

from supportdesk.adapters.storage.desk_rows import CALL_COLUMNS, Row, call_of, stored_instant
from supportdesk.domain.calls import Call

Run = Callable[[str, Row], list[Row]]

_ROWS_AT_ONCE = 500
# The first term is for the index; the second tells calls of one instant apart.
_PAGE = (
    f"SELECT {CALL_COLUMNS} FROM call WHERE started_at >= ?1"  # noqa: S608 - names of ours
    " AND (started_at, call_id, phone) > (?1, ?2, ?3) AND started_at < ?4"
    f" ORDER BY started_at, call_id, phone LIMIT {_ROWS_AT_ONCE}"
)
_STARTED_AT, _CALL_ID, _PHONE = 5, 1, 0
_END = "9999"


def calls_in_pages(run: Run, since: datetime | None, until: datetime | None) -> Iterator[Call]:
    """Those that began in [since, until); no statement stays open between two pages."""
    end = _END if until is None else stored_instant(until)
    after: Row = ("" if since is None else stored_instant(since), "", "")
    while rows := run(_PAGE, (*after, end)):
        yield from map(call_of, rows)
        after = (rows[-1][_STARTED_AT], rows[-1][_CALL_ID], rows[-1][_PHONE])
