"""Looks into a mailbox over a link of its own: has the server anything that we have not heard of?

Nothing is changed there. What came in this very moment is on its way to us: so what is not known is
looked up once more, some seconds later.
"""

import sqlite3
import threading
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from supportdesk.adapters.mail import mail_problems
from supportdesk.adapters.mail.imap_login import log_in
from supportdesk.adapters.mail.mailbox_names import quoted, refusal
from supportdesk.adapters.mail.transport import Transport, Waker
from supportdesk.domain.settings import MailSettings
from supportdesk.protocols.imap_responses import Response, Search
from supportdesk.protocols.mailbox_sync import opened_mailbox
from supportdesk.services.ports import Clock

ANSWER_SECONDS = 30.0
ON_ITS_WAY_SECONDS = 5.0


def unheard_messages(settings: MailSettings, secret: str, cache_path: Path, clock: Clock) -> int:
    """How many there are. Blocks for up to a minute; raises SupportDeskError."""
    waker = Waker()
    transport = Transport(waker, clock, threading.Event().is_set)
    try:
        uidvalidity, next_uid = _known(cache_path, settings)
        link = log_in(transport, settings, secret, ANSWER_SECONDS)
        responses: list[Response] = []
        ended = link.run(f"EXAMINE {quoted(settings.mailbox)}", responses.append)
        if not ended.is_ok:
            raise refusal(settings.mailbox, ended, settings)
        opened = opened_mailbox(responses)
        if opened.uidvalidity != uidvalidity or opened.uidnext <= next_uid:
            return 0
        found: list[Response] = []
        link.run(f"UID SEARCH UID {next_uid}:{opened.uidnext}", found.append)
    except OSError as error:
        raise mail_problems.of_network(error, settings) from error
    finally:
        transport.close()
        waker.close()
    uids = {uid for uid in _uids(found) if uid >= next_uid}
    return _still_unknown(cache_path, settings, uids)


def _uids(found: Iterable[Response]) -> Iterable[int]:
    for response in found:
        if isinstance(response, Search):
            yield from response.uids
            for first, last in response.ranges:
                yield from range(first, last + 1)


def _still_unknown(cache_path: Path, settings: MailSettings, uids: set[int]) -> int:
    if not uids:
        return 0
    waker = Waker()
    waker.wait(ON_ITS_WAY_SECONDS)
    waker.close()
    _, next_uid = _known(cache_path, settings)
    return sum(1 for uid in uids if uid >= next_uid)


def _known(cache_path: Path, settings: MailSettings) -> tuple[int, int]:
    """UIDVALIDITY, and the first uid that we do not know; zeros where nothing is known yet."""
    where = (settings.name, settings.mailbox)
    with closing(sqlite3.connect(f"{cache_path.as_uri()}?mode=ro", uri=True)) as cache:
        row = cache.execute(
            "SELECT uidvalidity, uidnext FROM mailboxes WHERE account = ? AND mailbox = ?", where
        ).fetchone()
        if row is None:
            return 0, 0
        newest = cache.execute(
            "SELECT max(uid) FROM places WHERE account = ? AND mailbox = ? AND uidvalidity = ?",
            (*where, row[0]),
        ).fetchone()[0]
    return row[0], max(row[1], (newest or 0) + 1)
