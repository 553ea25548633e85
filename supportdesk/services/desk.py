"""The desk: inbox, calls, health and alerts as one. Events and acts in, notices and state out.

One thread calls it, the one that owns the desk store. Every method that may change something
returns a `Turn`: tell its notices in order, refresh its areas, then ask `next_wakeup` again.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from supportdesk.domain.alerts import Alert
from supportdesk.domain.events import Event
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.settings import Settings
from supportdesk.services.desk_state import DeskState, Turn
from supportdesk.services.ports import DeskStore


class Desk:
    """Owns all folded state. Times are aware UTC; `now` never runs backwards much.

    The boards are open for reading: `inbox.conversations()`, `inbox.conversation(key)`,
    `inbox.message(key)`, `calls.missed()`, `calls.call(key)`, `calls.caller(key)`,
    `calls.members(now)`, `calls.capabilities(phone)`, `health.healths()`.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        store: DeskStore,
        normalise: Callable[[str], str],
        to_local: Callable[[datetime], datetime],
    ) -> None:
        """Nothing is read until `restore`.

        Args:
            settings: A phone of kind HOOK counts as always listening.
            normalise: A number in one normal form (E.164 where possible); "" for a withheld one.
            to_local: The same instant in local time; `datetime.astimezone` serves.
        """
        raise NotImplementedError

    def restore(self, messages: Iterable[MessageSummary], now: datetime) -> Turn:
        """First call of a run: the newest messages of mail.db, and all that desk.db remembers."""
        raise NotImplementedError

    def apply(self, event: Event, now: datetime) -> Turn:
        """Fold one event in. Events of sources that are not in the settings are ignored."""
        raise NotImplementedError

    def tick(self, now: datetime) -> Turn:
        """Do what has fallen due by time alone; too early or too late does no harm."""
        raise NotImplementedError

    def next_wakeup(self, now: datetime) -> datetime:
        """The earliest moment at which `tick` has something to do."""
        raise NotImplementedError

    def state(self, now: datetime) -> DeskState:
        raise NotImplementedError

    def alerts(self) -> tuple[Alert, ...]:
        """Alerts on show, what matters most first; the newest is the one with the latest `at`."""
        raise NotImplementedError

    def what_matters_most(self) -> str:
        """Ledger key that opening the window should show; "" when nothing waits."""
        raise NotImplementedError

    def read(self, key: str, now: datetime) -> Turn:
        """The founder has this message open: it and what came before it is read by them."""
        raise NotImplementedError

    def needs_no_reply(self, key: str, now: datetime) -> Turn:
        """The conversation is closed up to this message."""
        raise NotImplementedError

    def undo_needs_no_reply(self, key: str, now: datetime) -> Turn:
        raise NotImplementedError

    def close_missed(self, key: str, now: datetime) -> Turn:
        """The founder says that the missed calls of this person need nothing more (F21)."""
        raise NotImplementedError

    def pause(self, until: datetime, now: datetime) -> Turn:
        """No alerts until then; a waiting caller may break through (settings)."""
        raise NotImplementedError

    def resume(self, now: datetime) -> Turn:
        """End the pause; what came meanwhile is told in one digest."""
        raise NotImplementedError

    def tomorrow(self, now: datetime) -> datetime:
        """What "until tomorrow" means: eight in the morning of the next local day."""
        raise NotImplementedError

    def snooze(self, alert_key: str, now: datetime) -> Turn:
        """Take the alert back; show it again in 30 minutes if it is still open then."""
        raise NotImplementedError

    def dismiss(self, alert_key: str, now: datetime) -> Turn:
        """The founder closed it: not shown again."""
        raise NotImplementedError

    def woke(self, asleep_since: datetime, now: datetime) -> Turn:
        """The computer slept: what came meanwhile is told in one digest after catching up."""
        raise NotImplementedError

    def change_settings(self, settings: Settings, now: datetime) -> Turn:
        raise NotImplementedError

    def leave(self, now: datetime) -> None:
        """The run ends in order: remember until when it was awake."""
        raise NotImplementedError
