from pathlib import Path

from supportdesk.adapters.installation import installation_of


def test_it_is_the_same_for_each_run(tmp_path: Path) -> None:
    desk = tmp_path / "desk.db"
    assert installation_of(desk) == installation_of(tmp_path / "." / "desk.db")
    assert len(installation_of(desk)) == 12


def test_a_copy_is_another_one(tmp_path: Path) -> None:
    desk = tmp_path / "desk.db"
    names = {
        installation_of(desk, b"one"),
        installation_of(desk, b"two"),
        installation_of(tmp_path / "copy" / "desk.db", b"one"),
    }
    assert len(names) == 3
