"""Call back where the phone cannot dial: the desktop's own phone program, or the number alone."""

from pathlib import Path

import pytest

from tests.e2e.desktop_app import DesktopApp
from tests.e2e.notepad import Notepad
from tests.e2e.running import command
from tests.lab.accessibility import find_control
from tests.lab.desktop import DesktopLab
from tests.lab.desktop_programs import add_program_for
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.desktop

_NUMBER = "+420541220018"


def _home(folder: Path) -> Path:
    home = folder / "home"
    home.mkdir()
    (home / "settings.toml").write_text('[[phone]]\nname = "Front desk"\nkind = "hook"\n')
    return home


def _call_back(app: DesktopApp) -> None:
    told = command(app.home, "call", "missed", "--from", _NUMBER, "--name", "Pavel Kiss")
    assert told.returncode == 0, told.stderr
    app.run()
    app.lab.activate("^supportdesk$")
    find_control(app.lab, role="push button", name="Call Pavel Kiss back (b)", seconds=30)
    app.lab.press("b")


def test_the_program_for_tel_links_is_handed_the_number(
    desktop_lab: DesktopLab, tmp_path: Path
) -> None:
    dialled = tmp_path / "dialled"
    phone = tmp_path / "phone"
    phone.write_text(f'#!/bin/sh\necho "$1" > {dialled}.part && mv {dialled}.part {dialled}\n')
    phone.chmod(0o755)
    entry = add_program_for(desktop_lab.folder / "home/.local/share", "tel", str(phone))
    try:
        with DesktopApp(desktop_lab, _home(tmp_path)) as app:
            _call_back(app)
            wait_until(dialled.exists, seconds=30, what="the phone program to be handed the number")
            assert dialled.read_text() == f"tel:{_NUMBER}\n"
            find_control(desktop_lab, role="label", name="Handed to your phone program", seconds=30)
    finally:
        entry.unlink()


def test_without_a_program_the_number_is_copied_and_that_is_said(
    desktop_lab: DesktopLab, tmp_path: Path
) -> None:
    with DesktopApp(desktop_lab, _home(tmp_path)) as app:
        _call_back(app)
        words = "No phone program takes calls here"
        find_control(desktop_lab, role="label", name=words, seconds=30)
        notepad = Notepad(desktop_lab, tmp_path)
        desktop_lab.press("ctrl+v")
        notepad.wait_for_length(len(_NUMBER))
        assert notepad.text == _NUMBER
