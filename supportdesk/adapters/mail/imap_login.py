"""From settings and a secret to a logged-in connection, by way of imap-tools.

imaplib and imap-tools run here on a `Transport` of ours, through the methods that imaplib lets a
subclass replace. So TLS is always verified, every wait can be interrupted, and no byte stays in a
buffer that we cannot see when the connection is handed on as an `ImapLink`.
"""

import imaplib
import re
import ssl
from collections.abc import Callable
from typing import TypeVar

from imap_tools.errors import ImapToolsError
from imap_tools.mailbox import BaseMailBox

from supportdesk.adapters.mail import mail_problems
from supportdesk.adapters.mail.imap_link import ImapLink
from supportdesk.adapters.mail.transport import Transport
from supportdesk.adapters.mail.verified_tls import connect
from supportdesk.domain.errors import SupportDeskError
from supportdesk.domain.settings import MailAuth, MailSettings, Security

_ALERT = re.compile(rb"\* (?:OK|NO|BAD) \[ALERT\] *(.+)", re.IGNORECASE)
_MOST_LOGIN_BYTES = 2_000_000
# Greeting, capabilities, encryption, the login and what it takes to check a password.
_MOST_ANSWERS = 3
Link = TypeVar("Link", bound=ImapLink)


class _Client(imaplib.IMAP4):
    """imaplib speaking through a transport that is connected already.

    imaplib itself would listen to a server for as long as that talks, and keep all of it.
    """

    def __init__(self, transport: Transport, settings: MailSettings, answer_seconds: float) -> None:
        self._transport = transport
        self._answer_seconds = answer_seconds
        self.alerts: list[str] = []
        self._bytes_left = _MOST_LOGIN_BYTES
        self._deadline = transport.clock.monotonic_seconds() + _MOST_ANSWERS * answer_seconds
        super().__init__(settings.host, settings.port)

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        self.host = host
        self.port = port

    def read(self, size: int) -> bytes:
        return self._counted(self._transport.read_exactly(size, self._patience()))

    def readline(self) -> bytes:
        line = self._counted(self._transport.read_line(self._patience()))
        # imaplib keeps the code of such a line and loses its words.
        if found := _ALERT.match(line):
            self.alerts = [_as_text(found[1])]
        return line

    def _patience(self) -> float:
        left = self._deadline - self._transport.clock.monotonic_seconds()
        if left <= 0:
            raise TimeoutError("the server did not come to an end of the login")
        return min(left, self._answer_seconds)

    def _counted(self, data: bytes) -> bytes:
        self._bytes_left -= len(data)
        if self._bytes_left < 0:
            raise ConnectionError("the server talks without end")
        return data

    def send(self, data: object) -> None:
        if isinstance(data, bytes):
            self._transport.send(data, self._answer_seconds)

    def shutdown(self) -> None:
        self._transport.close()


class _MailBox(BaseMailBox):
    """imap-tools on that client."""

    def __init__(self, client: _Client) -> None:
        self._ready_client = client
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return self._ready_client


def log_in(
    transport: Transport,
    settings: MailSettings,
    secret: str,
    answer_seconds: float,
    on_alert: Callable[[str], None] = lambda _text: None,
) -> ImapLink:
    """Connect and log in, to read. Raises as `log_in_as` does.

    `on_alert` is told what the server wants its user to read, now and later on the link.
    """
    return log_in_as(ImapLink, transport, settings, secret, answer_seconds, on_alert)


def log_in_as(
    link_class: type[Link],
    transport: Transport,
    settings: MailSettings,
    secret: str,
    answer_seconds: float,
    on_alert: Callable[[str], None] = lambda _text: None,
) -> Link:
    """Connect and log in. Raises SupportDeskError or StoppedError, with the transport closed."""
    try:
        client = _log_in(transport, settings, secret, answer_seconds)
        for said in client.alerts:
            on_alert(said)
        link = link_class(transport, settings, answer_seconds)
        link.on_alert = on_alert
        return link
    except OSError as error:
        transport.close()
        raise mail_problems.of_network(error, settings) from error
    except BaseException:
        transport.close()
        raise


