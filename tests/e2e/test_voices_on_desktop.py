"""Words are kept on a real desktop, over a crash, and lead back to their mail."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from supportdesk.domain.app_links import link_to
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, mail_key
from tests.e2e.answering_app import answering_home
from tests.e2e.desktop_app import DesktopApp
from tests.lab.accessibility import Control, act_on, controls, find_control
from tests.lab.desktop import DesktopLab
from tests.lab.mail import DovecotLab
from tests.lab.waiting import wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.dovecot]

_COFFEE = "I had my coffee sitting down for the first time since August."
_MAIL = f"""\
From: Ruth Okafor <ruth@customer.example>
To: {{user}}
Message-ID: <coffee@customer.example>
Subject: The new sheet

Dear all.

We are all well. {_COFFEE} The new stock sheet did that.

Ruth
"""
_KEY = mail_key(SourceName("Support"), MessageId("<coffee@customer.example>"))


def _kept(home: Path) -> list[tuple[str, str, str, str | None]]:
    with closing(sqlite3.connect(f"file:{home / 'desk.db'}?mode=ro", uri=True)) as desk:
        return list(desk.execute("SELECT words, item, who, felt FROM quote"))


def _has_keyboard(lab: DesktopLab, name: str) -> bool:
    found = controls(lab, name=name)
    return any(one.is_focused and one.is_showing for one in found)


def _cards(lab: DesktopLab) -> list[Control]:
    """The card of these words, as it is spoken."""
    spoken = f"Felt delighted. “{_COFFEE}” Ruth Okafor, mail, "
    return [one for one in controls(lab) if one.name.startswith(spoken)]


def _card_has_keyboard(lab: DesktopLab) -> bool:
    return any(one.is_focused for one in _cards(lab))


def test_words_are_kept_by_keyboard_and_lead_back_to_their_mail(
    desktop_lab: DesktopLab, tmp_path: Path
) -> None:
    lab = desktop_lab
    with DovecotLab() as mail:
        user = mail.new_address()
        with DesktopApp(lab, answering_home(tmp_path, mail, user)) as app:
            app.wait_until_listening("Support")
            mail.deliver(_MAIL.format(user=user).encode(), to=user)
            wait_until(
                lambda: (app.status() or {}).get("people_waiting") == 1,
                seconds=30,
                what="the mail",
            )
            assert app.run("open", link_to(_KEY)).returncode == 0
            find_control(lab, role="label", name="The new sheet", seconds=30)
            lab.activate("^supportdesk$")
            lab.press("q")
            wait_until(lambda: _has_keyboard(lab, "Message text"), seconds=30, what="a sentence")
            lab.press("Right")
            lab.press("q")
            find_control(lab, role="check box", name="felt delighted", seconds=30)
            act_on(lab, role="check box", name="felt delighted")
            wait_until(
                lambda: _kept(app.home) == [(_COFFEE, _KEY, "Ruth Okafor", "delighted")],
                seconds=30,
                what="how they were felt",
            )
            app.kill()
            app.start()
            app.wait_until_listening("Support")
            app.run()
            find_control(lab, role="radio button", name="Voices", seconds=30)
            lab.activate("^supportdesk$")
            lab.press("ctrl+3")
            wait_until(lambda: _cards(lab), seconds=30, what="the card")
            lab.press("j")
            wait_until(lambda: _card_has_keyboard(lab), seconds=30, what="the keyboard on it")
            lab.press("o")
            find_control(lab, role="label", name="The new sheet", seconds=30)
