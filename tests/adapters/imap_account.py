"""A mail worker on a server of a test, impatient, with the log of what it published."""

from dataclasses import replace
from pathlib import Path

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail.imap_worker import ImapWorker
from supportdesk.domain.errors import (
    SupportDeskError,
)
from supportdesk.domain.health import SourceName
from supportdesk.domain.settings import MailSettings, Security
from supportdesk.protocols.mailbox_sync import ListeningRules
from tests.fakes.event_log import EventLog

# Quick to look, but not to give up: the server of a test answers from another thread, which a busy
# machine may keep waiting.
QUICK = ListeningRules(
    look_around_seconds=0.3,
    catch_up_seconds=1.0,
    answer_seconds=60.0,
    hasty_answer_seconds=60.0,
    poll_seconds=0.2,
)
IMPATIENT = replace(QUICK, answer_seconds=0.5, hasty_answer_seconds=0.3)


def settings_for(port: int, **changes: object) -> MailSettings:
    plain = MailSettings(
        name=SourceName("Support"),
        address="support@lab.test",
        host="127.0.0.1",
        port=port,
        user="support@lab.test",
        security=Security.NONE,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # any field of the settings


class Account:
    """A worker with its cache and the log of what it published."""

    def __init__(self, settings: MailSettings, path: Path, rules: ListeningRules = QUICK) -> None:
        self.log = EventLog()
        self.secret_error: SupportDeskError | None = None
        self.worker = ImapWorker(
            settings, self._secret, path / "mail.db", self.log, SystemClock(), rules
        )

    def __enter__(self) -> "Account":
        self.worker.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.worker.stop(60)

    def _secret(self) -> str:
        if self.secret_error is not None:
            raise self.secret_error
        return "sécret"
