"""One outcome a call, equal to what really happened, on the oldest and the newest Asterisk we know.

python -m pytest tests/e2e/test_call_outcomes.py     ends with the table of all outcomes
"""

from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.e2e import scenarios
from tests.e2e.call_cases import CASES, Played, Truth, play
from tests.lab.asterisk_root import VERSIONS

for _where in ("queues", "direct_calls", "dialling", "links", "callers"):
    import_module(f"tests.e2e.cases_of_{_where}")

_PLAYED: dict[tuple[str, str], Played] = {}
_CHECKOUT = Path(__file__).parents[2]
_OURS = "(ours)"


@pytest.fixture(scope="module", autouse=True)
def table(request: pytest.FixtureRequest) -> Iterator[None]:
    """Print what happened beside what was told, once all is told."""
    yield
    capture = request.config.pluginmanager.getplugin("capturemanager")
    if _PLAYED:
        with capture.global_and_fixture_disabled():
            print("", *_lines(), sep="\n")  # noqa: T201 - a table for people


@pytest.mark.asterisk
@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", CASES)
def test_each_call_has_the_outcome_that_it_had(name: str, version: str) -> None:
    played = _PLAYED[name, version] = play(name, version)
    assert played.told == (list(CASES[name].seen) or played.happened)
    assert CASES[name].beyond in ("", *played.limits), "the founder is told what it cannot tell"


def test_every_scenario_with_calls_has_a_case() -> None:
    acted_out = {one.scenario for one in CASES.values()} - {""}
    assert acted_out == set(scenarios.WITH_CALLS)


def test_what_has_no_call_is_tested_where_it_is_said() -> None:
    named = [name for names in scenarios.WITHOUT_CALLS.values() for name in names]
    for name in named:
        path, _, test = name.partition("::")
        assert f"def {test}(" in (_CHECKOUT / path).read_text(encoding="utf-8")


def _lines() -> Iterable[str]:
    rows = [("scenario", "what was acted out", "Asterisk", "happened", "told")]
    for scenario in (*scenarios.ALL, ""):
        for name, one in CASES.items():
            if one.scenario == scenario:
                rows += _rows_of(name)
        for test in scenarios.WITHOUT_CALLS.get(scenario, ()):
            rows.append((scenario, f"no call; see {test}", "", "", ""))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for *cells, happened, told in rows:
        begin = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        yield f"{begin}  {happened}  |  {told}" if happened else begin.rstrip()


def _rows_of(name: str) -> list[tuple[str, str, str, str, str]]:
    """One for all versions where they agree."""
    versions: dict[tuple[str, str], list[str]] = {}
    for version in VERSIONS:
        played = _PLAYED.get((name, version))
        if played is not None:
            words = (_words(played.happened), _words(played.told))
            versions.setdefault(words, []).append(version)
    beyond = CASES[name].beyond
    return [
        (
            CASES[name].scenario or _OURS,
            name,
            "+".join(those),
            happened,
            f"{told}{f' (“{beyond}”)' if beyond else ''}",
        )
        for (happened, told), those in versions.items()
    ]


def _words(truths: Iterable[Truth]) -> str:
    """Equal ones are counted."""
    said = [str(one) for one in truths]
    counted = {one: said.count(one) for one in said}
    words = [f"{number} x {one}" if number > 1 else one for one, number in counted.items()]
    return ", ".join(words) or "no customer's call"
