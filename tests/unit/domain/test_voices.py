"""Words on their way to be kept: one line for each of what they become and what they are from."""

from dataclasses import replace

from supportdesk.domain.voices import TypedFor, TypedLine
from tests.fakes.happenings import T0, after


def test_of_the_same_there_is_one_line_however_it_goes_on() -> None:
    line = TypedLine(kind=TypedFor.QUOTE, item="call/Office/1", words="Nobody", at=T0)
    assert line.key == replace(line, words="Nobody picks up", at=after(9)).key
    assert line.key != replace(line, kind=TypedFor.LESSON).key
    assert line.key != replace(line, item="").key
