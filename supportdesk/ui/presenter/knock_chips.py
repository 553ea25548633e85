"""The chip of whoever has tried three times today, the same on every list (F94)."""

from collections.abc import Sequence
from datetime import datetime

from supportdesk.services.alert_text import again_words
from supportdesk.services.knocks import THIRD
from supportdesk.ui.rows import ChipKind, ChipView


def knock_chips(tries: Sequence[datetime], now: datetime) -> tuple[ChipView, ...]:
    if len(tries) < THIRD:
        return ()
    words = again_words(tries, now, datetime.astimezone).rstrip(".")
    return (ChipView(label=words, kind=ChipKind.KNOCK),)
