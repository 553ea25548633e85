"""Whose words they are, without saying who: the one masking for all that leaves the desk.

Only what can be recognised is left out. Of a name that is in the words as it is called here, all of
it, also without its accents; of its parts each that has three letters, or two and its capital. A
part that is an everyday word as well ("Will", "The") only where it is written as a name: with its
capital inside a sentence, at the end of a line, or before what is said of people alone ("Will
here"). Scripts without capitals are not asked for borders between words either.
"""

import re
from collections.abc import Iterable, Iterator
from unicodedata import category, normalize

from supportdesk.domain.calls import UNKNOWN_NUMBER
from supportdesk.domain.folding import bare, spellings
from supportdesk.services.east_asian_names import short_forms

A_CUSTOMER = "a customer"
LEFT_OUT = "[…]"
LOOK_IT_OVER = "Look it over: only what can be recognised is left out."

# Begun only where a run of letters begins: a long one is looked at once.
_ADDRESS = re.compile(
    r"(?<![^\s@<>()\"',;:])[^\s@<>()\"',;:]+@[^\s@<>()\"',;:]+\.[^\s@<>()\"',;:.!?]+"
)
# As people write them: with a plus or in groups; nine digits or more, so that no price is one.
_NUMBER = re.compile(r"(?<![\w.])(?:\+|00|\()?\d(?:[ \u00a0().\-/]{0,2}\d){8,14}(?![\w])")
_BETWEEN_DIGITS = r"[ \u00a0().\-/]{0,2}"
_IS_NUMBER = re.compile(r"[+(]?\d[\d \u00a0().\-/]{4,}")
_NO_DIGIT = re.compile(r"\D")
_LOCAL_DIGITS = 7
_JOINERS = "\u200c\u200d"
_SHORTEST_PART = 3
_SHORTEST_WRITTEN_AS_NAME = 2
_SHORTEST_INFLECTED = 4
_POSSESSIVE = "(?:['\u2019]?s)?"
_ENDING = "(?:['\u2019]?s|ovi|ov[aáéu]|ovou|ův|em|ou|[aeěiouy])?"
_MIDDLE_INITIAL = r"(?:[^\W\d_]\.[^\w\n]{0,2})?"
_INSIDE_A_SENTENCE = r"(?:(?<=[\w,;:] )|(?<=[DFHM][rs]\. )|(?<=Mrs\. ))"
_ENDS_A_LINE = r"(?=[^\w\n]*(?:\n|\Z))"
_SAID_OF_PEOPLE = (
    "here|again|speaking|from|is|was|has|had|does|did|wants|wanted|needs|needed|asks|asked|says"
    "|said|tells|told|writes|wrote|calls|called|thinks|thought|and (?:I|me|my)|hier|ist|sagt"
    "|schreibt|ici|est|dit|aquí|es|dice|qui|è|tady|je|tutaj|jest"
)
_IS_SPOKEN_OF = (
    rf"(?=[,.!?](?:\s|\Z)|['\u2019]s\b| [\u2013\u2014-] | (?:{_SAID_OF_PEOPLE})\b){_POSSESSIVE}"
)
_EVERYDAY_WORDS = (
    "the and for from with you your will may can are was not but all any new has have had one our"
    " out see did does who how why what when where this that they them their there then would"
    " should could must shall might been also into over just only some more most very here his"
    " her him she its let get got say der die das und von den dem des les los las del pro pod jak"
    " ale"
    " am an as at be by do go he hi if in is it me my no of oh ok on or so to up us we"
    " da du er es ja ob um wo zu al au ce de en et il la le lo ma ne ou sa se si su ta te tu un"
    " ya yo di ha ho ni io co je ke ku mi na od po ta ty ve za ze że af då ei et får fö ik nå og om"
    " op på så vi"
)
_EVERYDAY = frozenset(_EVERYDAY_WORDS.split())
# With these a sentence begins that goes on as one about people does, and is about none.
_BEGINNINGS = (
    "the you that this they all who what how why when where there here she let he it we my in on as"
    " no so oh ok hi ja der die das es er du il je da wo um to ta"
)
_BEGINS_ANYTHING = frozenset(_BEGINNINGS.split())


def is_name(who: str, contact: str = "") -> bool:
    """Not an address or a number, nor what stands for one that was withheld."""
    return bool(_named_parts(who, contact))


def masked_name(who: str, contact: str = "") -> str:
    """Initials; "a customer" where the name is an address or a number.

    Args:
        who: As they are called here.
        contact: Their address or number: a name that is no more than that is none.
    """
    parts = _named_parts(who, contact)
    return " ".join(f"{part[0].upper()}." for part in parts) or A_CUSTOMER


def masked_words(words: str, names: Iterable[str], contacts: Iterable[str] = ()) -> str:
    """What they said, with all their names, and all addresses and numbers, left out visibly."""
    plain = normalize("NFC", words)
    plain = _NUMBER.sub(LEFT_OUT, _ADDRESS.sub(LEFT_OUT, plain))
    for contact in dict.fromkeys(normalize("NFC", one) for one in contacts):
        for pattern in _of_contact(contact, plain):
            plain = pattern.sub(LEFT_OUT, plain)
    called = {way for one in names if one != UNKNOWN_NUMBER for way in _ways(one)}
    longest_first = sorted(called, key=lambda one: (-len(one), one))
    # All whole names before the first part: one is spelled in several ways.
    for patterns in (_of_whole, _of_parts):
        for name in longest_first:
            for pattern in patterns(name, plain):
                plain = pattern.sub(LEFT_OUT, plain)
    return plain


