"""What is history in each mailbox of an account, as the worker has to know it.

The baselines are the desk's: it keeps them in desk.db. A worker gets those of its account when it
is made, and draws the same conclusions from opening a mailbox as `services.inbox` will when it
hears of it.
"""

from collections.abc import Iterable
from datetime import datetime

from supportdesk.domain.settings import MailSettings
from supportdesk.protocols.mailbox_sync import OpenedMailbox
from supportdesk.services.ports import Baseline


class Baselines:
    """The baselines of one account; outlives its connections."""

    def __init__(self, settings: MailSettings, known: Iterable[Baseline] = ()) -> None:
        self._settings = settings
        self._kept = list(known)
        self._known = {baseline.mailbox: baseline for baseline in self._kept}

    def take_kept(self) -> list[Baseline]:
        """Return those that an earlier run kept, once."""
        kept, self._kept = self._kept, []
        return kept

    def of(self, mailbox: str) -> Baseline | None:
        return self._known.get(mailbox)

    def opened(self, mailbox: str, opened: OpenedMailbox, now: datetime) -> Baseline:
        """The first time, or for another user under the same name, what is there is history."""
        known = self._known.get(mailbox)
        if known is None or known.user not in ("", self._settings.user):
            known = self._known[mailbox] = Baseline(
                account=self._settings.name,
                mailbox=mailbox,
                uidvalidity=opened.uidvalidity,
                uidnext=opened.uidnext or 1,
                at=now,
                user=self._settings.user,
                host=self._settings.host,
            )
        return known
