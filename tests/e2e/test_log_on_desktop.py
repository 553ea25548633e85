"""What a command does to the log is at once what the window and the tray of the running app say."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.domain.reading import Span, SpanKind
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.accessibility import act_on, controls, find_control
from tests.lab.desktop import DesktopLab
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.desktop

_SETTINGS = '[[phone]]\nname = "Front desk"\nkind = "hook"\n\n[reading]\nperiod = "last_7_days"\n'
_FIGURE = "12 of 30 minutes with customers"


def _talk() -> Span:
    """Twelve minutes of yesterday, which the last seven days always hold."""
    yesterday = SystemClock().now().astimezone() - timedelta(days=1)
    return Span(
        span_id="a talk on the laptop",
        kind=SpanKind.TALK,
        item="call/Front desk/1",
        label="Pavel Kiss",
        started_at=yesterday.replace(hour=12, minute=0),
        utc_offset=yesterday.utcoffset() or timedelta(),
        counted_seconds=720.0,
    )


def test_an_import_and_a_deletion_are_shown_at_once(
    desktop_lab: DesktopLab, tmp_path: Path
) -> None:
    home = make_home(tmp_path, _SETTINGS)
    with closing(SqliteDeskStore(tmp_path / "laptop.db")) as laptop:
        laptop.append_span(_talk())
    with DesktopApp(desktop_lab, home) as app:

        def is_said() -> bool:
            return any(_FIGURE in one.name for one in controls(desktop_lab))

        app.run("supportdesk")
        find_control(desktop_lab, role="radio button", name="My week", seconds=60)
        act_on(desktop_lab, role="radio button", name="My week")
        assert not is_said()
        imported = app.run("import", "log", str(tmp_path / "laptop.db"))
        assert imported.stdout == "1 new span, 0 known already.\n", imported.stderr
        wait_until(is_said, seconds=30, what=_FIGURE)
        deleted = app.run("delete", "log", "--yes")
        assert deleted.stdout.startswith("1 row of the log deleted"), deleted.stderr
        wait_until(lambda: not is_said(), seconds=30, what="an empty week")
        assert "Traceback" not in app.output()
