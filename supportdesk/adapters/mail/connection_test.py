"""One try to reach a mail account, for the "Connect your inbox" dialog and for doctor."""

import threading

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail import mail_problems
from supportdesk.adapters.mail.imap_login import log_in
from supportdesk.adapters.mail.mailbox_names import quoted, refusal
from supportdesk.adapters.mail.transport import Transport, Waker
from supportdesk.domain.settings import MailSettings
from supportdesk.protocols.imap_responses import Response
from supportdesk.protocols.mailbox_sync import ListeningRules, opened_mailbox


def test_connection(settings: MailSettings, secret: str) -> str:
    """Return a sentence of what was found, or raise SupportDeskError. Blocks for up to a minute."""
    waker = Waker()
    transport = Transport(waker, SystemClock(), threading.Event().is_set)
    try:
        link = log_in(transport, settings, secret, ListeningRules().answer_seconds)
        responses: list[Response] = []
        ended = link.run(f"EXAMINE {quoted(settings.mailbox)}", responses.append)
        if not ended.is_ok:
            raise refusal(settings.mailbox, ended, settings)
    except OSError as error:
        raise mail_problems.of_network(error, settings) from error
    finally:
        transport.close()
        waker.close()
    count = opened_mailbox(responses).exists
    messages = "1 message" if count == 1 else f"{count:,} messages"
    return f"Connected to {settings.host} as {settings.user}: {messages} in {settings.mailbox}"


# pytest collects functions of this name wherever they are imported.
test_connection.__test__ = False  # type: ignore[attr-defined]  # an attribute pytest reads
