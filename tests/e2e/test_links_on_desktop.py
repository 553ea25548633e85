"""A `supportdesk:` link, opened as a browser does it: by the desktop, through our desktop file."""

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import REPOSITORY, make_home
from tests.lab.accessibility import controls
from tests.lab.desktop import DesktopLab
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.desktop

_HOME = '[[phone]]\nname = "Hook"\nkind = "hook"\n'
_FILE = REPOSITORY / "resources" / "desktop" / "supportdesk.desktop"


def _install(lab: DesktopLab, home: Path, folder: Path) -> dict[str, str]:
    """As README says it; the program itself stands for an installed one.

    Returns:
        The environment in which desktops find it.
    """
    applications = Path(lab.env["XDG_DATA_HOME"]) / "applications"
    applications.mkdir(parents=True, exist_ok=True)
    shutil.copy(_FILE, applications)
    program = folder / "bin" / "supportdesk"
    program.parent.mkdir()
    program.write_text(
        f"#!/bin/sh\necho $$ > '{folder / 'pid'}'\n"
        f"export SUPPORTDESK_HOME='{home}' PYTHONPATH='{REPOSITORY}'\n"
        f'exec {sys.executable} -m supportdesk "$@"\n'
    )
    program.chmod(0o755)
    env = {"PATH": f"{program.parent}:{lab.env['PATH']}"}
    mime = ("xdg-mime", "default", "supportdesk.desktop", "x-scheme-handler/supportdesk")
    assert lab.exec(*mime, env=env).returncode == 0
    return env


def _shows(lab: DesktopLab, words: str) -> bool:
    found = controls(lab, role="label", name=words)
    return any(node.is_showing and "supportdesk" in node.program for node in found)


def test_the_desktop_opens_a_link_with_the_app_that_runs_or_starts_it(
    desktop_lab: DesktopLab, tmp_path: Path
) -> None:
    lab = desktop_lab
    app = DesktopApp(lab, make_home(tmp_path, _HOME))
    env = _install(lab, app.home, tmp_path)
    with app:
        opener = lab.launch("opener", ["xdg-open", "supportdesk:calls"], env=env)
        wait_until(lambda: _shows(lab, "Waiting now"), seconds=20, what="the Calls page")
        wait_until(lambda: not opener.is_running, seconds=20, what="the opener to be done")
        app.stop()
    opener = lab.launch("opener", ["xdg-open", "supportdesk:health"], env=env)
    wait_until(lambda: app.status() is not None, seconds=20, what="the app to be started")
    note = "The report has no names, no mail and no secrets."
    wait_until(lambda: _shows(lab, note), seconds=20, what="Is it working?")
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGTERM)
    wait_until(lambda: app.status() is None, seconds=20, what="the app to end")
