"""Numbers of callers, and addresses of those who have none: who hides theirs, what can be dialled.

Every phone's adapter takes what it is told through `caller_number`, so that a caller means the
same by whichever phone they come.
"""

import re
from typing import Final
from urllib.parse import unquote

_SEPARATORS: Final = re.compile(r"[\s().\-/\u2010-\u2015]+")
_DIALLABLE: Final = re.compile(r"\+?(?=[0-9*#]{1,40}$)[*#]*[0-9][0-9*#]*")
_ADDRESS: Final = re.compile(r"[\w.!~*'&=+$,?/%-]{1,80}@[\w.\-]{1,120}(?::\d{1,5})?", re.ASCII)
_SCHEME: Final = re.compile(r"(?:sips?|tel|callto):(?://)?", re.IGNORECASE)
_HOST: Final = re.compile(r"sips?:(?://)?\w.*\..*", re.IGNORECASE)
_IN_BRACKETS: Final = re.compile(r"<([^<>]*)>\s*$")
_PARAMETERS: Final = re.compile(r"[;?].*", re.DOTALL)
_NO_LETTER: Final = re.compile(r"[\W_]+")
_HIDDEN: Final = frozenset(
    {
        *("", "anonymous", "unknown", "private", "withheld", "restricted", "unavailable"),
        *("blocked", "hidden", "none", "null", "anonym", "anonyme", "unbekannt"),
        *("anonymouscaller", "unknowncaller", "privatecaller", "withheldnumber", "blockednumber"),
        *("unknownnumber", "privatenumber", "hiddennumber", "numberwithheld", "nonumber"),
        *("nocallerid", "outofarea", "notavailable"),
    }
)
_NOWHERE: Final = ".invalid"
"""RFC 3323: a caller who hides is `anonymous@anonymous.invalid`; no such host can exist."""


def caller_number(text: str) -> str:
    """The number, or the address of whoever has none; empty for a caller who hides theirs.

    Of `sip:+420541220018@pbx.example` it is the number: that is what the caller is known by.
    """
    bracketed = _IN_BRACKETS.search(text)
    bare = (bracketed[1] if bracketed else text).strip()
    scheme = _SCHEME.match(bare)
    if scheme or "@" in bare:
        bare = _PARAMETERS.sub("", bare[scheme.end() if scheme else 0 :])
    user, at, host = bare.rpartition("@")
    if at:
        is_hidden = _is_hidden(user) or host.casefold().endswith(_NOWHERE)
        return "" if is_hidden else plain_number(unquote(user)) or bare
    if scheme:
        # What else stands alone there is a host, which `sip:192.168.1.20` would be by its digits.
        is_host = _HOST.fullmatch(scheme[0] + bare) is not None
        return "" if is_host else plain_number(unquote(bare))
    return "" if _is_hidden(bare) else bare


def _is_hidden(user: str) -> bool:
    is_code = any(sign in user for sign in "+*#")
    return not is_code and _NO_LETTER.sub("", user).casefold() in _HIDDEN


def can_be_dialled(number: str) -> bool:
    """It is a number or an address; what only looks like a name is neither."""
    return bool(dialled(number))


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
