"""A page of words as one message to a chat's incoming hook: exactly the request that would go.

What a hook takes is nearly the same everywhere: JSON with the words. The words are those of
strangers, so nothing in them may call people, lead somewhere or load a picture: "@everyone" and
"https://…" stay what they were. A sign without width parts them where a chat would begin a mention
or a link: on both sides of a dot, for some chats take it for a letter, which browsers leave out.
"""

import ipaddress
import json
import re
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
_NO_EMBEDS = 1 << 2
"""Discord's message flag SUPPRESS_EMBEDS."""
_PARTED = "\u200b"
_PARTS = re.compile(
    r"(?<=[@<])"  # mentions, tags and links in angle brackets
    r"|(?<=[#~])(?=[^\W\d_])"  # channels
    r"|(?<=\])(?=[(\[:])"  # links with a text, pictures, and where such a link is explained
    r"|(?<=[^\W\d_])(?=:\S)|(?=://)|(?<=/)(?=/)"  # schemes, and addresses without one
    r"|(?<=\w)(?=\.[^\W\d_])|(?<=[^\W\d_])(?=\.\w)"  # names of hosts
    r"|(?<=\w\.)(?=[^\W\d_])|(?<=[^\W\d_]\.)(?=\w)"
    r"|(?<=&)(?=#?\w+;)"  # any of these, written as an entity
)
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
    text = _PARTS.sub(_PARTED, page_text(page).strip())
    if host.endswith(_DISCORD):
        body = _for_discord(text)
    elif host == _SLACK:
        body = _for_slack(text)
    else:
        body = {"text": text}
    return ChatMessage(url=url, host=host, body=json.dumps(body, ensure_ascii=False).encode())


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


def _for_discord(text: str) -> dict[str, object]:
    if len(text) > _DISCORD_SIGNS:
        raise SettingsError(
            f"Discord takes {_DISCORD_SIGNS} letters, and this page has {len(text)}, with the signs"
            " that keep its links from working",
            "Take some lines off the page, or save it and attach the file there.",
        )
    return {"content": text, "allowed_mentions": {"parse": []}, "flags": _NO_EMBEDS}


def _for_slack(text: str) -> dict[str, object]:
    """Slack's three escapes; without the sign < there is neither a mention nor a link."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": escaped, "unfurl_links": False, "unfurl_media": False}


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
