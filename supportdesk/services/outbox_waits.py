"""When an outgoing message is tried again, in seconds of a clock that does not jump.

A message that fails waits 30 s, then twice as long each time up to 30 min. So does its account
where the link is to blame: twenty messages of a server that is down are one try, not twenty. An
account that waits for its founder (a password, a certificate) is not tried at all until they act.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from supportdesk.domain.answers import DraftId
from supportdesk.domain.health import SourceName

FIRST_SECONDS = 30.0
CAP_SECONDS = 30 * 60.0
JITTER = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Now, by two clocks.

    Attributes:
        at: The wall clock, for what is kept and shown; it may be wrong or be set.
        seconds: A clock that does not jump, for all that is waited for.
    """

    at: datetime
    seconds: float


class OutboxWaits:
    """Moments in monotonic seconds; each message has one at most."""

    def __init__(self, chance: Callable[[], float]) -> None:
        """`chance` gives a number from 0 to 1: clients of one server do not come back together."""
        self._chance = chance
        self._due: dict[DraftId, float] = {}
        self._failures: dict[SourceName, int] = {}
        self._held: dict[SourceName, float] = {}
        self._stopped: set[SourceName] = set()

    def due_at(self, draft_id: DraftId) -> float | None:
        return self._due.get(draft_id)

    def wait_until(self, draft_id: DraftId, seconds: float) -> None:
        self._due[draft_id] = seconds

    def clear(self, draft_id: DraftId) -> None:
        self._due.pop(draft_id, None)

    def delay_seconds(self, failures: int) -> float:
        """How long to wait after so many failures in a row."""
        whole = min(FIRST_SECONDS * 2.0 ** min(max(failures - 1, 0), 10), CAP_SECONDS)
        return whole * (1 - JITTER * self._chance())

    def account_failed(self, account: SourceName, seconds: float) -> float:
        """The link of an account did not work; returns when it is tried again."""
        self._failures[account] = self._failures.get(account, 0) + 1
        self._held[account] = seconds + self.delay_seconds(self._failures[account])
        return self._held[account]

    def account_works(self, account: SourceName) -> None:
        self._failures.pop(account, None)
        self._held.pop(account, None)

    def stop_account(self, account: SourceName) -> None:
        """Trying again would be in vain until somebody acts."""
        self._stopped.add(account)

    def is_stopped(self, account: SourceName) -> bool:
        return account in self._stopped

    def opens_at(self, account: SourceName) -> float:
        """Before that the account is not tried."""
        return self._held.get(account, float("-inf"))

    def hurry(self) -> None:
        """The network is another one: no account waits for its next try."""
        self._held.clear()

    def open_account(self, account: SourceName) -> None:
        """The founder wants it tried now."""
        self._stopped.discard(account)
        self._held.pop(account, None)

    def open_all(self) -> None:
        """Somebody acted."""
        self._stopped.clear()
        self._held.clear()
