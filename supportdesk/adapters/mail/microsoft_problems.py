"""What Microsoft's mail servers leave unsaid when they refuse, in the founder's words (F13).

They answer "AUTHENTICATE failed" or "authenticated but not connected" to half a dozen different
troubles, most of them of shared mailboxes; so all that it can be is named, the likeliest first.
"""

from supportdesk.domain.errors import AuthRejected, ServerBusy
from supportdesk.domain.settings import MailAuth, MailSettings

_DOMAINS = ("outlook.com", "office365.com", "office365.us", "outlook.cn")
_FULL_ACCESS = "for a shared mailbox, nobody has given this sign-in Full Access to it"


def is_microsoft(host: str) -> bool:
    name = host.lower().rstrip(".")
    return any(name == domain or name.endswith(f".{domain}") for domain in _DOMAINS)


def refused_login(settings: MailSettings) -> AuthRejected:
    if settings.auth is MailAuth.XOAUTH2:
        return AuthRejected(
            f"Microsoft refused the sign-in token of {settings.user}",
            "It does not say why. The token has expired, or it is not for IMAP "
            "(IMAP.AccessAsUser.All), or IMAP is switched off for this mailbox, or, "
            f"{_FULL_ACCESS}.",
        )
    return AuthRejected(
        f"Microsoft takes no passwords for IMAP any more, so not that of {settings.user} either",
        'Set auth to "xoauth2" and keep a sign-in token of the account as its secret.',
    )


def not_connected(settings: MailSettings) -> ServerBusy:
    """Signed in, and then no command is carried out."""
    return ServerBusy(
        f"{settings.host} lets {settings.user} sign in, but not open the mailbox",
        f"Mostly IMAP is switched off for it, or, {_FULL_ACCESS}: ask its administrator. Too many "
        "mail programs at once can be the reason too. supportdesk waits a while and tries again "
        "by itself.",
    )
