"""People in From, To, Cc and Reply-To fields (RFC 5322, 3.4), however they are written."""

import re

from supportdesk.domain.mail import Mailer
from supportdesk.protocols.header_text import clean_text, decode_between, decode_words

MAX_NAME = 120
MAX_EMAIL = 254
_MAX_FIELD = 100_000

_ADDRESS_TOKEN = re.compile(
    rb"\s*+(?:(=\?[^?\s=]{0,64}\?[bBqQ]\?[^?]{0,2000}\?=)"
    rb'|("(?:[^"\\]|\\.){1,100}+"@[^\s",;:<>()]++)'
    rb'|"((?:[^"\\]|\\.){0,1000}+)"'
    rb"|\(((?:[^()\\]|\\.|\((?:[^()\\]|\\.){0,200}+\)){0,1000}+)\)?"
    rb"|<([^<>]{0,2000})>?"
    rb"|([,;:])"
    rb'|([^\s",;:<>()]++)'
    rb"|(.))",
    re.DOTALL,
)
_QUOTED_LOCAL = re.compile(rb'"(?:[^"\\]|\\.){1,100}"@[^\s",;:<>()]+')
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)


def mailer(
    name: bytes | None, local: bytes | None, host: bytes | None, charset: str | None = None
) -> Mailer:
    """Make a person of the parts of an address; parts may be missing or encoded."""
    address = (local or b"") + (b"@" + host if host else b"")
    email = clean_text(decode_words(address), MAX_EMAIL)
    if not email.startswith('"'):
        # Of a local part in quotes a space is a letter: without it, it is somebody else's.
        email = email.replace(" ", "")
    if not name:
        return Mailer(name="", email=email)
    label = clean_text(decode_words(name, charset), MAX_NAME).strip("'\" ")
    return Mailer(name=label, email=email)


def parse_mailers(
    raw: bytes, charset: str | None = None, *, limit: int = 100
) -> tuple[Mailer, ...]:
    """Parse a From, To, Cc or Reply-To field as people; groups are flattened."""
    raw = raw[:_MAX_FIELD]
    if b"\x1b$" in raw:
        # Japanese in seven bits: any sign may be half of a letter.
        raw = decode_between(raw, charset).encode("utf-8", "replace")
    reader = _MailerReader(charset)
    for token in _ADDRESS_TOKEN.finditer(raw):
        reader.take(token)
        if len(reader.mailers) >= limit:
            break
    else:
        reader.finish()
    return tuple(reader.mailers[:limit])


class _MailerReader:
    """Collects the words before each comma of an address list."""

    def __init__(self, charset: str | None) -> None:
        self._charset = charset
        self.mailers: list[Mailer] = []
        self._words: list[bytes] = []
        self._comment = b""
        self._angle: bytes | None = None
        # A piece without an address: a person by name alone, or "Surname" of "Surname, Name <…>".
        self._nameless: bytes = b""

    def take(self, token: re.Match[bytes]) -> None:
        encoded, quoted_local, quoted, comment, angle, separator, word = token.groups()[:7]
        if quoted_local is not None:
            self._angle = self._angle or quoted_local
        elif encoded is not None or word is not None:
            self._words.append(encoded or word)
        elif quoted is not None:
            self._words.append(_ESCAPED.sub(rb"\1", quoted))
        elif comment is not None:
            self._comment = comment
        elif angle is not None:
            if self._angle is None or b"@" not in self._angle or self._angle.startswith(b'"'):
                self._angle = angle
        elif separator == b":":
            self._colon()
        elif separator is not None:
            self._end()

    def _colon(self) -> None:
        """After it comes a member of a group, or the address of a link."""
        if self._words and self._words[-1].lower().endswith(b"mailto"):
            self._words[-1] = self._words[-1][: -len(b"mailto")].rstrip(b"[")
        else:
            self._words.clear()

    def finish(self) -> None:
        self._end()
        self._flush_nameless()

    def _end(self) -> None:
        """A comma, the end of a group or of the field: somebody is complete."""
        phrase = b" ".join(word for word in self._words if word)
        angle, comment, words = self._angle, self._comment, self._words
        self._words = []
        self._comment = b""
        self._angle = None
        if angle is not None:
            self._add_with_angle(phrase, angle, comment)
        elif b"@" in phrase:
            self._flush_nameless()
            self._add_bare(words, comment)
        elif phrase and not self._add_encoded_whole(phrase):
            self._flush_nameless()
            self._nameless = phrase

    def _add_with_angle(self, phrase: bytes, angle: bytes, comment: bytes) -> None:
        if self._nameless and b"@" not in phrase:
            # A comma in a name that is not quoted.
            phrase = self._nameless + (b", " + phrase if phrase else b"")
            self._nameless = b""
        self._flush_nameless()
        # A route ("@relay,@other:user@host") is obsolete; the address follows its colon.
        is_quoted = _QUOTED_LOCAL.fullmatch(angle) is not None
        plain = re.split(rb"[,;]", angle.rpartition(b":")[2], maxsplit=1)[0]
        address = angle if is_quoted else plain
        if b"@" not in address and b"@" in phrase and b"=?" not in address:
            address, phrase = phrase, b""
        self.mailers.append(self._person(phrase or comment, address))

    def _add_bare(self, words: list[bytes], comment: bytes) -> None:
        """An address without angle brackets, with or without a name around it."""
        joined = re.sub(rb"\s*@\s*", b"@", b" ".join(words)).split(b" ")
        at = next(number for number, word in enumerate(joined) if b"@" in word)
        name = b" ".join((*joined[:at], *joined[at + 1 :])).strip(b"[] -")
        address = joined[at]
        if b"@[" not in address:
            address = address.strip(b"[]")
        self.mailers.append(self._person(name or comment, address))

    def _add_encoded_whole(self, phrase: bytes) -> bool:
        """Some web forms encode the whole field, address included."""
        if b"=?" not in phrase:
            return False
        decoded = decode_words(phrase, self._charset)
        if "@" not in decoded or "=?" in decoded:
            return False
        self._flush_nameless()
        self.mailers.extend(parse_mailers(decoded.encode("utf-8", "replace")))
        return True

    def _flush_nameless(self) -> None:
        if self._nameless:
            self.mailers.append(mailer(self._nameless, b"", None, self._charset))
            self._nameless = b""

    def _person(self, name: bytes, address: bytes) -> Mailer:
        address = address.strip()
        if address[:1] in (b"'", b'"') and address[:1] == address[-1:]:
            address = address[1:-1]
        local, _, host = address.rpartition(b"@")
        if local:
            return mailer(name, local, host, self._charset)
        return mailer(name, host, None, self._charset)
