"""A page of words as Markdown (CommonMark): what somebody wrote is text, whatever it looks like."""

import re
from collections.abc import Iterator, Sequence

from supportdesk.domain.words_page import Passage, Section, WordsPage
from supportdesk.services.passage_lines import lines_of, one_line, quoted, source_of

_MARKS = re.compile(r"[\\`*_\[\]<>&~|#$@]|:(?=//|[\w+-]+:)|(?<=www)\.", re.IGNORECASE)
"""What means something anywhere in a line; many readers make links and pictures of the last."""
_AT_START = re.compile(r"^([-+=]|\d{1,9}(?=[.)]))")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])")


def page_markdown(page: WordsPage) -> str:
    """A whole file, each part with an empty line behind it."""
    return "\n\n".join(_parts(page)) + "\n"


def escaped(line: str) -> str:
    """One line of a stranger as it reads, without any meaning to Markdown."""
    marked = _MARKS.sub(lambda found: f"\\{found[0]}", line)
    if _NUMBERED.match(marked):
        return _NUMBERED.sub(r"\1\\\2", marked)
    return f"\\{marked}" if _AT_START.match(marked) else marked


def quote_markdown(words: str) -> str:
    """Words as a block quote; lines stay lines."""
    lines = [escaped(line) for line in quoted(lines_of(words), is_quote=True)]
    return "\n".join(_block(lines, "> "))


def _parts(page: WordsPage) -> Iterator[str]:
    yield f"# {escaped(one_line(page.title))}"
    if page.subtitle:
        yield escaped(one_line(page.subtitle))
    for section in page.written:
        yield from _section(section)
    if page.footer:
        yield f"*{escaped(one_line(page.footer))}*"


def _section(section: Section) -> Iterator[str]:
    yield f"## {escaped(one_line(section.title))}"
    if section.are_quotes:
        for passage in section.passages:
            yield from _quote(passage)
    else:
        yield "\n".join(_entry(passage) for passage in section.passages)


def _quote(passage: Passage) -> Iterator[str]:
    yield quote_markdown(passage.words)
    source = _source(passage)
    if source:
        yield source
    if passage.note:
        yield "\n".join(_block([escaped(line) for line in lines_of(passage.note)], ""))


def _entry(passage: Passage) -> str:
    lines = [escaped(line) for line in lines_of(passage.words)]
    source = _source(passage)
    if source:
        lines.append(f"({source})")
    return "- " + "\n  ".join(_block(lines, "")).rstrip()


def _block(lines: Sequence[str], start: str) -> Iterator[str]:
    """Each line with a backslash behind it, so that the next one begins where it did."""
    for number, line in enumerate(lines):
        is_broken = bool(line) and number + 1 < len(lines) and bool(lines[number + 1])
        yield f"{start}{line}\\" if is_broken else f"{start}{line}".rstrip()


def _source(passage: Passage) -> str:
    """How it felt, then whose words these are."""
    felt = [passage.felt.value] if passage.felt is not None else []
    source = ", ".join(escaped(part) for part in source_of(passage) if part)
    return ": ".join([*felt, source] if source else felt)
