"""Line numbers of TOML keys."""

import tomllib
from collections.abc import Iterator

import pytest

from supportdesk.adapters.toml_lines import KeyPath, TomlLines

TEXT = '''# a comment with [brackets] and key = 1
top = 1   # with = a comment "quoted

[[mail]]
name = "Support"  # [[phone]]
aliases = [
  "a@b.c",  # one ] of them
  "d = e",
]
[mail.smtp]
host = 'smtp'
[[mail]]
name = """
host = "not a key"
"""
host = "second"
[mail.smtp]
"quoted key" = { inner = 1, deep = [1, 2] }
[reading]
dotted.key.path = 1
literal = \'\'\'
[alerts]
\'\'\'
escaped = "a \\" # [x]"
[ spaced . table ]
last = 1'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 2),
        (("mail", 0), 4),
        (("mail", 0, "name"), 5),
        (("mail", 0, "aliases"), 6),
        (("mail", 0, "smtp"), 10),
        (("mail", 0, "smtp", "host"), 11),
        (("mail", 1), 12),
        (("mail", 1, "name"), 13),
        (("mail", 1, "host"), 16),
        (("mail", 1, "smtp"), 17),
        (("mail", 1, "smtp", "quoted key"), 18),
        (("mail", 1, "smtp", "quoted key", "inner"), 18),
        (("reading", "dotted"), 20),
        (("reading", "dotted", "key", "path"), 20),
        (("reading", "literal"), 21),
        (("reading", "escaped"), 24),
        (("reading", "missing"), 19),
        (("spaced", "table", "last"), 26),
        (("mail", 1, "missing"), 12),
        (("nowhere",), None),
    ],
)
def test_lines(path: KeyPath, line: int | None) -> None:
    assert TomlLines(TEXT).line_of(path) == line


def leaves(values: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    if isinstance(values, dict):
        for key, value in values.items():
            yield from leaves(value, (*path, key))
    elif isinstance(values, list) and values and isinstance(values[0], dict):
        for index, value in enumerate(values):
            yield from leaves(value, (*path, index))
    else:
        yield path


def test_every_key_that_the_parser_sees_has_a_line() -> None:
    lines = TomlLines(TEXT)
    text_lines = TEXT.splitlines()
    for path in leaves(tomllib.loads(TEXT)):
        line = lines.line_of(path)
        assert line is not None
        assert str(path[-1]) in text_lines[line - 1]


@pytest.mark.parametrize("text", ["", "\n\n# only a comment", "a = 1\r\n\r\nb = 2\r\n"])
def test_small_texts(text: str) -> None:
    lines = TomlLines(text)
    assert lines.line_of(("b",)) == (3 if "b" in text.split() else None)
