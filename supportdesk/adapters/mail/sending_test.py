"""One try to reach the server that an account sends with: signed in, and no mail sent.

From which of its addresses it may send is asked, too: better now than when an answer is written.
"""

import threading

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail.letter_problems import account_may_not_send_from
from supportdesk.adapters.mail.smtp_login import log_in_to_send
from supportdesk.adapters.mail.smtp_problems import sending_account
from supportdesk.adapters.mail.transport import Transport, Waker
from supportdesk.domain.settings import MailSettings


def test_sending(settings: MailSettings, secret: str) -> str:
    """Return a sentence of what was found, or raise SupportDeskError. Blocks for up to a minute."""
    waker = Waker()
    transport = Transport(waker, SystemClock(), threading.Event().is_set)
    try:
        link = log_in_to_send(transport, settings, secret)
        account = sending_account(settings)
        said = link.refusal_of(settings.address, settings.address)
        if said is not None:
            raise account_may_not_send_from(said, account)
        to = settings.address
        refused = [one for one in settings.aliases if link.refusal_of(one, to) is not None]
        link.leave()
    finally:
        transport.close()
        waker.close()
    most = f", up to {link.most_bytes / 1_000_000:,.3g} MB a message" if link.most_bytes else ""
    but = f"; but not from {' and '.join(refused)}" if refused else ""
    return f"{account.host} takes mail from {account.user}{most}{but}; none was sent"


# pytest collects functions of this name wherever they are imported.
test_sending.__test__ = False  # type: ignore[attr-defined]  # an attribute pytest reads
