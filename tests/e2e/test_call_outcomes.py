"""One outcome a call, equal to what really happened, on the oldest and the newest Asterisk we know.

python -m pytest tests/e2e/test_call_outcomes.py     ends with the table of all outcomes
"""

from collections.abc import Iterator

import pytest

from tests.e2e.call_cases import CASES, Truth, play
from tests.lab.asterisk_root import VERSIONS
from tests.lab.phone import AsteriskLab

pytestmark = [pytest.mark.asterisk, pytest.mark.usefixtures("qapp")]

_TOLD: list[tuple[str, str, list[Truth], list[Truth]]] = []


@pytest.fixture(scope="module", autouse=True)
def table(request: pytest.FixtureRequest) -> Iterator[None]:
    """Print what happened beside what was told, once all is told."""
    yield
    lines = [
        f"  {version:3} {name:60} {', '.join(map(str, happened)):50} {', '.join(map(str, told))}"
        for version, name, happened, told in sorted(_TOLD, key=lambda one: (one[1], one[0]))
    ]
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print("\n", *("happened | told", *lines), sep="\n")  # noqa: T201 - a table for people


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", CASES)
def test_each_call_has_the_outcome_that_it_had(name: str, version: str) -> None:
    with AsteriskLab(version=version) as lab:
        happened, told = play(name, lab)
    _TOLD.append((version, name, happened, told))
    assert told == happened
