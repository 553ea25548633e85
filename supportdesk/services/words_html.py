"""A page of words as one HTML file that can do nothing: no script, no link, no request.

Every word in it is escaped, and its policy forbids the browser all but the one style sheet that
stands in it, by its hash. Each passage is a paragraph with a reading direction of its own.
"""

import base64
import hashlib
import html
from collections.abc import Iterator

from supportdesk.domain.words_page import Passage, Section, WordsPage
from supportdesk.services.passage_lines import lines_of, one_line, quoted, source_of

_STYLE = """
:root { color-scheme: light dark; --page: #fffdfa; --text: #25211c; --text2: #564e44;
  --line: #e5ded3; --accent: #0b5c4d; }
@media (prefers-color-scheme: dark) { :root { --page: #252220; --text: #efe9e0; --text2: #c4baad;
  --line: #38332e; --accent: #7bd3bd; } }
body { margin: 0 auto; padding: 40px 24px; max-width: 42em; background: var(--page);
  color: var(--text); font: 400 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.6em; font-weight: 600; line-height: 1.2; }
h2 { margin: 2em 0 .7em; font-size: 1.1em; font-weight: 600; break-after: avoid; }
.when, .end { margin: .3em 0 0; color: var(--text2); }
.end { margin-top: 2.5em; font-size: .87em; }
figure, li { margin: 0 0 1.2em; break-inside: avoid; }
figure { padding-left: 16px; border-left: 3px solid var(--line); }
blockquote { margin: 0; font-size: 1.15em; white-space: pre-line; unicode-bidi: isolate; }
.felt { margin: 0 0 .2em; color: var(--accent); font-size: .87em; font-weight: 600; }
.note { margin: .3em 0 0; white-space: pre-line; unicode-bidi: isolate; }
figcaption, .by { margin: .2em 0 0; color: var(--text2); font-size: .87em; }
ul { margin: 0; padding-left: 1.2em; }
li { margin-bottom: .7em; }
li > p { margin: 0; white-space: pre-line; unicode-bidi: isolate; }
@media print { :root { --page: #fff; --text: #000; --text2: #333; --line: #999; --accent: #000; }
  @page { margin: 14mm 18mm; }
  body { max-width: none; padding: 0; font-size: 10pt; line-height: 1.35; }
  h2 { margin: 1.1em 0 .5em; } figure { margin-bottom: .75em; } li { margin-bottom: .4em; }
  blockquote { font-size: 1.05em; } .end { margin-top: 1.2em; } }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"


def page_html(page: WordsPage) -> str:
    """A whole document, in UTF-8."""
    return "\n".join(_document(page)) + "\n"


def _document(page: WordsPage) -> Iterator[str]:
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="referrer" content="no-referrer">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{_line(page.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
    yield f"<h1>{_line(page.title)}</h1>"
    if page.subtitle:
        yield f'<p class="when">{_line(page.subtitle)}</p>'
    for section in page.written:
        yield from _section(section)
    if page.footer:
        yield f'<p class="end">{_line(page.footer)}</p>'
    yield "</body>\n</html>"


def _section(section: Section) -> Iterator[str]:
    yield f"<section>\n<h2>{_line(section.title)}</h2>"
    if section.are_quotes:
        for passage in section.passages:
            yield from _quote(passage)
    else:
        yield "<ul>"
        for passage in section.passages:
            yield from _entry(passage)
        yield "</ul>"
    yield "</section>"


def _quote(passage: Passage) -> Iterator[str]:
    yield "<figure>"
    yield from _felt(passage)
    yield f'<blockquote dir="auto">{_words(passage.words, is_quote=True)}</blockquote>'
    yield f"<figcaption>{_source(passage)}</figcaption>"
    if passage.note:
        yield f'<p class="note" dir="auto">{_words(passage.note, is_quote=False)}</p>'
    yield "</figure>"


def _entry(passage: Passage) -> Iterator[str]:
    yield "<li>"
    yield from _felt(passage)
    yield f'<p dir="auto">{_words(passage.words, is_quote=False)}</p>'
    source = _source(passage)
    yield f'<p class="by">{source}</p></li>' if source else "</li>"


def _felt(passage: Passage) -> Iterator[str]:
    if passage.felt is not None:
        yield f'<p class="felt">{_line(passage.felt.value)}</p>'


def _source(passage: Passage) -> str:
    """In isolation: a name that turns the reading direction turns nothing but itself."""
    return ", ".join(f"<bdi>{_line(part)}</bdi>" for part in source_of(passage) if part)


def _words(words: str, *, is_quote: bool) -> str:
    return html.escape("\n".join(quoted(lines_of(words), is_quote=is_quote)))


def _line(text: str) -> str:
    return html.escape(one_line(text))
