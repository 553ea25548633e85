"""The tray app on a real desktop with a real mail server: alerts, tray, window, reading clock."""

import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.accessibility import Control, controls, find_control
from tests.lab.desktop import DesktopLab, DesktopSettings, Notifier, Tray
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.dovecot]

WORDS = "The spelt order went out twice again and the mill will not take it back. " * 12


def _message(number: int, to: str, words: str = WORDS) -> bytes:
    message = EmailMessage()
    message["From"] = f"Carla Customer {number} <carla{number}@example.org>"
    message["To"] = to
    message["Subject"] = f"Order {number} has not arrived"
    message["Message-ID"] = f"<order-{number}@example.org>"
    message.set_content(words)
    return message.as_bytes()


_OTHER_WINDOW = """
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication([])
window = QLabel("Another window")
window.setWindowTitle("Another window")
window.show()
window.activateWindow()
application.exec()
"""


class Desk:
    """An app with one mailbox of its own."""

    def __init__(self, lab: DesktopLab, dovecot: DovecotLab, folder: Path) -> None:
        self.dovecot = dovecot
        self.user = dovecot.new_address()
        settings = f"""
[[mail]]
name = "Support"
address = "{self.user}"
host = "localhost"
port = {dovecot.imaps_port}
user = "{self.user}"
ca_file = "{dovecot.ca_file}"
[reading]
nudge = false
"""
        self.lab = lab
        self.app = DesktopApp(lab, make_home(folder, settings, {"mail/Support": PASSWORD}))

    def deliver(self, number: int, words: str = WORDS) -> None:
        self.dovecot.deliver(_message(number, self.user, words), to=self.user)


