from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from supportdesk.domain.answers import Draft
from supportdesk.domain.errors import StoreError
from supportdesk.domain.lifts import THANKS
from supportdesk.domain.sending import SendState
from supportdesk.domain.voices import Lesson
from supportdesk.services.desk_state import Turn
from supportdesk.services.lift_thanks import LiftThanks
from tests.fakes.answers import a_draft, an_outgoing
from tests.fakes.happenings import DeskRig, a_caller, a_member, a_message, arrived, joined
from tests.fakes.lifted import CARRIER_KEY, call_lifted, lifting, mail_lifted

INGRID = a_message(1, who="Ingrid", subject="Flour came twice")


@pytest.fixture
def rig() -> DeskRig:
    return DeskRig(settings=lifting()).listen(a_member("Anna"))


def thanks(answers: str = "", words: str = "She bakes at night.") -> Draft:
    return replace(a_draft(body=f"{THANKS}{words}\n\n-- \nAda"), answers=answers)


def moves(rig: DeskRig, draft: Draft, state: SendState = SendState.SENT) -> None:
    def perform(act: Callable[[datetime], Turn]) -> None:
        rig.take(act(rig.now))

    LiftThanks(rig.desk, perform).moved(draft, an_outgoing(state=state))


def learned(rig: DeskRig) -> list[tuple[str, str, str]]:
    return [(one.words, one.item, one.who) for one in rig.voices.learned.values()]


def a_lifted_call(rig: DeskRig) -> str:
    rig.apply(joined(a_caller("1", name="Pavel Kiss")))
    rig.apply(call_lifted())
    (lift,) = rig.desk.lifts.open()
    rig.desk.lifts.thanks_begun(lift.key, "one")
    return lift.key


def test_thanks_for_a_call_that_go_out_in_a_later_run_are_remembered_and_learned(
    rig: DeskRig,
) -> None:
    key = a_lifted_call(rig)
    again = DeskRig(settings=lifting(), lifts=rig.lifts, store=rig.store, voices=rig.voices)
    moves(again, thanks(), SendState.WAITING)
    assert learned(again) == []
    moves(again, thanks())
    moves(again, thanks(), SendState.DONE)
    assert learned(again) == [("She bakes at night.", "call/Office/1", "Pavel Kiss")]
    lift = again.desk.lifts.lift(key)
    assert lift is not None
    assert lift.thanked_at == again.now


def test_thanks_for_a_mail_are_the_answer_to_the_operator(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID))
    rig.apply(mail_lifted(about=[INGRID.message_id]))
    (lift,) = rig.desk.lifts.open()
    moves(rig, thanks(lift.carrier, "Our form sends twice."))
    assert learned(rig) == [("Our form sends twice.", INGRID.key, "Ingrid")]


def test_what_is_known_no_more_is_learned_without_a_name(rig: DeskRig) -> None:
    rig.apply(mail_lifted())
    moves(rig, thanks(CARRIER_KEY))
    assert learned(rig) == [("She bakes at night.", CARRIER_KEY, "")]


def test_nothing_is_learned_of_thanks_without_words(rig: DeskRig) -> None:
    key = a_lifted_call(rig)
    moves(rig, thanks(words=""))
    lift = rig.desk.lifts.lift(key)
    assert lift is not None
    assert lift.thanked_at is not None
    assert learned(rig) == []


@pytest.mark.parametrize("draft", [a_draft(), thanks("mail/Support/<no-lift@x>")])
def test_other_messages_thank_for_nothing(rig: DeskRig, draft: Draft) -> None:
    moves(rig, draft)
    rig.apply(arrived(INGRID))
    rig.apply(mail_lifted(about=[INGRID.message_id]))
    moves(rig, draft)
    assert len(rig.desk.lifts.open()) == 1
    assert learned(rig) == []


def test_a_disk_that_takes_nothing_is_said(rig: DeskRig) -> None:
    a_lifted_call(rig)
    rig.lifts.error = StoreError("The disk is full", "Make room.")
    with pytest.raises(StoreError):
        moves(rig, thanks())
    rig.lifts.error = None
    moves(rig, thanks(), SendState.FILED)
    assert [words for words, *_ in learned(rig)] == ["She bakes at night."], "learned once"
    (lift,) = rig.lifts.lifts()
    assert lift.thanked_at is not None


def test_what_could_not_be_learned_is_learned_at_the_next_try(
    rig: DeskRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = a_lifted_call(rig)

    def full(_lesson: Lesson) -> None:
        raise StoreError("The disk is full", "Make room.")

    with monkeypatch.context() as disk:
        disk.setattr(rig.voices, "save_lesson", full)
        with pytest.raises(StoreError):
            moves(rig, thanks())
    lift = rig.desk.lifts.lift(key)
    assert lift is not None
    assert lift.thanked_at is None
    moves(rig, thanks(), SendState.FILED)
    assert [words for words, *_ in learned(rig)] == ["She bakes at night."]
