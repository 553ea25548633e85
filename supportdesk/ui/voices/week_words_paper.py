"""The week in their words on paper or as a PDF, part by part as Qt lays it out.

Imported only when somebody prints.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

from supportdesk.domain.words_page import Passage, WordsPage
from supportdesk.services.passage_lines import lines_of, one_line, quoted, source_of
from supportdesk.ui.inbox.printing import ask_for_paper


def ask_and_print(window: QWidget, page: WordsPage) -> None:
    ask_for_paper(window, page.title, "Print the page", lambda: list(paper_parts(page)))


def paper_parts(page: WordsPage) -> Iterator[str]:
    """All words escaped; nothing in them is more than words."""
    yield f"<h1>{_line(page.title)}</h1>{_small(page.subtitle)}"
    for section in page.written:
        heading = f"<h3>{_line(section.title)}</h3>"
        for passage in section.passages:
            yield heading + _passage(passage, is_quote=section.are_quotes)
            heading = ""
    if page.footer:
        yield f"<br>{_small(page.footer)}"


def _passage(passage: Passage, *, is_quote: bool) -> str:
    words = "<br>".join(
        html.escape(line) for line in quoted(lines_of(passage.words), is_quote=is_quote)
    )
    felt = passage.felt.value if passage.felt is not None else ""
    source = ", ".join(part for part in (*source_of(passage), felt) if part)
    note = "<br>".join(html.escape(line) for line in lines_of(passage.note))
    return f'<p dir="auto">{words}</p>{_small(source)}' + (f"<p>{note}</p>" if note else "")


def _small(text: str) -> str:
    return f'<p class="s">{_line(text)}</p>' if text else ""


def _line(text: str) -> str:
    return html.escape(one_line(text))
