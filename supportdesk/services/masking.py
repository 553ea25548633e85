"""Whose words they are, without saying who: the one masking for all that leaves the desk.

Only what can be recognised is left out. Of a name that is in the words as it is called here, all
of it; of its parts each that has three letters. A part that is an everyday word as well ("Will",
"The"), or shorter, only where it is written as a name: with its capital inside a sentence, or at
the end of a line. Scripts without capitals are not asked for borders between words either.
"""

import re
from collections.abc import Iterator
from unicodedata import category, normalize

A_CUSTOMER = "a customer"
LEFT_OUT = "[…]"

# Begun only where a run of letters begins: a long one is looked at once.
_ADDRESS = re.compile(
    r"(?<![^\s@<>()\"',;:])[^\s@<>()\"',;:]+@[^\s@<>()\"',;:]+\.[^\s@<>()\"',;:.!?]+"
)
# As people write them: with a plus or in groups; nine digits or more, so that no price is one.
_NUMBER = re.compile(r"(?<![\w.])(?:\+|00|\()?\d(?:[ \u00a0().\-/]{0,2}\d){8,14}(?![\w])")
_BETWEEN_DIGITS = r"[ \u00a0().\-/]{0,2}"
_IS_NUMBER = re.compile(r"[+(]?\d[\d \u00a0().\-/]{4,}")
_LOCAL_DIGITS = 7
_JOINERS = "\u200c\u200d"
_SHORTEST_PART = 3
_SHORTEST_WRITTEN_AS_NAME = 2
_SHORTEST_INFLECTED = 4
_POSSESSIVE = "(?:['\u2019]?s)?"
_ENDING = "(?:['\u2019]?s|ovi|ov[aáéu]|ovou|ův|em|ou|[aeěiouy])?"
_INSIDE_A_SENTENCE = r"(?<=[\w,;:] )"
_ENDS_A_LINE = r"(?=[^\w\n]*(?:\n|\Z))"
_EVERYDAY_WORDS = (
    "the and for from with you your will may can are was not but all any new has have had one our"
    " out see did does who how why what when where this that they them their there then would"
    " should could must shall might been also into over just only some more most very here his"
    " her him she its let get got say der die das und von den dem des les los las del pro pod jak"
    " ale"
)
_EVERYDAY = frozenset(_EVERYDAY_WORDS.split())


def masked_name(who: str, contact: str = "") -> str:
    """Initials; "a customer" where the name is an address or a number.

    Args:
        who: As they are called here.
        contact: Their address or number: a name that is no more than that is none.
    """
    is_named = who.strip() and who.casefold() != contact.casefold() and "@" not in who
    parts = _parts(normalize("NFC", who)) if is_named else []
    return " ".join(f"{part[0].upper()}." for part in parts) or A_CUSTOMER


def masked_words(words: str, who: str, contact: str = "") -> str:
    """What they said, with their name, and all addresses and numbers, left out visibly."""
    plain = normalize("NFC", words)
    plain = _NUMBER.sub(LEFT_OUT, _ADDRESS.sub(LEFT_OUT, plain))
    for pattern in (*_of_contact(normalize("NFC", contact)), *_of_name(normalize("NFC", who))):
        plain = pattern.sub(LEFT_OUT, plain)
    return plain


def _parts(who: str) -> list[str]:
    """Its words; vowel signs and joiners belong to theirs."""
    kept = (one if _is_of_word(one) else " " for one in who)
    parts = (part.lstrip("0123456789" + _JOINERS) for part in "".join(kept).split())
    return [part for part in parts if part and part[0].isalpha()]


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character in _JOINERS or category(character).startswith("M")


def _of_contact(contact: str) -> Iterator[re.Pattern[str]]:
    """As it is kept; a number in groups too, with what is dialled before it or without."""
    if not contact:
        return
    yield re.compile(rf"(?<!\w){re.escape(contact)}(?!\w)", re.IGNORECASE)
    if _IS_NUMBER.fullmatch(contact):
        digits = re.findall(r"\d", contact)[-_LOCAL_DIGITS:]
        local = _BETWEEN_DIGITS.join(digits)
        yield re.compile(rf"(?<!\w)[+(]?(?:\d{_BETWEEN_DIGITS}){{0,8}}{local}(?!\w)")


def _of_name(who: str) -> Iterator[re.Pattern[str]]:
    """The whole name first, then its parts, the longest first."""
    parts = _parts(who)
    if len(parts) > 1:
        whole = r"[^\w\n]{1,3}".join(re.escape(part) for part in parts)
        yield re.compile(rf"(?<!\w){whole}{_POSSESSIVE}(?!\w)", re.IGNORECASE)
        if not _has_case(who):
            yield re.compile(re.escape("".join(parts)))
    for part in sorted(set(parts), key=lambda one: (-len(one), one)):
        yield from _of_part(part)


def _of_part(part: str) -> Iterator[re.Pattern[str]]:
    name = re.escape(part)
    if not _has_case(part):
        if len(part) >= _SHORTEST_WRITTEN_AS_NAME:
            yield re.compile(name)
    elif len(part) >= _SHORTEST_PART and part.casefold() not in _EVERYDAY:
        yield re.compile(rf"(?<!\w){name}{_POSSESSIVE}(?!\w)", re.IGNORECASE)
        if len(part) >= _SHORTEST_INFLECTED:
            yield _inflected(part)
    elif len(part) >= _SHORTEST_WRITTEN_AS_NAME:
        written = re.escape(part[0].upper() + part[1:])
        yield re.compile(rf"{_INSIDE_A_SENTENCE}{written}{_POSSESSIVE}(?!\w)")
        yield re.compile(rf"(?<!\w){written}{_ENDS_A_LINE}")


def _inflected(part: str) -> re.Pattern[str]:
    """With the ending of a case, where it has its capital: "Annou", "Nováka"."""
    stem = part[:-1] if part[-1] in "aA" else part
    first, rest = re.escape(stem[0].upper()), re.escape(stem[1:])
    return re.compile(rf"(?<!\w){first}(?i:{rest}{_ENDING})(?!\w)")


def _has_case(words: str) -> bool:
    return words.lower() != words.upper()
