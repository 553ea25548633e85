"""A page of words as one message to a chat's incoming hook: exactly the request that would go.

What a hook takes is nearly the same everywhere: JSON with the words. The words are those of
strangers, so nothing in them may call people or lead somewhere: "@everyone" stays what it was.
"""

import ipaddress
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from supportdesk.domain.errors import SettingsError
from supportdesk.domain.words_page import WordsPage
from supportdesk.services.wording import sentence
from supportdesk.services.words_text import page_text

SECRET = "webhook"  # noqa: S105 - the name of a secret
_LONGEST_URL = 2_048
_DISCORD = ("discord.com", "discordapp.com")
_DISCORD_SIGNS = 2_000
_SLACK = "hooks.slack.com"
_CALLS_NOBODY = "\u200b"
"""Stands behind a sign that would begin a mention or a link; it takes no room."""
_PASTE = "Paste the whole address of the incoming hook, as the chat shows it."


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """A POST request that has not been sent.

    Attributes:
        url: Where to; whoever has it can write to the chat, so it is a secret.
        host: What of it may be shown.
        body: JSON in UTF-8.
    """

    url: str
    host: str
    body: bytes

    @property
    def shown(self) -> str:
        """The body to the letter, as it would go."""
        return self.body.decode()


def checked_url(text: str) -> str:
    """The address of a hook, or a SettingsError that says what is wrong with it."""
    url = text.strip()
    if not url or len(url) > _LONGEST_URL or not url.isprintable() or " " in url:
        raise SettingsError("This is not the address of a hook", _PASTE)
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise SettingsError("This is not the address of a hook", _PASTE) from error
    if not host or parts.username is not None or not host.isascii() or not url.isascii():
        raise SettingsError("This is not the address of a hook", _PASTE)
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host)):
        return url
    raise SettingsError(
        "The hook has to be reached by https",
        "Over http customers' words could be read on the way. Only this computer itself may be"
        " reached so.",
    )


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


def chat_message(url: str, page: WordsPage) -> ChatMessage:
    """The request for this page; raises SettingsError where the chat would not take it."""
    host = host_of(url)
    text = page_text(page).strip()
    if host.endswith(_DISCORD):
        return ChatMessage(url=url, host=host, body=_for_discord(text))
    text = _for_slack(text) if host == _SLACK else _calling_nobody(text)
    return ChatMessage(url=url, host=host, body=_json({"text": text}))


def refusal_words(status: int, answer: str) -> str:
    """What to do after a hook has said no, with its own words."""
    said = sentence(answer[:200])
    theirs = f" It says: {said}" if said else ""
    if status in (401, 403, 404, 410):
        return f"The hook may have been removed: make a new one in the chat, and paste it.{theirs}"
    if 300 <= status < 400:
        return f"It points elsewhere, and customers' words are sent nowhere else.{theirs}"
    if status == 429:
        return f"It has had too many messages. Wait a minute and send it again.{theirs}"
    return f"Try it again later, or copy the page and paste it there.{theirs}"


def _for_discord(text: str) -> bytes:
    if len(text) > _DISCORD_SIGNS:
        raise SettingsError(
            f"Discord takes {_DISCORD_SIGNS} letters, and this page has {len(text)}",
            "Take some lines off the page, or save it and attach the file there.",
        )
    return _json({"content": text, "allowed_mentions": {"parse": []}})


def _for_slack(text: str) -> str:
    """Slack's three escapes; without the sign < there is neither a mention nor a link."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("@", f"@{_CALLS_NOBODY}")


def _calling_nobody(text: str) -> str:
    return text.replace("@", f"@{_CALLS_NOBODY}").replace("<", f"<{_CALLS_NOBODY}")


def _json(value: dict[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
