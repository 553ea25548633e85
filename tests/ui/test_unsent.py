"""The words on what was sent and has not gone out: on the strip and beside the icon."""

from dataclasses import replace
from datetime import timedelta

import pytest

from supportdesk.domain.errors import Problem
from supportdesk.domain.sending import SendState
from supportdesk.services.outbox_words import Unsent, unsent_of
from supportdesk.ui.gallery.make_believe import STRIPS, TRAY
from supportdesk.ui.presenter.unsent import (
    tray_with_unsent,
    unsent_words,
    with_unsent,
    worth_a_word,
)
from supportdesk.ui.rows import Action, StripKind, StripView, Tone
from tests.fakes.answers import AT, a_draft, an_outgoing

_PROBLEM = Problem(title="The server cannot be reached", advice="It is tried again.")
NOW = AT + timedelta(minutes=14)


def unsent(
    name: str = "one", state: SendState = SendState.WAITING, problem: Problem | None = _PROBLEM
) -> Unsent:
    row = replace(an_outgoing(name, state), problem=problem)
    told = unsent_of(row, a_draft(name), problem, has_looked=True)
    assert told is not None
    return told


def texts(strip: StripView) -> list[str]:
    return [one.text for one in strip.segments]


def test_what_goes_out_in_seconds_is_not_worth_a_word() -> None:
    calm = unsent(problem=None)
    assert worth_a_word([calm], AT + timedelta(seconds=5)) == ()
    assert worth_a_word([calm], AT + timedelta(seconds=15)) == (calm,)
    assert len(worth_a_word([unsent()], AT)) == 1
    held = unsent(state=SendState.HELD, problem=None)
    assert worth_a_word([held], AT) == (held,)


def test_how_many_and_how_long() -> None:
    assert unsent_words([], NOW) == ""
    assert unsent_words([unsent()], AT) == "1 not sent yet"
    assert unsent_words([unsent(), unsent("two")], NOW) == "2 not sent yet, 14 min"
    held = unsent(state=SendState.HELD)
    assert unsent_words([held], NOW) == "1 message not sent: you decide, 14 min"
    assert unsent_words([held, unsent("two")], NOW) == "2 not sent yet, 14 min"


def test_the_strip_says_it_first_and_leads_to_the_outbox() -> None:
    quiet = STRIPS[StripKind.QUIET]
    assert texts(quiet)[0] == "All quiet"
    strip = with_unsent(quiet, [unsent()], NOW)
    assert texts(strip) == ["1 not sent yet, 14 min", *texts(quiet)[1:]]
    assert strip.segments[0].tone is Tone.AMBER
    assert strip.buttons[-1].action is Action.SHOW_OUTBOX
    strip = with_unsent(quiet, [unsent(state=SendState.REFUSED)], NOW)
    assert strip.segments[0].tone is Tone.BRICK
    assert with_unsent(quiet, [], NOW) == quiet


@pytest.mark.parametrize(
    "kind", [StripKind.LIFTED, StripKind.WAITING, StripKind.PAUSED, StripKind.DEAF]
)
def test_what_is_more_urgent_stays_before_it(kind: StripKind) -> None:
    before = STRIPS[kind]
    strip = with_unsent(before, [unsent()], NOW)
    assert texts(strip) == [texts(before)[0], "1 not sent yet, 14 min", *texts(before)[1:]]


def test_a_caller_who_is_yours_has_the_strip_alone() -> None:
    yours = STRIPS[StripKind.YOURS]
    assert with_unsent(yours, [unsent()], NOW) == yours


def test_the_tray_says_since_when() -> None:
    assert tray_with_unsent(TRAY, [], NOW) == TRAY
    tray = tray_with_unsent(TRAY, [unsent()], NOW)
    assert tray.unsent_line.startswith("1 not sent yet, since ")
    assert tray.tooltip == f"{TRAY.tooltip} · {tray.unsent_line}"
