"""`supportdesk why`, on what a run has decided."""

import json
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.running import Line, Watch, command, make_home

_HOME = '[[phone]]\nname = "Hook"\nkind = "hook"\n'


def _tells_of(name: str, line: Line) -> bool:
    return line["what"] == "alert" and name in str(line)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two people called in vain: of one the founder was told, of the other nothing is known."""
    made = make_home(tmp_path_factory.mktemp("why"), _HOME)
    with Watch(made) as watch:
        for number, name in (("+420541220018", "Maison Aubry"), ("+420541220019", "Pavel Kiss")):
            answer = command(made, "call", "missed", "--from", number, "--name", name)
            assert answer.returncode == 0, answer.stderr
            watch.wait_for(partial(_tells_of, name), seconds=30, what=f"the alert of {name}")
    return made


def _why(home: Path, *arguments: str) -> list[str]:
    answer = command(home, "why", *arguments)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.splitlines()


def test_everything_the_newest_at_the_end(home: Path) -> None:
    told = [line for line in _why(home) if "Told" in line]
    assert "Maison Aubry" in told[0]
    assert "Pavel Kiss" in told[-1]
    assert told[0].endswith("It was new.")


def test_about_somebody_by_words_by_key_and_by_link(home: Path) -> None:
    by_words = _why(home, "maison")
    assert by_words
    assert all("Maison Aubry" in line for line in by_words)
    told = [json.loads(line) for line in _why(home, "maison", "--json")]
    key = told[0]["key"]
    assert (told[0]["verdict"], told[0]["reason"]) == ("told", "It was new.")
    assert set(_why(home, key)) >= set(by_words)
    assert _why(home, f"supportdesk:{key}") == _why(home, key)


def test_about_somebody_who_never_called(home: Path) -> None:
    said = "Nothing has been decided on “Ingrid” in the last 30 days."
    assert _why(home, "Ingrid") == [said]
    assert _why(home, "Ingrid", "--json") == []
