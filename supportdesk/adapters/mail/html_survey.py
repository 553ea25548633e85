"""What must be known of an HTML mail before it is flattened: its tables, the words of its links.

Most tables of a mail are only there to place things, and become blocks. A table of figures stays
one, and short cells side by side (a menu, a row of icons) stay on a line.
"""

import html
from dataclasses import dataclass, field
from enum import Enum

from supportdesk.adapters.mail.html_cleaning import FLATTENED, Walker

_MAX_COLUMNS = 8
_MAX_CELLS = 160
_LONGEST_CELL = 120
_LONGEST_TABLE = 5_000
_LONGEST_LINE_CELL = 40
_LONGEST_LINK_WORDS = 500
_CELLS = ("td", "th")


class TableKind(Enum):
    """What becomes of a table."""

    BLOCKS = "blocks"
    DATA = "data"


@dataclass(slots=True)
class _Row:
    cells: list[int] = field(default_factory=list)
    """Letters in each."""
    is_simple: bool = True

    @property
    def is_line(self) -> bool:
        return (
            self.is_simple
            and len(self.cells) > 1
            and all(size <= _LONGEST_LINE_CELL for size in self.cells)
        )


@dataclass(slots=True)
class _Table:
    rows: list[_Row] = field(default_factory=list)
    is_leaf: bool = True

    @property
    def kind(self) -> TableKind:
        return TableKind.DATA if self._holds_data() else TableKind.BLOCKS

    def _holds_data(self) -> bool:
        rows = [row for row in self.rows if row.cells]
        columns = {len(row.cells) for row in rows}
        sizes = [size for row in rows for size in row.cells]
        return (
            self.is_leaf
            and len(rows) > 1
            and 1 < max(columns) <= _MAX_COLUMNS
            # A row of totals may span columns.
            and sum(len(row.cells) == max(columns) for row in rows) * 2 > len(rows)
            and all(row.is_simple for row in rows)
            and len(sizes) <= _MAX_CELLS
            and max(sizes) <= _LONGEST_CELL
            and sum(sizes) <= _LONGEST_TABLE
            # Rows of one word each are a layout; so are cells that only hold space.
            and sum(size > 0 for size in sizes) * 2 > len(sizes)
        )


class Survey(Walker):
    """Numbers tables, rows and links in the order in which they begin."""

    def __init__(self, *, shows_hidden: bool = False) -> None:
        super().__init__(shows_hidden=shows_hidden)
        self._tables: list[_Table] = []
        self._rows: list[_Row] = []
        self._links: list[list[str]] = []
        self._open_tables: list[_Table] = []
        self._open_links = 0
        self._cell_has_text = False
        self._line_ended = False

    def table_kind(self, number: int) -> TableKind:
        return self._tables[number].kind

    def is_line(self, row: int) -> bool:
        return self._rows[row].is_line

    def link_words(self, number: int) -> str:
        return html.unescape("".join(self._links[number]))[:_LONGEST_LINK_WORDS]

    def is_full(self) -> bool:
        return False

    def text(self, text: str) -> None:
        if self._open_links and len(self._links[-1]) < _LONGEST_LINK_WORDS:
            self._links[-1].append(text[:_LONGEST_LINK_WORDS])
        words = text.replace("&nbsp;", " ").strip()
        if words:
            self._note(len(words))

    def void(self, tag: str, attributes: str) -> None:
        if self.is_hiding:
            return
        if tag == "img":
            self._note(1)
        elif tag == "br":
            self._end_line()
        else:
            self._note_block()

    def begin(self, tag: str, attributes: str) -> None:
        if tag == "a":
            self._links.append([])
            self._open_links += 1
        elif tag == "table":
            for outer in self._open_tables:
                outer.is_leaf = False
            self._tables.append(_Table())
            self._open_tables.append(self._tables[-1])
        elif tag == "tr":
            self._rows.append(_Row())
            if self._open_tables:
                self._open_tables[-1].rows.append(self._rows[-1])
        elif tag in _CELLS:
            if row := self._row():
                row.cells.append(0)
            self._cell_has_text = self._line_ended = False
        elif tag == "p" or tag in FLATTENED:
            self._end_line()
        elif tag in ("blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "pre", "ul"):
            self._note_block()

    def close(self, tag: str) -> None:
        if tag == "a":
            self._open_links = max(0, self._open_links - 1)
        elif tag == "table" and self._open_tables:
            self._open_tables.pop()
        elif tag == "p" or tag in FLATTENED:
            self._end_line()

    def _row(self) -> _Row | None:
        table = self._open_tables[-1] if self._open_tables else None
        return table.rows[-1] if table and table.rows else None

    def _note(self, size: int) -> None:
        row = self._row()
        if row is None or not row.cells:
            return
        row.cells[-1] += size
        if self._cell_has_text and self._line_ended:
            row.is_simple = False
        self._cell_has_text = True
        self._line_ended = False

    def _note_block(self) -> None:
        if row := self._row():
            row.is_simple = False

    def _end_line(self) -> None:
        self._line_ended = True
