"""The hook phone: turns that other programs hand over become events of a phone system."""

from collections.abc import Iterable
from datetime import datetime

from supportdesk.domain.calls import Call
from supportdesk.domain.health import SourceName
from supportdesk.domain.settings import PhoneKind, PhoneSettings, Settings
from supportdesk.protocols.hook_calls import HookCalls, HookEvent
from supportdesk.services.ports import Publisher

HOOK = SourceName("Hook")
"""Name of the hook phone where the settings name none."""


def hook_phone(settings: Settings) -> PhoneSettings:
    """The [[phone]] table of kind "hook", or the one that everybody has."""
    for phone in settings.phone:
        if phone.kind is PhoneKind.HOOK:
            return phone
    return PhoneSettings(name=HOOK, kind=PhoneKind.HOOK)


def all_phones(settings: Settings) -> tuple[PhoneSettings, ...]:
    """Those of the settings, and the hook that everybody has."""
    return tuple(dict.fromkeys((*settings.phone, hook_phone(settings))))


class HookPhone:
    """Publishes what it is told. Lives on the GUI thread."""

    def __init__(self, name: SourceName, publisher: Publisher) -> None:
        self.name = name
        self._calls = HookCalls(name)
        self._publisher = publisher

    def resume(self, calls: Iterable[Call], now: datetime) -> None:
        """Take over the calls that the last run left open, given oldest first."""
        self._calls.resume(calls, now)

    def receive(self, event: HookEvent) -> None:
        for turn in self._calls.receive(event):
            self._publisher.publish(turn)


def hook_event_at(text: str, fallback: datetime) -> datetime:
    """The moment a spooled event was written; the fallback when it cannot be read."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return fallback
    return at if at.tzinfo else fallback
