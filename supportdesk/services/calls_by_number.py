"""Calls by the number they came from, so that whoever calls is known at once."""

from collections.abc import Callable, Iterable
from datetime import datetime

from supportdesk.domain.calls import Call


class CallsByNumber:
    """Each call once, as it was put last; withheld numbers are nobody's."""

    def __init__(self, normalise: Callable[[str], str]) -> None:
        self._normalise = normalise
        self._calls: dict[str, dict[str, Call]] = {}

    def put(self, call: Call) -> None:
        number = self._normalise(call.number)
        if number:
            self._calls.setdefault(number, {})[call.key] = call

    def of(self, numbers: Iterable[str]) -> list[Call]:
        """Calls of a person, oldest first."""
        wanted = {self._normalise(number) for number in numbers}
        found = [call for one in wanted for call in self._calls.get(one, {}).values()]
        return sorted(found, key=_age)

    def forget(self, numbers: Iterable[str]) -> list[Call]:
        """Take them out; returns their calls. Numbers in their normal form."""
        found = [self._calls.pop(one, {}) for one in numbers]
        return [call for calls in found for call in calls.values()]

    def newest(self) -> list[Call]:
        """The newest call of each number, newest first."""
        newest = [max(calls.values(), key=_age) for calls in self._calls.values()]
        return sorted(newest, key=_age, reverse=True)


def _age(call: Call) -> tuple[datetime, str]:
    return (call.started_at, call.key)
