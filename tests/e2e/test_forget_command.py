"""`supportdesk forget` as a user calls it, beside the app and alone."""

from contextlib import closing
from pathlib import Path

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from tests.adapters.forgotten_home import (
    BOBS_WORDS,
    EMAIL,
    NAME,
    SECRETS,
    bytes_found,
    fill_alerts,
    make_full_home,
)
from tests.e2e.running import Watch, command
from tests.lab.waiting import free_port


@pytest.fixture
def home(tmp_path: Path) -> Path:
    places = make_full_home(tmp_path / "home")
    (places.data_dir / "credentials").mkdir()
    (places.data_dir / "credentials" / "mail.Support").write_text("x")
    with places.settings_path.open("a") as file:
        file.write(f'port = {free_port()}\nsecurity = "none"\n[reading]\nnudge = false\n')
    with closing(SqliteDeskStore(places.desk_db)) as store:
        fill_alerts(store)
    return places.data_dir


def test_it_says_what_goes_and_does_nothing_unasked(home: Path) -> None:
    answer = command(home, "forget", NAME)
    assert answer.returncode == 1
    assert "This deletes 2 mails with their texts, 1 file, 2 calls, 1 note" in answer.stdout
    assert "The mailbox of your team is not touched" in answer.stdout
    assert "Run it on a terminal, or with --yes." in answer.stderr
    assert {f"{word} in mail.db" for word in (EMAIL, "zebrastripes")} <= set(
        bytes_found(home, *SECRETS)
    )
    assert f"{NAME} in desk.db" in bytes_found(home, NAME)


def test_alone(home: Path) -> None:
    answer = command(home, "forget", EMAIL, "--yes")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "is forgotten here" in answer.stdout
    assert bytes_found(home, *SECRETS) == []
    assert bytes_found(home, BOBS_WORDS)
    again = command(home, "forget", EMAIL)
    assert (again.returncode, again.stdout) == (
        1,
        f"Nothing is kept here of {EMAIL}.\nNothing was deleted.\n",
    )


def test_beside_the_app_which_writes_nothing_back(home: Path) -> None:
    with Watch(home) as watch:
        watch.wait_for(lambda line: line["what"] == "state", seconds=60, what="the start")
        # It has taken in that she rings.
        answer = command(home, "forget", NAME, "--yes")
        assert "is on the phone just now. Forget them when the call is over." in answer.stderr
        ended = command(home, "call", "missed", "--from", "601 234 567")
        assert ended.returncode == 0
        answer = command(home, "forget", "601 234 567", "--yes")
        assert (answer.returncode, answer.stderr) == (0, "")
        assert bytes_found(home, *SECRETS) == []
    with Watch(home) as watch:
        watch.wait_for(lambda line: line["what"] == "state", seconds=60, what="the start")
        watch.wait_until_noted()
    assert bytes_found(home, *SECRETS) == []


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("Zoe", "Nobody here is called “Zoe”"),
        ("bob", "“bob” may be 2 people. Forget them one by one"),
        ("support@lab.test", "is an address of your own team"),
    ],
)
def test_who_is_meant_has_to_be_clear(home: Path, who: str, words: str) -> None:
    answer = command(home, "forget", who, "--yes")
    assert answer.returncode == 1
    assert words in answer.stderr
    assert answer.stdout == ""
