"""The computer sleeps: none of it counts as reading, and what came meanwhile is one digest.

DESIGN sections 6 and 7. Two real hours are in `python -m tests.bench.real_wake`.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from supportdesk.adapters.desktop.single_instance import ask
from supportdesk.adapters.places import Places
from tests.e2e.broken_sources import good_mail, table_as_toml
from tests.e2e.lab_clock import ClockHand
from tests.e2e.reading_app import letter as long_letter
from tests.e2e.running import make_home
from tests.e2e.sleeping_app import (
    LOGIND,
    AppOnMovedTime,
    AppOnSystemBus,
    letter,
    prepare_for_sleep,
    sleeping_computer,
    wait_and_give_up,
)
from tests.fakes.bus_service import bus_service
from tests.fakes.session_bus import PrivateBus, private_bus
from tests.lab.desktop import DesktopLab, DesktopSettings, Notifier
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.phone import AsteriskLab
from tests.lab.waiting import is_soon, wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.dovecot]

SLEEP_SECONDS = 8.0
_TWO_HOURS = 7200.0


@pytest.fixture
def system_bus(tmp_path: Path) -> Iterator[PrivateBus]:
    folder = tmp_path / "system"
    folder.mkdir()
    with private_bus(folder) as bus:
        yield bus


def _read_seconds(app: AppOnSystemBus) -> float:
    return float(app.week()["read_seconds"])


def _has_come(moment: float) -> Callable[[], bool]:
    return lambda: time.monotonic() >= moment


def _settled(app: AppOnSystemBus) -> float:
    """What was read, when all of it is written: two looks agree that are two seconds apart."""
    looks = [_read_seconds(app)]

    def is_settled() -> bool:
        wait_until(_has_come(time.monotonic() + 2), seconds=10, what="two seconds to pass")
        looks.append(_read_seconds(app))
        return looks[-1] == looks[-2]

    wait_until(is_settled, seconds=20, what="what was read to be written")
    return looks[-1]


def test_sleep_adds_nothing_to_the_week(
    dovecot_lab: DovecotLab, system_bus: PrivateBus, tmp_path: Path
) -> None:
    user = dovecot_lab.new_address()
    settings = table_as_toml("mail", "Support", good_mail(dovecot_lab, user))
    home = make_home(tmp_path, settings, {"mail/Support": PASSWORD})
    with (
        bus_service(system_bus.address, LOGIND) as logind,
        DesktopLab(DesktopSettings(notifier=Notifier.NONE)) as lab,
        AppOnSystemBus(lab, home, system_bus) as app,
    ):
        app.wait_until_listening("Support")
        dovecot_lab.deliver(long_letter(user), to=user)
        wait_until(
            lambda: (app.status() or {}).get("people_waiting") == 1, seconds=20, what="the mail"
        )
        assert ask(Places.under(home), {"verb": "show"}) == {"ok": True}
        wait_until(lambda: _read_seconds(app) > 1, seconds=20, what="reading to count")
        prepare_for_sleep(logind, is_going=True)
        before = _settled(app)
        wait_until(_has_come(time.monotonic() + SLEEP_SECONDS), seconds=20, what="the end of sleep")
        assert _read_seconds(app) == before
        woke_at = time.monotonic()
        prepare_for_sleep(logind, is_going=False)
        wait_until(lambda: _read_seconds(app) > before + 1, seconds=20, what="reading to go on")
        read_since = _read_seconds(app) - before
        assert read_since <= time.monotonic() - woke_at + 1, "the sleep was not made up for"


@pytest.mark.asterisk
@pytest.mark.parametrize("loses_links", [False, True], ids=["links kept", "links lost"])
def test_after_two_hours_of_sleep_one_digest_with_the_calls_first(
    asterisk_lab: AsteriskLab,
    dovecot_lab: DovecotLab,
    desktop_lab: DesktopLab,
    tmp_path: Path,
    *,
    loses_links: bool,
) -> None:
    """All that came lies in the sockets when it wakes; or the links are dead, and do not say so."""
    user = dovecot_lab.new_address()
    with sleeping_computer(
        desktop_lab,
        dovecot_lab,
        asterisk_lab,
        tmp_path,
        user,
        loses_links=loses_links,
        kind_of_app=AppOnMovedTime,
    ) as computer:
        computer.fall_asleep()
        dovecot_lab.deliver(*(letter(number, user) for number in range(12)), to=user)
        wait_and_give_up(asterisk_lab, 1, "Carla Customer")
        wait_and_give_up(asterisk_lab, 2, "Dan Customer")
        ClockHand(computer.app.home).pass_by(_TWO_HOURS)
        computer.wake_up()
        wait_until(lambda: computer.heard.all, seconds=60, what="the digest")
        dovecot_lab.deliver(letter(12, user), to=user)
        wait_until(lambda: len(computer.heard.all) > 1, seconds=30, what="the next mail's alert")
        digest, next_mail, *more = computer.heard.all
        assert digest.title.startswith("While you were away (2 h 0")
        assert digest.body.startswith("2 missed calls, 12 mails, oldest waiting ")
        assert next_mail.title == "Customer 12"
        assert not any(one.is_new for one in more)
        assert (computer.people_waiting(), computer.missed_calls()) == (13, 2)
        assert not is_soon(lambda: any(one.is_new for one in computer.heard.all[2:]), seconds=2)
