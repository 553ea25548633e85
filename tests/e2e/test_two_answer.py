"""Two founders, two whole apps, one mailbox: both write to the same customer and both send.

One answer goes out. The other founder is held, with their own text and the first one's beside it.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.e2e.answering_app import AnsweringApp
from tests.e2e.two_founders import founders_at, key_of, mailbox_with
from tests.lab.mail import DovecotLab
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.dovecot

QUESTIONS = 3
_OURS = {"anna": "It leaves today, says Anna.", "ben": "Ben has sent it yesterday."}
_DROP = "Send nothing; your text goes"
_SEND_ANYWAY = "Send your text as it is"
_GO_ON = "Go on writing, then send"


@pytest.fixture
def founders(dovecot_lab: DovecotLab, tmp_path: Path) -> Iterator[dict[str, AnsweringApp]]:
    user = mailbox_with(dovecot_lab, QUESTIONS)
    with founders_at(dovecot_lab, user, tmp_path, waiting=QUESTIONS) as founders:
        yield founders


def test_the_second_answer_is_held_beside_the_first(
    founders: dict[str, AnsweringApp], dovecot_lab: DovecotLab
) -> None:
    """And the three ways out: nothing of it, all of it, or something better."""
    sink = dovecot_lab.sink
    for number, way_out in enumerate((_DROP, _SEND_ANYWAY, _GO_ON)):
        before = len(sink.messages())
        _both_answer(founders, number)
        sent = sink.messages()[before:]
        assert len(sent) == 1
        first, second = _first_and_second(sent[0].content)
        held = founders[second]
        held.wait_to_read("Not sent:")
        held.wait_to_read(_OURS[first])
        assert _OURS[second] in "".join(held.drafts().values())
        held.click(way_out)
        if way_out is _GO_ON:
            held.wait_for_composer()
            assert _OURS[second] in held.composed()["text"]
            held.send()
        wait_until(
            lambda app=held: "HELD" not in app.sending_states().values(),  # type: ignore[misc]
            seconds=30,
            what="the decision",
        )
        held.wait_for_unsent(0)
        after = [one.content for one in sink.messages()[before + 1 :]]
        assert len(after) == (0 if way_out is _DROP else 1)
        assert all(_first_and_second(content)[0] == second for content in after)


def _first_and_second(content: bytes) -> tuple[str, str]:
    """Who wrote this message, and who did not."""
    writer = next(name for name, words in _OURS.items() if words in content.decode())
    return writer, next(name for name in _OURS if name != writer)


def _both_answer(founders: dict[str, AnsweringApp], number: int) -> None:
    for name, app in founders.items():
        app.begin_answer(key_of(number))
        app.type(_OURS[name])
    with ThreadPoolExecutor(len(founders)) as hands:
        for done in [hands.submit(app.send) for app in founders.values()]:
            done.result()

    def states() -> list[str]:
        return [state for app in founders.values() for state in app.sending_states().values()]

    wait_until(
        lambda: "HELD" in states() and set(states()) == {"HELD", "DONE"},
        seconds=60,
        what="one to be sent and one to be held",
    )
