"""The test button: what it proves, what it says cannot be proved, and why."""

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.desktop.alert_chain import AlertChain
from supportdesk.adapters.desktop.log_alerts import LogAlerts
from supportdesk.adapters.desktop.sounds import SoundPlayer
from supportdesk.adapters.places import Places
from supportdesk.core import Core
from supportdesk.diagnosis.trial import TRIAL_ALERT, Trial
from supportdesk.domain.alerts import Alert, Sound
from supportdesk.domain.events import HealthChanged
from supportdesk.domain.health import (
    CheckState,
    Hearing,
    SourceHealth,
    SourceKind,
    SourceName,
    TrialName,
)
from supportdesk.services.ports import AlertResponse, GoneHow, PresenterSkill, PresenterState
from tests.fakes.memory_secrets import MemorySecrets
from tests.fakes.presenter import ReportingPresenter
from tests.fakes.smtp_server import SmtpServer

PATIENCE = 30_000
BARESIP = """
[[phone]]
name = "My phone"
kind = "baresip"
host = "127.0.0.1"
port = {port}
"""
NOBODY = """
[[mail]]
name = "Support"
address = "support@larder.example"
host = "127.0.0.1"
port = 1
security = "none"
user = "support"
[[phone]]
name = "Scripts"
kind = "hook"
"""


@pytest.fixture
def made_core(tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[[str], Core]]:
    cores: list[Core] = []

    def make(settings: str) -> Core:
        (tmp_path / "settings.toml").write_text(settings)
        secrets = MemorySecrets({"mail/Support": "larder"})
        cores.append(Core(Places.under(tmp_path), secrets=secrets))
        cores[-1].runner.perform(lambda now: cores[-1].desk.restore([], now))
        return cores[-1]

    yield make
    for core in cores:
        core.stop()


def ended(qtbot: QtBot, trial: Trial) -> dict[TrialName, tuple[CheckState, str]]:
    qtbot.waitUntil(lambda: bool(trial.steps) and not trial.is_running, timeout=PATIENCE)
    return {step.name: (step.state, step.words) for step in trial.steps}


class Popups(ReportingPresenter):
    """A desktop that says what it shows, unless it is a mute one."""

    def __init__(self, *, can: set[PresenterSkill], is_mute: bool = False) -> None:
        super().__init__("Desktop notifications (dunst)")
        self.can = frozenset(can)
        self.is_mute = is_mute

    def state(self) -> PresenterState:
        return PresenterState(
            name=self.name,
            is_available=self.is_available,
            can=self.can,
            last_error="dunst did not answer",
        )

    def show(self, alert: Alert, *, is_news: bool = True) -> None:
        super().show(alert, is_news=is_news)
        if not self.is_mute:
            self.reports.shown(alert.key)


@pytest.fixture
def popups() -> Popups:
    return Popups(can={PresenterSkill.CLICK})


def begun(
    core: Core, presenter: Popups | None, *, click: float = 60.0, shown: float = 60.0
) -> Trial:
    trial = Trial(
        core,
        None if presenter is None else AlertChain([presenter, LogAlerts()], parent=core),
        SoundPlayer(find=lambda _name: None, platform="linux", parent=core),
        click_seconds=click,
        shown_seconds=shown,
        parent=core,
    )
    trial.begin()
    return trial


def test_a_click_on_the_test_alert_proves_that_clicks_come_back(
    made_core: Callable[[str], Core], qtbot: QtBot, popups: Popups
) -> None:
    trial = begun(made_core(""), popups)
    assert list(popups.showing) == [TRIAL_ALERT]
    assert not trial.heard(AlertResponse(alert_key="call/1#waiting", action="default"))
    assert trial.heard(AlertResponse(alert_key=TRIAL_ALERT, action="default"))
    steps = ended(qtbot, trial)
    assert steps[TrialName.CLICKED][0] is CheckState.GOOD
    assert steps[TrialName.SHOWN] == (
        CheckState.GOOD,
        "Desktop notifications (dunst): it stands on the screen.",
    )
    assert not popups.showing, "the test alert is taken back"
    assert trial.heard(AlertResponse(alert_key=TRIAL_ALERT, action="default")), "never opens a page"


def test_what_cannot_be_proved_says_why(
    made_core: Callable[[str], Core], qtbot: QtBot, popups: Popups
) -> None:
    steps = ended(qtbot, begun(made_core(""), popups, click=0.05))
    assert steps[TrialName.MAIL_IN] == (CheckState.UNKNOWN, "No inbox is connected.")
    assert steps[TrialName.PHONE_LINK] == (CheckState.UNKNOWN, "No phone is connected.")
    state, words = steps[TrialName.CLICKED]
    assert state is CheckState.UNKNOWN
    assert "No click came" in words
    assert not popups.showing
    state, words = steps[TrialName.SOUND]
    assert state is CheckState.BROKEN
    assert "no program that plays sounds" in words


def test_a_desktop_that_sounds_is_asked_to(made_core: Callable[[str], Core], qtbot: QtBot) -> None:
    popups = Popups(can={PresenterSkill.SOUND, PresenterSkill.BUTTONS})
    steps = ended(qtbot, begun(made_core(""), popups, click=0.05))
    assert popups.shown[0].sound is not Sound.NONE
    state, words = steps[TrialName.SOUND]
    assert state is CheckState.UNKNOWN
    assert words.startswith("Desktop notifications (dunst) took it")
    assert "only you can say" in words


