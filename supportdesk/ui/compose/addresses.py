"""Addresses as people type and paste them: by comma, semicolon or line; with names or without."""

from __future__ import annotations

import re
from collections.abc import Iterator

from supportdesk.domain.mail import Mailer
from supportdesk.domain.mail_addresses import wire_address
from supportdesk.domain.text import clean_line
from supportdesk.ui.rows.composer import RecipientChip

_NOT_ONE = "This is no address that mail can be sent to."
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>]*>|[^,;\n"<]+|["<]')
_NAMED = re.compile(r"^(?P<name>.*?)\s*<(?P<email>[^<>]*)>$", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)")
_SEPARATED = re.compile(r"\s+")


def mailers_in(words: str) -> tuple[Mailer, ...]:
    """All that were named, each once, as they stand there; what is no address is kept too."""
    found: dict[str, Mailer] = {}
    for part in _joined(_parts(words)):
        for mailer in _mailers_of(part):
            found.setdefault(mailer.email.casefold(), mailer)
    return tuple(found.values())


def chip_of(mailer: Mailer) -> RecipientChip:
    """What could be quoted to make one is much more likely a slip: `anna@@example.com`."""
    local = mailer.email.rpartition("@")[0]
    is_slip = not local.startswith('"') and ("@" in local or " " in local)
    is_one = wire_address(mailer.email) is not None and not is_slip
    return RecipientChip(mailer=mailer, warning="" if is_one else _NOT_ONE)


def _parts(words: str) -> Iterator[str]:
    """Between separators, of which those in quotes and brackets are none."""
    part, end = "", 0
    for piece in _PIECE.finditer(words):
        if _is_separated(words[end : piece.start()]):
            yield part
            part = ""
        part += piece[0]
        end = piece.end()
    yield part


def _joined(parts: Iterator[str]) -> Iterator[str]:
    """Some programs copy `Last, First <address>` without quotes."""
    before = ""
    for part in parts:
        if before and "<" in part:
            part = f"{before.strip()}, {part.strip()}"
        elif before:
            yield before
        before = "" if "@" in part else part
        if not before:
            yield part
    if before:
        yield before


def _is_separated(between: str) -> bool:
    return any(one in between for one in ",;\n")


def _mailers_of(part: str) -> Iterator[Mailer]:
    part = clean_line(part).strip()
    named = _NAMED.match(part)
    if named is not None and named["email"].strip():
        yield Mailer(name=_bare(named["name"]), email=named["email"].strip())
        return
    several = _SEPARATED.split(part)
    are_addresses = len(several) > 1 and all("@" in one for one in several)
    for one in several if are_addresses else [part]:
        if one:
            yield Mailer(name="", email=one.removeprefix("mailto:"))


def _bare(name: str) -> str:
    name = name.strip()
    is_quoted = len(name) > 1 and name[0] == name[-1] == '"'
    return _ESCAPED.sub(r"\1", name[1:-1]) if is_quoted else name
