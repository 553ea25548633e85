"""Phone numbers in the last lines of a mail, where signatures stand.

Only a bounded end of the message is looked at, and only digits with what is put between them: a
mail of megabytes costs no more than a short one.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice

LINES = 40
_LINE = 200
_SIGNATURE = "-- "
_BETWEEN = re.compile(r"[,;|•·\t]| {3,}")
# From the first digit or + on: digits and what people put between them.
_NUMBER = re.compile(r"(?:\+|\(\+?)?\d[\d\s()./\u2010-\u2015\u00a0-]{4,28}\d")
_LEAST_DIGITS = 6
_MOST_DIGITS = 17
# A list of orders is no signature; to read a number costs some 30 microseconds.
_MOST_NUMBERS = 30


def numbers_in(text: str, quoted: str, normalise: Callable[[str], str]) -> tuple[str, ...]:
    """In their normal form, each once; the signature first, then the text from its end up.

    Args:
        text: The new words of a message; a signature without dashes is at their end.
        quoted: What is folded below: a signature after dashes stands first in it.
        normalise: As for numbers of calls.
    """
    written = dict.fromkeys(one for line in _lines(text, quoted) for one in _candidates(line))
    found = (normalise(one) for one in islice(written, _MOST_NUMBERS))
    return tuple(dict.fromkeys(one for one in found if one))


def _lines(text: str, quoted: str) -> Iterator[str]:
    most = LINES * _LINE
    if quoted.startswith(_SIGNATURE):
        yield from quoted[:most].splitlines()[:LINES]
    yield from reversed(text[-most:].splitlines()[-LINES:])


def _candidates(line: str) -> Iterator[str]:
    for piece in _BETWEEN.split(line[:_LINE]):
        for found in _NUMBER.findall(piece):
            digits = sum(sign.isdigit() for sign in found)
            if _LEAST_DIGITS <= digits <= _MOST_DIGITS:
                yield found
