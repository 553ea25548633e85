import base64
import hashlib
import html
import re
from html.parser import HTMLParser

import pytest

from supportdesk.domain.voices import Felt
from supportdesk.domain.words_page import Passage, Section, WordsPage
from supportdesk.services.passage_lines import lines_of
from supportdesk.services.words_html import page_html
from tests.hostile_words import HOSTILE

_TAGS = {
    *("html", "head", "meta", "title", "style", "body", "section", "h1", "h2", "p", "bdi"),
    *("figure", "blockquote", "figcaption", "ul", "li"),
}
_ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "dir"}


class _Seen(HTMLParser):
    """Elements, attributes and the text of passages, as a browser finds them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _value in attrs}

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def seen(document: str) -> _Seen:
    parser = _Seen()
    parser.feed(document)
    parser.close()
    return parser


def page(*sections: Section) -> WordsPage:
    return WordsPage(
        title="The week in their words",
        subtitle="Mon 16 – Sun 22 Nov",
        sections=sections,
        footer="Names are left out.",
    )


QUOTE = Passage(
    words="I can live with no.\nI cannot live with “soon”.",
    by="T. W.",
    about="mail, Thu 19 Nov",
    felt=Felt.FRUSTRATED,
    note="Said twice.",
)
OH = Passage(words="Oh.")


def test_the_page_says_whose_words_they_are_and_how_they_felt() -> None:
    entry = Passage(words="“No” is an answer.", by="T. W.", about="mail", felt=Felt.RELIEVED)
    document = page_html(
        page(
            Section(title="In their words", passages=(QUOTE, OH), are_quotes=True),
            Section(title="What we learned", passages=(entry, Passage(words="A shop's day."))),
            Section(title="Promises still open", passages=()),
        )
    )
    text = " ".join(" ".join(seen(document).texts).split())
    assert text.endswith(
        "The week in their words Mon 16 – Sun 22 Nov In their words frustrated"
        " “I can live with no. I cannot live with “soon”.” T. W. , mail, Thu 19 Nov Said twice."
        " “Oh.” What we learned relieved “No” is an answer. T. W. , mail A shop's day."
        " Names are left out."
    )
    assert "Promises" not in document


def test_a_bare_page_has_neither_subtitle_nor_end() -> None:
    bare = page_html(WordsPage(title="A week", subtitle="", sections=()))
    assert "<p" not in bare


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("are_quotes", [True, False])
def test_hostile_words_stay_text_wherever_they_stand(words: str, are_quotes: bool) -> None:
    hostile = Passage(words=words, by=words, about=words, note=words, felt=Felt.PUZZLED)
    section = Section(title=words, passages=(hostile,), are_quotes=are_quotes)
    document = page_html(WordsPage(title=words, subtitle=words, sections=(section,), footer=words))
    found = seen(document)
    assert found.tags <= _TAGS
    assert found.attributes <= _ATTRIBUTES
    told = "\n".join(lines_of(words))
    assert any(told in text for text in found.texts)
    assert document.encode()


def test_the_policy_allows_the_one_style_sheet_and_nothing_else() -> None:
    document = page_html(page())
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', document)
    style = re.search(r"<style>(.*?)</style>", document, re.DOTALL)
    assert policy is not None
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert html.unescape(policy[1]).split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert "url(" not in style[1]
    assert "import" not in style[1]
