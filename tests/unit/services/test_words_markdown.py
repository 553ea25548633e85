import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from supportdesk.domain.voices import Felt
from supportdesk.domain.words_page import Passage, Section, WordsPage
from supportdesk.services.passage_lines import lines_of, quoted
from supportdesk.services.words_markdown import escaped, page_markdown, quote_markdown
from tests.hostile_words import HOSTILE

_READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_BLOCKS = {
    *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline"),
    *("blockquote_open", "blockquote_close", "bullet_list_open", "bullet_list_close"),
    *("list_item_open", "list_item_close"),
}
_WORDS = {"text", "text_special", "hardbreak", "softbreak", "em_open", "em_close"}


def read(markdown: str) -> list[Token]:
    return _READER.parse(markdown)


def lines_read(token: Token) -> list[str]:
    """What a reader shows of an inline token."""
    text = "".join(
        "\n" if one.type in ("hardbreak", "softbreak") else one.content
        for one in token.children or ()
    )
    return text.split("\n")


def page(*sections: Section) -> WordsPage:
    return WordsPage(title="The week", subtitle="Mon 16 – Sun 22 Nov", sections=sections)


def test_a_page_reads_as_text_too() -> None:
    quote = Passage(
        words="I can live with no.\n\nI cannot.",
        by="T. W.",
        about="mail, Thu 19 Nov",
        felt=Felt.FRUSTRATED,
        note="Said\ntwice.",
    )
    bare = Passage(words="Oh.")
    lessons = (
        Passage(words="“No” is\nan answer.", by="T. W.", felt=Felt.RELIEVED),
        Passage(words="A shop's day.", felt=Felt.PUZZLED),
        Passage(words="Rain."),
    )
    written = page_markdown(
        WordsPage(
            title="The week",
            subtitle="Mon 16",
            sections=(
                Section(title="In their words", passages=(quote, bare), are_quotes=True),
                Section(title="What we learned", passages=lessons),
            ),
            footer="Names are left out.",
        )
    )
    assert written == (
        "# The week\n\nMon 16\n\n## In their words\n\n"
        "> “I can live with no.\n>\n> I cannot.”\n\n"
        "frustrated: T. W., mail, Thu 19 Nov\n\nSaid\\\ntwice.\n\n> “Oh.”\n\n"
        "## What we learned\n\n- “No” is\\\n  an answer.\\\n  (relieved: T. W.)\n"
        "- A shop's day.\\\n  (puzzled)\n- Rain.\n\n"
        "*Names are left out.*\n"
    )
    assert page_markdown(WordsPage(title="A week", subtitle="", sections=())) == "# A week\n"


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("are_quotes", [True, False])
def test_hostile_words_have_no_meaning_to_a_reader_of_commonmark(
    words: str, are_quotes: bool
) -> None:
    hostile = Passage(words=words, by=words, about=words, note=words)
    section = Section(title="Title", passages=(hostile, hostile), are_quotes=are_quotes)
    tokens = read(page_markdown(page(section)))
    assert {token.type for token in tokens} <= _BLOCKS
    inline = {one.type for token in tokens for one in token.children or ()}
    assert inline <= _WORDS
    # The title, the week, the heading; nothing of theirs is one more of these.
    assert sum(token.type == "heading_open" for token in tokens) == 2


@pytest.mark.parametrize("words", HOSTILE)
def test_what_is_read_is_what_was_said(words: str) -> None:
    shown = [
        " ".join(line.split())
        for token in read(quote_markdown(words))
        if token.type == "inline"
        for line in lines_read(token)
    ]
    said = [" ".join(line.split()) for line in quoted(lines_of(words), is_quote=True)]
    assert shown == [line.replace("\u0000", "") for line in said if line]


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("plain, with a dash - and 3 + 4", "plain, with a dash - and 3 + 4"),
        ("- item", "\\- item"),
        ("+ item", "\\+ item"),
        ("=====", "\\====="),
        ("12. item", "12\\. item"),
        ("12) item", "12\\) item"),
        ("12 items", "12 items"),
        ("# a *b* _c_ [d] <e> `f` ~g~ h|i $j @k", None),
        ("https://x.example", "https\\://x.example"),
        ("www.x.example", "www\\.x.example"),
        (":smile: 12:30", "\\:smile: 12:30"),
    ],
)
def test_marks_are_escaped_where_they_mean_something(line: str, written: str | None) -> None:
    if written is not None:
        assert escaped(line) == written
    tokens = read(escaped(line))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert lines_read(tokens[1]) == [line]