def test_an_alert_that_is_closed_or_expires_proves_nothing(
    made_core: Callable[[str], Core], qtbot: QtBot, popups: Popups
) -> None:
    core = made_core("")
    trial = begun(core, popups)
    assert trial.heard(AlertResponse(alert_key=TRIAL_ALERT, action="closed"))
    state, words = ended(qtbot, trial)[TrialName.CLICKED]
    assert state is CheckState.UNKNOWN
    assert "closed, not clicked" in words
    again = begun(core, popups)
    popups.lose(TRIAL_ALERT, GoneHow.EXPIRED)
    state, words = ended(qtbot, again)[TrialName.CLICKED]
    assert state is CheckState.UNKNOWN
    assert "left the screen" in words


def test_a_desktop_without_clicks_or_answers_is_told_apart(
    made_core: Callable[[str], Core], qtbot: QtBot
) -> None:
    steps = ended(qtbot, begun(made_core(""), Popups(can=set(), is_mute=True), shown=0.02))
    state, words = steps[TrialName.SHOWN]
    assert state is CheckState.UNKNOWN
    assert "does not tell whether it stands on the screen" in words
    assert "tray menu" in steps[TrialName.CLICKED][1]


def test_where_only_the_log_takes_alerts_none_is_shown(
    made_core: Callable[[str], Core], qtbot: QtBot, popups: Popups
) -> None:
    popups.is_available = False
    steps = ended(qtbot, begun(made_core(""), popups))
    state, words = steps[TrialName.SHOWN]
    assert state is CheckState.BROKEN
    assert "Only the log has it" in words
    assert "dunst did not answer." in words
    assert steps[TrialName.CLICKED] == (
        CheckState.UNKNOWN,
        "No alert came onto the screen to be clicked.",
    )


def test_a_test_that_is_given_up_takes_its_alert_back(
    made_core: Callable[[str], Core], popups: Popups
) -> None:
    trial = begun(made_core(""), popups)
    assert trial.is_running
    told: list[object] = []
    trial.step.connect(told.append)
    trial.stop()
    assert not popups.showing
    trial.heard(AlertResponse(alert_key=TRIAL_ALERT, action="default"))
    assert told == []


def test_a_source_that_cannot_be_reached_fails_with_its_culprit(
    made_core: Callable[[str], Core], qtbot: QtBot
) -> None:
    steps = ended(qtbot, begun(made_core(NOBODY), None))
    state, words = steps[TrialName.MAIL_IN]
    assert state is CheckState.BROKEN
    assert words.startswith("Support: ")
    assert "127.0.0.1" in words
    state, words = steps[TrialName.PHONE_LINK]
    assert state is CheckState.UNKNOWN
    assert "supportdesk call ringing" in words
    assert steps[TrialName.SHOWN][0] is CheckState.UNKNOWN


def test_what_answers_has_to_be_listened_to_as_well(
    made_core: Callable[[str], Core], qtbot: QtBot
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as baresip:
        core = made_core(BARESIP.format(port=baresip.getsockname()[1]))
        state, words = ended(qtbot, begun(core, None))[TrialName.PHONE_LINK]
        assert state is CheckState.BROKEN
        assert "A program listens" in words
        assert "but it is not listened to" in words
        core.runner.receive(HealthChanged(health=listening("My phone")))
        state, words = ended(qtbot, begun(core, None))[TrialName.PHONE_LINK]
    assert state is CheckState.GOOD
    assert words.startswith("My phone: A program listens")


def listening(name: str) -> SourceHealth:
    now = datetime.now(UTC)
    return SourceHealth(
        source=SourceName(name),
        kind=SourceKind.PHONE,
        hearing=Hearing.LISTENING,
        since=now,
        last_heard_at=now,
    )


SENDS = (
    NOBODY.split("[[phone]]")[0]
    + """
[mail.smtp]
host = "127.0.0.1"
port = {port}
security = "none"
user = "anna"
"""
)


def test_the_server_for_sending_is_tried_and_nothing_sent(
    made_core: Callable[[str], Core], qtbot: QtBot, popups: Popups
) -> None:
    with SmtpServer() as server:
        trial = begun(made_core(SENDS.format(port=server.port)), popups, click=0.1)
        steps = ended(qtbot, trial)
        assert not [line for line in server.lines if line.startswith("DATA")]
    assert steps[TrialName.MAIL_IN][0] is CheckState.BROKEN, "each of the two by itself"
    assert steps[TrialName.MAIL_OUT] == (
        CheckState.GOOD,
        "Support: 127.0.0.1 takes mail from anna; none was sent.",
    )


def test_why_nothing_can_be_sent_is_said(
    made_core: Callable[[str], Core], qtbot: QtBot, popups: Popups
) -> None:
    with SmtpServer([("AUTH", [b"535 5.7.8 No"])]) as server:
        trial = begun(made_core(SENDS.format(port=server.port)), popups, click=0.1)
        state, words = ended(qtbot, trial)[TrialName.MAIL_OUT]
    assert state is CheckState.BROKEN
    assert words.startswith("Support: 127.0.0.1 refused user or password of anna for sending.")
    trial = begun(made_core(NOBODY), popups, click=0.1)
    state, words = ended(qtbot, trial)[TrialName.MAIL_OUT]
    assert state is CheckState.UNKNOWN
    assert words.startswith("No server for sending")
