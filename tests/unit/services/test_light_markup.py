import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.services.light_markup import (
    Mark,
    Marked,
    formatted_html,
    has_marks,
    marked,
    plain_html,
)

_TAGS = {"p", "br", "b", "i", "a", "ul", "ol", "li", "blockquote"}


class _ReadBack(HTMLParser):
    """Makes of our HTML what was typed, and knows no other tags than ours."""

    def __init__(self) -> None:
        super().__init__()
        self.typed = ""
        self.targets: list[str] = []
        self._lists: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _TAGS
        values = dict(attrs)
        assert set(values) <= {"href", "dir", "type", "style", "start"}
        if tag == "a":
            self.targets.append(values["href"] or "")
            self.typed += "["
        elif tag == "br":
            self.typed += "\n"
        elif tag in ("b", "i"):
            self.typed += "*" if tag == "b" else "_"
        elif tag == "ul":
            self._lists.append(None)
        elif tag == "ol":
            self._lists.append(int(values.get("start") or 1))
        elif tag == "li":
            number = self._lists[-1]
            self.typed += "- " if number is None else f"{number}. "
            self._lists[-1] = None if number is None else number + 1
        elif tag == "blockquote":
            self.typed += "\0"

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.typed += f"]({self.targets[-1]})"
        elif tag in ("b", "i"):
            self.typed += "*" if tag == "b" else "_"
        elif tag in ("p", "li"):
            self.typed += "\n"
        elif tag in ("ul", "ol"):
            self._lists.pop()
        elif tag == "blockquote":
            before, _, inside = self.typed.rpartition("\0")
            self.typed = before + "".join(f"> {line}\n" for line in inside.rstrip("\n").split("\n"))

    def handle_data(self, data: str) -> None:
        self.typed += data.replace("\n", "").replace("\u00a0", " ")


def read_back(made: str) -> _ReadBack:
    reader = _ReadBack()
    reader.feed(made)
    reader.close()
    return reader


def words_of(made: str) -> str:
    """What a reader of the HTML sees, without spaces."""
    seen = re.sub(r"<[^>]*>", "", made)
    return "".join(html.unescape(seen).split())


WORD = st.from_regex(r"[A-Za-zžéß&<]{1,8}", fullmatch=True)
WORDS = st.lists(WORD, min_size=1, max_size=4).map(" ".join)
PIECE = st.one_of(
    WORDS,
    WORDS.map("*{}*".format),
    WORDS.map("_{}_".format),
    WORDS.map("*a _{}_*".format),
    WORDS.map("[{}](https://larder.example/?a=1&b=2)".format),
)
LINE = st.lists(PIECE, min_size=1, max_size=4).map(" ".join)
PARAGRAPH = st.lists(LINE, min_size=1, max_size=3).map("\n".join)
BULLETS = st.lists(LINE.map("- {}".format), min_size=1, max_size=3).map("\n".join)
NUMBERS = st.lists(LINE, min_size=1, max_size=3).map(
    lambda lines: "\n".join(f"{n}. {line}" for n, line in enumerate(lines, start=3))
)
QUOTE = st.lists(WORDS.map("> {}".format), min_size=1, max_size=3).map("\n".join)
BLOCKS = st.lists(st.one_of(PARAGRAPH, BULLETS, NUMBERS, QUOTE), max_size=4)


@given(BLOCKS)
def test_what_was_typed_can_be_read_back_from_the_html(blocks: list[str]) -> None:
    typed = "\n\n".join(blocks)
    lines = [line for line in typed.split("\n") if line]
    assert read_back(formatted_html(typed)).typed.rstrip("\n").split("\n") == (lines or [""])


@given(st.text(alphabet=st.sampled_from("*_[]()<>&\"' ->1.\nahttps:/\\")))
def test_whatever_is_typed_no_tag_but_ours_comes_out_and_no_word_is_lost(typed: str) -> None:
    for made in (formatted_html(typed), plain_html(typed)):
        targets = read_back(made).targets
        assert all(re.match(r"(?:https?://|mailto:)", target) for target in targets)
    kept = "".join(typed.split())
    without_marks = re.compile(r"[*_>\[\]()\-\d.:/a-z]")
    assert without_marks.sub("", words_of(plain_html(typed))) == without_marks.sub("", kept)
    assert without_marks.sub("", words_of(formatted_html(typed))) in without_marks.sub(
        "", kept
    ) or ("](" in typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("*a*", "<b>a</b>"),
        ("**a b**", "<b>a b</b>"),
        ("_a_", "<i>a</i>"),
        ("*a _b_*", "<b>a <i>b</i></b>"),
        ("(*a*), *b*!", "(<b>a</b>), <b>b</b>!"),
        ("2*3*4", "2*3*4"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("some_file_name", "some_file_name"),
        ("*open", "*open"),
        ("x * a*", "x * a*"),
        ("_ a _", "_ a _"),
        ("[a](https://b.example/c_(d))", '<a href="https://b.example/c_(d)">a</a>'),
        ("[a](mailto:b@c.example)", '<a href="mailto:b@c.example">a</a>'),
        ("[a](javascript:alert(1))", "[a](javascript:alert(1))"),
        ("[1] and (2)", "[1] and (2)"),
        ("https://a.example/_b_*c*.", '<a href="https://a.example/_b_*c">https://a.example/_b_*c</a>*.'),
        ("(https://a.example/b)", '(<a href="https://a.example/b">https://a.example/b</a>)'),
        (
            "https://a.example/b_(c),",
            '<a href="https://a.example/b_(c)">https://a.example/b_(c)</a>,',
        ),
        ("https://...", "https://..."),
        ("a  b", "a\u00a0 b"),
        (" a", "\u00a0a"),
        ("<b>&\"'", "&lt;b&gt;&amp;&quot;&#x27;"),
    ],
)  # fmt: skip
def test_marks_within_a_line(typed: str, expected: str) -> None:
    assert formatted_html(typed) == f'<p dir="auto">{expected}</p>'


