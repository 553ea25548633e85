"""Tags as keywords on a mail server, which knows no letters but those of ASCII, in no certain case.

A name of plain letters and digits stands as it is; any other in Punycode (RFC 3492) behind two
hyphens, with which no name begins. What would be too long for a server is no keyword at all.
"""

from collections.abc import Iterable

from supportdesk.domain.side_marks import TAG_PREFIX, tag_name

LONGEST_KEYWORD = 50
"""Dovecot takes no longer ones, with their beginning."""
_ENCODED = "--"


def tag_keyword(name: str) -> str:
    """The keyword of a tag; empty for a name that none can say."""
    if not name or tag_name(name) != name:
        return ""
    word = name if name.isascii() else _ENCODED + name.encode("punycode").decode("ascii")
    keyword = TAG_PREFIX + word
    return keyword if len(keyword) <= LONGEST_KEYWORD else ""


def tags_among(flags: Iterable[str]) -> frozenset[str]:
    """The tags among the flags of a message; servers spell keywords in any case."""
    begin = TAG_PREFIX.lower()
    words = (one.lower() for one in flags)
    names = (_named(one.removeprefix(begin)) for one in words if one.startswith(begin))
    return frozenset(name for name in names if name)


def _named(word: str) -> str:
    """The name that such a word says; empty when we would never have written it so."""
    name = word
    if word.startswith(_ENCODED):
        try:
            name = word.removeprefix(_ENCODED).encode("ascii").decode("punycode")
        except UnicodeError:
            return ""
    return name if tag_keyword(name).lower() == TAG_PREFIX.lower() + word else ""
