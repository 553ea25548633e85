"""On which line each key of a TOML text stands. The TOML libraries keep that to themselves."""

import re
from collections.abc import Iterator

KeyPath = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_QUOTED = re.compile(
    r'"""(?:\\.|[^\\])*?"""+'
    r"|'''.*?'''+"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)


class TomlLines:
    """Line numbers, from 1, of a text that a TOML parser has accepted."""

    def __init__(self, text: str) -> None:
        self._lines: dict[KeyPath, int] = {}
        self._tables_in_array: dict[KeyPath, int] = {}
        for path, position in self._keys(text):
            self._lines.setdefault(path, text.count("\n", 0, position) + 1)

    def line_of(self, path: KeyPath) -> int | None:
        """The line of a key, or of what it is in when the key itself is missing or inline."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return None

    def _keys(self, text: str) -> Iterator[tuple[KeyPath, int]]:
        table: KeyPath = ()
        position = _end(_BLANK, text, 0)
        while position < len(text):
            start = position
            if text[position] == "[":
                is_array = text.startswith("[[", position)
                names, position = _dotted_key(text, position + 1 + is_array)
                table = self._header(names, is_array=is_array)
                yield table, start
                position += 1 + is_array
            else:
                names, position = _dotted_key(text, position)
                yield from ((table + names[:depth], start) for depth in range(1, len(names) + 1))
                position = _after_value(text, position + len("="))
            position = _end(_BLANK, text, position)

    def _header(self, names: tuple[str, ...], *, is_array: bool) -> KeyPath:
        """The path of a table: names below an array of tables mean its latest table."""
        path: KeyPath = ()
        for name in names[:-1]:
            path = self._latest((*path, name))
        path = (*path, names[-1])
        if is_array:
            self._tables_in_array[path] = self._tables_in_array.get(path, 0) + 1
        return self._latest(path)

    def _latest(self, path: KeyPath) -> KeyPath:
        tables = self._tables_in_array.get(path, 0)
        return (*path, tables - 1) if tables else path


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def _dotted_key(text: str, position: int) -> tuple[tuple[str, ...], int]:
    """The names of a key and the position of what follows it: `=` or `]`."""
    names: list[str] = []
    while True:
        position = _end(_SPACE, text, position)
        start = position
        if text[position] in "\"'":
            position = _end(_QUOTED, text, position)
            names.append(text[start + 1 : position - 1])
        else:
            position = _end(_BARE, text, position)
            names.append(text[start:position])
        position = _end(_SPACE, text, position)
        if position >= len(text) or text[position] != ".":
            return tuple(names), position
        position += 1


def _after_value(text: str, position: int) -> int:
    """The position behind a value, which may span lines in brackets and in long strings."""
    depth = 0
    while position < len(text):
        char = text[position]
        if char in "\"'":
            position = max(_end(_QUOTED, text, position), position + 1)
            continue
        if char == "#" or (char == "\n" and depth > 0):
            position = _end(_BLANK, text, position)
            if depth == 0:
                return position
            continue
        if char == "\n":
            return position
        depth += (char in "[{") - (char in "]}")
        position += 1
    return position
