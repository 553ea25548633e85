"""Addresses as they go over the wire: in ASCII, quoted where they have to be, or not at all.

What comes out holds no space outside of quotes, no line end and no angle bracket outside of quotes:
nothing in it can end an SMTP command or a header field.
"""

import re
import unicodedata

MAX_ADDRESS = 320
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")
_TO_ESCAPE = re.compile(r'(["\\])')
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_LITERAL = re.compile(r"\[[0-9A-Fa-f.:IPv]{2,60}\]")
_DOTS = str.maketrans("\u3002\uff0e\uff61", "...")

# These are letters of their own since IDNA 2008 (RFC 5891); Python's codec still makes ss and
# sigma of them, which is somebody else's domain.
_LETTERS_OF_THEIR_OWN = frozenset("\u00df\u03c2")


def wire_address(email: str) -> str | None:
    """The address in ASCII; None for one that no server could be told.

    A domain may be of any letters (IDNA). What stands before the @ may not: it takes SMTPUTF8,
    which hardly a server of the other side offers.
    """
    if len(email) > MAX_ADDRESS:
        return None
    local, _, domain = email.strip().rpartition("@")
    wired_local, wired_domain = _wire_local(local), _wire_domain(domain)
    if not (wired_local and wired_domain):
        return None
    return f"{wired_local}@{wired_domain}"


def domain_of(email: str) -> str:
    """The domain in ASCII; `localhost` where there is none that can be written so."""
    return _wire_domain(email.strip()[-MAX_ADDRESS:].rpartition("@")[2]) or "localhost"


def is_same_address(one: str, other: str) -> bool:
    """Without regard to case: no server in use tells two people apart by it."""
    return address_key(one) == address_key(other)


def address_key(email: str) -> str:
    """What is equal for two spellings of one address."""
    return (wire_address(email) or email.strip()).casefold()


def _wire_local(local: str) -> str:
    if _ATOM.fullmatch(local):
        return local
    quoted = _QUOTED.fullmatch(local)
    bare = _ESCAPED.sub(r"\1", quoted[1]) if quoted else local
    if not bare or not bare.isascii() or not bare.isprintable():
        return ""
    if _ATOM.fullmatch(bare):
        return bare
    escaped = _TO_ESCAPE.sub(r"\\\1", bare)
    return f'"{escaped}"'


def _wire_domain(domain: str) -> str:
    if _LITERAL.fullmatch(domain):
        return domain
    labels = domain.translate(_DOTS).removesuffix(".").split(".")
    wired = [_wire_label(label) for label in labels]
    return ".".join(wired) if all(_LABEL.fullmatch(label) for label in wired) else ""


def _wire_label(label: str) -> str:
    if label.isascii():
        return label
    mapped = unicodedata.normalize("NFKC", label.lower())
    try:
        if _LETTERS_OF_THEIR_OWN.isdisjoint(mapped):
            return mapped.encode("idna").decode("ascii")
        if all(unicodedata.category(one)[0] in "LMN" or one == "-" for one in mapped):
            return "xn--" + mapped.encode("punycode").decode("ascii")
    except UnicodeError:
        pass
    return ""
