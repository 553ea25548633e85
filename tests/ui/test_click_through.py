"""What a click leads to: on an alert of now or of an earlier run, on each button, and by a link.

The window is closed at each beginning. Mail and calls are handed to the desk as adapters would.
"""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from supportdesk.adapters.places import Places
from supportdesk.bootstrap import TrayApp
from supportdesk.commands.requests import RequestDesk
from supportdesk.commands.watch import key_store
from supportdesk.domain.alerts import Action, Alert, AlertKind, AlertPage
from supportdesk.domain.app_links import link_to
from supportdesk.domain.errors import Problem
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageSummary
from supportdesk.protocols.hook_calls import HookEvent, HookTurn
from supportdesk.services.health_alerts import OUTBOX
from supportdesk.services.ports import AlertResponse
from supportdesk.ui import rows
from supportdesk.ui.calls.waiting_list import WaitingList
from tests.e2e.running import make_home
from tests.fakes.happenings import a_message, an_answer, arrived, opened
from tests.fakes.notification_server import (
    bear_with_daemons,
    notification_server,
)
from tests.fakes.session_bus import private_bus

_SETTINGS = """
[[mail]]
name = "Support"
address = "support@desk.example"
host = "localhost"
port = 1
user = "support"
[reading]
nudge = false
[alerts]
ring_seconds = 1
"""
_UIDS = itertools.count(1)
_NUMBERS = (f"+42054122{number:04}" for number in itertools.count(1))


class Programs(QObject):
    """Takes over what would be opened outside: letters and numbers to dial."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toString())


@pytest.fixture
def programs() -> Iterator[Programs]:
    made = Programs()
    for scheme in ("mailto", "tel"):
        # PySide takes the name of the slot as a str only; its own types say bytes.
        QDesktopServices.setUrlHandler(scheme, made, "open")  # type: ignore[arg-type]
    yield made
    for scheme in ("mailto", "tel"):
        QDesktopServices.unsetUrlHandler(scheme)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The app of all these tests lives here, on a session bus of its own."""
    folder = tmp_path_factory.mktemp("clicks")
    home = make_home(folder, _SETTINGS, {"mail/Support": "secret"})
    with (
        pytest.MonkeyPatch.context() as patch,
        private_bus(folder) as bus,
        notification_server(bus.address),
    ):
        bear_with_daemons(patch)
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        patch.setenv("SUPPORTDESK_HOME", str(home))
        patch.setenv("CREDENTIALS_DIRECTORY", str(home / "credentials"))
        yield home


@contextmanager
def _running(qapp: QApplication) -> Iterator[TrayApp]:
    app = TrayApp(qapp, Places.from_environment(os.environ), key_store(), is_practice=False)
    app.start()
    # No host of a tray icon is there, so that the start has opened the window.
    app.show_window()
    app._made_window().window.hide()
    try:
        yield app
    finally:
        app.stop()


@pytest.fixture(scope="module")
def one_app(home: Path, qapp: QApplication) -> Iterator[TrayApp]:
    with _running(qapp) as made:
        yield made


@pytest.fixture
def app(one_app: TrayApp) -> TrayApp:
    """The same for all tests: each has customers and calls of its own."""
    one_app._made_window().window.hide()
    return one_app


def _words_on_show() -> str:
    windows = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    labels = [label for window in windows for label in window.findChildren(QLabel)]
    return "\n".join(label.text() for label in labels if label.isVisible())


def _page(app: TrayApp) -> rows.Page:
    window = app._made_window().window
    assert window.isVisible()
    return window.page


def _open_mail(app: TrayApp) -> str | None:
    return app._made_window().window.reader_state().message_key


def _customers(app: TrayApp, *names: str) -> list[MessageSummary]:
    now = app.core.clock.now()
    made = [a_message(next(_UIDS), who=name, at=now) for name in names]
    app.core.runner.receive(opened(1, at=now))
    for message in made:
        app.core.runner.receive(arrived(message, at=now))
    return made


def _answer(app: TrayApp, message: MessageSummary) -> None:
    """A colleague answers from another program."""
    now = app.core.clock.now()
    app.core.runner.receive(arrived(an_answer(next(_UIDS), message, at=now), at=now))


def _call(app: TrayApp, turn: HookTurn, number: str, by: str = "") -> str:
    """A turn of the only call of this number.

    Returns:
        Its ledger key.
    """
    now = app.core.clock.now()
    app.core.take_hook_event(
        HookEvent(turn=turn, number=number, name="Pavel Kiss", at=now, by=by, call_id=number)
    )
    return f"call/Hook/{number}"


def _alert_of(app: TrayApp, qtbot: QtBot, item: str, kind: AlertKind) -> Alert:
    def found() -> list[Alert]:
        shown = app.core.desk.alerts()
        return [alert for alert in shown if alert.kind is kind and item in alert.covers]

    qtbot.waitUntil(lambda: bool(found()), timeout=30_000)
    return found()[0]


