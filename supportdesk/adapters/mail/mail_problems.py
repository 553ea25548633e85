"""What goes wrong between us and a mail server, in the founder's words."""

import errno
import re
import socket
import ssl

from supportdesk.adapters.tcp import (
    EXPIRED,
    NOT_YET_VALID,
    SELF_SIGNED,
    UNKNOWN_ISSUER,
    WRONG_NAME,
)
from supportdesk.domain.errors import (
    AuthRejected,
    CertificateRejected,
    ConnectionLost,
    PeerProtocolError,
    Problem,
    ServerBusy,
    SettingsError,
    SupportDeskError,
)
from supportdesk.domain.settings import MailAuth, MailSettings, Security

_BY_ITSELF = "supportdesk tries again by itself."
_SLOWLY = "supportdesk waits a while and tries again by itself."
_MOST_LETTERS = 300
_USUAL_PORT = "Check host and port: IMAP is usually port 993 with TLS."


def of_network(error: OSError, settings: MailSettings) -> SupportDeskError:
    """Translate an error of the network or of TLS."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return of_certificate(error, settings)
    if isinstance(error, ssl.SSLError):
        return _of_tls(error, settings)
    place = f"{settings.host}, port {settings.port}"
    if isinstance(error, socket.gaierror):
        return ConnectionLost(
            f"The mail server {settings.host} cannot be found",
            f"Check the host name and that this computer is online. {_BY_ITSELF}",
        )
    if isinstance(error, ConnectionRefusedError):
        return ConnectionLost(
            f"Nothing answers at {place}",
            f"Check host and port, or ask whether the mail server is running. {_BY_ITSELF}",
        )
    if isinstance(error, TimeoutError) or error.errno == errno.ETIMEDOUT:
        return ConnectionLost(
            f"The mail server {settings.host} does not answer",
            f"The network or the server is slow, or a firewall is in between. {_BY_ITSELF}",
        )
    if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN):
        return ConnectionLost(
            f"There is no way to {settings.host}",
            f"This computer seems to be offline. {_BY_ITSELF}",
        )
    return ConnectionLost(
        f"The connection to {settings.host} was lost", f"{_reason(error)}{_BY_ITSELF}"
    )


def of_certificate(
    error: ssl.SSLCertVerificationError, settings: MailSettings
) -> CertificateRejected:
    """Say why a certificate proves nothing; each reason has its own remedy."""
    host = settings.host
    code = error.verify_code
    nothing_sent = "Nothing secret was sent."
    if code in WRONG_NAME:
        return CertificateRejected(
            f"The certificate of {host} belongs to another host name",
            f"Enter the host name that your mail provider gives. {nothing_sent}",
        )
    if code == EXPIRED:
        return CertificateRejected(
            f"The certificate of {host} has expired",
            "Who runs the mail server has to renew it. Check this computer's date, too."
            f" {nothing_sent}",
        )
    if code == NOT_YET_VALID:
        return CertificateRejected(
            f"The certificate of {host} is not valid yet",
            f"Check this computer's date. {nothing_sent}",
        )
    if code in SELF_SIGNED:
        return CertificateRejected(
            f"The certificate of {host} is signed by itself, so it proves nothing",
            "If that is how your company does it, name its CA file in the account's settings."
            f" {nothing_sent}",
        )
    if code in UNKNOWN_ISSUER:
        return CertificateRejected(
            f"The certificate of {host} is from an authority this computer does not know",
            "If it is your company's own, name its CA file in the account's settings."
            f" {nothing_sent}",
        )
    return CertificateRejected(
        f"The certificate of {host} cannot be verified ({error.verify_message})",
        f"Ask who runs the mail server. {nothing_sent}",
    )


def _of_tls(error: ssl.SSLError, settings: MailSettings) -> SupportDeskError:
    place = f"Port {settings.port} of {settings.host}"
    reason = (error.reason or "").upper()
    if reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"):
        return PeerProtocolError(
            f"{place} does not speak TLS",
            'Use port 993, or set security to "starttls" if that is port 143.',
        )
    if "PROTOCOL_VERSION" in reason or reason in ("UNSUPPORTED_PROTOCOL", "NO_PROTOCOLS_AVAILABLE"):
        return PeerProtocolError(
            f"{settings.host} offers only outdated encryption",
            "Who runs the mail server has to enable TLS 1.2 or newer.",
        )
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError) or "EOF" in reason:
        return ConnectionLost(f"The mail server {settings.host} closed the connection", _BY_ITSELF)
    return ConnectionLost(
        f"Encryption with {settings.host} failed ({error.reason or error})", _BY_ITSELF
    )


_GREETINGS = (
    (re.compile(rb"HTTP/|<(?:!doctype|html)", re.IGNORECASE), "a web server"),
    (re.compile(rb"\+OK"), "POP3, not IMAP"),
    (re.compile(rb"SSH-"), "SSH, not IMAP"),
    (re.compile(rb"Asterisk Call Manager"), "to phones (Asterisk), not to mail"),
    (re.compile(rb"220[ -].*ftp", re.IGNORECASE), "FTP, not IMAP"),
    (re.compile(rb"(?:220|421|554)[ -]"), "SMTP, which only sends mail"),
)


def of_greeting(line: bytes, settings: MailSettings) -> PeerProtocolError | None:
    """Recognise what answers instead of an IMAP server; None when it is one."""
    if line.startswith(b"* "):
        return None
    place = f"Port {settings.port} of {settings.host}"
    for pattern, what in _GREETINGS:
        if pattern.match(line):
            verb = "is" if what.startswith("a ") else "speaks"
            return PeerProtocolError(f"{place} {verb} {what}", _USUAL_PORT)
    return not_imap(settings)


def not_imap(settings: MailSettings) -> PeerProtocolError:
    return PeerProtocolError(
        f"Port {settings.port} of {settings.host} does not speak IMAP", _USUAL_PORT
    )


def ascii_only(settings: MailSettings) -> AuthRejected:
    return AuthRejected(
        f"{settings.host} takes only letters without accents in user and password",
        "Choose such a password at your mail provider.",
    )


def of_silence(settings: MailSettings) -> ConnectionLost:
    """A server that accepts the connection and says nothing."""
    if settings.security is Security.TLS:
        advice = f"Perhaps it is no mail server. Check host and port. {_BY_ITSELF}"
    else:
        advice = (
            'A port that expects TLS at once does that: then set security to "tls".'
            f" Or it is no mail server. {_BY_ITSELF}"
        )
    return ConnectionLost(
        f"Port {settings.port} of {settings.host} takes the connection but says nothing", advice
    )


_SWITCHED_OFF = re.compile(
    r"imap.{0,60}(?:disabled|not enabled|not allowed|switched off|turned off|blocked)"
    r"|(?:disabled|not enabled|enable).{0,30}\bimap\b|not an? imap",
    re.IGNORECASE,
)
_THROTTLED = re.compile(
    r"throttl|rate limit|bandwidth|command limit|backoff time|too many (?:login|failed|attempts)",
    re.IGNORECASE,
)
_TOO_MANY = re.compile(
    r"too many|maximum number|simultaneous|(?:connection|session)s? (?:limit|exceeded)"
    r"|\[LIMIT\]",
    re.IGNORECASE,
)
# Exchange says so for want of rights, of IMAP or of room for one more session.
_NOT_CONNECTED = re.compile(r"authenticated but not connected", re.IGNORECASE)
# Somebody else holds a lock that we would need for a moment (RFC 5530, section 3).
_IN_USE = re.compile(r"\[INUSE\]", re.IGNORECASE)
_TEMPORARY = re.compile(
    r"\[UNAVAILABLE\]|temporar|try again|\[SERVERBUG\]|internal (?:server )?error"
    r"|server (?:is )?(?:busy|unavailable)|system error",
    re.IGNORECASE,
)
_WEB_SIGN_IN = re.compile(r"web ?browser|WEBALERT|web log ?in", re.IGNORECASE)
_ALERT = re.compile(r"\[ALERT\]\s*(.{1,300})", re.IGNORECASE | re.DOTALL)
_APP_PASSWORD = re.compile(r"app(?:lication)?[- ]specific password|app password", re.IGNORECASE)
EXPIRED_PASSWORD = re.compile(r"\[EXPIRED\]|password.{0,20}expired", re.IGNORECASE)
_NEEDS_TLS = re.compile(r"\[PRIVACYREQUIRED\]|plaintext authentication disallowed", re.IGNORECASE)


def of_refused_login(answer: str, settings: MailSettings) -> SupportDeskError:
    """Say which of the many reasons for a refused login it was, as far as the server tells."""
    who = f"{settings.user} at {settings.host}"
    busy = _of_limits(answer, settings)
    if busy is not None:
        return busy
    if _SWITCHED_OFF.search(answer):
        return AuthRejected(
            f"IMAP is switched off for {who}",
            "Switch it on in the settings of the mail account, or ask its administrator.",
        )
    if _TEMPORARY.search(answer):
        return ConnectionLost(f"{settings.host} cannot check passwords at the moment", _BY_ITSELF)
    if _WEB_SIGN_IN.search(answer):
        return AuthRejected(
            f"{settings.host} wants {settings.user} to sign in with a web browser first",
            f"Do that once, then try again here.{_said(answer)}",
        )
    if _NEEDS_TLS.search(answer):
        return AuthRejected(
            f"{settings.host} takes no password without encryption",
            'Set security to "tls" (port 993) or "starttls" (port 143).',
        )
    if EXPIRED_PASSWORD.search(answer):
        return AuthRejected(
            f"The password of {who} has expired",
            "Set a new one at your mail provider, then enter it here.",
        )
    if _APP_PASSWORD.search(answer):
        return AuthRejected(
            f"{settings.host} wants an app password for {settings.user}",
            "Make one in the security settings of the mail account and enter it here.",
        )
    from supportdesk.adapters.mail import microsoft_problems  # after a refusal alone

    if microsoft_problems.is_microsoft(settings.host):
        return microsoft_problems.refused_login(settings)
    if settings.auth is MailAuth.XOAUTH2:
        return AuthRejected(
            f"{settings.host} refused the sign-in token of {settings.user}",
            "It may have expired. Sign in again in the account's settings.",
        )
    return AuthRejected(
        f"{settings.host} refused user or password of {settings.user}",
        "Enter the password again in the account's settings. Some providers want an app password."
        f"{_said(answer)}",
    )


def too_many_connections(settings: MailSettings) -> ServerBusy:
    return ServerBusy(
        f"{settings.host} allows no more connections for {settings.user}",
        f"Close other mail programs that use this account, also on other devices. {_SLOWLY}",
    )


def in_use(settings: MailSettings, mailbox: str = "") -> ServerBusy:
    what = f"the mailbox “{mailbox}”" if mailbox else f"the account {settings.user}"
    return ServerBusy(
        f"{settings.host} has {what} locked for somebody else at the moment",
        "Another program is busy with it; that usually passes soon."
        " supportdesk looks again by itself.",
    )


def _of_limits(answer: str, settings: MailSettings, mailbox: str = "") -> ServerBusy | None:
    """Recognise a server that has had enough of us, or of everybody who uses this account."""
    if _IN_USE.search(answer):
        return in_use(settings, mailbox)
    if _THROTTLED.search(answer):
        return ServerBusy(
            f"{settings.host} asks {settings.user} to slow down",
            f"Some mail program that uses this account has asked too much of it. {_SLOWLY}",
        )
    if _NOT_CONNECTED.search(answer):
        from supportdesk.adapters.mail.microsoft_problems import not_connected

        return not_connected(settings)
    return too_many_connections(settings) if _TOO_MANY.search(answer) else None


def of_farewell(text: str, settings: MailSettings) -> ConnectionLost:
    """The server said BYE."""
    busy = _of_limits(text, settings)
    if busy is not None:
        return busy
    text = readable(text)
    said = f" ({text[:120]})" if text else ""
    return ConnectionLost(f"The mail server {settings.host} ended the connection{said}", _BY_ITSELF)


def alert(text: str, settings: MailSettings) -> Problem:
    """What a server wants to be shown to its user (RFC 3501, 7.1), while all goes well."""
    return Problem(title=f"{settings.host} has a message for you", advice=f"“{readable(text)}”")


def readable(text: str) -> str:
    """A server's words as one short line of letters."""
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return words if len(words) <= _MOST_LETTERS else f"{words[:_MOST_LETTERS]}…"


