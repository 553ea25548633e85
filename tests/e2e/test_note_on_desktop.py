"""A note after the founder's own call, on a real desktop, a real PBX, and over a crash."""

import sqlite3
from pathlib import Path

import pytest

from tests.e2e.desktop_app import DesktopApp
from tests.e2e.notepad import Notepad
from tests.e2e.phone_home import phone_home
from tests.lab.accessibility import controls
from tests.lab.desktop import DesktopLab
from tests.lab.phone import AsteriskLab
from tests.lab.softphones import Softphone
from tests.lab.waiting import wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.asterisk]

_LETTERS = "these letters are the notepad's"


def _read(home: Path, query: str) -> list[str]:
    with sqlite3.connect(f"file:{home / 'desk.db'}?mode=ro", uri=True) as desk:
        return [str(row[0]) for row in desk.execute(query)]


def _may_type(lab: DesktopLab) -> bool:
    fields = controls(lab, role="text")
    return any(one.is_focused and one.program.startswith("supportdesk") for one in fields)


def _own_call(home: Path, customer: Softphone, founder: Softphone, *, after: int) -> None:
    query = "SELECT call_id FROM call WHERE outcome = 'TAKEN' AND closed_at IS NOT NULL"
    start = founder.mark()
    customer.call("800")
    founder.answer_next(start=start, seconds=30)
    founder.wait_for_event("CALL_ESTABLISHED", start=start, seconds=30)
    customer.hang_up()
    wait_until(lambda: len(_read(home, query)) > after, seconds=30, what="the end of the call")


def test_a_note_disturbs_nobody_and_outlives_a_crash(
    desktop_lab: DesktopLab, asterisk_lab: AsteriskLab, tmp_path: Path
) -> None:
    founder, carla = asterisk_lab.agent("201"), asterisk_lab.customer()
    home = phone_home(tmp_path, asterisk_lab.ami_port, founder="PJSIP/201")
    with DesktopApp(desktop_lab, home) as app:
        app.wait_until_listening("Office")
        app.run()
        notepad = Notepad(desktop_lab, tmp_path)
        _own_call(app.home, carla, founder, after=0)
        desktop_lab.type(_LETTERS)
        notepad.wait_for_length(len(_LETTERS))
        assert notepad.text == _LETTERS
        desktop_lab.activate("^supportdesk$")
        _own_call(app.home, carla, founder, after=1)
        wait_until(lambda: _may_type(desktop_lab), seconds=30, what="the note line to be there")
        desktop_lab.type("wants two ovens")
        notes = "SELECT words FROM call_note"
        wait_until(
            lambda: _read(app.home, notes) == ["wants two ovens"],
            seconds=30,
            what="the words in desk.db",
        )
        app.kill()
        app.start()
        assert _read(app.home, notes) == ["wants two ovens"]
