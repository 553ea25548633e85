"""What the app says of itself, once, at the moment it is of use."""

from datetime import datetime

from supportdesk.domain.alerts import (
    Action,
    Alert,
    AlertKind,
    AlertPage,
    AlertRaised,
    Notice,
    Urgency,
)
from supportdesk.domain.health import SourceName


def goes_on_in_tray(now: datetime) -> Alert:
    """For who closes the window and may think that it has quit."""
    return Alert(
        key="hint/tray",
        kind=AlertKind.HEALTH,
        title="supportdesk goes on listening",
        body="Its icon in the tray opens the window again; Quit is in the menu of the icon.",
        actions=(Action.SHOW,),
        source=SourceName(""),
        at=now,
        urgency=Urgency.LOW,
    )


def customers_are_quiet(words: str, now: datetime) -> tuple[Notice, ...]:
    """The answer to whoever had a test mail sent."""
    alert = Alert(
        key="hint/silence",
        kind=AlertKind.HEALTH,
        title="Customers are quiet",
        body=words,
        actions=(Action.SHOW,),
        source=SourceName(""),
        at=now,
        urgency=Urgency.LOW,
        page=AlertPage.HEALTH,
    )
    return (AlertRaised(alert=alert),)
