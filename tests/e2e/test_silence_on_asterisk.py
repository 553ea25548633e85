"""A phone system that is quiet: do callers not call, or do we not hear it? On a real Asterisk."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.domain.silence import Verdict
from tests.e2e.silent_desk import SilentDesk
from tests.lab.asterisk_conf import SECRET
from tests.lab.phone import AMI_USER, AsteriskLab

pytestmark = pytest.mark.asterisk

OFFICE = "Office"


@pytest.fixture
def settings(asterisk_lab: AsteriskLab) -> str:
    return (
        f'[[phone]]\nname = "{OFFICE}"\nkind = "asterisk"\nhost = "127.0.0.1"\n'
        f'port = {asterisk_lab.ami_port}\nuser = "{AMI_USER}"\nqueues = ["support"]\n'
        '[ritual]\nsilence = "ask"\n'
    )


def test_one_that_answers_is_asked_about_when_that_is_very_rare(
    settings: str, tmp_path: Path, qtbot: QtBot
) -> None:
    secrets = {f"phone/{OFFICE}": SECRET}
    with SilentDesk(tmp_path / "home", qtbot, settings, secrets) as desk:
        desk.wait_until_heard(OFFICE)
        desk.be_quiet(OFFICE, minutes=90)
        desk.wait_for(OFFICE, Verdict.ASKED)
        qtbot.waitUntil(lambda: bool(desk.raised()), timeout=10_000)
        assert desk.raised() == [f"{OFFICE}: nothing for 1 h 30"]


def test_one_that_is_frozen_is_found(
    settings: str, asterisk_lab: AsteriskLab, tmp_path: Path, qtbot: QtBot
) -> None:
    """The line stands, the kernel takes what we send, and nobody answers."""
    secrets = {f"phone/{OFFICE}": SECRET}
    with SilentDesk(tmp_path / "home", qtbot, settings, secrets) as desk:
        desk.wait_until_heard(OFFICE)
        asterisk_lab.freeze()
        desk.be_quiet(OFFICE)
        found = desk.wait_for(OFFICE, Verdict.UNREACHED, seconds=120).found
        assert found.words == f"{OFFICE} does not answer."
