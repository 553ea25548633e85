"""My week as a screen reader finds it: the real app on a desktop, read aloud as text."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.domain.reading import DroppedTime, DropRule, Span, SpanKind
from supportdesk.domain.week import WeekId
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.accessibility import act_on, controls, find_control
from tests.lab.desktop import DesktopLab
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.desktop

_SETTINGS = '[[phone]]\nname = "Front desk"\nkind = "hook"\n\n[reading]\nweek_starts = "monday"\n'


def span(at: datetime, kind: SpanKind, seconds: float) -> Span:
    locked = (DroppedTime(rule=DropRule.LOCKED, seconds=130),) if kind is SpanKind.READ else ()
    return Span(
        span_id=f"{at:%Y%m%d}/{kind.value}",
        kind=kind,
        item=f"span/{kind.value}",
        label="Pavel Kiss",
        started_at=at,
        utc_offset=at.utcoffset() or timedelta(),
        counted_seconds=seconds,
        dropped=locked,
    )


def test_the_page_is_read_aloud(desktop_lab: DesktopLab, tmp_path: Path) -> None:
    """Of the week before, which holds all of its days whenever this runs."""
    today = SystemClock().now().astimezone().date()
    week = WeekId.containing(today - timedelta(days=7))
    wednesday = week.days[2]
    morning = datetime.combine(wednesday, time(9, 12)).astimezone()
    home = make_home(tmp_path, _SETTINGS)
    store = SqliteDeskStore(home / "desk.db")
    store.append_span(span(morning, SpanKind.READ, 144))
    store.append_span(span(morning + timedelta(hours=2), SpanKind.TALK, 240))
    store.close()
    day = f"{wednesday:%A} {wednesday.day} {wednesday:%B}: 6.4 minutes, read 2.4, talk 4.0"
    with DesktopApp(desktop_lab, home) as app:
        app.run("supportdesk")
        find_control(desktop_lab, role="radio button", name="My week", seconds=60)
        act_on(desktop_lab, role="radio button", name="My week")
        find_control(desktop_lab, role="push button", name="Week before", seconds=30)
        disc = f"{week.label}: 6 of 30 minutes"
        find_control(desktop_lab, role="push button", name=disc, seconds=30)
        act_on(desktop_lab, role="push button", name=disc)
        find_control(desktop_lab, role="push button", name=day, seconds=30)
        act_on(desktop_lab, role="push button", name=day)
        wanted = [
            "6.4 of 30 minutes with customers",
            "23.6 short. That week is over.",
            "read 2.4 min",
            "reply 0.0 min",
            "talk 4.0 min",
            day,
            f"{week.days[3]:%A} {week.days[3].day} {week.days[3]:%B}: nothing counted",
            disc,
            "6:24 counted, 2:10 not counted",
            "11:12, Talk with Pavel Kiss, Talk on the phone, counted 4:00",
            "09:12, Pavel Kiss, Read, counted 2:24."
            " 2:10 not counted: the screen was locked at 09:14",
        ]

        def missing() -> list[str]:
            said = {control.name for control in controls(desktop_lab)}
            return [line for line in wanted if line not in said]

        wait_until(lambda: not missing(), seconds=30, what="the whole page to be spoken")
