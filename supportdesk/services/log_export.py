"""The reading log as text: CSV for a spreadsheet, JSON for programs. A row is a line in both.

Every row of the log is in it, also what was corrected and what corrects it, so that the log can be
made again from either (`log_import`). Nothing in it names this computer or the moment of writing:
the same log is the same file.
"""

import csv
import json
from collections.abc import Iterable, Iterator

from supportdesk.domain.reading import Span
from supportdesk.services.log_rows import COLUMNS, FORMAT, UNITS, VERSION, cells_of, object_of


class _Line:
    """What csv writes to: it hands the line back."""

    def write(self, text: str) -> str:
        return text


def csv_lines(spans: Iterable[Span]) -> Iterator[str]:
    """RFC 4180, with the units in the header."""
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for span in spans:
        yield writer.writerow(cells_of(span))


def json_lines(spans: Iterable[Span]) -> Iterator[str]:
    """One object: what the file is and its units, then the spans."""
    header = json.dumps({"format": FORMAT, "version": VERSION, "units": UNITS}, indent=1)
    yield header.removesuffix("\n}") + ',\n "spans": ['
    separator = "\n"
    for span in spans:
        yield separator + json.dumps(object_of(span), ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"
