"""What goes wrong between us and a server that sends mail, in the founder's words.

Servers agree on little but the first digit of a reply: what they mean is in its enhanced code
(RFC 3463) and in its words, which are repeated wherever they can help. This is about the account;
`letter_problems` is about one message.
"""

import re
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, replace

from supportdesk.adapters.mail import mail_problems
from supportdesk.adapters.mail.mail_problems import readable
from supportdesk.adapters.mail.microsoft_problems import is_microsoft
from supportdesk.domain.errors import (
    AuthRejected,
    ConnectionLost,
    PeerProtocolError,
    ServerBusy,
    SettingsError,
    SupportDeskError,
)
from supportdesk.domain.settings import MailAuth, MailSettings

_BY_ITSELF = "supportdesk tries again by itself."
_USUAL_PORT = "Check host and port: sending is usually port 465 with TLS, or 587 with STARTTLS."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a server answered; `code` -1 is no SMTP."""

    code: int
    words: str

    def __str__(self) -> str:
        return readable(f"{self.code} {self.words}")

    @property
    def quoted(self) -> str:
        return f"The server says: “{self}”"

    @property
    def is_done(self) -> bool:
        return 200 <= self.code < 300

    @property
    def is_temporary(self) -> bool:
        return 400 <= self.code < 500

    @property
    def is_final(self) -> bool:
        return 500 <= self.code < 600


def sending_account(settings: MailSettings) -> MailSettings:
    """The account as its sending server sees it."""
    smtp = settings.smtp
    if smtp is None:
        raise SettingsError(
            f"{settings.name} has no server to send with",
            "Enter its outgoing server (SMTP) in the account's settings.",
            key="smtp",
        )
    return replace(
        settings,
        host=smtp.host,
        port=smtp.port,
        security=smtp.security,
        user=smtp.user or settings.user,
        auth=settings.sending_auth,
        ca_file=smtp.ca_file,
    )


# --- before the login --------------------------------------------------------------------------


def of_network(error: OSError, account: MailSettings) -> SupportDeskError:
    """Translate an error of the network or of TLS."""
    if isinstance(error, ssl.SSLError) and (error.reason or "").upper() in (
        "WRONG_VERSION_NUMBER",
        "RECORD_LAYER_FAILURE",
        "HTTP_REQUEST",
    ):
        return PeerProtocolError(
            f"Port {account.port} of {account.host} does not speak TLS",
            'Use port 465, or set security to "starttls" if that is port 587.',
        )
    return mail_problems.of_network(error, account)


_GREETINGS = (
    (re.compile(rb"HTTP/|<(?:!doctype|html)", re.IGNORECASE), "is a web server"),
    (re.compile(rb"\* (?:OK|PREAUTH|BYE)", re.IGNORECASE), "speaks IMAP, which only reads mail"),
    (re.compile(rb"\+OK"), "speaks POP3, which only reads mail"),
    (re.compile(rb"SSH-"), "speaks SSH, not SMTP"),
    (re.compile(rb"Asterisk Call Manager"), "speaks to phones (Asterisk), not to mail"),
    (re.compile(rb"220[ -].*ftp", re.IGNORECASE), "speaks FTP, not SMTP"),
)


def of_greeting(line: bytes, account: MailSettings) -> SupportDeskError | None:
    """Recognise what answers instead of a server for mail; None when it is one."""
    place = f"Port {account.port} of {account.host}"
    for pattern, does in _GREETINGS:
        if pattern.match(line):
            return PeerProtocolError(f"{place} {does}", _USUAL_PORT)
    if re.match(rb"[2-5]\d\d[ -]", line) is None:
        return not_smtp(account)
    reply = Reply(code=int(line[:3]), words=line[4:].decode("utf-8", "replace"))
    if reply.is_done:
        return None
    if reply.is_temporary:
        return busy(reply, account)
    return ConnectionLost(
        f"{account.host} takes no mail from this computer ({reply})",
        f"Ask who runs the mail server; some refuse whole networks. {_BY_ITSELF}",
    )


def not_smtp(account: MailSettings) -> PeerProtocolError:
    return PeerProtocolError(
        f"Port {account.port} of {account.host} does not speak SMTP", _USUAL_PORT
    )


def no_starttls(account: MailSettings) -> PeerProtocolError:
    return PeerProtocolError(
        f"{account.host} offers no encryption for sending on port {account.port}",
        'Set security to "tls" and port to 465. Nothing secret was sent.',
    )


# --- the login ---------------------------------------------------------------------------------

_SWITCHED_OFF = re.compile(
    r"SmtpClientAuthentication is disabled|5\.7\.139"
    r"|(?:smtp|submission|sending).{0,60}(?:disabled|not enabled|not allowed|switched off"
    r"|turned off)"
    r"|(?:disabled|not enabled|enable).{0,30}\bsmtp\b",
    re.IGNORECASE,
)
_TOO_MANY = re.compile(
    r"too many|rate limit|throttl|concurrent|simultaneous|4\.3\.2|4\.7\.[01].*(?:later|slow)",
    re.IGNORECASE,
)
_WEB_SIGN_IN = re.compile(r"web ?browser|web log ?in|5\.7\.14\b", re.IGNORECASE)
_APP_PASSWORD = re.compile(
    r"app(?:lication)?[- ]specific password|app password|InvalidSecondFactor", re.IGNORECASE
)
_NO_PASSWORDS = re.compile(r"5\.7\.30|basic auth\w* is (?:not supported|disabled)", re.IGNORECASE)
_NEEDS_TLS = re.compile(r"\b5\.7\.11\b|encryption (?:is )?required|must issue a starttls", re.I)


def no_sign_in(account: MailSettings) -> AuthRejected:
    """The server offers none at all, and it is not on this computer."""
    return AuthRejected(
        f"{account.host} offers no sign-in on port {account.port}, so nothing can be sent there",
        "Use port 465 or 587; port 25 is for mail between servers. If it is one of these, sending"
        " is switched off for accounts: ask who runs the mail server.",
    )


def no_way_to_sign_in(account: MailSettings, offered: Sequence[str]) -> AuthRejected:
    ways = ", ".join(offered)
    if account.auth is MailAuth.XOAUTH2:
        return AuthRejected(
            f"{account.host} takes no sign-in token for sending (it offers {ways})",
            'Set auth of the account to "password", or use the host name your provider gives.',
        )
    return AuthRejected(
        f"{account.host} takes no password for sending (it offers {ways})",
        'If your provider signs in with a browser, set auth of the account to "xoauth2".',
    )


def of_refused_login(reply: Reply, account: MailSettings) -> SupportDeskError:
    """Say which of the many reasons for a refused login it was, as far as the server tells."""
    who = f"{account.user} at {account.host}"
    said = reply.words
    if _SWITCHED_OFF.search(said):
        return AuthRejected(
            f"Sending by SMTP is switched off for {who}",
            f"Its administrator can switch on authenticated SMTP for this mailbox. {reply.quoted}",
        )
    if reply.code == 421 or _TOO_MANY.search(said):
        return busy(reply, account)
    if reply.is_temporary:
        return ConnectionLost(
            f"{account.host} cannot check passwords at the moment ({reply})", _BY_ITSELF
        )
    if _WEB_SIGN_IN.search(said):
        return AuthRejected(
            f"{account.host} wants {account.user} to sign in with a web browser first",
            f"Do that once, then try again here. {reply.quoted}",
        )
    if reply.code == 538 or _NEEDS_TLS.search(said):
        return AuthRejected(
            f"{account.host} takes no password without encryption",
            'Set security to "tls" (port 465) or "starttls" (port 587).',
        )
    if _APP_PASSWORD.search(said):
        return AuthRejected(
            f"{account.host} wants an app password for {account.user}",
            "Make one in the security settings of the mail account and enter it here.",
        )
    if _NO_PASSWORDS.search(said):
        return AuthRejected(
            f"{account.host} takes no passwords for sending any more",
            'Set auth of the outgoing server to "xoauth2" and keep a sign-in token of the account'
            f" as its secret. {reply.quoted}",
        )
    if account.auth is MailAuth.XOAUTH2:
        if is_microsoft(account.host):
            return _microsoft_token(account)
        return AuthRejected(
            f"{account.host} refused the sign-in token of {account.user} for sending",
            "It may have expired, or be for reading alone. Sign in again in the account's"
            " settings.",
        )
    return AuthRejected(
        f"{account.host} refused user or password of {account.user} for sending",
        "Enter the password again in the account's settings; one of its own for sending is kept as"
        f" smtp/{account.name}. Some providers want an app password. {reply.quoted}",
    )


def _microsoft_token(account: MailSettings) -> AuthRejected:
    return AuthRejected(
        f"Microsoft refused the sign-in token of {account.user} for sending",
        "It does not say why. The token has expired, or it is not for sending (SMTP.Send), or"
        " authenticated SMTP is switched off for this mailbox: ask its administrator.",
    )


def busy(reply: Reply, account: MailSettings) -> ServerBusy:
    return ServerBusy(
        f"{account.host} takes no more mail from {account.user} at the moment ({reply})",
        f"That usually passes soon. {_BY_ITSELF}",
    )
