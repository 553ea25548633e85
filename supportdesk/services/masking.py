"""Whose words they are, without saying who: the one masking for all that leaves the desk."""

import re

A_CUSTOMER = "a customer"
LEFT_OUT = "[…]"

_ADDRESS = re.compile(r"[^\s@<>()\"',;:]+@[^\s@<>()\"',;:]+\.[^\s@<>()\"',;:.!?]+")
# As people write them: with a plus or in groups; nine digits or more, so that no price is one.
_NUMBER = re.compile(r"(?<![\w.])(?:\+|00|\()?\d(?:[ \u00a0().\-/]{0,2}\d){8,14}(?![\w])")
_NAME_PART = re.compile(r"[^\W\d_][^\W_]*")
_SHORTEST_PART = 3


def masked_name(who: str, contact: str = "") -> str:
    """Initials; "a customer" where the name is an address or a number.

    Args:
        who: As they are called here.
        contact: Their address or number: a name that is no more than that is none.
    """
    is_named = who.strip() and who.casefold() != contact.casefold() and "@" not in who
    parts = _NAME_PART.findall(who) if is_named else []
    return " ".join(f"{part[0].upper()}." for part in parts) or A_CUSTOMER


def masked_words(words: str, who: str, contact: str = "") -> str:
    """What they said, with their name, and all addresses and numbers, left out visibly."""
    plain = _NUMBER.sub(LEFT_OUT, _ADDRESS.sub(LEFT_OUT, words))
    parts = {part for part in _NAME_PART.findall(who) if len(part) >= _SHORTEST_PART}
    if contact:
        plain = plain.replace(contact, LEFT_OUT)
    for part in sorted(parts, key=len, reverse=True):
        plain = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", LEFT_OUT, plain, flags=re.IGNORECASE)
    return plain
