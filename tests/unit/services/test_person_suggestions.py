import pytest

from supportdesk.domain.events import CallMissed
from supportdesk.domain.mail import Mailer
from supportdesk.services.person_suggestions import PersonSuggestions, Why
from tests.fakes.happenings import DeskRig, a_member, missed

JANA = Mailer(name="Jana  Nová", email="jana@x.example")


def a_call(call_id: str, number: str, name: str = "") -> CallMissed:
    return missed(call_id, number=number, name=name, at=float(call_id))


def a_rig(*calls: CallMissed) -> tuple[DeskRig, PersonSuggestions]:
    rig = DeskRig().listen(a_member("Anna"))
    for call in calls:
        rig.apply(call)
    return rig, PersonSuggestions(rig.desk.people, rig.desk.calls)


def test_a_number_of_the_signature_that_called() -> None:
    _, suggestions = a_rig(a_call("1", "+420 111"), a_call("2", "+420 222"))
    [found] = suggestions.for_mail(JANA, ["420111", "420333"])
    assert (found.email, found.name, found.number, found.why, found.call.call_id) == (
        "jana@x.example",
        "Jana  Nová",
        "+420 111",
        Why.SIGNATURE,
        "1",
    )


def test_a_caller_of_the_same_full_name() -> None:
    _, suggestions = a_rig(a_call("1", "+420 111", "JANA NOVÁ"), a_call("2", "+420 222", "Jana"))
    [found] = suggestions.for_mail(JANA, [])
    assert (found.number, found.why) == ("+420 111", Why.SAME_NAME)


@pytest.mark.parametrize("name", ["", "Jana"])
def test_a_first_name_is_not_enough(name: str) -> None:
    _, suggestions = a_rig(a_call("1", "+420 111", "Jana"), a_call("2", "+420 222"))
    assert suggestions.for_mail(Mailer(name=name, email="j@x"), []) == ()


def test_the_signature_weighs_more_than_the_name_and_three_are_enough() -> None:
    calls = [a_call(f"{one}", f"+420 {one}", "Jana Nová") for one in range(1, 6)]
    _, suggestions = a_rig(*calls)
    found = suggestions.for_mail(JANA, ["4201"])
    assert [(one.number, one.why) for one in found] == [
        ("+420 1", Why.SIGNATURE),
        ("+420 5", Why.SAME_NAME),
        ("+420 4", Why.SAME_NAME),
    ]


def test_a_number_that_is_somebodys_is_not_offered() -> None:
    rig, suggestions = a_rig(a_call("1", "+420 111", "Jana Nová"))
    assert suggestions.for_mail(JANA, ["420111"])
    rig.join(Mailer(name="Ben", email="ben@x"), "+420 111")
    assert suggestions.for_mail(JANA, ["420111"]) == ()