@pytest.fixture
def desk(desktop_lab: DesktopLab, dovecot_lab: DovecotLab, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(desktop_lab, dovecot_lab, tmp_path)
    with made.app:
        made.app.wait_until_listening("Support")
        yield made


def _alert_title(lab: DesktopLab, name: str) -> Control:
    return find_control(lab, role="label", name=name, seconds=20)


def _subject_on_show(lab: DesktopLab, subject: str) -> bool:
    window = "supportdesk" in " ".join(lab.windows())
    return window and any(
        node.is_showing and node.program.startswith("supportdesk")
        for node in controls(lab, role="label", name=subject)
    )


def _read_alert(desk: Desk, number: int) -> None:
    """Press Read on the pop-up of this customer: the button that lies next below its title."""
    title = _alert_title(desk.lab, f"Carla Customer {number}")
    buttons = [
        node for node in controls(desk.lab, role="push button", name="Read") if node.is_showing
    ]
    below = [node for node in buttons if node.box[1] > title.box[1]]
    desk.lab.click(*min(below, key=lambda node: node.box[1]).centre)


def test_the_middle_one_of_three_alerts_opens_exactly_that_mail(desk: Desk) -> None:
    assert desk.lab.windows() == [] or "supportdesk" not in " ".join(desk.lab.windows())
    for number in (1, 2, 3):
        desk.deliver(number)
        _alert_title(desk.lab, f"Carla Customer {number}")
    find_control(desk.lab, role="push button", name="Reply")
    _read_alert(desk, 2)
    wait_until(
        lambda: _subject_on_show(desk.lab, "Order 2 has not arrived"),
        seconds=20,
        what="the second mail to be open",
    )
    assert not _subject_on_show(desk.lab, "Order 1 has not arrived")


def _wait_for_dunst(lab: DesktopLab, alerts: int) -> None:
    wait_until(
        lambda: lab.exec("dunstctl", "count", "displayed").stdout.strip() == str(alerts),
        seconds=20,
        what=f"{alerts} alerts",
    )


def test_a_click_on_the_body_opens_exactly_that_mail(
    dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    with DesktopLab(DesktopSettings(notifier=Notifier.DUNST)) as lab:
        desk = Desk(lab, dovecot_lab, tmp_path)
        with desk.app as app:
            app.wait_until_listening("Support")
            for number in (1, 2, 3):
                # No text, so that no first words come later and make a box grow.
                desk.deliver(number, words="")
                _wait_for_dunst(lab, number)
            # dunst draws no accessible controls: three boxes of two lines below each other.
            lab.click(1050, 124)
            wait_until(
                lambda: _subject_on_show(lab, "Order 2 has not arrived"),
                seconds=20,
                what="the second mail to be open",
            )


def test_reading_counts_while_the_window_is_in_front_and_only_then(desk: Desk) -> None:
    desk.deliver(1)
    _read_alert(desk, 1)
    wait_until(
        lambda: _subject_on_show(desk.lab, "Order 1 has not arrived"), seconds=20, what="the mail"
    )
    wait_until(lambda: desk.app.week()["read_seconds"] >= 8, seconds=40, what="8 s to be counted")
    other = desk.lab.launch("another window", [sys.executable, "-c", _OTHER_WINDOW])
    wait_until(
        lambda: "Another window" in desk.lab.windows(), seconds=10, what="another window in front"
    )
    counted = [desk.app.week()["read_seconds"]]

    def has_stood_still() -> bool:
        counted.append(desk.app.week()["read_seconds"])
        return len(counted) > 15 and len(set(counted[-12:])) == 1

    wait_until(has_stood_still, seconds=60, what="the clock to stand still")
    # While the other window is there: in front again, ours would count on.
    assert sum(day["read_seconds"] for day in desk.app.week()["days"]) == counted[-1]
    other.stop()


def test_the_tray_item_says_each_state(
    desktop_lab: DesktopLab, dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    desk = Desk(desktop_lab, dovecot_lab, tmp_path)
    settings = desk.app.home / "settings.toml"
    settings.write_text(settings.read_text() + "\n[alerts]\nring_seconds = 1\n")
    with desk.app as app:
        app.wait_for_tooltip("nobody waits for a reply")
        desk.deliver(1)
        app.wait_for_tooltip("1 person waiting for a reply")
        app.run("call", "ringing", "--from", "+420541220018", "--name", "Pavel Kiss")
        app.wait_for_tooltip("Pavel Kiss")
        wait_until(
            lambda: (app.status() or {}).get("tray") == "this one is yours",
            seconds=10,
            what="the caller to be the founder's",
        )
        app.run("call", "answered", "--from", "+420541220018", "--by", "Anna")
        app.wait_for_tooltip("1 person waiting for a reply")
        text = settings.read_text()
        settings.write_text(text + 'quiet_hours = "00:00-23:59"\n')
        app.wait_for_tooltip("Alerts paused until")
        settings.write_text(text.replace(f"port = {dovecot_lab.imaps_port}", "port = 1"))
        app.wait_for_tooltip("Not listening since")


def test_with_no_tray_the_window_opens_and_closing_it_quits(
    dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    with DesktopLab(DesktopSettings(tray=Tray.NONE)) as lab:
        desk = Desk(lab, dovecot_lab, tmp_path)
        with desk.app as app:
            wait_until(
                lambda: "supportdesk" in " ".join(lab.windows()), seconds=20, what="the window"
            )
            find_control(lab, role="radio button", name="Is it working?")
            lab.exec("wmctrl", "-c", "supportdesk")
            wait_until(lambda: not app.is_running, seconds=20, what="the app to quit")


def test_a_second_start_brings_the_first_to_the_front(desk: Desk) -> None:
    assert "supportdesk" not in " ".join(desk.lab.windows())
    assert desk.app.run().returncode == 0
    wait_until(lambda: "supportdesk" in " ".join(desk.lab.windows()), seconds=20, what="the window")


def test_the_program_ends_cleanly(desk: Desk) -> None:
    desk.deliver(1)
    _alert_title(desk.lab, "Carla Customer 1")
    desk.app.stop()
    assert "Traceback" not in desk.app.output()
    wait_until(
        lambda: not controls(desk.lab, role="label", name="Carla Customer 1"),
        seconds=10,
        what="the alert to be taken back",
    )