def _said(answer: str) -> str:
    """Repeat what the server marked as being for the user's eyes."""
    found = _ALERT.search(answer)
    return f" The server says: “{readable(found[1])}”" if found else ""


def mailbox_missing(mailbox: str, settings: MailSettings) -> SettingsError:
    return SettingsError(
        f"There is no mailbox “{mailbox}” in {settings.user} at {settings.host}",
        "Check its name in the account's settings; most accounts call it INBOX.",
        key="mailbox",
    )


def mailbox_closed(
    mailbox: str, answer: str, settings: MailSettings, *, code: str = ""
) -> SupportDeskError:
    """EXAMINE was refused, and not because the mailbox is missing."""
    busy = _of_limits(f"[{code}] {answer}", settings, mailbox)
    if busy is not None:
        return busy
    said = readable(answer)[:120]
    return ConnectionLost(
        f"{settings.host} does not open the mailbox “{mailbox}” ({said})", _BY_ITSELF
    )


def no_starttls(settings: MailSettings) -> PeerProtocolError:
    return PeerProtocolError(
        f"{settings.host} offers no encryption on port {settings.port}",
        'Set security to "tls" and port to 993. Nothing secret was sent.',
    )


def plain_not_allowed(settings: MailSettings) -> SettingsError:
    return SettingsError(
        f"The connection to {settings.host} would not be encrypted",
        'Set security to "tls" or "starttls". Unencrypted is for servers on this computer only.',
        key="security",
    )


def ca_file_unreadable(settings: MailSettings, error: OSError) -> SettingsError:
    return SettingsError(
        f"The CA file {settings.ca_file} cannot be used ({error.strerror or error})",
        "Name a PEM file with the certificate of your company's authority.",
        key="ca_file",
    )


def refused_command(
    what: str, answer: str, settings: MailSettings, *, code: str = ""
) -> ConnectionLost:
    busy = _of_limits(f"[{code}] {answer}", settings)
    if busy is not None:
        return busy
    return ConnectionLost(
        f"{settings.host} refused to {what} ({readable(answer)[:120]})",
        f"{_BY_ITSELF} If it stays, ask who runs the mail server.",
    )


def our_mistake(error: Exception) -> SupportDeskError:
    return SupportDeskError(
        f"supportdesk made a mistake while reading mail ({type(error).__name__})",
        f"The log has the details. {_BY_ITSELF}",
    )


def _reason(error: OSError) -> str:
    text = error.strerror or str(error)
    return f"Reason: {text}. " if text else ""
