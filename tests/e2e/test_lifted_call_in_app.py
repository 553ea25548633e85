"""A call that an operator lifts, in the app: from the card over its window to the talk."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from supportdesk.adapters.places import Places
from supportdesk.bootstrap import TrayApp
from supportdesk.commands.watch import key_store
from supportdesk.domain.calls import Outcome
from supportdesk.domain.health import SourceName
from supportdesk.ui.lift_bar import LiftBar
from tests.e2e.phone_home import phone_home
from tests.e2e.test_lift_by_call import install_lifts
from tests.fakes.heard_events import wait_until
from tests.lab.phone import AsteriskLab
from tests.ui.looking import named, words

pytestmark = [
    pytest.mark.asterisk,
    pytest.mark.qt_log_ignore(r"This plugin does not support (propagateSizeHints|raise)"),
]


@pytest.fixture
def app(
    asterisk_lab: AsteriskLab,
    tmp_path: Path,
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[TrayApp]:
    install_lifts(asterisk_lab)
    more = '[lift]\nqueue = "founder"\n[reading]\nnudge = false\n'
    home = phone_home(tmp_path, asterisk_lab.ami_port, more=more)
    monkeypatch.setenv("SUPPORTDESK_HOME", str(home))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(home / "credentials"))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    made = TrayApp(qapp, Places.from_environment(os.environ), key_store(), is_practice=False)
    made.start()
    made.show_window()
    yield made
    made.stop()


def test_take_call_on_the_card_brings_the_customer_out_of_the_talk(
    asterisk_lab: AsteriskLab, app: TrayApp
) -> None:
    calls = app.core.desk.calls
    wait_until(
        lambda: calls.is_known(SourceName("Office")), seconds=20, what="the phones to be heard"
    )
    fay, ann = asterisk_lab.agent("100"), asterisk_lab.agent("201")
    carla = asterisk_lab.customer()
    carla.call("800")
    ann.answer_next()
    ann.call("*51")
    bar = app._made_window().window.findChild(LiftBar)
    assert bar is not None
    wait_until(bar.isVisible, seconds=10, what="the card")
    said = " ".join(words(bar))
    assert "Ann Agent asks for you on a call" in said
    assert "wants to leave" in said
    QTest.mouseClick(named(bar, "Take call"), Qt.MouseButton.LeftButton)
    # The desk is to run while the phone waits.
    wait_until(
        lambda: any(event.get("type") == "CALL_INCOMING" for event in fay.events),
        seconds=10,
        what="the founder's phone to ring",
    )
    fay.answer()
    wait_until(lambda: not bar.isVisible(), seconds=10, what="the card to go")
    [call] = calls.history.calls()
    assert (call.name, call.outcome, call.by) == ("Carla Customer", Outcome.TAKEN, "you")
    carla.hang_up()
    wait_until(
        lambda: calls.history.calls()[0].closed_at is not None, seconds=10, what="the talk's end"
    )
