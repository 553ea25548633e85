"""Links of strangers: where one really leads, and whether its words say something else."""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit


class Doubt(Enum):
    """Why a link is not simply opened."""

    OTHER_HOST = "its words name another place"
    LOOKALIKE = "the name of its place imitates another one"
    USER_NAME = "its address hides the real place behind another name"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulLink:
    """A link to ask about before it is opened.

    Attributes:
        host: Where it really leads, in ASCII.
        shown: What its words say.
    """

    url: str
    host: str
    shown: str


UNREADABLE_HOST = "an address that cannot be read"
_NAMED = re.compile(
    r"(?P<scheme>https?://)?(?:[^\s/@]{0,100}@)?(?P<host>(?:[a-z0-9-]{1,63}\.){1,10}[a-z]{2,24})"
    r"(?P<path>/)?(?=[:?#\s]|/|\.?$|[),;!\"'\]>])",
    re.IGNORECASE,
)
# A bare `4.2.1.0` amid other words is a version more often than a place.
_ADDRESS = re.compile(
    r"https?://(?:[^\s/@]{0,100}@)?(?P<host>[0-9][0-9a-fx.]{0,60})(?=[:/?#\s]|$)"
    r"|\A\s*(?P<alone>[0-9]{1,3}(?:\.[0-9]{1,3}){3})(?=[:/?#]|\s*\Z)"
    r"|\[(?P<six>[0-9a-f:.]{2,45})(?:%[^\]\s]{0,40})?\]",
    re.IGNORECASE,
)
# `Mr.Smith` and `offer.pdf` name no place; without a scheme, only these endings and countries do.
_ENDING = re.compile(
    "agency|app|art|asia|bank|biz|blog|cafe|cloud|club|com|design|dev|digital|edu|"
    "email|example|finance|fun|global|gov|group|help|info|int|invalid|jobs|link|live|"
    "login|ltd|media|mil|mobi|name|net|network|news|one|online|org|page|pro|shop|site|"
    "social|solutions|space|store|support|systems|team|tech|test|today|top|travel|"
    "website|wiki|work|world|xyz"
)
_FILE_ENDINGS = ("cs", "db", "gz", "js", "ps", "ts", "vb")
_INVISIBLE = re.compile("[\u00ad\u034f\u200b-\u200f\u2060-\u2064\ufeff]")
# Letters that pass for Latin ones; a whole name of them imitates a name.
_LIKE_LATIN = frozenset("асеорхуѕіјԁԛԝһӏαεικνορτυχ")
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")
_LONGEST_SHOWN = 500


def host_of(url: str) -> str:
    """Where an address of the web or of mail leads, in ASCII (`xn--…`); empty when nowhere."""
    try:
        target = urlsplit(_as_browsers_read(url))
        is_mail = target.scheme == "mailto"
        host = target.path.rpartition("@")[2] if is_mail else target.hostname or ""
    except ValueError:
        return UNREADABLE_HOST
    if host.isascii():
        return host.lower()
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return UNREADABLE_HOST


def doubt_about(url: str, shown: str) -> Doubt | None:
    """Why a link with these words needs to be asked about, if it does."""
    host = host_of(url)
    if not host:
        return None
    if host == UNREADABLE_HOST or "\\" in url or "@" in urlsplit(_as_browsers_read(url)).netloc:
        return Doubt.USER_NAME
    if any(_imitates(label) for label in host.split(".")):
        return Doubt.LOOKALIKE
    named = _named_hosts(shown[:_LONGEST_SHOWN])
    if named and not any(_is_same_place(one, host) for one in named):
        return Doubt.OTHER_HOST
    return None


def _as_browsers_read(url: str) -> str:
    """A backslash is a slash to them, and line ends are nothing (WHATWG URL, 4.4)."""
    return re.sub(r"[\t\r\n]", "", url.strip()).replace("\\", "/")


def _named_hosts(shown: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", shown)).replace("\u3002", ".")
    names = [found["host"].lower() for found in _NAMED.finditer(plain) if _is_place(found)]
    return names + [host for found in _ADDRESS.finditer(plain) if (host := _address(found))]


def _address(found: re.Match[str]) -> str:
    """What is named by number; brackets hold other things as well: `[12:30]`."""
    if found["six"] is None:
        return (found["host"] or found["alone"]).lower().rstrip(".")
    return found["six"].lower() if ":" in _by_number(found["six"]) else ""


def _by_number(host: str) -> str:
    """One spelling of an IP address, `3232235777` included; empty for a name."""
    try:
        return str(ipaddress.ip_address(int(host) if host.isdecimal() else host))
    except ValueError:
        return ""


def _is_place(found: re.Match[str]) -> bool:
    host = found["host"].lower()
    ending = host.rpartition(".")[2]
    if found["scheme"] or host.startswith("www."):
        return True
    return bool(_ENDING.fullmatch(ending)) or (len(ending) == 2 and ending not in _FILE_ENDINGS)


def _is_same_place(named: str, host: str) -> bool:
    """`example.com` may lead to `www.example.com`; the other way round as well."""
    number = _by_number(host)
    if number:
        return number == _by_number(named)
    one = named.removeprefix("www.")
    other = host.removeprefix("www.")
    return one == other or other.endswith(f".{one}") or one.endswith(f".{other}")


def _imitates(label: str) -> bool:
    """Letters of two alphabets in one name, or a name that could be read as a Latin one."""
    if not label.startswith("xn--"):
        return False
    try:
        readable = label[4:].encode("ascii").decode("punycode").lower()
    except UnicodeError:
        return True
    letters = [letter for letter in readable if letter.isalpha()]
    alphabets = {_alphabet(letter) for letter in letters} & set(_ALPHABETS)
    if len(alphabets) > 1:
        return True
    return bool(letters) and all(letter in _LIKE_LATIN for letter in letters)


def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
