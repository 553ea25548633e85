"""What "Is it working?" says of silence."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.diagnosis.silence_part import silence_health
from supportdesk.domain.errors import Problem
from supportdesk.domain.health import CheckState, SourceName
from supportdesk.domain.silence import Look
from tests.e2e.silent_desk import SilentDesk
from tests.lab.waiting import free_port

MAIL = f"""
[[mail]]
name = "Support"
address = "support@example.org"
host = "127.0.0.1"
port = {free_port()}
security = "none"
user = "support"
"""


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[SilentDesk]:
    made = SilentDesk(tmp_path / "home", qtbot, MAIL, {})
    made.core.silence_tests.follow(made.core.settings)
    yield made
    made.core.stop()


def test_what_is_usual_has_to_be_learned_first(desk: SilentDesk) -> None:
    (part,) = silence_health(desk.core)
    assert part.is_good
    assert "learned" in part.words
    assert part.checks == ()


def test_how_long_it_is_quiet_and_what_was_found(desk: SilentDesk) -> None:
    desk.be_quiet("Support", minutes=70)
    (part,) = silence_health(desk.core)
    assert part.is_good
    (check,) = part.checks
    assert (check.state, check.words) == (CheckState.GOOD, "quiet for 1 h 10")
    problem = Problem(title="It is away", advice="Look at it")
    desk.core.silence_tests.take_look(SourceName("Support"), Look(problem=problem))
    (part,) = silence_health(desk.core)
    assert not part.is_good
    assert part.checks[0].state is CheckState.BROKEN
    assert "Support does not answer" in part.words


def test_nothing_where_nobody_wants_it_or_nothing_is_connected(
    tmp_path: Path, qtbot: QtBot
) -> None:
    for number, settings in enumerate(("", MAIL + '[ritual]\nsilence = "off"\n')):
        desk = SilentDesk(tmp_path / str(number), qtbot, settings, {})
        assert silence_health(desk.core) == ()
        desk.core.stop()
