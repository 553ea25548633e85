"""The disk is full in the middle of a mail: the real app, window and a small disk."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from supportdesk.adapters.desktop.single_instance import ask
from supportdesk.adapters.places import Places
from tests.e2e.broken_sources import good_mail, table_as_toml
from tests.e2e.lab_clock import ClockHand
from tests.e2e.reading_app import AppOnLabClock, letter, seconds_on
from tests.e2e.running import make_home
from tests.e2e.small_disk import ONLY_ROOT, SmallDisk, small_disk
from tests.lab.accessibility import find_control
from tests.lab.desktop import DesktopLab, DesktopSettings, Notifier
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import wait_until

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.dovecot,
    ONLY_ROOT,
]

_CRASH_BOUND_SECONDS = 5.0
_FULL = "The disk is full, so desk.db cannot be written"


class AppOnSmallDisk(AppOnLabClock):
    """Its clock is told from another disk: that one has room."""

    def __init__(self, lab: DesktopLab, home: Path, plans: Path) -> None:
        super().__init__(lab, home)
        self._plans = plans
        self.clock = ClockHand(plans)

    def _command(self, *arguments: str) -> list[str]:
        whole = super()._command(*arguments)
        return [str(self._plans) if one == str(self.home) else one for one in whole]

    def problems(self) -> list[str]:
        state: dict[str, Any] = self.status() or {}
        return [problem["title"] for problem in state.get("problems", [])]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path) as made:
        yield made


@pytest.fixture
def lab() -> Iterator[DesktopLab]:
    with DesktopLab(DesktopSettings(notifier=Notifier.NONE)) as made:
        yield made


def test_no_minute_is_lost_or_counted_twice_and_it_goes_on_when_there_is_room(
    lab: DesktopLab, dovecot_lab: DovecotLab, disk: SmallDisk, tmp_path: Path
) -> None:
    user = dovecot_lab.new_address()
    settings = table_as_toml("mail", "Support", good_mail(dovecot_lab, user))
    home = make_home(disk.folder, settings, {"mail/Support": PASSWORD})
    with AppOnSmallDisk(lab, home, tmp_path) as app:

        def shown() -> float:
            return seconds_on(app.wait_for_pill("counting "))

        def read_on(seconds: float) -> float:
            wanted = shown() + seconds
            app.clock.go_on(seconds)
            return wait_until(
                lambda: now if (now := shown()) >= wanted - 1 else 0.0,
                seconds=60,
                what=f"{wanted:g} s on the reading clock",
            )

        app.wait_until_listening("Support")
        dovecot_lab.deliver(letter(user), to=user)
        wait_until(
            lambda: (app.status() or {}).get("people_waiting") == 1, seconds=30, what="the mail"
        )
        app.clock.stop()
        assert ask(Places.under(home), {"verb": "show"}) == {"ok": True}
        find_control(lab, role="label", name="Message text", seconds=30)
        app.clock.go_on(5)
        before = read_on(30)
        disk.fill()
        full = read_on(60)
        wait_until(lambda: _FULL in app.problems(), seconds=60, what="a sentence about the disk")
        assert app.counted() <= before + 2
        disk.make_room()
        wait_until(lambda: app.problems() == [], seconds=60, what="the disk to be well again")
        assert full - _CRASH_BOUND_SECONDS <= app.counted() <= full + 2
        last = read_on(30)
        wait_until(
            lambda: app.counted() >= last - _CRASH_BOUND_SECONDS, seconds=60, what="later minutes"
        )
        assert app.counted() <= last + 2
        counted = app.counted()
        assert "Traceback" not in app.output()
        app.kill()
    assert counted <= app.counted() + _CRASH_BOUND_SECONDS
    week = app.week()
    assert week["read_seconds"] == pytest.approx(app.counted(), abs=0.01)
    assert last - _CRASH_BOUND_SECONDS <= week["read_seconds"] <= last + 2


def test_a_kill_on_a_full_disk_costs_what_waited_and_nothing_from_before(
    lab: DesktopLab, dovecot_lab: DovecotLab, disk: SmallDisk, tmp_path: Path
) -> None:
    user = dovecot_lab.new_address()
    settings = table_as_toml("mail", "Support", good_mail(dovecot_lab, user))
    home = make_home(disk.folder, settings, {"mail/Support": PASSWORD})
    with AppOnSmallDisk(lab, home, tmp_path) as app:
        app.wait_until_listening("Support")
        dovecot_lab.deliver(letter(user), to=user)
        wait_until(
            lambda: (app.status() or {}).get("people_waiting") == 1, seconds=30, what="the mail"
        )
        app.clock.stop()
        assert ask(Places.under(home), {"verb": "show"}) == {"ok": True}
        find_control(lab, role="label", name="Message text", seconds=30)
        app.clock.go_on(40)
        wait_until(lambda: app.counted() >= 30, seconds=60, what="half a minute")
        before = app.counted()
        disk.fill()
        app.clock.go_on(40)
        wait_until(lambda: _FULL in app.problems(), seconds=60, what="a sentence about the disk")
        app.kill()
    disk.make_room()
    assert before <= app.counted() <= 85
    assert app.week()["read_seconds"] == pytest.approx(app.counted(), abs=0.01)
