"""`supportdesk:` links: an address for one mail, one call or one page of the window.

A `mid:` link (RFC 2392) that is handed over names a mail, too, by its Message-ID alone.

Anybody can write such a link into a mail or a web page. It therefore leads somewhere, and at most
begins an answer that nothing sends by itself; a link that would ring a phone is no link of ours.
"""

from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote

from supportdesk.domain.alerts import Action, AlertPage
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, mail_key

SCHEME = "supportdesk"
_OF_MAIL = "mid"
_ANY_ACCOUNT = SourceName("")

_LONGEST = 4_096
_ITEMS = ("mail/", "call/")
_PAGES = {page.name.lower(): page for page in AlertPage if page is not AlertPage.ITEM}
_HARMLESS = {
    action.value: action for action in (Action.READ, Action.REPLY, Action.SHOW, Action.WHY)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AppLink:
    """Where a link leads.

    Attributes:
        page: ITEM with an empty item is what matters most.
        item: The ledger key of a mail or a call; of a mail in any account it names none.
        action: What the founder wants to do with it there.
    """

    page: AlertPage = AlertPage.ITEM
    item: str = ""
    action: Action | None = None


def parse_link(text: str) -> AppLink | None:
    """What a link means; None when it is not one of ours, or asks for what no link may do."""
    scheme, colon, rest = text.strip().partition(":")
    if not colon or len(text) > _LONGEST:
        return None
    if scheme.lower() == _OF_MAIL:
        return _mail_link(rest)
    if scheme.lower() != SCHEME:
        return None
    path, _, query = rest.partition("?")
    # Some programs write every address with two slashes, and close its first part with one.
    target = unquote(path.removeprefix("//")).strip("/")
    asked = parse_qs(query).get("action", [""])[-1]
    if not target.isprintable() or asked not in ("", *_HARMLESS):
        return None
    action = _HARMLESS.get(asked)
    if not target:
        return AppLink(action=action)
    if is_item(target):
        return AppLink(item=target, action=action)
    page = _PAGES.get(target)
    return None if page is None else AppLink(page=page, action=action)


def _mail_link(rest: str) -> AppLink | None:
    """Of the message, also where the link names a part of it behind a slash."""
    message_id = unquote(rest.partition("/")[0]).strip("<>")
    if not message_id.isprintable() or "@" not in message_id or set(message_id) & set(" <>"):
        return None
    return AppLink(item=mail_key(_ANY_ACCOUNT, MessageId(f"<{message_id}>")))


def is_item(key: str) -> bool:
    """Is this the ledger key of a mail or a call?"""
    return key.startswith(_ITEMS)


def link_to(item: str) -> str:
    """The link that opens this mail or call."""
    return f"{SCHEME}:{quote(item, safe='/')}"
