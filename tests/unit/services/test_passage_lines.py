import pytest

from supportdesk.domain.words_page import Passage
from supportdesk.services.passage_lines import lines_of, one_line, quoted, source_of


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("", []),
        ("  one  ", ["one"]),
        ("one\ntwo", ["one", "two"]),
        ("one\n\n\n\n\ntwo\n", ["one", "", "two"]),
        ("one\r\ntwo\x0bthree\x85four\u2028five", ["one", "two", "three", "four", "five"]),
        ("a\x00b\x1b[31mc\td", ["ab[31mc\td"]),
        ("half \ud83d pair", ["half \ufffd pair"]),
        ("\u202eexe.gpj", ["\u202eexe.gpj"]),
    ],
)
def test_lines_are_as_they_were_said_and_can_be_stored(words: str, lines: list[str]) -> None:
    assert lines_of(words) == lines
    "\n".join(lines_of(words)).encode()


def test_quotation_marks_stand_around_all_lines() -> None:
    assert quoted(["one"], is_quote=True) == ["“one”"]
    assert quoted(["one", "", "two"], is_quote=True) == ["“one", "", "two”"]
    assert quoted(["one"], is_quote=False) == ["one"]
    assert quoted([], is_quote=True) == []


def test_a_source_is_two_single_lines() -> None:
    passage = Passage(words="x", by="Ingrid\nSolheim ", about=" mail,\tFri 20 Nov")
    assert source_of(passage) == ("Ingrid Solheim", "mail, Fri 20 Nov")
    assert one_line("\x07a\r\nb") == "a b"