def test_a_list_with_what_belongs_to_its_items() -> None:
    assert formatted_html("Now:\n- a\n  b\n  - c\n- d") == (
        '<p dir="auto">Now:</p>\n'
        '<ul>\n<li dir="auto">a<br>\nb\n<ul>\n<li dir="auto">c</li>\n</ul></li>\n'
        '<li dir="auto">d</li>\n</ul>'
    )
    assert formatted_html("4) a") == '<ol start="4">\n<li dir="auto">a</li>\n</ol>'
    assert formatted_html("-a\n1.5 b") == '<p dir="auto">-a<br>\n1.5 b</p>'


def test_quotes_are_shown_as_quotes_and_their_stars_stay_stars() -> None:
    made = formatted_html("> *a* https://b.example\n>> c")
    assert made.count("<blockquote") == 2
    assert "*a* <a href" in made
    assert "<b>" not in made


def test_of_others_only_quotes_and_links_are_shown() -> None:
    made = plain_html("*a* [b](https://c.example/)\n- d\n> e")
    assert "<b>" not in made
    assert "<ul>" not in made
    assert "[b](<a href" in made
    assert "<blockquote" in made
    assert plain_html("") == ""


def test_a_thousand_quotes_of_quotes_are_no_danger() -> None:
    made = formatted_html(">" * 1000 + " a")
    assert made.count("<blockquote") == 8
    assert formatted_html("- " * 500 + "a").startswith("<ul>")
    assert formatted_html("*" * 5000 + "_" * 5000)
    nested = "\n".join("  " * depth + "- a" for depth in range(30))
    assert formatted_html(nested).count("<ul>") == 8


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("plain", False),
        ("https://a.example", False),
        ("[a](b)", False),
        ("> *a*\n> - b", False),
        ("a *b*", True),
        ("[a](https://b.example)", True),
        ("- a", True),
    ],
)
def test_what_needs_formatting(typed: str, expected: bool) -> None:
    assert has_marks(typed) is expected


@pytest.mark.parametrize(
    ("text", "chosen", "mark", "expected"),
    [
        ("say it now", (4, 6), Mark.BOLD, "say *[it]* now"),
        ("say it now", (3, 7), Mark.ITALIC, "say _[it]_ now"),
        ("say *it* now", (5, 7), Mark.BOLD, "say [it] now"),
        ("say *it* now", (4, 8), Mark.BOLD, "say [it] now"),
        ("say  now", (4, 4), Mark.BOLD, "say *[]* now"),
        ("a\nb\n\nc", (2, 6), Mark.BULLETS, "a\n[- b\n\n- c]"),
        ("a\n- b\n1. c", (0, 10), Mark.NUMBERS, "[1. a\n2. b\n3. c]"),
        ("- a\n- b", (0, 7), Mark.BULLETS, "[a\nb]"),
        ("1. a\n2. b\nc", (0, 9), Mark.NUMBERS, "[a\nb]\nc"),
        ("a\nb", (0, 3), Mark.QUOTE, "[> a\n> b]"),
        ("> a\n>b", (0, 6), Mark.QUOTE, "[a\nb]"),
        ("", (0, 0), Mark.BULLETS, "[]"),
    ],
)
def test_the_toolbar_sets_marks_and_takes_them_away(
    text: str, chosen: tuple[int, int], mark: Mark, expected: str
) -> None:
    start, end = expected.index("["), expected.index("]") - 1
    bare = expected.replace("[", "").replace("]", "")
    assert marked(text, *chosen, mark) == Marked(text=bare, start=start, end=end)


def test_the_same_key_again_goes_on_behind_what_it_began() -> None:
    begun = marked("So ", 3, 3, Mark.BOLD)
    assert begun == Marked(text="So **", start=4, end=4)
    assert marked("So *fat*", 7, 7, Mark.BOLD) == Marked(text="So *fat*", start=8, end=8)
    assert marked("So **", 4, 4, Mark.BOLD) == Marked(text="So ", start=3, end=3)
    other = marked("*a*\nb *c*", 6, 6, Mark.BOLD)
    assert other == Marked(text="*a*\nb ***c*", start=7, end=7), "before one is not in one"
