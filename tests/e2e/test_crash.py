"""The tray app is killed while a message is being read, again and again (DESIGN section 6)."""

import os
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from supportdesk.adapters.desktop.single_instance import ask
from supportdesk.adapters.places import Places
from tests.e2e.broken_sources import good_mail, table_as_toml
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import Watch, make_home, wait_until_noted
from tests.fakes.notification_server import NotificationServer, notification_server
from tests.lab.desktop import DesktopLab, DesktopSettings, Notifier
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.dovecot]

KILLS = 10
LONGEST_READING_SECONDS = 6.0
MAY_BE_LOST_SECONDS = 5.0
WORDS = "The spelt order went out twice again and the mill will not take it back. " * 40


def _message(number: int, to: str) -> bytes:
    message = EmailMessage()
    message["From"] = f"Carla Customer {number} <carla{number}@example.org>"
    message["To"] = to
    message["Subject"] = f"Order {number} has not arrived"
    message["Message-ID"] = f"<order-{number}@example.org>"
    message.set_content(f"Order number {number}. {WORDS}")
    return message.as_bytes()


def _bring_to_front(home: Path) -> None:
    """As a second start does: the window comes up with the mail that waits longest."""
    answer = ask(Places.under(home), {"verb": "show"})
    assert answer == {"ok": True}


def _has_come(moment: float) -> Callable[[], bool]:
    return lambda: time.monotonic() >= moment


def _read_seconds(app: DesktopApp) -> float:
    return float(app.week()["read_seconds"])


def _is_whole(path: Path) -> bool:
    database = sqlite3.connect(path)
    try:
        return list(database.execute("PRAGMA integrity_check")) == [("ok",)]
    finally:
        database.close()


def _told_mails(home: Path) -> set[str]:
    database = sqlite3.connect(home / "desk.db")
    try:
        return {str(key) for (key,) in database.execute("SELECT key FROM told")}
    finally:
        database.close()


def _customers_told(server: NotificationServer) -> Counter[str]:
    """How often a pop-up for each customer was new, not the update of an earlier one."""
    fresh = [one.title for one in server.notified if one.replaces == 0]
    return Counter(title for title in fresh if title.startswith("Carla Customer"))


def test_ten_kills_lose_no_more_than_five_seconds_each_and_repeat_no_alert(
    dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    user = dovecot_lab.new_address()
    settings = table_as_toml("mail", "Support", good_mail(dovecot_lab, user))
    home = make_home(tmp_path, settings, {"mail/Support": PASSWORD})
    seed = int.from_bytes(os.urandom(4))
    chance = random.Random(seed)
    losses: list[float] = []
    with (
        DesktopLab(DesktopSettings(notifier=Notifier.NONE)) as lab,
        notification_server(lab.env["DBUS_SESSION_BUS_ADDRESS"]) as server,
    ):
        app = DesktopApp(lab, home)
        app.start()
        app.wait_until_listening("Support")
        dovecot_lab.deliver(_message(0, user), to=user)
        server.wait_for(1)
        counted = 0.0
        for number in range(1, KILLS + 1):
            if number > 1:
                app.start()
            asked_at = time.monotonic()
            _bring_to_front(home)
            wait_until(
                lambda: "supportdesk" in " ".join(lab.windows()), seconds=20, what="the window"
            )
            # Until there is a window nobody reads, however long that takes.
            began = time.monotonic()
            until = began + chance.uniform(0.5, LONGEST_READING_SECONDS)
            dovecot_lab.deliver(_message(number, user), to=user)
            wait_until(_has_come(until), seconds=20, what="the reader")
            wait_until_noted(home)
            app.kill()
            killed_at = time.monotonic()
            before, counted = counted, _read_seconds(app)
            losses.append(killed_at - began - (counted - before))
            assert losses[-1] <= MAY_BE_LOST_SECONDS, f"seed {seed}, losses {losses}"
            assert counted - before <= killed_at - asked_at + 1, "more than was read"
            assert _is_whole(home / "desk.db")
            assert _is_whole(home / "mail.db")
        assert counted > 0
        assert "Traceback" not in app.output()
        assert max(_customers_told(server).values()) == 1, seed
        shown = set(_customers_told(server))
    assert _told_mails(home) >= {f"mail/Support/<order-{one}@example.org>" for one in range(KILLS)}
    with Watch(home) as watch:
        watch.wait_until_listening("Support")
        dovecot_lab.deliver(_message(99, user), to=user)
        watch.wait_for(
            lambda line: line["what"] in ("alert", "digest") and _covers(line, 99),
            seconds=40,
            what="the alert of the last mail",
        )
        told = [line for line in watch.lines if line["what"] in ("alert", "digest")]
        for number in range(KILLS + 1):
            if f"Carla Customer {number}" in shown:
                assert not any(line["what"] == "alert" and _covers(line, number) for line in told)


def _covers(line: dict[str, object], number: int) -> bool:
    covers = line["covers"]
    return isinstance(covers, list) and f"mail/Support/<order-{number}@example.org>" in covers
