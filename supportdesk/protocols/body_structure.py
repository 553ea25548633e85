"""BODYSTRUCTURE (RFC 9051, 7.5.2) as a tree of parts; never raises, never grows without bound.

Servers describe broken mail in broken ways: what cannot be understood is a part of unknown type,
and what is too deep or too much is left out and said so (`is_cut`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from supportdesk.protocols.imap_responses import Token

MAX_DEPTH = 20
MAX_PARTS = 500
_UNKNOWN = "application/octet-stream"
_BYTES_A_LINE = 78
_DECODED_A_LINE = 57

Parameters = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyPart:
    """One part as the server describes it; parameters are raw, as they came.

    Attributes:
        section: What to ask for; empty for a multipart that is the whole message.
        size_bytes: As it lies on the server, encoded.
        children: Those of a multipart, or the one body of a nested message.
    """

    section: str
    media_type: str
    parameters: Parameters = ()
    content_id: bytes = b""
    encoding: str = ""
    size_bytes: int = 0
    disposition: str = ""
    disposition_parameters: Parameters = ()
    children: tuple["BodyPart", ...] = ()

    @property
    def is_multipart(self) -> bool:
        return self.media_type.startswith("multipart/")

    @property
    def is_message(self) -> bool:
        return self.media_type in ("message/rfc822", "message/global")

    @property
    def is_attachment(self) -> bool:
        return self.disposition == "attachment"

    @property
    def decoded_bytes(self) -> int:
        """The size once decoded, as far as the encoded one tells it."""
        if self.encoding == "base64":
            return self.size_bytes * _DECODED_A_LINE // _BYTES_A_LINE
        return self.size_bytes

    def walk(self) -> Iterator["BodyPart"]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyStructure:
    """A whole message; `is_cut` when there were too many or too deep parts."""

    root: BodyPart
    is_cut: bool = False

    def part(self, section: str) -> BodyPart | None:
        """Find what can be fetched under this number."""
        found = [one for one in self.root.walk() if one.section == section]
        # A nested message and the multipart in it share a number: fetched is the outer one.
        return found[0] if section and found else None


def parse_structure(tokens: list[Token]) -> BodyStructure:
    """Read what parse_tokens made of BODYSTRUCTURE."""
    budget = _Budget(parts=MAX_PARTS)
    if _is_multipart(tokens):
        root = _multipart(tokens, "", 0, budget)
    else:
        root = _single(tokens, "1", 0, budget)
    return BodyStructure(root=root, is_cut=budget.is_exceeded)


@dataclass(slots=True)
class _Budget:
    """How many parts may still be read."""

    parts: int
    is_exceeded: bool = False

    def has_room(self, depth: int) -> bool:
        self.parts -= 1
        if self.parts <= 0 or depth >= MAX_DEPTH:
            self.is_exceeded = True
            return False
        return True


def _is_multipart(tokens: Sequence[Token]) -> bool:
    return bool(tokens) and isinstance(tokens[0], list)


def _body(tokens: list[Token], section: str, depth: int, budget: _Budget) -> BodyPart:
    if _is_multipart(tokens):
        return _multipart(tokens, section, depth, budget)
    return _single(tokens, section, depth, budget)


def _multipart(tokens: list[Token], section: str, depth: int, budget: _Budget) -> BodyPart:
    bodies = 0
    children: list[BodyPart] = []
    for token in tokens:
        if not isinstance(token, list):
            break
        bodies += 1
        if budget.has_room(depth):
            number = f"{section}.{bodies}" if section else str(bodies)
            children.append(_body(token, number, depth + 1, budget))
    rest = tokens[bodies:]
    disposition, named = _disposition(rest[2:])
    return BodyPart(
        section=section,
        media_type=f"multipart/{_word(_at(rest, 0)) or 'mixed'}",
        parameters=_parameters(_at(rest, 1)),
        disposition=disposition,
        disposition_parameters=named,
        children=tuple(children),
    )


def _single(tokens: list[Token], section: str, depth: int, budget: _Budget) -> BodyPart:
    kind, subtype = _word(_at(tokens, 0)), _word(_at(tokens, 1))
    media_type = f"{kind}/{subtype}" if kind and subtype else _UNKNOWN
    inner = _nested_body(media_type, _at(tokens, 8))
    children: tuple[BodyPart, ...] = ()
    if inner and budget.has_room(depth):
        number = section if _is_multipart(inner) else f"{section}.1"
        children = (_body(inner, number, depth + 1, budget),)
    disposition, named = _disposition(tokens[10 if inner else 7 :])
    return BodyPart(
        section=section,
        media_type=media_type,
        parameters=_parameters(_at(tokens, 2)),
        content_id=_octets(_at(tokens, 3)).strip(b"<> "),
        encoding=_word(_at(tokens, 5)),
        size_bytes=_number(_at(tokens, 6)),
        disposition=disposition,
        disposition_parameters=named,
        children=children,
    )


def _nested_body(media_type: str, token: Token) -> list[Token]:
    """Return the body of a nested message; some servers do not describe it."""
    if media_type not in ("message/rfc822", "message/global") or not isinstance(token, list):
        return []
    return [] if _disposition([token])[0] else token


def _disposition(extension: Sequence[Token]) -> tuple[str, Parameters]:
    """Find it by its shape: servers differ in what they leave out before it."""
    for token in extension:
        match token:
            case [bytes() as value, (list() | None) as parameters]:
                return _word(value), _parameters(parameters)
            case bytes() if token.lower().startswith((b"attachment", b"inline")):
                # pymap sends the whole header field in one string.
                return _word(token.partition(b";")[0]), ()
            case _:
                pass
    return "", ()


def _parameters(token: Token) -> Parameters:
    if not isinstance(token, list):
        return ()
    pairs = zip(token[::2], token[1::2], strict=False)
    return tuple(
        (name, value)
        for name, value in pairs
        if isinstance(name, bytes) and isinstance(value, bytes)
    )


def _at(tokens: Sequence[Token], index: int) -> Token:
    return tokens[index] if index < len(tokens) else None


def _octets(token: Token) -> bytes:
    return token if isinstance(token, bytes) else b""


def _word(token: Token) -> str:
    return _octets(token).decode("ascii", "replace").strip().lower()


def _number(token: Token) -> int:
    octets = _octets(token)
    return int(octets) if octets.isdigit() and len(octets) <= 15 else 0
