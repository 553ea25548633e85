"""Where a home lies on disk."""

import stat
import sys
from pathlib import Path

import pytest

from supportdesk.adapters.places import Places
from supportdesk.domain.errors import StoreError


def test_a_home_of_its_own_holds_everything_in_one_folder(tmp_path: Path) -> None:
    places = Places.from_environment({"SUPPORTDESK_HOME": str(tmp_path / "desk")})
    assert places.settings_path == tmp_path / "desk" / "settings.toml"
    assert places.desk_db == tmp_path / "desk" / "desk.db"
    assert places.mail_db == tmp_path / "desk" / "mail.db"
    assert places.log_dir == tmp_path / "desk" / "log"


def test_a_relative_home_is_the_same_from_every_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    places = Places.from_environment({"SUPPORTDESK_HOME": "desk"})
    assert places.desk_db == tmp_path / "desk" / "desk.db"


def test_without_a_home_the_platforms_folders_are_used() -> None:
    places = Places.from_environment({})
    assert places.settings_path.parent.name == "supportdesk"
    assert places.desk_db.is_absolute()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_folders_are_made_for_this_user_alone(tmp_path: Path) -> None:
    places = Places.under(tmp_path / "new" / "desk")
    places.create_folders()
    places.create_folders()
    for folder in (places.data_dir, places.log_dir, places.spool_dir):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError) as caught:
        Places.under(tmp_path / "file" / "desk").create_folders()
    assert str(tmp_path / "file" / "desk") in caught.value.title
    assert "SUPPORTDESK_HOME" in caught.value.advice


@pytest.mark.skipif(sys.platform == "win32", reason="sockets with paths")
def test_the_socket_lies_in_the_home_unless_its_path_would_be_too_long(tmp_path: Path) -> None:
    assert Places.under(Path("/home/anna/desk")).socket_name == "/home/anna/desk/desk.sock"
    deep = Places.under(tmp_path / ("x" * 100))
    other = Places.under(tmp_path / ("y" * 100))
    assert len(deep.socket_name) < 80
    assert deep.socket_name != other.socket_name
