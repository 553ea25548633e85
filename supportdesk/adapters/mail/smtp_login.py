"""From settings and a secret to a connection that sends, by way of smtplib.

smtplib runs here on a `Transport` of ours: TLS is always verified, and every wait can be
interrupted. Its own login is not used, since it fails on passwords outside ASCII.
"""

import base64

from supportdesk.adapters.mail import mail_problems, smtp_problems
from supportdesk.adapters.mail.smtp_link import ANSWER_SECONDS, SmtpClient, SmtpLink, of_lost
from supportdesk.adapters.mail.smtp_problems import Reply
from supportdesk.adapters.mail.transport import Transport
from supportdesk.adapters.mail.verified_tls import connect
from supportdesk.adapters.tcp import is_loopback
from supportdesk.domain.settings import MailAuth, MailSettings, Security

_GOES_ON = 334


def log_in_to_send(
    transport: Transport,
    settings: MailSettings,
    secret: str,
    answer_seconds: float = ANSWER_SECONDS,
) -> SmtpLink:
    """Connect and log in. Raises SupportDeskError or StoppedError, with the transport closed."""
    try:
        account = smtp_problems.sending_account(settings)
        try:
            return _log_in(transport, account, secret, answer_seconds)
        except OSError as error:
            raise of_lost(error, account) from error
    except BaseException:
        transport.close()
        raise


def _log_in(
    transport: Transport, account: MailSettings, secret: str, answer_seconds: float
) -> SmtpLink:
    context = connect(transport, account, answer_seconds)
    client = _greet(transport, account, answer_seconds)
    if account.security is Security.STARTTLS:
        if not client.has_extn("starttls") or client.ask("STARTTLS").code != 220:
            raise smtp_problems.no_starttls(account)
        transport.start_tls(context, account.host, answer_seconds)
        client.begin_anew()
        _introduce(client, account)
    _authenticate(client, account, secret)
    return SmtpLink(client, transport, account)


def _greet(transport: Transport, account: MailSettings, answer_seconds: float) -> SmtpClient:
    try:
        greeting = transport.peek_line(answer_seconds)
    except TimeoutError as error:
        raise mail_problems.of_silence(account) from error
    problem = smtp_problems.of_greeting(greeting, account)
    if problem is not None:
        raise problem
    client = SmtpClient(transport, answer_seconds)
    client.greet(account.host, account.port)
    _introduce(client, account)
    return client


def _introduce(client: SmtpClient, account: MailSettings) -> None:
    code, words = client.ehlo()
    if code == 421:
        said = words.decode("utf-8", "replace")
        raise smtp_problems.busy(Reply(code=code, words=said), account)
    if code != 250:
        raise smtp_problems.not_smtp(account)


def _authenticate(client: SmtpClient, account: MailSettings, secret: str) -> None:
    ways = client.esmtp_features.get("auth", "").upper().split()
    if not ways:
        # A mail server on this computer mostly takes mail of whoever is on it.
        if is_loopback(account.host):
            return
        raise smtp_problems.no_sign_in(account)
    if account.auth is MailAuth.XOAUTH2:
        reply = _by_token(client, account, secret, ways)
    else:
        reply = _by_password(client, account, secret, ways)
    if not reply.is_done:
        raise smtp_problems.of_refused_login(reply, account)


def _by_token(client: SmtpClient, account: MailSettings, secret: str, ways: list[str]) -> Reply:
    if "XOAUTH2" not in ways:
        raise smtp_problems.no_way_to_sign_in(account, ways)
    answer = _encoded(f"user={account.user}\1auth=Bearer {secret}\1\1")
    reply = client.ask("AUTH", f"XOAUTH2 {answer}")
    # A refusal comes as a challenge, in JSON, and has to be answered with nothing.
    return client.ask("") if reply.code == _GOES_ON else reply


def _by_password(client: SmtpClient, account: MailSettings, secret: str, ways: list[str]) -> Reply:
    if "PLAIN" in ways:
        answer = _encoded(f"\0{account.user}\0{secret}")
        return client.ask("AUTH", f"PLAIN {answer}")
    if "LOGIN" not in ways:
        raise smtp_problems.no_way_to_sign_in(account, ways)
    reply = client.ask("AUTH", "LOGIN")
    for answer in (account.user, secret):
        if reply.code == _GOES_ON:
            reply = client.ask(_encoded(answer))
    return reply


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