def _log_in(
    transport: Transport, settings: MailSettings, secret: str, answer_seconds: float
) -> _Client:
    context = connect(transport, settings, answer_seconds)
    client = _greet(transport, settings, answer_seconds)
    try:
        if settings.security is Security.STARTTLS:
            _start_tls(client, transport, context, settings, answer_seconds)
        _authenticate(_MailBox(client), settings, secret)
    except (OSError, imaplib.IMAP4.abort) as error:
        farewell = _farewell(client)
        if farewell is not None:
            raise mail_problems.of_farewell(farewell, settings) from error
        if isinstance(error, OSError):
            raise
        raise _of_abort(error, settings) from error
    except (imaplib.IMAP4.error, ImapToolsError) as error:
        raise mail_problems.of_refused_login(_text_of(error), settings) from error
    return client


def _greet(transport: Transport, settings: MailSettings, answer_seconds: float) -> _Client:
    _check_greeting(transport, settings, answer_seconds)
    try:
        return _Client(transport, settings, answer_seconds)
    except imaplib.IMAP4.abort as error:
        raise _of_abort(error, settings) from error
    except imaplib.IMAP4.error as error:
        raise mail_problems.not_imap(settings) from error


def _check_greeting(transport: Transport, settings: MailSettings, answer_seconds: float) -> None:
    try:
        greeting = transport.peek_line(answer_seconds)
    except TimeoutError as error:
        raise mail_problems.of_silence(settings) from error
    problem = mail_problems.of_greeting(greeting, settings)
    if problem is not None:
        raise problem
    if greeting[2:5].upper() == b"BYE":
        raise mail_problems.of_farewell(greeting[5:].decode("utf-8", "replace").strip(), settings)


def _start_tls(
    client: _Client,
    transport: Transport,
    context: ssl.SSLContext,
    settings: MailSettings,
    answer_seconds: float,
) -> None:
    if "STARTTLS" not in client.capabilities:
        raise mail_problems.no_starttls(settings)
    try:
        status, _ = client.xatom("STARTTLS")
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise mail_problems.no_starttls(settings) from error
    if status != "OK":
        raise mail_problems.no_starttls(settings)
    transport.start_tls(context, settings.host, answer_seconds)
    # What was said before encryption does not count (RFC 3501, 6.2.1).
    _, answer = client.capability()
    words = " ".join(_as_text(line) for line in answer)
    client.capabilities = tuple(words.upper().split())


def _authenticate(mailbox: _MailBox, settings: MailSettings, secret: str) -> None:
    capabilities = mailbox.client.capabilities
    if settings.auth is MailAuth.XOAUTH2:
        mailbox.xoauth2(settings.user, secret, initial_folder=None)
    elif "AUTH=PLAIN" in capabilities:
        # LOGIN of imaplib fails on passwords outside ASCII.
        mailbox.login_utf8(settings.user, secret, initial_folder=None)
    elif "LOGINDISABLED" in capabilities:
        raise mail_problems.of_refused_login("[PRIVACYREQUIRED]", settings)
    elif settings.user.isascii() and secret.isascii():
        mailbox.login(settings.user, secret, initial_folder=None)
    else:
        raise mail_problems.ascii_only(settings)


def _farewell(client: _Client) -> str | None:
    """Return the BYE that came before the link broke; imaplib keeps it and goes on waiting."""
    said = client.untagged_responses.get("BYE")
    return None if said is None else " ".join(_as_text(line) for line in said)


def _of_abort(error: imaplib.IMAP4.abort, settings: MailSettings) -> SupportDeskError:
    """Translate imaplib's name for a lost link, a BYE or an answer that is no IMAP."""
    cause = error.__context__
    if isinstance(cause, OSError):
        return mail_problems.of_network(cause, settings)
    text = _text_of(error)
    if "unexpected response" in text:
        return mail_problems.not_imap(settings)
    return mail_problems.of_farewell(text, settings)


def _text_of(error: Exception) -> str:
    """Return what the server said; imaplib passes it as bytes, imap-tools inside its own text."""
    result = getattr(error, "command_result", None)
    parts = result[1] if result else error.args
    return " ".join(_as_text(part) for part in parts)


def _as_text(part: object) -> str:
    return part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part)
