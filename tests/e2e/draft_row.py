"""The one draft of a home, read beside the app as another program would."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """A text and the place of the cursor in it."""

    body: str
    cursor: int


def draft_in(home: Path) -> DraftRow:
    file = home / "desk.db"
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as beside:
        ((body, cursor),) = beside.execute("SELECT body, cursor FROM draft").fetchall()
    return DraftRow(body=str(body), cursor=int(cursor))
