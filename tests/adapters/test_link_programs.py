"""What the desktop opens, asked of the real xdg-mime."""

import sys
from pathlib import Path

import pytest

from supportdesk.adapters.desktop.link_programs import has_program_for
from tests.lab.desktop_programs import add_program_for


@pytest.fixture
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desktop on which no program takes any link."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "etc"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "share"))
    return tmp_path / "data"


@pytest.mark.desktop
@pytest.mark.parametrize("scheme", ["tel", "sip", "callto", "sip-linphone"])
def test_a_program_takes_the_links_that_it_says_it_takes(data_home: Path, scheme: str) -> None:
    assert not has_program_for(scheme)
    add_program_for(data_home, scheme, "true")
    assert has_program_for(scheme)
    assert not has_program_for("mailto")


@pytest.mark.desktop
def test_a_program_that_was_removed_takes_nothing(data_home: Path) -> None:
    add_program_for(data_home, "tel", "true").unlink()
    assert not has_program_for("tel")


def test_where_nothing_can_say_nothing_is_believed_to_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not has_program_for("tel")
    broken = tmp_path / "xdg-mime"
    broken.write_text("this is no program")
    broken.chmod(0o755)
    assert not has_program_for("tel")


def test_other_systems_say_it_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert has_program_for("tel")
