"""What a founder may have dialled: a number, or the address of somebody who has none."""

import re
from typing import Final

_SEPARATORS: Final = re.compile(r"[\s().\-/\u2010-\u2015]+")
_DIALLABLE: Final = re.compile(r"\+?[0-9*#]{1,40}")
_ADDRESS: Final = re.compile(r"[\w.!~*'&=+$,?/%-]{1,80}@[\w.\-]{1,120}(?::\d{1,5})?", re.ASCII)


def dialled(number: str) -> str:
    """The number as a softphone dials it; empty for what cannot be dialled.

    Nothing of it may end the command that it is part of: names and numbers of callers are chosen
    by strangers.
    """
    plain = plain_number(number)
    if plain:
        return plain
    return f"sip:{number}" if _ADDRESS.fullmatch(number) else ""


def plain_number(number: str) -> str:
    """The number without what only people need to read it; empty for what is no number."""
    plain = _SEPARATORS.sub("", number)
    return plain if _DIALLABLE.fullmatch(plain) else ""
