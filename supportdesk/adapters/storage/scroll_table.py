"""The place in the morning scroll in desk.db: one row, each change a commit, or a StoreError."""

from supportdesk.adapters.storage.desk_rows import Row, instant, stored_instant
from supportdesk.adapters.storage.kept_tables import KeptTables
from supportdesk.services.morning_scroll import ScrollPlace

_SCROLL = "only_row, since, until, place, earliest"
_ONLY_ROW = 1


class ScrollTable(KeptTables):
    """ScrollStore port on the connection of desk.db."""

    def scroll(self) -> ScrollPlace | None:
        return next(iter(self._all("scroll", _SCROLL, _place)), None)

    def save_scroll(self, place: ScrollPlace) -> None:
        until = None if place.until is None else stored_instant(place.until)
        earliest = None if place.earliest is None else stored_instant(place.earliest)
        row = (_ONLY_ROW, stored_instant(place.since), until, place.place, earliest)
        self._replace("scroll", _SCROLL, row)


def _place(row: Row) -> ScrollPlace:
    _, since, until, place, earliest = row
    return ScrollPlace(
        since=instant(since),
        until=None if until is None else instant(until),
        place=str(place),
        earliest=None if earliest is None else instant(earliest),
    )
