"""The test button: what it proves, what it says cannot be proved, and why."""

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.places import Places
from supportdesk.core import Core
from supportdesk.diagnosis.trial import TRIAL_ALERT, Trial, TrialName, TrialState
from supportdesk.domain.events import HealthChanged
from supportdesk.domain.health import Hearing, SourceHealth, SourceKind, SourceName
from supportdesk.services.ports import AlertResponse
from tests.fakes.memory_secrets import MemorySecrets
from tests.fakes.presenter import RecordingPresenter

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


def ended(qtbot: QtBot, trial: Trial) -> dict[TrialName, tuple[TrialState, str]]:
    qtbot.waitUntil(lambda: bool(trial.steps) and not trial.is_running, timeout=PATIENCE)
    return {step.name: (step.state, step.words) for step in trial.steps}


def begun(core: Core, presenter: RecordingPresenter | None, **seconds: float) -> Trial:
    trial = Trial(
        core,
        presenter,
        lambda done: done("canberra-gtk-play", ""),
        click_seconds=seconds.get("click", 60.0),
        shown_seconds=seconds.get("shown", 0.01),
        parent=core,
    )
    trial.begin()
    return trial


def test_a_click_on_the_test_alert_proves_that_clicks_come_back(
    made_core: Callable[[str], Core], qtbot: QtBot
) -> None:
    presenter = RecordingPresenter("Desktop notifications (dunst)")
    trial = begun(made_core(""), presenter)
    assert list(presenter.showing) == [TRIAL_ALERT]
    assert not trial.heard(AlertResponse(alert_key="call/1#waiting", action="default"))
    assert trial.heard(AlertResponse(alert_key=TRIAL_ALERT, action="default"))
    steps = ended(qtbot, trial)
    assert steps[TrialName.CLICKED][0] is TrialState.WORKS
    assert steps[TrialName.SHOWN] == (
        TrialState.WORKS,
        "Taken by: Desktop notifications (dunst).",
    )
    assert not presenter.showing, "the test alert is taken back"


def test_what_cannot_be_proved_says_why(made_core: Callable[[str], Core], qtbot: QtBot) -> None:
    steps = ended(qtbot, begun(made_core(""), RecordingPresenter(), click=0.05))
    assert steps[TrialName.MAIL_IN] == (TrialState.UNPROVEN, "No inbox is connected.")
    assert steps[TrialName.PHONE_LINK] == (TrialState.UNPROVEN, "No phone is connected.")
    state, words = steps[TrialName.CLICKED]
    assert state is TrialState.UNPROVEN
    assert "No click came" in words
    state, words = steps[TrialName.SOUND]
    assert state is TrialState.UNPROVEN
    assert "canberra-gtk-play has played it" in words


def test_an_alert_that_is_closed_proves_nothing(
    made_core: Callable[[str], Core], qtbot: QtBot
) -> None:
    trial = begun(made_core(""), RecordingPresenter())
    assert trial.heard(AlertResponse(alert_key=TRIAL_ALERT, action="closed"))
    state, words = ended(qtbot, trial)[TrialName.CLICKED]
    assert state is TrialState.UNPROVEN
    assert "closed, not clicked" in words


def test_a_source_that_cannot_be_reached_fails_with_its_culprit(
    made_core: Callable[[str], Core], qtbot: QtBot
) -> None:
    steps = ended(qtbot, begun(made_core(NOBODY), None))
    state, words = steps[TrialName.MAIL_IN]
    assert state is TrialState.FAILED
    assert words.startswith("Support: ")
    assert "127.0.0.1" in words
    state, words = steps[TrialName.PHONE_LINK]
    assert state is TrialState.UNPROVEN
    assert "supportdesk call ringing" in words
    assert steps[TrialName.SHOWN][0] is TrialState.UNPROVEN


def test_what_answers_has_to_be_listened_to_as_well(
    made_core: Callable[[str], Core], qtbot: QtBot
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as baresip:
        core = made_core(BARESIP.format(port=baresip.getsockname()[1]))
        state, words = ended(qtbot, begun(core, None))[TrialName.PHONE_LINK]
        assert state is TrialState.FAILED
        assert "A program listens" in words
        assert "but it is not listened to" in words
        core.runner.receive(HealthChanged(health=listening("My phone")))
        state, words = ended(qtbot, begun(core, None))[TrialName.PHONE_LINK]
    assert state is TrialState.WORKS
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
