"""Twenty calls come while somebody types elsewhere: each letter lands there, no call is touched."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.domain.calls import Outcome
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.notepad import Notepad
from tests.e2e.phone_home import phone_home
from tests.lab.desktop import DesktopLab
from tests.lab.phone import AsteriskLab
from tests.lab.waiting import wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.asterisk]

_CALLS = 20
_LINES = 24
_LINE = "b d j k r t u 1 2 the quick brown fox, and Space and Return too"
_TYPED = "".join(f"{number} {_LINE}\n" for number in range(_LINES))

# Slowly, as a person would: it lasts about as long as the calls.
_TYPIST = 'for line; do xdotool type --delay 30 "$line"; xdotool key Return; done'


def _waiting(app: DesktopApp) -> int | None:
    status = app.status()
    return status["waiting"] if status else None


def test_twenty_calls_disturb_nobody_who_types(
    desktop_lab: DesktopLab, asterisk_lab: AsteriskLab, tmp_path: Path
) -> None:
    founder = asterisk_lab.agent("100")
    carla = asterisk_lab.customer()
    home = phone_home(tmp_path, asterisk_lab.ami_port, more="[alerts]\nring_seconds = 1")
    with DesktopApp(desktop_lab, home) as app:
        app.wait_until_listening("Office")
        notepad = Notepad(desktop_lab, tmp_path)
        typist = desktop_lab.launch("typist", ["sh", "-c", _TYPIST, "sh", *_TYPED.splitlines()])
        for _ in range(_CALLS):
            start = carla.mark()
            carla.call("800")
            wait_until(lambda: _waiting(app) == 1, seconds=20, what="the caller to be shown")
            carla.hang_up()
            carla.wait_for_event("CALL_CLOSED", start=start)
            wait_until(lambda: _waiting(app) == 0, seconds=20, what="the caller to be gone")
        wait_until(lambda: not typist.is_running, seconds=120, what="the typist")
        notepad.wait_for_length(len(_TYPED))
        assert notepad.text == _TYPED
    assert [one for one in founder.events if one.get("type") == "CALL_INCOMING"] == []
    store = SqliteDeskStore(app.home / "desk.db")
    calls = store.calls_since(datetime.min.replace(tzinfo=UTC))
    store.close()
    assert [call.outcome for call in calls] == [Outcome.MISSED] * _CALLS
    assert {call.closed_at for call in calls} == {None}
