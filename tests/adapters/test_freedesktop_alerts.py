"""Pop-ups on Linux, checked at the other end: by a notification daemon that we wrote."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.desktop import notification_daemon
from supportdesk.adapters.desktop.alert_chain import AlertChain
from supportdesk.adapters.desktop.bus import BusConnection
from supportdesk.adapters.desktop.freedesktop_alerts import FreedesktopAlerts
from supportdesk.adapters.desktop.log_alerts import LogAlerts
from supportdesk.adapters.desktop.notification_daemon import DaemonState
from supportdesk.domain.alerts import Action, Alert, AlertKind, PopupRecord, Sound, Urgency
from supportdesk.services.ports import (
    CLOSED_BY_FOUNDER,
    AlertPresenter,
    AlertResponse,
    GoneHow,
    PresenterSkill,
)
from tests.adapters.alert_examples import Told, alert
from tests.fakes.notification_server import (
    DISMISSED,
    EXPIRED,
    Notification,
    NotificationServer,
    bear_with_daemons,
    notification_server,
)
from tests.fakes.session_bus import PrivateBus, private_bus
from tests.fakes.stores import MemoryDeskStore

KEY = alert().key


@pytest.fixture
def patience() -> float:
    return 60.0


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch, patience: float) -> None:
    bear_with_daemons(monkeypatch, patience)


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[PrivateBus]:
    with private_bus(tmp_path) as started:
        yield started


@pytest.fixture
def server(bus: PrivateBus) -> Iterator[NotificationServer]:
    with notification_server(bus.address) as started:
        yield started


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def link(bus: PrivateBus, qtbot: QtBot) -> Iterator[BusConnection]:
    connection = BusConnection(bus.address)
    connection.open()
    yield connection
    connection.close()


@pytest.fixture
def alerts(link: BusConnection, told: Told) -> Iterator[FreedesktopAlerts]:
    presenter = FreedesktopAlerts(link, told.respond)
    presenter.report_to(told)
    yield presenter
    presenter.close()


def wait_for_state(qtbot: QtBot, alerts: FreedesktopAlerts, state: DaemonState) -> None:
    qtbot.waitUntil(lambda: alerts.daemon is state, timeout=6000)


def wait_shown(qtbot: QtBot, server: NotificationServer, count: int) -> list[Notification]:
    qtbot.waitUntil(lambda: len(server.notified) >= count, timeout=6000)
    return server.notified


def test_it_is_a_presenter(
    alerts: FreedesktopAlerts, server: NotificationServer, qtbot: QtBot
) -> None:
    port: AlertPresenter = alerts
    assert port.name == "Desktop notifications (unknown)"
    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    assert port.name == "Desktop notifications (fake)"


def test_everything_that_the_daemon_is_asked_to_show(
    alerts: FreedesktopAlerts, server: NotificationServer, qtbot: QtBot
) -> None:
    shown = alert(
        title="Anna\n\u202eNováková " + "x" * 100,
        body="<b>Where</b> is my order & co?",
        kind=AlertKind.WAITING,
        urgency=Urgency.CRITICAL,
        actions=(Action.TAKE_CALL, Action.SNOOZE),
    )
    alerts.show(shown)
    (got,) = wait_shown(qtbot, server, 1)
    assert got.title == "Anna Nováková " + "x" * 45 + "…"
    assert got.body == "&lt;b&gt;Where&lt;/b&gt; is my order &amp; co?"
    assert dict(got.actions) == {"default": "Open", "take_call": "Take call", "snooze": "Snooze"}
    assert got.hints == {
        "urgency": 2,
        "desktop-entry": "supportdesk",
        "category": "call.incoming",
    }
    assert (got.app_name, got.icon, got.replaces, got.timeout) == ("supportdesk", "", 0, -1)


def test_a_plain_daemon_gets_plain_text_and_no_buttons(
    bus: PrivateBus, alerts: FreedesktopAlerts, qtbot: QtBot
) -> None:
    with notification_server(bus.address, capabilities=("body",)) as plain:
        wait_for_state(qtbot, alerts, DaemonState.PRESENT)
        alerts.show(alert(body="1 < 2 & 3"))
        (got,) = wait_shown(qtbot, plain, 1)
    assert got.body == "1 < 2 & 3"
    assert got.actions == {}


def test_a_daemon_without_a_click_on_the_body_gets_no_second_button_for_opening(
    alerts: FreedesktopAlerts, server: NotificationServer, qtbot: QtBot
) -> None:
    server.name = "Xfce Notify Daemon"
    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    alerts.show(alert("mail", actions=(Action.READ, Action.REPLY)))
    alerts.show(alert("call", actions=(Action.CALL_BACK, Action.SNOOZE)))
    three = (Action.TAKE_CALL, Action.CALL_BACK, Action.SNOOZE)
    alerts.show(alert("waits", actions=three))
    mail, call, waits = wait_shown(qtbot, server, 3)
    assert list(mail.actions) == ["read", "reply"]
    assert list(call.actions) == ["default", "call_back", "snooze"]
    assert list(waits.actions) == ["default", "take_call", "snooze"], "three at most"


def test_an_update_takes_the_place_of_the_old_text(
    alerts: FreedesktopAlerts, server: NotificationServer, qtbot: QtBot
) -> None:
    alerts.show(alert())
    first = wait_shown(qtbot, server, 1)[0]
    alerts.show(alert(title="Two mails"))
    second = wait_shown(qtbot, server, 2)[1]
    assert second.replaces == first.number
    qtbot.waitUntil(lambda: server.titles() == ["Two mails"])


def test_updates_before_the_number_is_known_wait_for_it(
    alerts: FreedesktopAlerts, server: NotificationServer, qtbot: QtBot
) -> None:
    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    server.hold_replies()
    alerts.show(alert(title="one"))
    qtbot.waitUntil(lambda: server.held_replies == 1)
    for title in ("two", "three"):
        alerts.show(alert(title=title))
    server.release_replies()
    shown = wait_shown(qtbot, server, 2)
    assert [(each.title, each.replaces) for each in shown] == [
        ("one", 0),
        ("three", shown[0].number),
    ]
    assert server.titles() == ["three"]


def test_answers_in_another_order_belong_to_their_own_alerts(
    alerts: FreedesktopAlerts, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    server.hold_replies()
    for key in ("a", "b", "c"):
        alerts.show(alert(key, title=key))
    qtbot.waitUntil(lambda: server.held_replies == 3)
    server.release_replies(reverse=True)
    for notification in list(server.notified):
        server.invoke(notification.number, "read")
    qtbot.waitUntil(lambda: len(told.responses) == 3)
    assert [response.alert_key for response in told.responses] == ["a", "b", "c"]


def test_a_withdrawal_takes_it_off_the_screen(
    alerts: FreedesktopAlerts, server: NotificationServer, qtbot: QtBot
) -> None:
    alerts.show(alert("a", title="a"))
    alerts.show(alert("b", title="b"))
    wait_shown(qtbot, server, 2)
    alerts.withdraw("a")
    alerts.withdraw("unknown")
    qtbot.waitUntil(lambda: server.titles() == ["b"])


def test_a_withdrawal_before_the_number_is_known(
    alerts: FreedesktopAlerts, server: NotificationServer, qtbot: QtBot
) -> None:
    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    server.hold_replies()
    alerts.show(alert())
    qtbot.waitUntil(lambda: server.held_replies == 1)
    alerts.withdraw(KEY)
    assert len(server.on_screen) == 1
    server.release_replies()
    qtbot.waitUntil(lambda: not server.on_screen)


def test_withdrawn_and_shown_again_before_the_number_is_known(
    alerts: FreedesktopAlerts, server: NotificationServer, qtbot: QtBot
) -> None:
    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    server.hold_replies()
    alerts.show(alert(title="one"))
    qtbot.waitUntil(lambda: server.held_replies == 1)
    alerts.withdraw(KEY)
    alerts.show(alert(title="two"))
    server.release_replies()
    qtbot.waitUntil(lambda: server.titles() == ["two"])


def test_buttons_and_the_body_are_told_with_their_token(
    alerts: FreedesktopAlerts, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    alerts.show(alert("a"))
    alerts.show(alert("b"))
    first, second = wait_shown(qtbot, server, 2)
    server.invoke(second.number, "reply")
    server.invoke(first.number, "default", token="wayland-token-1")
    server.invoke(999, "read")
    qtbot.waitUntil(lambda: len(told.responses) == 2)
    assert told.responses == [
        AlertResponse(alert_key="b", action="reply"),
        AlertResponse(alert_key="a", action="default", token="wayland-token-1"),
    ]


def test_a_click_that_comes_before_the_number_is_known(
    alerts: FreedesktopAlerts, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    def click(notification: Notification) -> None:
        server.invoke(notification.number, "read")
        server.close(notification.number, DISMISSED)

    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    server.before_reply = click
    alerts.show(alert())
    qtbot.waitUntil(lambda: len(told.responses) == 1)
    assert told.responses[0].alert_key == KEY


def test_a_click_that_is_told_after_the_closing(
    alerts: FreedesktopAlerts, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    alerts.show(alert())
    (got,) = wait_shown(qtbot, server, 1)
    server.close(got.number, DISMISSED)
    server.invoke(got.number, "snooze")
    qtbot.waitUntil(lambda: len(told.responses) == 1)
    assert told.responses[0].action == "snooze"


@pytest.mark.parametrize("is_answered", [True, False])
def test_a_click_that_crosses_the_withdrawal_is_told(
    alerts: FreedesktopAlerts,
    server: NotificationServer,
    told: Told,
    qtbot: QtBot,
    is_answered: bool,
) -> None:
    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    if not is_answered:
        server.hold_replies()
    alerts.show(alert())
    (got,) = wait_shown(qtbot, server, 1)
    if is_answered:
        # Another text goes out also when the answer to the first has not been read yet.
        alerts.show(replace(alert(), body="3 rings."))
        wait_shown(qtbot, server, 2)
    alerts.withdraw(KEY)
    server.release_replies()
    qtbot.waitUntil(lambda: server.titles() == [])
    server.invoke(got.number, "reply")
    qtbot.waitUntil(lambda: bool(told.responses))
    assert told.responses == [AlertResponse(alert_key=KEY, action="reply")]


def test_one_that_the_founder_closes_is_told_as_dismissed(
    alerts: FreedesktopAlerts, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    alerts.show(alert())
    (got,) = wait_shown(qtbot, server, 1)
    server.close(got.number, DISMISSED)
    qtbot.waitUntil(lambda: bool(told.responses))
    assert told.responses == [AlertResponse(alert_key=KEY, action=CLOSED_BY_FOUNDER)]


def test_one_that_expires_or_closes_after_a_click_was_not_dismissed(
    alerts: FreedesktopAlerts, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    for key in ("expires", "clicked", "closed"):
        alerts.show(alert(key))
    expires, clicked, closed = wait_shown(qtbot, server, 3)
    server.close(expires.number, EXPIRED)
    server.invoke(clicked.number, "snooze")
    server.close(clicked.number, DISMISSED)
    server.close(closed.number, DISMISSED)
    qtbot.waitUntil(lambda: len(told.responses) == 2)
    assert [(one.alert_key, one.action) for one in told.responses] == [
        ("clicked", "snooze"),
        ("closed", CLOSED_BY_FOUNDER),
    ]


def test_one_that_is_shown_again_at_once_was_not_dismissed_for_good(
    alerts: FreedesktopAlerts, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    alerts.show(alert())
    (got,) = wait_shown(qtbot, server, 1)
    server.close(got.number, DISMISSED)
    qtbot.waitUntil(lambda: bool(told.responses))
    alerts.withdraw(KEY)
    alerts.show(alert(body="Another matter"))
    wait_shown(qtbot, server, 2)
    assert len(told.responses) == 1


def test_after_it_was_closed_an_update_is_a_new_one(
    alerts: FreedesktopAlerts, server: NotificationServer, qtbot: QtBot
) -> None:
    alerts.show(alert())
    (first,) = wait_shown(qtbot, server, 1)
    server.close(first.number, EXPIRED)
    alerts.show(alert("marker"))
    wait_shown(qtbot, server, 2)
    alerts.withdraw("marker")
    qtbot.waitUntil(lambda: server.calls[-1] == "CloseNotification")
    alerts.show(alert(title="again"))
    assert wait_shown(qtbot, server, 3)[2].replaces == 0


def test_other_programs_cannot_click_for_the_founder(
    bus: PrivateBus, alerts: FreedesktopAlerts, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    alerts.show(alert())
    (got,) = wait_shown(qtbot, server, 1)
    bus.launch(
        "intruder",
        [
            *("gdbus", "emit", "--address", bus.address),
            *("--object-path", "/org/freedesktop/Notifications"),
            *("--signal", "org.freedesktop.Notifications.ActionInvoked"),
            *(str(got.number), "take_call"),
        ],
    ).stop(seconds=10)
    server.invoke(got.number, "read")
    qtbot.waitUntil(lambda: bool(told.responses))
    assert [response.action for response in told.responses] == ["read"]


def test_a_daemon_that_dies_and_returns_shows_what_is_still_wanted_each_time(
    bus: PrivateBus,
    alerts: FreedesktopAlerts,
    told: Told,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(notification_daemon, "_RETURN_SECONDS", 60.0)
    with notification_server(bus.address) as first:
        for key in ("stays", "withdrawn", "dismissed", "changed"):
            alerts.show(alert(key, title=key))
        shown = wait_shown(qtbot, first, 4)
        first.close(shown[2].number, DISMISSED)
    wait_for_state(qtbot, alerts, DaemonState.UNKNOWN)
    assert alerts.is_available, "most are started again at once"
    alerts.withdraw("withdrawn")
    with notification_server(bus.address, first=1) as second:
        wait_shown(qtbot, second, 2)
        wait_for_state(qtbot, alerts, DaemonState.PRESENT)
        alerts.show(alert("changed", title="changed again"))
        wait_shown(qtbot, second, 3)
        qtbot.waitUntil(lambda: second.titles() == ["stays", "changed again"])
        server_click = next(iter(second.on_screen))
        second.invoke(server_click, "read")
        qtbot.waitUntil(lambda: bool(told.responses))
        assert told.responses[0].alert_key == "stays"
    wait_for_state(qtbot, alerts, DaemonState.UNKNOWN)
    with notification_server(bus.address) as third:
        wait_shown(qtbot, third, 2)
        assert third.titles() == ["stays", "changed again"]
    assert told.failures == []


def test_an_alert_that_no_daemon_survives_is_given_back(
    bus: PrivateBus,
    alerts: FreedesktopAlerts,
    told: Told,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(notification_daemon, "_RETURN_SECONDS", 60.0)
    deadly = alert("deadly")
    alerts.show(deadly)
    for _ in range(5):
        with notification_server(bus.address) as server:
            wait_shown(qtbot, server, 1)
            qtbot.waitUntil(lambda: told.on_screen[-1:] == ["deadly"])
            told.on_screen.clear()
        wait_for_state(qtbot, alerts, DaemonState.UNKNOWN)
    assert told.failures == [deadly]
    with notification_server(bus.address) as server:
        alerts.show(alert("harmless"))
        wait_shown(qtbot, server, 1)
        assert server.titles() == [alert().title]


def test_a_daemon_that_goes_for_good_gives_back_what_it_showed(
    bus: PrivateBus, alerts: FreedesktopAlerts, told: Told, qtbot: QtBot
) -> None:
    with notification_server(bus.address) as server:
        alerts.show(alert())
        wait_shown(qtbot, server, 1)
        qtbot.waitUntil(lambda: told.on_screen == [KEY])
    qtbot.waitUntil(lambda: told.failures == [alert()])
    assert alerts.daemon is DaemonState.ABSENT
    assert alerts.state().words == "No program that shows notifications is running."


def test_alerts_wait_for_the_first_answer_of_the_daemon(
    alerts: FreedesktopAlerts, server: NotificationServer, qtbot: QtBot
) -> None:
    with server.hanging():
        assert alerts.daemon is DaemonState.UNKNOWN
        assert alerts.is_available
        alerts.show(alert(title="early"))
        alerts.show(alert(title="early, corrected"))
        alerts.show(alert("gone"))
        alerts.withdraw("gone")
    shown = wait_shown(qtbot, server, 1)
    assert shown[0].actions
    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    assert server.titles() == ["early, corrected"]


def test_no_daemon_gives_the_alert_back(
    alerts: FreedesktopAlerts, told: Told, qtbot: QtBot
) -> None:
    shown = alert()
    alerts.show(shown)
    qtbot.waitUntil(lambda: told.failures == [shown])
    assert not alerts.is_available


@pytest.mark.parametrize("patience", [1.0])
def test_a_daemon_that_hangs_from_the_start(
    alerts: FreedesktopAlerts, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    shown = alert()
    with server.hanging():
        alerts.show(shown)
        qtbot.waitUntil(lambda: told.failures == [shown], timeout=30_000)
        assert alerts.daemon is DaemonState.SILENT
        assert alerts.state().last_error == "It did not answer for 1 s."
        assert not alerts.is_available
    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    assert server.notified == []


def test_a_daemon_that_hangs_unnoticed_is_found_by_asking(
    alerts: FreedesktopAlerts,
    server: NotificationServer,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chain = AlertChain([alerts, LogAlerts()])
    chain.prove()
    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    with server.hanging():
        bear_with_daemons(monkeypatch, 1.0)
        chain.prove()
        wait_for_state(qtbot, alerts, DaemonState.SILENT)
        assert chain.state().is_last_resort
    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    assert server.notified == []
    chain.close()


def test_a_daemon_that_hangs_later_gives_the_alert_back_and_shows_it_no_more(
    alerts: FreedesktopAlerts,
    server: NotificationServer,
    told: Told,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    alerts.show(alert("before"))
    wait_shown(qtbot, server, 1)
    late = alert("late", title="late")
    with server.hanging():
        bear_with_daemons(monkeypatch, 1.0)
        alerts.show(late)
        alerts.show(replace(late, title="late, changed"))
        qtbot.waitUntil(lambda: bool(told.failures), timeout=30_000)
        assert told.failures == [replace(late, title="late, changed")]
        assert not alerts.is_available
    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    wait_shown(qtbot, server, 2)
    qtbot.waitUntil(lambda: "late" not in server.titles())
    assert len(server.on_screen) == 1


def test_a_daemon_that_refuses_one_alert(
    alerts: FreedesktopAlerts, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    server.fail_with = "org.freedesktop.Notifications.Error.ExcessNotificationGeneration"
    alerts.show(alert("refused"))
    qtbot.waitUntil(lambda: bool(told.failures))
    server.fail_with = None
    alerts.show(alert("taken"))
    wait_shown(qtbot, server, 1)
    assert [failed.key for failed in told.failures] == ["refused"]


def test_a_refused_update_takes_the_old_text_away(
    alerts: FreedesktopAlerts, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    alerts.show(alert(title="old"))
    wait_shown(qtbot, server, 1)
    qtbot.waitUntil(lambda: alerts.daemon is DaemonState.PRESENT)
    server.fail_with = "org.freedesktop.DBus.Error.Failed"
    alerts.show(alert(title="new"))
    qtbot.waitUntil(lambda: bool(told.failures))
    qtbot.waitUntil(lambda: not server.on_screen)


def test_a_bus_that_dies_gives_back_what_was_on_its_way(
    bus: PrivateBus, alerts: FreedesktopAlerts, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    with server.hanging():
        alerts.show(alert())
        bus.kill()
        qtbot.waitUntil(lambda: bool(told.failures))
        assert not alerts.is_available


def test_no_bus_gives_the_alert_back(told: Told, qtbot: QtBot) -> None:
    link = BusConnection(None)
    presenter = FreedesktopAlerts(link, told.respond)
    presenter.report_to(told)
    presenter.show(alert())
    link.open()
    assert [failed.key for failed in told.failures] == [KEY]
    assert not presenter.is_available
    presenter.close()


def test_a_daemon_that_the_bus_starts_when_it_is_called(
    bus: PrivateBus, told: Told, qtbot: QtBot
) -> None:
    (bus.services / "notifier.service").write_text(
        "[D-BUS Service]\nName=org.freedesktop.Notifications\nExec=/bin/false\n"
    )
    bus.kill()
    bus.start()
    link = BusConnection(bus.address)
    alerts = FreedesktopAlerts(link, told.respond)
    alerts.report_to(told)
    with notification_server(bus.address) as server:
        link.open()
        wait_for_state(qtbot, alerts, DaemonState.PRESENT)
        alerts.show(alert("first"))
        wait_shown(qtbot, server, 1)
    wait_for_state(qtbot, alerts, DaemonState.RESTING)
    assert alerts.is_available
    alerts.show(alert("second"))
    qtbot.waitUntil(lambda: len(told.failures) == 2, timeout=30_000)
    assert {failed.key for failed in told.failures} == {"first", "second"}, "it does not start"
    alerts.close()
    link.close()


def test_closing_takes_everything_off_the_screen(
    alerts: FreedesktopAlerts, server: NotificationServer, qtbot: QtBot
) -> None:
    alerts.show(alert("a"))
    alerts.show(alert("b"))
    wait_shown(qtbot, server, 2)
    alerts.show(alert("on its way"))
    wait_shown(qtbot, server, 3)
    alerts.close()
    assert server.on_screen == {}
    assert server.calls.count("CloseNotification") == 3


def test_who_quits_while_the_daemon_hangs_leaves_no_alert_behind(
    bus: PrivateBus,
    server: NotificationServer,
    told: Told,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    link = BusConnection(bus.address)
    link.open()
    alerts = FreedesktopAlerts(link, told.respond)
    alerts.report_to(told)
    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    alerts.show(alert("before", title="before"))
    qtbot.waitUntil(lambda: told.on_screen == ["before"])
    with server.hanging():
        alerts.show(alert("first", title="first"))
        alerts.show(alert("second", title="second"))
        bear_with_daemons(monkeypatch, 1.0)
        alerts.close()
        link.close()
    wait_shown(qtbot, server, 3)
    qtbot.waitUntil(lambda: server.on_screen == {})
    assert server.calls.count("CloseNotification") == 3


def test_better_words_change_what_stands_and_raise_nothing(
    alerts: FreedesktopAlerts, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    for key in ("stands", "expired"):
        alerts.show(alert(key, title=key))
    stands, expired = wait_shown(qtbot, server, 2)
    server.close(expired.number, EXPIRED)
    qtbot.waitUntil(lambda: told.left == [("expired", GoneHow.EXPIRED)])
    for key in ("expired", "stands", "never shown"):
        alerts.show(alert(key, title=f"{key}, better words"), is_news=False)
        alerts.show(alert(key, title=f"{key}, better words"), is_news=False)
    third = wait_shown(qtbot, server, 3)[2]
    assert (third.title, third.replaces) == ("stands, better words", stands.number)
    alerts.show(alert("marker"))
    assert len(wait_shown(qtbot, server, 4)) == 4, "the same words are not sent twice"


def test_one_that_expires_while_better_words_are_on_their_way_stays_away(
    alerts: FreedesktopAlerts, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    alerts.show(alert(title="first"))
    wait_shown(qtbot, server, 1)
    qtbot.waitUntil(lambda: told.on_screen == [KEY])
    server.before_reply = lambda shown: server.emit(
        "NotificationClosed", "uu", shown.replaces, EXPIRED
    )
    alerts.show(alert(title="better words"), is_news=False)
    qtbot.waitUntil(lambda: told.left == [(KEY, GoneHow.EXPIRED)])
    qtbot.waitUntil(lambda: not server.on_screen)


def test_sounds_only_where_the_daemon_has_them_and_only_for_news(
    bus: PrivateBus, alerts: FreedesktopAlerts, qtbot: QtBot
) -> None:
    capabilities = ("actions", "body", "sound", "persistence")
    with notification_server(bus.address, capabilities=capabilities) as server:
        wait_for_state(qtbot, alerts, DaemonState.PRESENT)
        alerts.show(replace(alert(), sound=Sound.CALL))
        wait_shown(qtbot, server, 1)
        alerts.show(replace(alert(title="better"), sound=Sound.CALL), is_news=False)
        loud, silent = wait_shown(qtbot, server, 2)
        assert alerts.state().can == {
            *(PresenterSkill.BUTTONS, PresenterSkill.CLICK, PresenterSkill.CHANGES),
            *(PresenterSkill.TAKES_BACK, PresenterSkill.SOUND, PresenterSkill.STAYS_VISIBLE),
        }
    assert loud.hints["sound-name"] == "phone-incoming-call"
    assert silent.hints["suppress-sound"] is True


def test_the_page_says_how_dunst_takes_a_click(
    alerts: FreedesktopAlerts, server: NotificationServer, qtbot: QtBot
) -> None:
    server.name = "dunst"
    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    assert "the middle button of the mouse opens an alert" in alerts.state().words


def test_a_daemon_that_answers_something_else(
    alerts: FreedesktopAlerts, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    server.wrong_answers["Notify"] = ("s", ("seven",))
    for key in ("a", "b"):
        alerts.show(alert(key))
    qtbot.waitUntil(lambda: [failed.key for failed in told.failures] == ["a", "b"])
    assert "it answered with the types (s)" in alerts.state().last_error
    server.wrong_answers.clear()
    server.emit("NotificationClosed", "s", "x")
    server.emit("ActionInvoked", "u", 5)
    server.emit("ActivationToken", "uu", 5, 5)
    alerts.show(alert("c"))
    (got,) = wait_shown(qtbot, server, 1)
    server.invoke(got.number, "read")
    qtbot.waitUntil(lambda: [one.alert_key for one in told.responses] == ["c"])


@pytest.mark.parametrize("method", ["GetCapabilities", "GetServerInformation"])
def test_a_daemon_that_cannot_say_what_it_is_still_shows(
    bus: PrivateBus, link: BusConnection, told: Told, qtbot: QtBot, method: str
) -> None:
    server = NotificationServer(bus.address)
    server.wrong_answers[method] = ("u", (7,))
    server.start()
    alerts = FreedesktopAlerts(link, told.respond)
    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    alerts.show(alert())
    (got,) = wait_shown(qtbot, server, 1)
    assert bool(got.actions) is (method != "GetCapabilities")
    server.stop()
    alerts.close()


def test_a_flood_goes_out_in_small_turns(
    alerts: FreedesktopAlerts, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    keys = [f"mail/{number}" for number in range(200)]
    server.hold_replies()
    for key in keys:
        alerts.show(alert(key))
    qtbot.waitUntil(lambda: server.held_replies == 20)
    for key in keys[100:]:
        alerts.withdraw(key)
    server.release_replies()
    qtbot.waitUntil(lambda: len(told.on_screen) == 100)
    assert len(server.notified) == 100
    for key in keys:
        alerts.withdraw(key)
    qtbot.waitUntil(lambda: not server.on_screen)


def test_what_came_too_late_is_taken_over_by_who_still_wants_it(
    link: BusConnection,
    alerts: FreedesktopAlerts,
    server: NotificationServer,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As the chain does: what it gave to another presenter comes back once the daemon answers."""

    class Wanting(Told):
        def available_changed(self) -> None:
            for one in self.wanted if alerts.is_available else ():
                alerts.show(one)

        wanted: tuple[Alert, ...] = ()

    told = Wanting()
    wait_for_state(qtbot, alerts, DaemonState.PRESENT)
    alerts.report_to(told)
    bear_with_daemons(monkeypatch, 1.0)
    same, other = alert("same"), alert("other", title="other")
    told.wanted = (same, replace(other, title="other, by then"))
    with server.hanging():
        for one in (same, other, alert("unwanted", title="unwanted")):
            alerts.show(one)
        qtbot.waitUntil(lambda: len(told.failures) == 3, timeout=30_000)
        bear_with_daemons(monkeypatch, 60.0)
    qtbot.waitUntil(lambda: server.titles() == [same.title, "other, by then"])
    assert len(server.notified) == 4, "what it shows already is not shown a second time"
    for one in told.wanted:
        alerts.withdraw(one.key)
    qtbot.waitUntil(lambda: not server.on_screen)


