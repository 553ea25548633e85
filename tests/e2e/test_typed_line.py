"""Words are being typed into the line when the app is killed: the next run of it has them."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.e2e.answering_app import AnsweringApp
from tests.e2e.running import make_home
from tests.lab.waiting import wait_until

_SETTINGS = """
[[phone]]
name = "Desk"
kind = "hook"

[reading]
nudge = false
"""
_WORDS = "Nobody picks up on Saturdays."


def _there(home: Path, table: str) -> list[str]:
    file = home / "desk.db"
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as beside:
        return [str(words) for (words,) in beside.execute(f"SELECT words FROM {table}")]


def test_what_was_typed_stands_in_the_line_after_a_kill(tmp_path: Path) -> None:
    home = make_home(tmp_path, _SETTINGS)
    with AnsweringApp(home) as app:
        app.asked({"verb": "show"})
        app.press("Ctrl+3")
        app.click("Type what somebody said, in their words (q)")
        app.wait_to_read("What they said")
        app.type(_WORDS)
        wait_until(lambda: _there(home, "typed_line") == [_WORDS], seconds=30, what="the words")
        app.kill()
        app.start()
        app.asked({"verb": "show"})
        app.wait_to_read("What they said")
        app.click("Keep this note (Enter)")
        wait_until(lambda: _there(home, "quote") == [_WORDS], seconds=30, what="the quote")
        wait_until(lambda: not _there(home, "typed_line"), seconds=30, what="the line to be done")
