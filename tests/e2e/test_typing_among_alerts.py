"""Fifty alerts of all kinds come while somebody types elsewhere: each letter lands there (F8)."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from supportdesk.domain.alerts import AlertKind
from tests.e2e.alert_storm import ALERTS
from tests.e2e.notepad import Notepad
from tests.e2e.running import REPOSITORY, make_home
from tests.lab.desktop import DesktopLab, DesktopSettings, Keyring, Notifier, Session, Tray
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.desktop

_LETTERS = 500
_LINE = "b d j k r t u 1 2, a quick fox, Space and Return\n"
_TYPED = (_LINE * (_LETTERS // len(_LINE) + 1))[: _LETTERS - 1] + "\n"
_TYPIST = 'for line; do xdotool type --delay 20 "$line"; xdotool key Return; done'
_HOME = '[[phone]]\nname = "Hook"\nkind = "hook"\n'


def _lines(file: Path, beginning: str) -> Sequence[str]:
    lines = file.read_text().splitlines() if file.exists() else []
    return [line for line in lines if line.startswith(beginning)]


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param(DesktopSettings(keyring=Keyring.NONE), id="xfce"),
        pytest.param(DesktopSettings(keyring=Keyring.NONE, notifier=Notifier.NONE), id="own cards"),
    ],
)
def test_five_hundred_letters_land_in_the_answer(settings: DesktopSettings, tmp_path: Path) -> None:
    """Each letter of it is a command elsewhere in the window."""
    home = make_home(tmp_path, _HOME)
    told, written = tmp_path / "told", tmp_path / "written"
    with DesktopLab(settings) as lab:
        variables = {"SUPPORTDESK_HOME": str(home), "PYTHONPATH": str(REPOSITORY)}
        command = [sys.executable, "-m", "tests.e2e.alert_storm", str(told), str(written)]
        app = lab.launch("alerts", command, env=variables)
        lab.activate("^supportdesk$")
        typist = lab.launch("typist", ["sh", "-c", _TYPIST, "sh", *_TYPED.splitlines()])
        wait_until(
            lambda: len(_lines(told, "alert")) == ALERTS or not app.is_running,
            seconds=60,
            what="all alerts",
        )
        assert app.is_running, app.log_tail()
        wait_until(lambda: not typist.is_running, seconds=60, what="the typist")

        def text() -> str:
            return written.read_text() if written.exists() else ""

        wait_until(lambda: len(text()) >= _LETTERS, seconds=30, what="the answer to be kept")
        assert text() == _TYPED
        app.stop(seconds=20)
    assert _lines(told, "response") == []


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param(DesktopSettings(keyring=Keyring.NONE), id="xfce"),
        pytest.param(DesktopSettings(keyring=Keyring.NONE, notifier=Notifier.NONE), id="own cards"),
        pytest.param(
            DesktopSettings(
                session=Session.SWAY, tray=Tray.WAYBAR, notifier=Notifier.NONE, keyring=Keyring.NONE
            ),
            id="own cards under sway",
        ),
    ],
)
def test_five_hundred_letters_land_where_they_are_typed(
    settings: DesktopSettings, tmp_path: Path
) -> None:
    home = make_home(tmp_path, _HOME)
    told = tmp_path / "told"
    with DesktopLab(settings) as lab:
        notepad = Notepad(lab, tmp_path)
        variables = {"SUPPORTDESK_HOME": str(home), "PYTHONPATH": str(REPOSITORY)}
        command = [sys.executable, "-m", "tests.e2e.alert_storm", str(told)]
        app = lab.launch("alerts", command, env=variables)
        wait_until(
            lambda: _lines(told, "alert") or not app.is_running, seconds=30, what="the first alert"
        )
        # It takes somewhat longer than the alerts do.
        typist = lab.launch("typist", ["sh", "-c", _TYPIST, "sh", *_TYPED.splitlines()])
        wait_until(
            lambda: len(_lines(told, "alert")) == ALERTS or not app.is_running,
            seconds=60,
            what="all alerts",
        )
        assert app.is_running, app.log_tail()
        wait_until(lambda: not typist.is_running, seconds=60, what="the typist")
        notepad.wait_for_length(len(_TYPED))
        assert notepad.text == _TYPED
        assert len(notepad.text) == _LETTERS
        app.stop(seconds=20)
    assert {line.split(" ", 1)[1] for line in _lines(told, "alert")} == {
        kind.value for kind in AlertKind
    }
    assert _lines(told, "response") == []
