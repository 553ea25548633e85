"""What reading and sending have in common before the first word: TLS that proves who is there."""

import ssl

from supportdesk.adapters.mail import mail_problems
from supportdesk.adapters.mail.transport import Transport
from supportdesk.adapters.tcp import is_loopback
from supportdesk.domain.settings import MailSettings, Security


def connect(transport: Transport, settings: MailSettings, answer_seconds: float) -> ssl.SSLContext:
    """Connect, encrypted at once where the settings say so; else the context is for STARTTLS.

    Raises SupportDeskError, StoppedError or OSError.
    """
    _refuse_plain_text(settings)
    context = _tls_context(settings)
    transport.connect(settings.host, settings.port)
    if settings.security is Security.TLS:
        transport.start_tls(context, settings.host, answer_seconds)
    return context


def _tls_context(settings: MailSettings) -> ssl.SSLContext:
    """Certificates are always verified, by this computer's authorities or the named one."""
    try:
        return ssl.create_default_context(cafile=settings.ca_file or None)
    except OSError as error:
        raise mail_problems.ca_file_unreadable(settings, error) from error


def _refuse_plain_text(settings: MailSettings) -> None:
    """Unencrypted is for servers on this computer."""
    if settings.security is Security.NONE and not is_loopback(settings.host):
        raise mail_problems.plain_not_allowed(settings)