def test_the_next_run_takes_off_what_a_killed_one_has_left(
    bus: PrivateBus, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    store = MemoryDeskStore()

    def run() -> tuple[BusConnection, FreedesktopAlerts]:
        link = BusConnection(bus.address)
        presenter = FreedesktopAlerts(link, told.respond, popups=lambda: store)
        presenter.report_to(told)
        link.open()
        return link, presenter

    killed_link, killed = run()
    for key in ("left over", "withdrawn", "expired"):
        killed.show(alert(key, title=key))
    wait_shown(qtbot, server, 3)
    qtbot.waitUntil(lambda: len(store.popups()) == 3)
    killed.withdraw("withdrawn")
    server.close(server.notified[2].number, EXPIRED)
    qtbot.waitUntil(lambda: [one.alert_key for one in store.popups()] == ["left over"])
    killed_link.close()  # as a kill: nothing is taken back
    store.save_popup(PopupRecord(alert_key="of another session", owner="another/:1.1", number=99))
    assert server.titles() == ["left over"]

    link, alerts = run()
    alerts.show(alert("left over", title="left over, said again"))
    qtbot.waitUntil(lambda: server.titles() == ["left over, said again"])
    assert server.calls.count("CloseNotification") == 2
    qtbot.waitUntil(lambda: [one.alert_key for one in store.popups()] == ["left over"])
    alerts.close()
    assert (server.titles(), store.popups()) == ([], [])
    link.close()
