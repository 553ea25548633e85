"""Alerts and the responder for the tests of presenters."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from supportdesk.domain.alerts import Action, Alert, AlertKind, Urgency
from supportdesk.domain.health import SourceName
from supportdesk.services.ports import AlertResponse, GoneHow

AT = datetime(2026, 11, 21, 10, tzinfo=UTC)


def alert(
    key: str = "mail/Support/<1@example.com>",
    title: str = "Anna Nováková",
    body: str = "Where is my order?",
    *,
    kind: AlertKind = AlertKind.MAIL,
    actions: tuple[Action, ...] = (Action.READ, Action.REPLY, Action.SNOOZE),
    urgency: Urgency = Urgency.NORMAL,
) -> Alert:
    return Alert(
        key=key,
        kind=kind,
        title=title,
        body=body,
        actions=actions,
        source=SourceName("Support"),
        at=AT,
        item=key,
        urgency=urgency,
    )


@dataclass
class Told:
    """What presenters tell back."""

    responses: list[AlertResponse] = field(default_factory=list)
    on_screen: list[str] = field(default_factory=list)
    failures: list[Alert] = field(default_factory=list)
    left: list[tuple[str, GoneHow]] = field(default_factory=list)
    changes: int = 0

    def respond(self, response: AlertResponse) -> None:
        self.responses.append(response)

    def shown(self, key: str) -> None:
        self.on_screen.append(key)

    def failed(self, alert: Alert) -> None:
        self.failures.append(alert)

    def gone(self, key: str, how: GoneHow) -> None:
        self.left.append((key, how))

    def available_changed(self) -> None:
        self.changes += 1