def _ways(who: str) -> Iterator[str]:
    """A name as it is written here, and as those type it who have no keys for its letters."""
    who = normalize("NFC", who)
    yield who
    if not who.isascii() and _has_case(who):
        for spelled in spellings(who):
            yield " ".join(bare(part) if _has_case(part) else part for part in _parts(spelled))


def _named_parts(who: str, contact: str) -> list[str]:
    if who == UNKNOWN_NUMBER or who.casefold() == contact.casefold() or "@" in who:
        return []
    return _parts(normalize("NFC", who))


def _parts(who: str) -> list[str]:
    """Its words; vowel signs and joiners belong to theirs."""
    kept = (one if _is_of_word(one) else " " for one in who)
    parts = (part.lstrip("0123456789" + _JOINERS) for part in "".join(kept).split())
    return [part for part in parts if part and part[0].isalpha()]


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character in _JOINERS or category(character).startswith("M")


def _of_contact(contact: str, words: str) -> Iterator[re.Pattern[str]]:
    """As it is kept; a number in groups too, with what is dialled before it or without."""
    if contact and _trace(contact) in _trace(words):
        yield re.compile(rf"(?<!\w){re.escape(contact)}(?!\w)", re.IGNORECASE)
    digits = _NO_DIGIT.sub("", contact)[-_LOCAL_DIGITS:]
    if _IS_NUMBER.fullmatch(contact) and digits in _NO_DIGIT.sub("", words):
        local = _BETWEEN_DIGITS.join(digits)
        yield re.compile(rf"(?<!\w)[+(]?(?:\d{_BETWEEN_DIGITS}){{0,8}}{local}(?!\w)")


def _of_whole(who: str, words: str) -> Iterator[re.Pattern[str]]:
    """Of a name that has parts; nothing that cannot be found."""
    parts, trace = _parts(who), _trace(words)
    if len(parts) > 1 and all(_trace(part) in trace for part in parts):
        between = rf"[^\w\n]{{1,3}}{_MIDDLE_INITIAL}"
        whole = between.join(re.escape(part) for part in parts)
        yield re.compile(rf"(?<!\w){whole}{_POSSESSIVE}(?!\w)", re.IGNORECASE)
        if not _has_case(who):
            yield re.compile(re.escape("".join(parts)))


def _of_parts(who: str, words: str) -> Iterator[re.Pattern[str]]:
    """The longest first; nothing that cannot be found."""
    parts, trace = _parts(who), _trace(words)
    for part in sorted(set(parts), key=lambda one: (-len(one), one)):
        if not _has_case(part):
            yield from _of_caseless(part, words)
        elif _trace(_stem(part)) in trace:
            yield from _of_part(part, words)


def _of_part(part: str, words: str) -> Iterator[re.Pattern[str]]:
    is_everyday = part.casefold() in _EVERYDAY
    if len(part) >= _SHORTEST_PART and not is_everyday:
        yield re.compile(rf"(?<!\w){re.escape(part)}{_POSSESSIVE}(?!\w)", re.IGNORECASE)
        if len(part) >= _SHORTEST_INFLECTED:
            yield _inflected(part)
    elif len(part) >= _SHORTEST_WRITTEN_AS_NAME:
        written, in_capitals = re.escape(part[0].upper() + part[1:]), re.escape(part.upper())
        if not is_everyday:
            yield re.compile(rf"(?<!\w)(?:{written}|{in_capitals}){_POSSESSIVE}(?!\w)")
            return
        # Where all is written so, capitals say nothing.
        if words != words.upper():
            written = f"(?:{written}|{in_capitals})"
        yield re.compile(rf"{_INSIDE_A_SENTENCE}{written}{_POSSESSIVE}(?!\w)")
        yield re.compile(rf"(?<!\w){written}{_ENDS_A_LINE}")
        if part.casefold() not in _BEGINS_ANYTHING:
            yield re.compile(rf"(?<!\w){written}{_IS_SPOKEN_OF}")


def _of_caseless(part: str, words: str) -> Iterator[re.Pattern[str]]:
    if len(part) >= _SHORTEST_WRITTEN_AS_NAME and part in words:
        yield re.compile(re.escape(part))
    yield from short_forms(part, words)


def _inflected(part: str) -> re.Pattern[str]:
    """With the ending of a case, where it has its capital: "Annou", "Nováka"."""
    stem = _stem(part)
    first, rest = re.escape(stem[0].upper()), re.escape(stem[1:])
    return re.compile(rf"(?<!\w){first}(?i:{rest}{_ENDING})(?!\w)")


def _stem(part: str) -> str:
    return part[:-1] if part[-1] in "aA" else part


def _trace(words: str) -> str:
    """Where a name is in words, its trace is in theirs, however it is written: i is as ı and İ."""
    return words.casefold().replace("\u0307", "").replace("ı", "i")


def _has_case(words: str) -> bool:
    return words.lower() != words.upper()