def _menu_entry(app: TrayApp, label: str) -> QAction:
    return next(one for one in app._tray.menu.actions() if one.text() == label)


def _click(app: TrayApp, key: str, action: str = "default") -> None:
    app._responded(AlertResponse(alert_key=key, action=action))


def _wait_for_words(qtbot: QtBot, words: str) -> None:
    qtbot.waitUntil(lambda: words in _words_on_show(), timeout=30_000)


# --- a day later ------------------------------------------------------------------------------


def test_alerts_of_an_earlier_run_open_what_they_told_of(
    home: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    with _running(qapp) as first:
        carla, boris = _customers(first, "Carla Nunes", "Boris Petrov")
        number = next(_NUMBERS)
        item = _call(first, HookTurn.RINGING, number)
        waiting = _alert_of(first, qtbot, item, AlertKind.WAITING)
        _call(first, HookTurn.MISSED, number)
        missed = _alert_of(first, qtbot, item, AlertKind.MISSED)
        _click(first, missed.key, "snooze")
        first.core.runner.perform(lambda now: first.core.desk.dismiss(boris.key, now))
    with _running(qapp) as second:
        # The mailbox is heard again.
        now = second.core.clock.now()
        for message in (carla, boris):
            second.core.runner.receive(arrived(message, at=now))
        for message in (boris, carla):
            _click(second, message.key)
            assert _open_mail(second) == message.key
        for call in (waiting, missed):
            second._made_window().window.show_page(rows.Page.WEEK)
            _click(second, call.key)
            assert _page(second) is rows.Page.CALLS
            assert "not known any more" not in _words_on_show()


# --- what is open -------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["default", "read", "show", "anything else"])
def test_the_middle_one_of_three_opens_exactly_that_mail(
    app: TrayApp, qtbot: QtBot, action: str
) -> None:
    _carla, boris, _dana = _customers(app, "Carla Nunes", "Boris Petrov", "Dana Weiss")
    app._made_window().window.show_page(rows.Page.WEEK)
    _click(app, boris.key, action)
    assert _page(app) is rows.Page.INBOX
    assert _open_mail(app) == boris.key


def test_of_three_who_wait_the_one_that_was_clicked_is_lit_up(app: TrayApp, qtbot: QtBot) -> None:
    numbers = [next(_NUMBERS) for _ in range(3)]
    items = [_call(app, HookTurn.RINGING, number) for number in numbers]
    alerts = [_alert_of(app, qtbot, item, AlertKind.WAITING) for item in items]
    for index in (1, 2, 0):
        _click(app, alerts[index].key)
        assert _page(app) is rows.Page.CALLS
        (callers,) = app._made_window().window.findChildren(WaitingList)
        assert callers.chosen_key == items[index]
    for number in numbers:
        _call(app, HookTurn.ANSWERED, number, by="Anna")


def _an_alert(page: AlertPage, kind: AlertKind, *actions: Action) -> Alert:
    return Alert(
        key="what was told",
        kind=kind,
        title="Title",
        body="",
        actions=actions,
        source=SourceName("Support"),
        at=a_message(1).arrived_at,
        page=page,
    )


@pytest.mark.parametrize(
    ("page", "action", "shown"),
    [
        (AlertPage.WAITING, "show", rows.Page.INBOX),
        (AlertPage.CALLS, "default", rows.Page.CALLS),
        (AlertPage.HEALTH, "default", rows.Page.HEALTH),
        (AlertPage.HEALTH, "why", rows.Page.HEALTH),
        (AlertPage.HEALTH, "try_again", rows.Page.HEALTH),
        (AlertPage.ITEM, "why", rows.Page.HEALTH),
        (AlertPage.WEEK, "default", rows.Page.WEEK),
    ],
)
def test_an_alert_without_an_item_opens_its_page_whatever_was_open_before(
    app: TrayApp, page: AlertPage, action: str, shown: rows.Page
) -> None:
    for before in (rows.Page.SETTINGS, rows.Page.WEEK):
        app._made_window().window.show_page(before)
        app.open_alert(_an_alert(page, AlertKind.HEALTH), action)
        assert _page(app) is shown


def test_an_alert_for_what_matters_most_opens_that(app: TrayApp) -> None:
    _customers(app, "Carla Nunes")
    most = app.core.desk.what_matters_most(app.core.clock.now())
    app._made_window().window.show_page(rows.Page.HEALTH)
    app.open_alert(_an_alert(AlertPage.ITEM, AlertKind.MAIL), "show")
    assert _open_mail(app) == most


def test_the_first_entry_of_the_tray_menu_is_the_newest_alert_and_opens_as_a_click_on_it(
    app: TrayApp, qtbot: QtBot
) -> None:
    _customers(app, "Iris Moreau")
    app._refresh_tray()
    newest = max(app.core.desk.alerts(), key=lambda alert: alert.at)
    first = app._tray.menu.actions()[0]
    assert first.text() == newest.title
    with qtbot.waitSignal(app._tray.alert_chosen) as chosen:
        first.trigger()
    assert chosen.args == [newest.key]


def test_the_newest_alert_opens_from_the_tray_menu_though_it_was_handled_meanwhile(
    app: TrayApp, qtbot: QtBot
) -> None:
    number = next(_NUMBERS)
    alert = _alert_of(app, qtbot, _call(app, HookTurn.RINGING, number), AlertKind.WAITING)
    _call(app, HookTurn.ANSWERED, number, by="Anna")
    app._newest_alert_chosen(alert.key)
    assert _page(app) is rows.Page.CALLS
    _wait_for_words(qtbot, "Anna answered")
    app._made_window().window.hide()
    app._newest_alert_chosen("mail/Support/<never@out.example>")
    assert app._made_window().window.isVisible()


def test_presenting_is_begun_and_ended_by_one_click_in_the_tray_menu(
    app: TrayApp, home: Path, qtbot: QtBot
) -> None:
    _customers(app, "Iris Moreau")
    _menu_entry(app, "I am presenting, for 1 h").trigger()
    qtbot.waitUntil(lambda: app.core.settings.alerts.presenting, timeout=30_000)
    written = (home / "settings.toml").read_text()
    assert "presenting = true" in written
    assert "presenting_until = " in written
    assert "Iris" not in " ".join(one.text() for one in app._tray.menu.actions())
    running = next(
        one for one in app._tray.menu.actions() if one.text().startswith("I am presenting until ")
    )
    assert running.isChecked()
    running.trigger()
    qtbot.waitUntil(lambda: not app.core.settings.alerts.presenting, timeout=30_000)
    assert not _menu_entry(app, "I am presenting, for 1 h").isChecked()


def test_presenting_holds_for_this_run_where_the_settings_cannot_be_written(
    app: TrayApp, home: Path, qtbot: QtBot
) -> None:
    file = home / "settings.toml"
    good = file.read_text()
    file.write_text(good + "[alerts\n")
    qtbot.waitUntil(lambda: "settings" in app.core.problems, timeout=30_000)
    _menu_entry(app, "I am presenting, for 1 h").trigger()
    qtbot.waitUntil(lambda: app.core.settings.alerts.presenting, timeout=30_000)
    assert file.read_text() == good + "[alerts\n"
    file.write_text(good)
    qtbot.waitUntil(lambda: "settings" not in app.core.problems, timeout=30_000)
    assert not app.core.settings.alerts.presenting


def test_what_came_of_a_sound_is_said_and_devices_are_listed(
    app: TrayApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    for name, does in (
        ("paplay", 'case "$1" in --device=*) exit 1;; esac'),
        ("pactl", """echo '[{"name": "headset", "description": "A headset"}]'"""),
    ):
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    words: list[str] = []
    app._acts.play_sound(words.append)
    qtbot.waitUntil(lambda: len(words) == 1, timeout=30_000)
    app._player.tune(40, "headset")
    app._acts.play_sound(words.append)
    qtbot.waitUntil(lambda: len(words) == 2, timeout=30_000)
    app._player.tune(40, "")
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    app._acts.play_sound(words.append)
    qtbot.waitUntil(lambda: len(words) == 3, timeout=30_000)
    assert words[0] == "paplay has played it."
    assert words[1].startswith("paplay has played it on the usual device")
    assert words[2].startswith("This computer has no program that plays sounds.")
    monkeypatch.setenv("PATH", str(tmp_path))
    found: list[object] = []
    app._acts.list_sound_devices(found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=30_000)
    assert found == [[("headset", "A headset")]]


# --- what is handled, forgotten or gone ----------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "left"), [("default", ""), ("reply", "No reply was begun."), ("read", "")]
)
def test_a_mail_that_was_answered_meanwhile_opens_and_says_so(
    app: TrayApp, programs: Programs, qtbot: QtBot, action: str, left: str
) -> None:
    carla, boris = _customers(app, "Carla Nunes", "Boris Petrov")
    _answer(app, carla)
    assert carla.key not in [alert.key for alert in app.core.desk.alerts()]
    _click(app, carla.key, action)
    assert _open_mail(app) == carla.key
    _wait_for_words(qtbot, "Anna has answered it")
    assert left in _words_on_show()
    assert programs.opened == []
    _click(app, boris.key, action)
    assert "Anna has answered it" not in _words_on_show()


@pytest.mark.parametrize("action", ["take_call", "call_back"])
def test_a_caller_who_was_answered_meanwhile_is_shown_and_no_phone_rings(
    app: TrayApp, programs: Programs, qtbot: QtBot, action: str
) -> None:
    number = next(_NUMBERS)
    item = _call(app, HookTurn.RINGING, number)
    alert = _alert_of(app, qtbot, item, AlertKind.WAITING)
    _call(app, HookTurn.ANSWERED, number, by="Anna")
    _click(app, alert.key, action)
    assert _page(app) is rows.Page.CALLS
    _wait_for_words(qtbot, "Anna answered")
    assert "No phone was rung." in _words_on_show()
    assert programs.opened == []


def test_a_caller_who_has_hung_up_cannot_be_taken(app: TrayApp, qtbot: QtBot) -> None:
    number = next(_NUMBERS)
    item = _call(app, HookTurn.RINGING, number)
    alert = _alert_of(app, qtbot, item, AlertKind.WAITING)
    _call(app, HookTurn.MISSED, number)
    _click(app, alert.key, "take_call")
    assert _page(app) is rows.Page.CALLS
    _wait_for_words(qtbot, "They hung up after")
    assert "No phone was rung." in _words_on_show()


def test_an_alert_that_nobody_remembers_shows_who_waits_and_says_so(
    app: TrayApp, qtbot: QtBot
) -> None:
    _customers(app, "Carla Nunes")
    app._made_window().window.show_page(rows.Page.WEEK)
    _click(app, "digest/of another year")
    assert _page(app) is rows.Page.INBOX
    _wait_for_words(qtbot, "What this alert was about is not known any more")


@pytest.mark.parametrize("action", ["snooze", "not_today", "closed"])
def test_what_puts_an_alert_off_opens_nothing(app: TrayApp, action: str) -> None:
    (carla,) = _customers(app, "Carla Nunes")
    _click(app, carla.key, action)
    assert not app._made_window().window.isVisible()


# --- links --------------------------------------------------------------------------------------


def _ask(app: TrayApp, link: str) -> dict[str, object]:
    answer = RequestDesk(app.core, app).answer({"verb": "open", "link": link, "token": "t"})
    return dict(answer)


def test_a_link_opens_its_mail_and_leaves_no_token_behind(app: TrayApp) -> None:
    carla, _boris = _customers(app, "Carla Nunes", "Boris Petrov")
    assert _ask(app, link_to(carla.key)) == {"ok": True, "opened": "opened", "words": ""}
    assert _open_mail(app) == carla.key
    assert "XDG_ACTIVATION_TOKEN" not in os.environ


def test_a_link_to_what_is_answered_opens_it_and_its_sender_learns_by_whom(app: TrayApp) -> None:
    (carla,) = _customers(app, "Carla Nunes")
    _answer(app, carla)
    answer = _ask(app, f"{link_to(carla.key)}?action=reply")
    assert answer == {"ok": True, "opened": "handled", "words": "Anna has answered it"}
    assert _open_mail(app) == carla.key


def test_a_link_may_begin_an_answer(app: TrayApp, programs: Programs, qtbot: QtBot) -> None:
    (carla,) = _customers(app, "Carla Nunes")
    _ask(app, f"{link_to(carla.key)}?action=reply")
    qtbot.waitUntil(lambda: len(programs.opened) == 1, timeout=30_000)


def test_a_link_to_a_page_and_one_to_what_is_gone(app: TrayApp, qtbot: QtBot) -> None:
    assert _ask(app, "supportdesk:health")["opened"] == "opened"
    assert _page(app) is rows.Page.HEALTH
    assert _ask(app, "supportdesk:calls?action=reply")["opened"] == "opened"
    assert _page(app) is rows.Page.CALLS
    answer = _ask(app, link_to("mail/Support/<never@came>"))
    assert (answer["opened"], answer["words"]) == ("gone", "It is not known here any more")
    _wait_for_words(qtbot, "This mail has left the mailbox")


@pytest.mark.parametrize("link", ["", "https://x.example", "supportdesk:call/a/1?action=call_back"])
def test_what_is_no_link_of_ours_is_refused(app: TrayApp, link: str) -> None:
    answer = _ask(app, link)
    assert (answer["ok"], answer["title"]) == (False, "That is no link of supportdesk")
    assert not app._made_window().window.isVisible()


def test_trouble_of_the_outbox_leads_to_the_outbox(app: TrayApp, qtbot: QtBot) -> None:
    problem = Problem(title="1 message to Carla not sent since 9:00", advice="Look there.")
    app.core.say_problem(OUTBOX, problem)
    alert = next(one for one in app.core.desk.alerts() if one.title == problem.title)
    _click(app, alert.key)
    _wait_for_words(qtbot, "Everything you sent has gone out.")
    app.core.problem_is_over(OUTBOX)
    app._made_window().window.hide()

    app._tray.outbox_asked.emit()
    _wait_for_words(qtbot, "Everything you sent has gone out.")
