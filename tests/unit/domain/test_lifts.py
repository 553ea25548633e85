import pytest

from supportdesk.domain.lifts import (
    Lift,
    LiftWay,
    Operator,
    lift_key,
    own_words,
    up_addresses,
)
from tests.fakes.happenings import T0


def test_who_lifted_is_named_as_far_as_it_is_known() -> None:
    lift = Lift(key="k", item="mail/Support/<1@x>", way=LiftWay.FLAG, at=T0)
    assert lift.who == "the team"
    named = Lift(key="k", item="i", by="Anna", by_address="a@x", way=LiftWay.ADDRESS, at=T0)
    assert named.who == "Anna"
    addressed = Lift(key="k", item="i", by_address="anna@example.com", way=LiftWay.ADDRESS, at=T0)
    assert addressed.who == "anna@example.com"


def test_ways_are_marks_on_the_server_or_calls_or_a_mail() -> None:
    marks = [way for way in LiftWay if way.is_mark]
    calls = [way for way in LiftWay if way.is_call]
    assert marks == [LiftWay.FLAG, LiftWay.KEYWORD, LiftWay.MAILBOX]
    assert calls == [LiftWay.QUEUE, LiftWay.CODE]


def test_an_operator_is_called_by_the_first_word_of_the_name() -> None:
    anna = Operator(name="Anna Novak", email="anna@example.com")
    assert (anna.label, anna.mark) == ("Anna Novak", "anna")
    nameless = Operator(email="ben@example.com")
    assert (nameless.label, nameless.mark) == ("ben", "ben")
    assert Operator(name=" ", email="x@example.com").mark == ""


def test_the_same_item_lifted_in_two_ways_is_two_lifts() -> None:
    assert lift_key(LiftWay.FLAG, "mail/S/<1>") == "lift/flag/mail/S/<1>"
    assert lift_key(LiftWay.CODE, "call/Office/7") == "lift/code/call/Office/7"


def test_without_an_address_of_its_own_plus_up_lifts_at_each_of_ours() -> None:
    own = ("Support@Example.com", "help@example.com", "not-an-address")
    assert up_addresses("", own) == ("support+up@example.com", "help+up@example.com")
    assert up_addresses("Boss-7Kq@example.com", own) == ("boss-7kq@example.com",)


@pytest.mark.parametrize(
    ("first_words", "own"),
    [
        ("Wants to leave. ---------- Forwarded message --------- From: Ingrid", "Wants to leave."),
        ("worth your ear Begin forwarded message: From: x", "worth your ear"),
        ("Bitte ansehen Von: Ingrid <i@x> Gesendet: Montag", "Bitte ansehen"),
        ("Call her? -- Anna Lind, Support", "Call her?"),
        ("---------- Forwarded message", ""),
        ("They come from: no idea. Well-known - and - loud", None),
        ("x" * 500, "x" * 300),
    ],
)
def test_why_is_what_stands_above_the_forwarded_mail(first_words: str, own: str | None) -> None:
    assert own_words(first_words) == (first_words if own is None else own)
