"""A note after the founder's own call, on a real desktop, a real PBX, and over a crash."""

import sqlite3
import sys
from pathlib import Path

import pytest

from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.asterisk_conf import SECRET
from tests.lab.desktop import DesktopLab
from tests.lab.phone import AMI_USER, AsteriskLab
from tests.lab.softphones import Softphone
from tests.lab.waiting import wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.asterisk]

_LETTERS = "these letters are the notepad's"
_NOTEPAD = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication, QPlainTextEdit
application = QApplication([])
pad = QPlainTextEdit()
pad.setWindowTitle("Notepad")
pad.textChanged.connect(lambda: Path(sys.argv[1]).write_text(pad.toPlainText()))
pad.resize(400, 200)
pad.show()
application.exec()
"""


def _home(folder: Path, pbx: AsteriskLab) -> Path:
    settings = f"""
[[phone]]
name = "Office"
kind = "asterisk"
host = "127.0.0.1"
port = {pbx.ami_port}
user = "{AMI_USER}"
queues = ["support"]
founder = "PJSIP/201"
"""
    return make_home(folder, settings, {"phone/Office": SECRET})


def _read(home: Path, query: str) -> list[str]:
    with sqlite3.connect(f"file:{home / 'desk.db'}?mode=ro", uri=True) as desk:
        return [str(row[0]) for row in desk.execute(query)]


def _own_call(home: Path, customer: Softphone, founder: Softphone, *, after: int) -> None:
    query = "SELECT call_id FROM call WHERE outcome = 'TAKEN' AND closed_at IS NOT NULL"
    start = founder.mark()
    customer.call("800")
    founder.answer_next(start=start, seconds=30)
    founder.wait_for_event("CALL_ESTABLISHED", start=start, seconds=30)
    customer.hang_up()
    wait_until(lambda: len(_read(home, query)) > after, seconds=30, what="the end of the call")


def _activate(lab: DesktopLab, title: str) -> None:
    lab.exec("xdotool", "search", "--sync", "--onlyvisible", "--name", title, "windowactivate")


def test_a_note_disturbs_nobody_and_outlives_a_crash(
    desktop_lab: DesktopLab, asterisk_lab: AsteriskLab, tmp_path: Path
) -> None:
    founder, carla = asterisk_lab.agent("201"), asterisk_lab.customer()
    typed = tmp_path / "typed"
    with DesktopApp(desktop_lab, _home(tmp_path, asterisk_lab)) as app:
        app.wait_until_listening("Office")
        app.run()
        desktop_lab.launch("notepad", [sys.executable, "-c", _NOTEPAD, str(typed)])
        _activate(desktop_lab, "^Notepad$")
        _own_call(app.home, carla, founder, after=0)
        desktop_lab.exec("xdotool", "type", "--delay", "20", _LETTERS)
        wait_until(
            lambda: typed.exists() and typed.read_text() == _LETTERS,
            seconds=30,
            what="all letters in the other window",
        )
        _activate(desktop_lab, "^supportdesk$")
        _own_call(app.home, carla, founder, after=1)
        desktop_lab.exec("xdotool", "type", "--delay", "20", "wants two ovens")
        notes = "SELECT words FROM call_note"
        wait_until(
            lambda: _read(app.home, notes) == ["wants two ovens"],
            seconds=30,
            what="the words in desk.db",
        )
        app.kill()
        app.start()
        assert _read(app.home, notes) == ["wants two ovens"]
