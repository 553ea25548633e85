"""Every alert that programs ask the daemon of a lab desktop to show, read from its bus."""

import threading
import time
from dataclasses import dataclass

from jeepney import HeaderFields, Message  # type: ignore[import-untyped]  # it ships no types

from tests.lab.bus_monitor import BusMonitor

_NOTIFYING = "type='method_call',interface='org.freedesktop.Notifications'"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardAlert:
    """One call of Notify.

    Attributes:
        is_new: It takes the place of no other.
        at: By the monotonic clock.
    """

    title: str
    body: str
    is_new: bool
    at: float


class HeardAlerts(BusMonitor):
    """What was asked for since it was made."""

    def __init__(self, address: str) -> None:
        self._lock = threading.Lock()
        self._heard: list[HeardAlert] = []
        super().__init__(address, self._note, [_NOTIFYING])

    @property
    def all(self) -> list[HeardAlert]:
        """What was asked for so far, in order."""
        with self._lock:
            return list(self._heard)

    def _note(self, message: Message) -> None:
        if message.header.fields.get(HeaderFields.member) != "Notify":
            return
        _, replaces, _, title, body, *_ = message.body
        with self._lock:
            self._heard.append(
                HeardAlert(title=title, body=body, is_new=replaces == 0, at=time.monotonic())
            )
