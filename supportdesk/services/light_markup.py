"""Light formatting as it is typed: *bold*, _italic_, lists, links and quotes, and HTML made of it.

The text part of a message is what was typed, to the letter: these are the marks that people have
used in plain mail all along, so both parts read well. A mark that could be something else, as in
`2*3*4` or `some_file_name`, is none.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

_DEEPEST = 8
_INLINE = re.compile(
    r"\[(?P<words>[^\[\]\n]{1,300})\]\((?P<target>[^\s()<>\"]{1,1500}(?:\([^\s()<>\"]{0,300}\))?)\)"
    r"|(?P<bare>https?://[^\s<>\"]{1,1500})"
    r"|(?<![\w*])(?P<star>\*{1,2})(?=[^\s*])(?P<bold>[^\n*]{0,1000}[^\s*])(?P=star)(?![\w*])"
    r"|(?<![\w_])_(?=[^\s_])(?P<italic>[^\n_]{0,1000}[^\s_])_(?![\w_])"
)
_TARGET = re.compile(r"(?:https?://|mailto:)[^\s]", re.IGNORECASE)
_AFTER_LINK = ".,;:!?)]}'*_…"
_ITEM = re.compile(r"(?:(?P<bullet>[-*•])|(?P<number>\d{1,3})[.)]) +(?=\S)")
_GOES_ON = "  "
_LOST_SPACE = re.compile(r"^ | (?= )")
_QUOTE_STYLE = "margin:0 0 0 0.8ex;border-left:1px solid #bbb;padding-left:1ex"


class Mark(Enum):
    """What the toolbar can do with what is selected."""

    BOLD = "*"
    ITALIC = "_"
    BULLETS = "- "
    NUMBERS = "1. "
    QUOTE = "> "


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A text after its marks were set or taken away, and what is selected in it then."""

    text: str
    start: int
    end: int


def formatted_html(text: str) -> str:
    """A piece of HTML for a text with marks; everything else in it is escaped."""
    return "\n".join(_blocks(text.split("\n"), 0, is_marked=True))


def plain_html(text: str) -> str:
    """The same for a text of others: only its quotes and bare links are shown as such."""
    return "\n".join(_blocks(text.split("\n"), 0, is_marked=False))


def has_marks(text: str) -> bool:
    """Is there anything that plain text would show as marks alone? Quoted lines do not count."""
    lines = [line for line in text.split("\n") if not line.startswith(">")]
    return any(_ITEM.match(line) for line in lines) or any(
        found["bare"] is None and _inline_html(found, 0) is not None
        for line in lines
        for found in _INLINE.finditer(line)
    )


def marked(text: str, start: int, end: int, mark: Mark) -> Marked:
    """Set a mark on what is selected, or take it away where it is set."""
    if mark in (Mark.BOLD, Mark.ITALIC):
        return _marked_words(text, start, end, mark.value)
    return _marked_lines(text, start, end, mark)


# --- the toolbar ---------------------------------------------------------------------------


def _marked_words(text: str, start: int, end: int, sign: str) -> Marked:
    # Marks stand at words, never at the spaces around them.
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    chosen = text[start:end]
    if text[:start].endswith(sign) and text[end:].startswith(sign):
        made = text[: start - 1] + chosen + text[end + 1 :]
        return Marked(text=made, start=start - 1, end=end - 1)
    line = text[text.rfind("\n", 0, start) + 1 : start]
    if not chosen and text[end:].startswith(sign) and line.count(sign) % 2:
        # The same key again ends what it began: go on behind it, as in a word processor.
        return Marked(text=text, start=start + 1, end=start + 1)
    if len(chosen) > len(sign) * 2 and chosen.startswith(sign) and chosen.endswith(sign):
        return Marked(text=text[:start] + chosen[1:-1] + text[end:], start=start, end=end - 2)
    made = f"{text[:start]}{sign}{chosen}{sign}{text[end:]}"
    return Marked(text=made, start=start + 1, end=end + 1)


def _marked_lines(text: str, start: int, end: int, mark: Mark) -> Marked:
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", max(end - 1, start))
    last = len(text) if last < 0 else last
    lines = text[first:last].split("\n")
    made = "\n".join(_toggled(lines, mark))
    return Marked(text=text[:first] + made + text[last:], start=first, end=first + len(made))


def _toggled(lines: Sequence[str], mark: Mark) -> Iterator[str]:
    if mark is Mark.QUOTE:
        is_set = all(line.startswith(">") for line in lines)
        yield from (line[1:].removeprefix(" ") if is_set else f"> {line}" for line in lines)
        return
    kind = "bullet" if mark is Mark.BULLETS else "number"
    found = [_ITEM.match(line) for line in lines]
    is_set = all(item is not None and item[kind] is not None for item in found)
    number = 0
    for line, item in zip(lines, found, strict=True):
        bare = line[item.end() :] if item else line
        if is_set or not bare.strip():
            yield bare
        else:
            number += 1
            yield f"- {bare}" if mark is Mark.BULLETS else f"{number}. {bare}"


# --- blocks ----------------------------------------------------------------------------------


