"""An alert is heard once: by the desktop, or by a player where the desktop is silent."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.desktop.alert_chain import AlertChain
from supportdesk.adapters.desktop.alert_sounds import AlertSounds
from supportdesk.adapters.desktop.log_alerts import LogAlerts
from supportdesk.adapters.desktop.sounds import SoundPlayer
from supportdesk.domain.alerts import Alert, AlertRaised, AlertUpdated, AlertWithdrawn, Sound
from supportdesk.services.ports import PresenterSkill, PresenterState
from tests.adapters.alert_examples import AT, alert
from tests.fakes.presenter import ReportingPresenter

CALL = replace(alert("call/Office/1#waiting"), sound=Sound.CALL)


class Player(SoundPlayer):
    """Plays into a list."""

    def __init__(self) -> None:
        super().__init__(find=lambda _name: None)
        self.heard: list[Sound] = []

    def play(self, sound: Sound, done: object = None) -> None:
        self.heard.append(sound)


class Desktop(ReportingPresenter):
    """Pop-ups that sound by themselves, or not; `is_prompt` says at once that they stand."""

    def __init__(self, *, sounds: bool, is_prompt: bool = False) -> None:
        super().__init__()
        self._can = frozenset({PresenterSkill.SOUND}) if sounds else frozenset()
        self._is_prompt = is_prompt

    def state(self) -> PresenterState:
        return PresenterState(name=self.name, is_available=self.is_available, can=self._can)

    def show(self, alert: Alert, *, is_news: bool = True) -> None:
        super().show(alert, is_news=is_news)
        if self._is_prompt:
            self.reports.shown(alert.key)


class Ears:
    """Tells alerts as the app does: first the presenters, then who listens."""

    def __init__(self, *desktops: Desktop) -> None:
        self.player = Player()
        self.chain = AlertChain([*desktops, LogAlerts()])
        self._sounds = AlertSounds(self.chain, self.player)

    def tell(self, told: Alert, *, is_new: bool = True, is_news: bool = True) -> None:
        self.chain.show(told, is_news=is_news)
        notice = AlertRaised(alert=told) if is_new else AlertUpdated(alert=told, is_news=is_news)
        self._sounds.noticed(notice)

    def withdraw(self, told: Alert) -> None:
        self.chain.withdraw(told.key)
        self._sounds.noticed(AlertWithdrawn(alert=told, at=AT, why="answered"))

    @property
    def heard(self) -> list[Sound]:
        return self.player.heard


@pytest.fixture(autouse=True)
def _an_app(qtbot: QtBot) -> None:
    """Qt objects need one."""


def test_a_silent_desktop_is_helped_at_once_and_each_time() -> None:
    desktop = Desktop(sounds=False)
    ears = Ears(desktop)
    ears.tell(CALL)
    desktop.reports.shown(CALL.key)
    assert ears.heard == [Sound.CALL]
    ears.tell(CALL, is_new=False)
    assert ears.heard == [Sound.CALL, Sound.CALL], "a caller who still waits is heard again"


def test_a_desktop_that_sounds_is_left_to_it() -> None:
    desktop = Desktop(sounds=True)
    ears = Ears(desktop)
    ears.tell(CALL)
    desktop.reports.shown(CALL.key)
    assert ears.heard == []


def test_a_hung_desktop_that_would_have_sounded_is_made_good() -> None:
    hung, next_one = Desktop(sounds=True), Desktop(sounds=False, is_prompt=True)
    ears = Ears(hung, next_one)
    ears.tell(CALL)
    assert ears.heard == []
    hung.is_available = False
    hung.fail(CALL.key)
    assert ears.heard == [Sound.CALL]


def test_what_only_the_log_has_is_at_least_heard() -> None:
    ears = Ears()
    ears.tell(CALL)
    assert ears.heard == [Sound.CALL]


def test_silence_better_words_and_what_is_over_are_not_heard() -> None:
    hung, next_one = Desktop(sounds=True), Desktop(sounds=False, is_prompt=True)
    ears = Ears(hung, next_one)
    ears.tell(replace(CALL, sound=Sound.NONE))
    ears.tell(CALL, is_new=False, is_news=False)
    ears.tell(CALL)
    ears.withdraw(CALL)
    hung.is_available = False
    ears.tell(CALL, is_new=False, is_news=False)
    assert ears.heard == []


def test_a_thousand_left_to_a_desktop_do_not_pile_up() -> None:
    hung, next_one = Desktop(sounds=True), Desktop(sounds=False, is_prompt=True)
    ears = Ears(hung, next_one)
    for number in range(1000):
        ears.tell(replace(CALL, key=f"call/{number}"))
    hung.is_available = False
    for number in range(1000):
        hung.fail(f"call/{number}")
    assert 0 < len(ears.heard) <= 50
