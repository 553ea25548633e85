"""A list model of keyed rows: an update changes what changed and leaves the rest in place.

Selection and scroll survive an update, because rows are found again by their key. Only the first
rows are handed to the view at once; it fetches more as the founder scrolls.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

AnyIndex = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
_WINDOW = 200


class KeyedRow(Protocol):
    """What a row must have to live in the model; rows are compared by value."""

    @property
    def key(self) -> str: ...
    @property
    def accessible_text(self) -> str: ...


class KeyedModel(QAbstractListModel):
    """Rows in the order given; `still` rows (headings) cannot be chosen."""

    def __init__(self, parent: QObject | None = None, *, still: tuple[type, ...] = ()) -> None:
        super().__init__(parent)
        self._still = still
        self._all: list[KeyedRow] = []
        self._shown: list[KeyedRow] = []
        self._is_updating = False

    # --- what the view asks ------------------------------------------------------------

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row_at(index)
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole):
            return row.accessible_text
        return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        row = self.row_at(index)
        if row is None:
            return Qt.ItemFlag.NoItemFlags
        if isinstance(row, self._still):
            return Qt.ItemFlag.ItemNeverHasChildren
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    def canFetchMore(self, parent: AnyIndex) -> bool:
        # A view may ask in the middle of an update; the rest is handed over after it.
        is_rest = not self._is_updating and len(self._shown) < len(self._all)
        return is_rest and not parent.isValid()

    def fetchMore(self, parent: AnyIndex) -> None:
        if self.canFetchMore(parent):
            self._extend_to(len(self._shown) + _WINDOW)

    # --- what the page asks ------------------------------------------------------------

    def row_at(self, index: AnyIndex) -> KeyedRow | None:
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        return self._shown[index.row()]

    def key_at(self, index: AnyIndex) -> str:
        row = self.row_at(index)
        return "" if row is None else row.key

    def index_of(self, key: str) -> QModelIndex:
        """Where a key is, fetching as far as needed; an invalid index when it is nowhere."""
        for position, row in enumerate(self._all):
            if row.key == key:
                if position >= len(self._shown):
                    self._extend_to(position + 1)
                return self.index(position, 0)
        return QModelIndex()

    def would_move(self, rows: Sequence[KeyedRow]) -> bool:
        """Whether showing `rows` would shift a row that is on show now."""
        now = [row.key for row in self._shown]
        return [row.key for row in rows[: len(now)]] != now

    def show_rows(self, rows: Iterable[KeyedRow]) -> None:
        # Mail is for a moment both old and held by the desk. Twice here, it would stay twice.
        wanted = _each_once(rows)
        window = max(len(self._shown), _WINDOW)
        self._all = wanted
        target = wanted[:window]
        self._is_updating = True
        self._remove_gone({row.key for row in target})
        self._reorder([row.key for row in target])
        self._insert_new(target)
        self._refresh(target)
        self._is_updating = False

    def refresh_rows(self, rows: Iterable[KeyedRow]) -> None:
        """Takes over new words of rows that are on show; nothing moves."""
        fresh = {row.key: row for row in rows}
        self._refresh([fresh.get(row.key, row) for row in self._shown])
        self._all = [fresh.get(row.key, row) for row in self._all]

    # --- the steps of an update --------------------------------------------------------

    def _extend_to(self, count: int) -> None:
        first, last = len(self._shown), min(count, len(self._all)) - 1
        self.beginInsertRows(QModelIndex(), first, last)
        self._shown.extend(self._all[first : last + 1])
        self.endInsertRows()

    def _remove_gone(self, keep: set[str]) -> None:
        last = len(self._shown) - 1
        while last >= 0:
            if self._shown[last].key in keep:
                last -= 1
                continue
            first = last
            while first > 0 and self._shown[first - 1].key not in keep:
                first -= 1
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._shown[first : last + 1]
            self.endRemoveRows()
            last = first - 1

    def _reorder(self, wanted: list[str]) -> None:
        place = {key: position for position, key in enumerate(wanted)}
        before = [row.key for row in self._shown]
        after = sorted(before, key=place.__getitem__)
        if before == after:
            return
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        held = [self._shown[index.row()].key for index in old]
        self._shown.sort(key=lambda row: place[row.key])
        position = {key: at for at, key in enumerate(after)}
        self.changePersistentIndexList(old, [self.index(position[key], 0) for key in held])
        self.layoutChanged.emit()

    def _insert_new(self, wanted: list[KeyedRow]) -> None:
        known = {row.key for row in self._shown}
        position = 0
        while position < len(wanted):
            if wanted[position].key in known:
                position += 1
                continue
            end = position
            while end < len(wanted) and wanted[end].key not in known:
                end += 1
            self.beginInsertRows(QModelIndex(), position, end - 1)
            self._shown[position:position] = wanted[position:end]
            self.endInsertRows()
            position = end

    def _refresh(self, wanted: list[KeyedRow]) -> None:
        for position, row in enumerate(wanted):
            if self._shown[position] != row:
                self._shown[position] = row
                index = self.index(position, 0)
                self.dataChanged.emit(index, index)


def _each_once(rows: Iterable[KeyedRow]) -> list[KeyedRow]:
    """The first of each key."""
    first: dict[str, KeyedRow] = {}
    for row in rows:
        first.setdefault(row.key, row)
    return list(first.values())