class _Kind(Enum):
    """What a line belongs to."""

    QUOTE = "quote"
    BULLETS = "bullet"
    NUMBERS = "number"
    WORDS = "words"
    EMPTY = "empty"


def _blocks(lines: Sequence[str], depth: int, *, is_marked: bool) -> Iterator[str]:
    kinds = _kinds(lines, is_flat=depth >= _DEEPEST, is_marked=is_marked)
    for kind, numbered in groupby(enumerate(lines), key=lambda pair: kinds[pair[0]]):
        group = [line for _, line in numbered]
        if kind is _Kind.QUOTE:
            inner = [line[1:].removeprefix(" ") for line in group]
            inside = "\n".join(_blocks(inner, depth + 1, is_marked=False))
            yield f'<blockquote type="cite" style="{_QUOTE_STYLE}">\n{inside}\n</blockquote>'
        elif kind in (_Kind.BULLETS, _Kind.NUMBERS):
            yield _list(group, kind, depth)
        elif kind is _Kind.WORDS:
            inside = "<br>\n".join(_line(line, is_marked=is_marked) for line in group)
            yield f'<p dir="auto">{inside}</p>'


def _kinds(lines: Sequence[str], *, is_flat: bool, is_marked: bool) -> list[_Kind]:
    kinds: list[_Kind] = []
    for line in lines:
        before = kinds[-1] if kinds else _Kind.EMPTY
        kinds.append(_kind(line, before, is_flat=is_flat, is_marked=is_marked))
    return kinds


def _kind(line: str, before: _Kind, *, is_flat: bool, is_marked: bool) -> _Kind:
    if not line.strip():
        return _Kind.EMPTY
    if is_flat:
        return _Kind.WORDS
    if line.startswith(">"):
        return _Kind.QUOTE
    item = _ITEM.match(line) if is_marked else None
    if item is not None:
        return _Kind.BULLETS if item["bullet"] else _Kind.NUMBERS
    if before in (_Kind.BULLETS, _Kind.NUMBERS) and line.startswith(_GOES_ON):
        return before
    return _Kind.WORDS


def _list(lines: Sequence[str], kind: _Kind, depth: int) -> str:
    items: list[list[str]] = []
    first = "1"
    for line in lines:
        found = _ITEM.match(line)
        if found is None:
            items[-1].append(line.removeprefix(_GOES_ON))
            continue
        if not items:
            first = found["number"] or "1"
        items.append([line[found.end() :]])
    inside = "\n".join(f'<li dir="auto">{_item(item, depth)}</li>' for item in items)
    if kind is _Kind.BULLETS:
        return f"<ul>\n{inside}\n</ul>"
    start = "" if int(first) == 1 else f' start="{int(first)}"'
    return f"<ol{start}>\n{inside}\n</ol>"


def _item(lines: Sequence[str], depth: int) -> str:
    kinds = _kinds(lines[1:], is_flat=depth + 1 >= _DEEPEST, is_marked=True)
    words = 1 + next((n for n, kind in enumerate(kinds) if kind is not _Kind.WORDS), len(kinds))
    head = "<br>\n".join(_line(line, is_marked=True) for line in lines[:words])
    return "\n".join([head, *_blocks(lines[words:], depth + 1, is_marked=True)])


# --- within a line ---------------------------------------------------------------------------


def _line(text: str, *, is_marked: bool) -> str:
    # HTML shows of several spaces one, and at the beginning of a line none.
    kept = _LOST_SPACE.sub("\u00a0", text)
    return _inline(kept, 0) if is_marked else _bare_links(kept)


def _inline(text: str, depth: int) -> str:
    pieces: list[str] = []
    position = 0
    for found in _INLINE.finditer(text):
        made = _inline_html(found, depth)
        if made is not None:
            pieces += [html.escape(text[position : found.start()]), made]
            position = found.end()
    return "".join([*pieces, html.escape(text[position:])])


def _inline_html(found: re.Match[str], depth: int) -> str | None:
    """None for what only looks like a mark."""
    if found["target"] is not None:
        if not _TARGET.match(found["target"]):
            return None
        return _anchor(found["target"], found["words"])
    if found["bare"] is not None:
        return _bare_link(found["bare"])
    inner = found["bold"] or found["italic"]
    tag = "b" if found["bold"] else "i"
    return f"<{tag}>{_inline(inner, depth + 1) if depth < _DEEPEST else html.escape(inner)}</{tag}>"


def _bare_links(text: str) -> str:
    pieces = re.split(r"(https?://[^\s<>\"]{1,1500})", text)
    return "".join(
        _bare_link(piece) if place % 2 else html.escape(piece) for place, piece in enumerate(pieces)
    )


def _bare_link(text: str) -> str:
    """A point or a bracket behind an address is seldom a part of it."""
    target = text.rstrip(_AFTER_LINK)
    rest = text[len(target) :]
    if rest.startswith(")") and target.count("(") > target.count(")"):
        target, rest = f"{target})", rest[1:]
    if not _TARGET.match(target):
        return html.escape(text)
    return _anchor(target, target) + html.escape(rest)


def _anchor(target: str, words: str) -> str:
    return f'<a href="{html.escape(target)}">{html.escape(words)}</a>'
