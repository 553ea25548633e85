"""Answering on a real desktop: from the button of an alert, with the window closed, to the tray.

Letters come from the keyboard of the X server, through its window manager.
"""

from pathlib import Path

import pytest

from tests.e2e.answering_app import answering_home
from tests.e2e.desktop_app import DesktopApp
from tests.lab.accessibility import act_on, controls, find_control
from tests.lab.desktop import DesktopLab
from tests.lab.mail import DovecotLab
from tests.lab.waiting import wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.dovecot]

_QUESTION = """\
From: Carla Customer <carla@customer.example>
To: {user}
Message-ID: <order@customer.example>
Subject: The order

Where is it?
"""
_WORDS = "It left this morning. r j x u"


def _has_keyboard(lab: DesktopLab) -> bool:
    texts = controls(lab, role="text", name="Text")
    return any(one.is_focused and one.is_showing for one in texts)


def test_reply_of_an_alert_opens_the_composer_and_the_tray_tells_what_is_not_sent(
    desktop_lab: DesktopLab, tmp_path: Path
) -> None:
    lab = desktop_lab
    with DovecotLab() as mail:
        user = mail.new_address()
        with DesktopApp(lab, answering_home(tmp_path, mail, user)) as app:
            app.wait_until_listening("Support")
            mail.deliver(_QUESTION.format(user=user).encode(), to=user)
            find_control(lab, role="push button", name="Reply", seconds=30)
            assert "supportdesk" not in lab.windows()
            act_on(lab, role="push button", name="Reply")
            wait_until(lambda: _has_keyboard(lab), seconds=30, what="the composer")
            lab.type(_WORDS)
            mail.stop_server()
            lab.press("ctrl+Return")
            app.wait_for_tooltip("1 not sent yet, since ", seconds=60)
            wait_until(
                lambda: (app.status() or {}).get("unsent") == 1, seconds=30, what="it to wait"
            )
            mail.start_server()
            app.wait_until_listening("Support")
            act_on(lab, role="push button", name="Try now: to Carla Customer")
            (sent,) = mail.sink.wait_for(1, seconds=60)
            assert _WORDS.encode() in sent.content
            wait_until(
                lambda: "not sent" not in app.tooltip(), seconds=30, what="the tray to be quiet"
            )
            # Writing counts by its keys.
            assert app.week()["reply_seconds"] > 0
