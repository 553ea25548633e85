"""Saved replies: a name, words, and fields in braces that the conversation fills in.

Each is a text file that any editor can write: its first line is the name, the rest the words. A
field without a value stays as it stands, and is told: better a visible {name} than "Dear ,".
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from supportdesk.domain.mail import Mailer
from supportdesk.domain.reply_rules import FIELDS, tidy_lines
from supportdesk.domain.text import clean_line
from supportdesk.domain.waiting import without_prefixes
from supportdesk.services.file_names import clean_file_name, numbered

ENDING = ".txt"
MAX_NAME = 80
MAX_TEXT = 100_000
_FIELD = re.compile(r"\{([^\W\d_][\w ]{0,30})\}")
_TITLES = frozenset("dr mr mrs ms miss herr frau prof ing mgr bc mudr pan paní sir".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedReply:
    """One of the founder's own texts.

    Attributes:
        key: Names its file.
    """

    key: str
    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The words with what is known filled in.

    Attributes:
        left: Fields that still stand there, as they were typed, each once: unknown ones, and those
            that this conversation has no value for.
    """

    text: str
    left: tuple[str, ...] = ()


class ReplyFolder(Protocol):
    """Where saved replies are kept."""

    def replies(self) -> Sequence[SavedReply]:
        """By name."""
        ...

    def save(self, name: str, text: str, key: str = "") -> str:
        """Keep a new one, or this one anew; returns its key. Raises StoreError."""
        ...

    def remove(self, key: str) -> None:
        """Raises StoreError."""
        ...


def read_reply(key: str, content: str) -> SavedReply | None:
    """What is in a file; None when there is nothing in it."""
    lines = tidy_lines(content.removeprefix("\ufeff")[:MAX_TEXT]).split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    if not lines:
        return None
    text = "\n".join(lines[1:]).strip("\n")
    # A file of one line is a reply whose words are its name.
    return SavedReply(key=key, name=_name(lines[0]), text=text or lines[0].strip())


def written_reply(name: str, text: str) -> str:
    """What stands in the file of such a reply."""
    return f"{_name(name)}\n\n{tidy_lines(text[:MAX_TEXT]).strip(chr(10))}\n"


def key_for(name: str, taken: Collection[str]) -> str:
    """A file name that is free, whatever the case of its letters."""
    stem = clean_file_name(_name(name)).removesuffix(ENDING)
    used = {one.casefold() for one in taken}
    number = 1
    key = f"{stem}{ENDING}"
    while key.casefold() in used:
        number += 1
        key = numbered(f"{stem}{ENDING}", number)
    return key


def field_values(customer: Mailer, sender: Mailer, subject: str) -> dict[str, str]:
    """What the fields mean in an answer to this customer; those without a value are left out."""
    name = clean_line(customer.name)
    values = {
        "name": name,
        "first name": first_name(name),
        "my name": clean_line(sender.name),
        "my address": clean_line(sender.email),
        "subject": without_prefixes(clean_line(subject)),
    }
    return {field: values[field] for field in FIELDS if values[field]}


def filled(text: str, values: Mapping[str, str]) -> Filled:
    """Fill the fields in; their values are not looked through for fields again."""
    left: dict[str, None] = {}

    def value_of(found: re.Match[str]) -> str:
        field = " ".join(found[1].split()).casefold()
        if field not in values:
            left[found[0]] = None
        return values.get(field, found[0])

    made = _FIELD.sub(value_of, text)
    return Filled(text=made, left=tuple(left))


def first_name(name: str) -> str:
    """What somebody is called by; nothing where the name is an address or none of a person's."""
    if "@" in name or any(sign.isdigit() for sign in name):
        return ""
    surname, comma, rest = name.partition(",")
    words = (rest if comma and rest.strip() else surname).split()
    while words and words[0].rstrip(".").casefold() in _TITLES:
        words.pop(0)
    # "Frau Berg" tells no first name, and "J. Berg" none that anybody is called by.
    had_title = len(words) < len(name.replace(",", " ").split()) and not comma
    if not words or (had_title and len(words) == 1) or len(words[0].rstrip(".")) < 2:
        return ""
    return words[0]


def _name(line: str) -> str:
    clean = clean_line(line)
    return f"{clean[: MAX_NAME - 1].rstrip()}…" if len(clean) > MAX_NAME else clean
