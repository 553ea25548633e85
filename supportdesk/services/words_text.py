"""A page of words as plain text, for a chat or the clipboard."""

from collections.abc import Iterator

from supportdesk.domain.words_page import Passage, Section, WordsPage
from supportdesk.services.passage_lines import lines_of, one_line, quoted, source_of


def page_text(page: WordsPage) -> str:
    """The page as text; passages and headings have an empty line between them."""
    return "\n\n".join(_parts(page)) + "\n"


def _parts(page: WordsPage) -> Iterator[str]:
    yield "\n".join(one_line(line) for line in (page.title, page.subtitle) if line)
    for section in page.written:
        yield from _section(section)
    if page.footer:
        yield one_line(page.footer)


def _section(section: Section) -> Iterator[str]:
    yield f"{one_line(section.title)}:"
    for passage in section.passages:
        yield passage_text(passage, is_quote=section.are_quotes)


def passage_text(passage: Passage, *, is_quote: bool = True) -> str:
    """The words, and below them whose they are."""
    lines = quoted(lines_of(passage.words), is_quote=is_quote)
    felt = f" ({passage.felt.value})" if passage.felt is not None else ""
    source = ", ".join(part for part in source_of(passage) if part)
    if source or felt:
        lines.append(f"— {source}{felt}" if source else felt.strip())
    return "\n".join([*lines, *lines_of(passage.note)])
