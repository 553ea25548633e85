"""How a presenter says that an alert it had taken did not come onto the screen."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from supportdesk.domain.alerts import Alert

FailureReceiver = Callable[[Alert], None]


@runtime_checkable
class ReportsFailures(Protocol):
    """A presenter whose alerts can fail after `show` has returned."""

    def report_failures_to(self, receiver: FailureReceiver) -> None: ...
