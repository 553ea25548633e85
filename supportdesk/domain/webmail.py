"""Where a message can be opened: the mail program of the desktop, or a webmail by its address.

What each webmail can be asked for by address alone differs. Gmail and Fastmail search by
Message-ID, so they open the very message. Help Scout has no Message-ID, but searches by sender and
subject. No address is known to lead Outlook on the web to a message or into its search, so it is
opened and the words to search for are copied.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import assert_never
from urllib.parse import quote, urlsplit

from supportdesk.domain.mail import MessageSummary

ID_FIELD = "{message_id}"
SUBJECT_FIELD = "{subject}"
SENDER_FIELD = "{sender}"
_FIELDS = (ID_FIELD, SUBJECT_FIELD, SENDER_FIELD)
_FIELD = re.compile(r"\{[^{}]*\}")
_LONGEST_SUBJECT = 200


class Webmail(Enum):
    """The places `open_in` can name; anything else is an address of its own."""

    MAIL_CLIENT = "mail-client"
    GMAIL = "gmail"
    OUTLOOK = "outlook"
    FASTMAIL = "fastmail"
    HELPSCOUT = "helpscout"


_LABELS = {
    Webmail.MAIL_CLIENT: "Open in mail client",
    Webmail.GMAIL: "Open in Gmail",
    Webmail.OUTLOOK: "Open in Outlook",
    Webmail.FASTMAIL: "Open in Fastmail",
    Webmail.HELPSCOUT: "Open in Help Scout",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WayToOpen:
    """An address for the desktop, and what to do where it cannot lead all the way.

    Attributes:
        search_words: To be copied for the search there; empty when the address is enough.
    """

    url: str
    search_words: str = ""


def named(open_in: str) -> Webmail | None:
    """The place of that name; None for an address."""
    return next((one for one in Webmail if one.value == open_in), None)


def label_of(open_in: str) -> str:
    """What the button says."""
    place = named(open_in)
    return _LABELS[place] if place is not None else f"Open on {urlsplit(open_in).hostname}"


def why_not(open_in: str) -> str:
    """Why this cannot open a message; empty when it can."""
    if named(open_in) is not None:
        return ""
    if "://" not in open_in:
        names = ", ".join(f'"{one.value}"' for one in Webmail)
        return f'"{open_in}" is no place that is known; known are {names}, and addresses'
    unknown = [field for field in _FIELD.findall(open_in) if field not in _FIELDS]
    if unknown:
        return f"{unknown[0]} is not known; {ID_FIELD}, {SUBJECT_FIELD} and {SENDER_FIELD} are"
    if not any(field in open_in for field in _FIELDS):
        return f"the address names no message: it needs {ID_FIELD} where the Message-ID goes"
    return _why_unreachable(open_in)


def way_to_open(message: MessageSummary, open_in: str, own_address: str) -> WayToOpen:
    """How to open this message there.

    Args:
        message: What to open.
        open_in: A place without a `why_not`.
        own_address: The address of the account, for whoever is signed in with several.
    """
    place = named(open_in)
    if place is None:
        return WayToOpen(url=_filled(open_in, message))
    bare_id = quote(message.message_id.strip("<>"), safe="")
    match place:
        case Webmail.MAIL_CLIENT:
            # RFC 2392: a link to this very message in a mail program that knows it.
            return WayToOpen(url=f"mid:{quote(message.message_id.strip('<>'), safe='@')}")
        case Webmail.GMAIL:
            user = quote(own_address, safe="")
            url = f"https://mail.google.com/mail/?authuser={user}#search/rfc822msgid%3A{bare_id}"
            return WayToOpen(url=url)
        case Webmail.FASTMAIL:
            return WayToOpen(url=f"https://app.fastmail.com/mail/search:msgid%3A{bare_id}/")
        case Webmail.HELPSCOUT:
            subject = _subject(message).replace('"', " ")
            query = f'(email:"{message.sender.email}" AND subject:"{subject}")'
            return WayToOpen(
                url=f"https://secure.helpscout.net/search/?query={quote(query, safe='')}"
            )
        case Webmail.OUTLOOK:
            return WayToOpen(url="https://outlook.office.com/mail/", search_words=_subject(message))
        case _:
            assert_never(place)


def _filled(template: str, message: MessageSummary) -> str:
    values = {
        ID_FIELD: message.message_id.strip("<>"),
        SUBJECT_FIELD: _subject(message),
        SENDER_FIELD: message.sender.email,
    }
    return _FIELD.sub(lambda found: quote(values[found[0]], safe=""), template)


def _subject(message: MessageSummary) -> str:
    return " ".join(message.subject.split())[:_LONGEST_SUBJECT]


def _why_unreachable(template: str) -> str:
    """A stranger's words must never decide where a link leads: fields stand behind the host."""
    try:
        parts = urlsplit(template)
        host = parts.hostname or ""
    except ValueError:
        return "the address cannot be read"
    if parts.scheme != "https":
        return "the address must begin with https://"
    if not host or _FIELD.search(parts.netloc):
        return "the address must name its host, with no field in it"
    return ""
