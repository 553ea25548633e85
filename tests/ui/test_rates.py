"""Talk minutes, never calls an hour (F83): nothing that the program says is a rate of people.

Read from its own source, so that a word that no test happens to show is found too: every string
and every name in the code, the guides, the settings they list, and all that the gallery shows.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QWidget

from supportdesk.ui.theme import Theme
from tests.ui.screens import NAMES, shown

ROOT = Path(__file__).parents[2]
_WHO = (
    r"calls?|callers?|talks?|conversations?|customers?|people|persons?|contacts?|tickets?"
    r"|mails?|messages?|repl(?:y|ies)|answers?"
)
_WHEN = r"hour|hr|h|day|morning|shift|minute|min|week|month|head|agent|member|employee"
_RATES = (
    rf"\b(?:{_WHO})(?:\s+(?!within|in|after|for)\w+)?\s*(?:\bper\b|\ban\b|\ba\b|\beach\b|\bevery\b|/)\s*(?:{_WHEN})\b",
    rf"\b(?:hourly|daily|weekly)\s+(?:{_WHO})\b",
    rf"\b(?:{_WHO})_?per_?(?:{_WHEN})",
    r"\d\s*(?:per|/)\s*(?:hour|hr|h|day|shift)\b",
    r"\b(?:average|mean)[ _](?:talk|handl|call)",
    r"\b(?:throughput|productivity|leader ?board|league table|ranking)\b",
)
_RATE = re.compile("|".join(_RATES), re.IGNORECASE)
_SPOKEN_TO_US = "supportdesk/practice/pbx_queue.py"
"""A phone system counts so on the wire; the practice one has to as well."""
_MEANT_WELL = {
    # That there is none of it is said in so many words.
    "README.md": ("ranking",),
}


def rates_in(text: str) -> list[str]:
    return [found[0] for found in _RATE.finditer(text)]


def said_and_named(source: str) -> Iterator[str]:
    """The strings and the names of a module, without what is written for its readers."""
    tree = ast.parse(source)
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, holders) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str() as text) if id(node) not in docs:
                yield text
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.JoinedStr(values=values):
                parts = (one.value if isinstance(one, ast.Constant) else "7" for one in values)
                yield "".join(str(part) for part in parts)
            case _:
                pass


@pytest.mark.parametrize(
    "words",
    [
        "12 calls an hour",
        "Calls per day",
        "calls answered per hour",
        "3.4 talks a day",
        "mails/day",
        "customers per agent",
        "7 per hour",
        "calls_per_hour",
        "callsPerHour",
        "daily calls",
        "average talk 3:20",
        "average_handle_time",
        "League table",
    ],
)
def test_a_rate_would_be_found(words: str) -> None:
    assert rates_in(words)


@pytest.mark.parametrize(
    "words",
    [
        "30 minutes a week",
        "27 of 31 calls within one ring this week",
        "one alert a week at most",
        "Call back within an hour",
        "You last spoke with a customer 6 days ago (Mr Kiss, 4 min)",
        "2 missed calls, 7 mails, oldest waiting 1 h 52",
        "average_hold_seconds",
    ],
)
def test_minutes_counts_and_times_are_no_rates(words: str) -> None:
    assert rates_in(words) == []


def test_a_sentence_that_is_put_together_would_be_found() -> None:
    assert any(rates_in(text) for text in said_and_named('words = f"{calls / hours:.1f} per hour"'))
    assert not any(rates_in(text) for text in said_and_named('"""Calls an hour: never."""'))


def test_no_string_and_no_name_of_the_program_is_a_rate() -> None:
    modules = sorted((ROOT / "supportdesk").rglob("*.py"))
    assert len(modules) > 200
    found = {
        path.relative_to(ROOT).as_posix(): rates
        for path in modules
        if (rates := [one for text in said_and_named(path.read_text()) for one in rates_in(text)])
    }
    assert set(found) <= {_SPOKEN_TO_US}, found


def test_no_guide_and_no_setting_is_about_a_rate() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    pages += [
        path
        for path in (ROOT / "resources").rglob("*")
        if path.suffix in (".toml", ".desktop", ".xml")
    ]
    for page in pages:
        text = "\n".join(line for line in page.read_text().splitlines() if not line.startswith("#"))
        for allowed in _MEANT_WELL.get(page.name, ()):
            text = text.replace(allowed, "")
        assert rates_in(text) == [], page.name


def words_on(screen: QWidget) -> Iterator[str]:
    """All that is shown, spoken or told by a tip, rows of lists too."""
    for widget in (screen, *screen.findChildren(QWidget)):
        yield from (widget.accessibleName(), widget.accessibleDescription(), widget.toolTip())
        text = getattr(widget, "text", None)
        if callable(text):
            yield str(text())
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            model = widget.model()
            for row in range(model.rowCount()):
                index = model.index(row, 0)
                yield str(index.data(Qt.ItemDataRole.AccessibleTextRole))
                yield str(index.data(Qt.ItemDataRole.DisplayRole))


@pytest.mark.parametrize("name", NAMES)
def test_no_screen_shows_a_rate(theme: Theme, name: str) -> None:
    with shown(theme, name) as screen:
        words = [text for text in words_on(screen) if text]
        assert len(words) > 3
        assert [text for text in words if rates_in(text)] == []
