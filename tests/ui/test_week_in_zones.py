"""My week where calendars are hardest: 30.0 minutes are 30 in every place that tells of them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.domain.reading import Span, SpanKind
from supportdesk.ui.rows import Page, SpanChoice, WeekView
from supportdesk.ui.theme import Theme
from tests.ui.looking import named, words
from tests.ui.rig import Rig

PATIENCE_MS = 30_000
PRAGUE = ZoneInfo("Europe/Prague")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
SIX_MINUTES = timedelta(minutes=6)


def read(start: datetime, zone: ZoneInfo, mails: int) -> list[Span]:
    """So many mails without a pause, six minutes each, by the clock of the zone."""
    begins = [start + number * SIX_MINUTES for number in range(mails)]
    return [
        Span(
            span_id=f"{at:%Y%m%dT%H%M}/{zone.key}",
            kind=SpanKind.READ,
            item="mail/1",
            label="Ingrid Solheim: Order sheet twice?",
            started_at=at,
            utc_offset=at.astimezone(zone).utcoffset() or timedelta(),
            counted_seconds=360.0,
            clock="run",
        )
        for at in begins
    ]


def opened(theme: Theme, qtbot: QtBot, spans: Sequence[Span], zone: ZoneInfo, now: datetime) -> Rig:
    rig = Rig(theme, qtbot, to_local=lambda at: at.astimezone(zone))
    rig.desk.now = now
    rig.log.record(spans)
    rig.window.show_page(Page.WEEK)

    def is_whole() -> bool:
        return bool(shown(rig).twelve_weeks_sentence)

    qtbot.waitUntil(is_whole, timeout=PATIENCE_MS)
    return rig


def shown(rig: Rig) -> WeekView:
    view = rig.window._shown.week
    assert view is not None
    return view


def minutes_by_day(rig: Rig) -> dict[date, float]:
    return {day.day: day.total_minutes for day in shown(rig).days if day.total_minutes}


def says_thirty(rig: Rig) -> None:
    """The figure, the legend, the disc, the strip, the rows, and what is spoken."""
    view = shown(rig)
    assert named(rig.window, "30 of 30 minutes with customers").isVisible()
    assert named(rig.window, "read 30.0 min").isVisible()
    assert view.sentence.startswith("That is the week's goal.")
    assert round(sum(day.total_minutes for day in view.days), 9) == 30.0
    assert view.twelve_weeks[-1].label == "30"
    strip = rig.window._shown.strip
    assert strip is not None
    assert strip.progress is not None
    assert strip.progress.label == "30 of 30 min this week"
    rig.window.choices.day_chosen.emit(SpanChoice())
    assert "30:00 counted" in words(rig.window)
    assert sum(_seconds(row.counted_label) for row in shown(rig).spans) == 1800


def _seconds(label: str) -> int:
    minutes, seconds = label.split(":")
    return int(minutes) * 60 + int(seconds)


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        (PRAGUE, datetime(2026, 3, 29, 0, 45, tzinfo=UTC)),
        (PRAGUE, datetime(2026, 10, 25, 0, 45, tzinfo=UTC)),
        (LOS_ANGELES, datetime(2026, 3, 8, 9, 45, tzinfo=UTC)),
        (LOS_ANGELES, datetime(2026, 11, 1, 8, 45, tzinfo=UTC)),
        (LORD_HOWE, datetime(2026, 4, 4, 14, 45, tzinfo=UTC)),
    ],
    ids=["Prague spring", "Prague autumn", "LA spring", "LA autumn", "half an hour"],
)
def test_a_week_with_a_change_of_the_clocks(
    theme: Theme, qtbot: QtBot, zone: ZoneInfo, start: datetime
) -> None:
    """Half an hour over the very moment of the change, and looked at an hour after it."""
    spans = read(start, zone, 5)
    rig = opened(theme, qtbot, spans, zone, start + timedelta(hours=1, minutes=30))
    says_thirty(rig)
    assert minutes_by_day(rig) == {start.astimezone(zone).date(): 30.0}
    offsets = {span.utc_offset for span in spans}
    assert len(offsets) == 2


def test_a_flight_over_nine_zones(theme: Theme, qtbot: QtBot) -> None:
    """Read late on Tuesday in Prague; after twelve hours in the air it is Tuesday again."""
    before = read(datetime(2026, 11, 17, 21, 50, tzinfo=UTC), PRAGUE, 3)
    after = read(datetime(2026, 11, 18, 7, 50, tzinfo=UTC), LOS_ANGELES, 2)
    rig = opened(
        theme, qtbot, [*before, *after], LOS_ANGELES, datetime(2026, 11, 18, 8, 30, tzinfo=UTC)
    )
    says_thirty(rig)
    tuesday, wednesday = date(2026, 11, 17), date(2026, 11, 18)
    # Ten of the last twelve minutes lie before midnight there.
    assert minutes_by_day(rig) == {tuesday: 28.0, wednesday: 2.0}


def test_a_flight_into_yesterday(theme: Theme, qtbot: QtBot) -> None:
    """What was read on a day that has not begun here is shown, and is part of the sum."""
    spans = read(datetime(2026, 11, 18, 23, 0, tzinfo=UTC), PRAGUE, 5)
    rig = opened(theme, qtbot, spans, LOS_ANGELES, datetime(2026, 11, 19, 0, 0, tzinfo=UTC))
    says_thirty(rig)
    [thursday] = [day for day in shown(rig).days if day.total_minutes]
    assert (thursday.day, thursday.is_future) == (date(2026, 11, 19), False)


def test_new_year_in_week_53(theme: Theme, qtbot: QtBot) -> None:
    """From 23:45 on into the new year: the week goes on, the days are of two years."""
    start = datetime(2026, 12, 31, 22, 45, tzinfo=UTC)
    rig = opened(theme, qtbot, read(start, PRAGUE, 5), PRAGUE, start + timedelta(hours=1))
    says_thirty(rig)
    assert shown(rig).bounds_label == "Mon 28 Dec 2026 – Sun 3 Jan 2027"
    assert minutes_by_day(rig) == {date(2026, 12, 31): 15.0, date(2027, 1, 1): 15.0}
