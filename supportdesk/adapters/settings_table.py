"""One table of the settings, read key by key; what is wrong is said with its line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import TypeVar

from supportdesk.adapters.toml_lines import KeyPath, TomlLines
from supportdesk.domain.errors import SettingsError

E = TypeVar("E", bound=Enum)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsWarning:
    """Something in the file that has no effect. `line` is None when it is not known."""

    key: str
    line: int | None
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(slots=True, kw_only=True)
class ReadingNotes:
    """What all tables of one reading share."""

    file_name: str
    lines: TomlLines
    warnings: list[SettingsWarning] = field(default_factory=list)

    def place(self, path: KeyPath) -> str:
        line = self.lines.line_of(path)
        return self.file_name if line is None else f"{self.file_name}, line {line}"


class SettingsTable:
    """A TOML table at a path. Each reader takes one key; `finish` warns of those nobody took."""

    def __init__(self, values: Mapping[str, object], path: KeyPath, notes: ReadingNotes) -> None:
        self._values = values
        self._path = path
        self._notes = notes
        self._known: set[str] = set()

    def text(self, key: str, default: str | None = None) -> str:
        """A text on one line. Without a default the key has to be there and say something."""
        value = self._take(key, default)
        if default is None and (value is None or value == ""):
            raise self.error(key, f'"{key}" is missing', f'Add a line {key} = "…".')
        if not isinstance(value, str):
            raise self._wrong(key, value, "a text in quotes")
        if not value.isprintable():
            raise self._wrong(key, value, "a text on one line, without control characters")
        return value

    def text_of_lines(self, key: str) -> str:
        """A text of any number of lines, without empty ones around it; empty where there is none.

        TOML lets the file end its lines as another system does.
        """
        value = self._take(key, "")
        if not isinstance(value, str):
            raise self._wrong(key, value, "a text in quotes")
        lines = value.replace("\r\n", "\n").expandtabs().split("\n")
        if not all(line.isprintable() for line in lines):
            raise self._wrong(key, value, "a text without control characters")
        return "\n".join(line.rstrip() for line in lines).strip("\n")

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self._wrong(key, value, 'a list of texts, as ["one", "two"]')
        return tuple(value)

    def values(self, key: str) -> list[object]:
        value = self._take(key, [])
        if not isinstance(value, list):
            raise self._wrong(key, value, "a list in square brackets")
        return value

    def number(self, key: str, default: float, *, low: float, high: float) -> float:
        value = self._take(key, default)
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            return float(value)
        raise self._wrong(key, value, f"a number from {low:g} to {high:g}")

    def port(self, default: int) -> int:
        value = self._take("port", default)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 65535:
            raise self._wrong("port", value, "a whole number from 1 to 65535")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self._wrong(key, value, "true or false, without quotes")
        return value

    def instant(self, key: str) -> datetime | None:
        """A date with a time; without a zone it is local time."""
        value = self._take(key, None)
        if value is None:
            return None
        if not isinstance(value, datetime):
            raise self._wrong(key, value, "a date with a time, as 2026-12-21T17:00:00+01:00")
        try:
            return value.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise self._wrong(key, value, "a date of our days") from error

    def has(self, key: str) -> bool:
        """Does the file say anything of it?"""
        return self._take(key, None) is not None

    def choice(self, key: str, choices: Iterable[E], default: E | None = None) -> E:
        value = self._take(key, None if default is None else default.value)
        for choice in choices:
            if choice.value == value:
                return choice
        names = " or ".join(f'"{choice.value}"' for choice in choices)
        if value is None:
            raise self.error(key, f'"{key}" is missing', f"Add a line {key} = …, with {names}.")
        raise self._wrong(key, value, names)

    def table(self, key: str) -> "SettingsTable | None":
        value = self._take(key, None)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self._wrong(key, value, f"a table, as [{key}] on a line of its own")
        return SettingsTable(value, (*self._path, key), self._notes)

    def tables(self, key: str) -> "list[SettingsTable]":
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            advice = f"Write [[{key}]], with two brackets, on a line before each of them."
            raise self.error(key, f'"{key}" is not a list of tables', advice)
        return [
            SettingsTable(each, (*self._path, key, index), self._notes)
            for index, each in enumerate(value)
        ]

    def error(self, key: str, what: str, advice: str) -> SettingsError:
        path = (*self._path, key)
        return SettingsError(
            f"{self._notes.place(path)}: {what}",
            advice,
            key=shown(path),
            line=self._notes.lines.line_of(path),
        )

    def warn(self, key: str, what: str) -> None:
        """Say of a key that it has no effect."""
        path = (*self._path, key)
        text = f"{self._notes.place(path)}: {what}"
        line = self._notes.lines.line_of(path)
        self._notes.warnings.append(SettingsWarning(key=shown(path), line=line, text=text))

    def finish(self) -> None:
        for key in self._values:
            if key not in self._known:
                path = (*self._path, key)
                text = f'{self._notes.place(path)}: "{key}" is not known and has no effect.'
                import difflib  # a file without slips does without it

                for near in difflib.get_close_matches(key, sorted(self._known), n=1):
                    text += f' Did you mean "{near}"?'
                line = self._notes.lines.line_of(path)
                self._notes.warnings.append(SettingsWarning(key=shown(path), line=line, text=text))

    def _take(self, key: str, default: object) -> object:
        self._known.add(key)
        return self._values.get(key, default)

    def _wrong(self, key: str, value: object, right: str) -> SettingsError:
        return self.error(key, f'"{key}" is {_shown_value(value)}', f"It has to be {right}.")


def shown(path: KeyPath) -> str:
    """A path as people write it: `mail[0].host`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _shown_value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        text = "".join(char if char.isprintable() else "?" for char in value)
        return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return str(value)
