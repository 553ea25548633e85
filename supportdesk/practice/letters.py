"""The mail of the practice desk as it was written, before it becomes messages."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from supportdesk.practice.company import read_practice_file

ANYBODY = "*"
# The files are wrapped for whoever edits them; a line that ends earlier was meant to.
_WRAPPED_FROM = 80


class LetterKind(Enum):
    """Who wrote it; robots carry the headers by which they are known."""

    PERSON = "person"
    ALERT = "alert"
    RECEIPT = "receipt"
    NEWSLETTER = "newsletter"
    AUTO_REPLY = "autoreply"
    BOUNCE = "bounce"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    content_type: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """A calendar invitation that goes with a letter."""

    summary: str
    in_minutes: int
    lasts_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message. Keys name people of the company and other letters."""

    key: str
    sender: str
    subject: str
    text: str = ""
    html: str = ""
    to: str = ""
    minutes_ago: float = 0.0
    replies_to: str = ""
    quotes: bool = False
    also_html: bool = False
    answered: bool = False
    seen: bool = False
    charset: str = "utf-8"
    raw_latin1_subject: bool = False
    kind: LetterKind = LetterKind.PERSON
    attachment: Attachment | None = None
    invite: Invite | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """What a customer writes when the founder has answered them."""

    sender: str
    after_seconds: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """All mail: what lies there, what arrives, what is written back."""

    before: tuple[Letter, ...]
    live: dict[str, Letter]
    follow_ups: tuple[FollowUp, ...]

    def follow_up_of(self, key: str) -> FollowUp | None:
        wanted = (key, ANYBODY)
        return next((reply for reply in self.follow_ups if reply.sender in wanted), None)


def load_letters() -> Letters:
    before = [_letter(row) for row in read_practice_file("mail_before.toml")["message"]]
    table = read_practice_file("mail_live.toml")
    live = [_letter(row) for row in table["message"]]
    follow_ups = [
        FollowUp(
            sender=row["from"],
            after_seconds=row["after_seconds"],
            text=_unwrapped(row["text"].strip()),
        )
        for row in table["follow_up"]
    ]
    return Letters(
        before=tuple(sorted(before, key=lambda letter: -letter.minutes_ago)),
        live={letter.key: letter for letter in live},
        follow_ups=tuple(follow_ups),
    )


def _unwrapped(text: str) -> str:
    """Paragraphs on one line each, as mail programs send them; short lines stay as they are."""
    lines: list[str] = []
    is_wrapped = False
    for line in text.splitlines():
        if is_wrapped and line:
            lines[-1] += f" {line}"
        else:
            lines.append(line)
        is_wrapped = len(line) >= _WRAPPED_FROM
    return "\n".join(lines)


def _letter(row: dict[str, Any]) -> Letter:
    attachment, invite = row.get("attachment"), row.get("invite")
    return Letter(
        key=row["id"],
        sender=row["from"],
        subject=row["subject"],
        text=_unwrapped(row.get("text", "").strip()),
        html=row.get("html", "").strip(),
        to=row.get("to", ""),
        minutes_ago=row.get("minutes_ago", 0),
        replies_to=row.get("replies_to", ""),
        quotes=row.get("quotes", False),
        also_html=row.get("also_html", False),
        answered=row.get("answered", False),
        seen=row.get("seen", False),
        charset=row.get("charset", "utf-8"),
        raw_latin1_subject=row.get("raw_latin1_subject", False),
        kind=LetterKind(row.get("kind", "person")),
        attachment=Attachment(**attachment) if attachment else None,
        invite=Invite(**invite) if invite else None,
    )
