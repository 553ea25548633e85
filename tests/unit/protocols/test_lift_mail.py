from dataclasses import replace

import pytest

from supportdesk.domain.lifts import Operator
from supportdesk.domain.mail import Mailer, MessageId
from supportdesk.domain.settings import LiftSettings
from supportdesk.protocols.lift_mail import (
    LIFT_HEADERS,
    LiftMail,
    lift_in,
    may_lift,
    was_moved,
    was_sent_to_detail,
)
from tests.fakes.happenings import a_message

UP = ("support+up@example.com",)
OWN = ("Support@example.com",)
TRUSTED = LiftSettings(operators=("Anna Lind <Anna@Team.example>",), authserv_id="MX.example.com")
SECRET = LiftSettings(
    operators=("anna@team.example",), address="support+up-7k@example.com", address_is_secret=True
)
PROOF = b"Authentication-Results: mx.example.com; dmarc=pass header.from=team.example\r\n"
FROM = b"From: Annie <anna@team.example>\r\n"
TO = b"To: <support@example.com>, Support+Up@example.com\r\n"


def test_an_operator_who_is_proved_lifts_what_the_mail_names() -> None:
    header = (
        PROOF
        + FROM
        + TO
        + (
            b"X-Forwarded-Message-Id: <3@x>\r\nIn-Reply-To: <2@x>\r\n"
            b"References: <1@x> <2@x>\r\n\r\n"
        )
    )
    assert lift_in(header, TRUSTED, UP) == LiftMail(
        by=Operator(name="Anna Lind", email="anna@team.example"),
        about=(MessageId("<3@x>"), MessageId("<2@x>"), MessageId("<1@x>")),
    )


@pytest.mark.parametrize(
    "header",
    [
        FROM + TO,
        PROOF + FROM + b"To: support@example.com\r\n",
        PROOF + b"From: c@example.org\r\n" + TO,
        PROOF + b"From: anna@team.example, c@example.org\r\n" + TO,
        PROOF + FROM + b"From: c@example.org\r\n" + TO,
        PROOF + TO,
        b"Authentication-Results: evil.example; none\r\n" + PROOF + FROM + TO,
        b"Authentication-Results: mx.example.com; dmarc=fail\r\n" + PROOF + FROM + TO,
        PROOF.replace(b"mx.", b"mx2.") + FROM + TO,
        PROOF + b"Auto-Submitted: auto-replied\r\n" + FROM + TO,
    ],
)
def test_what_is_not_proved_is_just_mail(header: bytes) -> None:
    assert lift_in(header, TRUSTED, UP) is None


def test_a_secret_address_is_a_proof_of_its_own() -> None:
    up = SECRET.takes_mail_to(OWN)
    found = lift_in(FROM + b"Cc: support+up-7K@example.com\r\n", SECRET, up)
    assert found is not None
    assert found.by == Operator(name="Annie", email="anna@team.example")
    assert lift_in(FROM + TO, SECRET, up) is None


def test_with_nothing_to_prove_it_by_nobody_lifts() -> None:
    assert lift_in(FROM + TO, LiftSettings(operators=("anna@team.example",)), UP) is None


def test_only_what_says_to_be_an_operators_is_worth_a_look() -> None:
    up = (Mailer(name="", email="Support+up@example.com"),)
    anna = Mailer(name="Anna", email="Anna@team.example")
    customers = a_message(1)
    assert may_lift(replace(customers, sender=anna, recipients=up), UP, TRUSTED.people)
    assert not may_lift(replace(customers, recipients=up), UP, TRUSTED.people)
    assert not may_lift(replace(customers, sender=anna, recipients=()), UP, TRUSTED.people)


@pytest.mark.parametrize(
    ("header", "is_moved"),
    [
        (b"Delivered-To: <support@example.com>\r\nTo: support@example.com\r\n", True),
        (b"X-Original-To: support@example.com\r\nCc: john+shop@example.org\r\n", True),
        (b"To: support@example.com\r\n", False),
        (b"Delivered-To: <support+lifted@example.com>\r\nTo: support@example.com\r\n", False),
        (b"Delivered-To: <support@example.com>\r\nEnvelope-To: support+Lifted@x\r\n", False),
        (b"Delivered-To: support@example.com\r\nTo: Support+Lifted@example.com\r\n", False),
    ],
)
def test_a_mail_was_moved_if_it_was_surely_delivered_elsewhere(
    header: bytes, is_moved: bool
) -> None:
    assert was_moved(header, OWN) is is_moved


@pytest.mark.parametrize(
    ("header", "is_sent"),
    [
        (b"", False),
        (b"To: support@example.com\r\n", False),
        (b"To: support@example.com\r\nCc: john+shop@example.org\r\n", False),
        (b"Delivered-To: <support@example.com>\r\n", False),
        (b"Delivered-To: <support+lifted@example.com>\r\nTo: support@example.com\r\n", True),
        (b'Delivered-To: <"support+Lifted"@x>\r\nTo: support@example.com\r\n', True),
        (b"Delivered-To: support@example.com\r\nX-Original-To: support+lifted@x\r\n", True),
        (b"To: support@example.com\r\nCc: Support+Lifted@example.com\r\n", True),
        (b"To: support@example.com, support+lifted@example.com\r\n", True),
    ],
)
def test_a_copy_may_have_been_sent_to_where_it_lies(header: bytes, is_sent: bool) -> None:
    assert was_sent_to_detail(header, OWN) is is_sent


def test_all_fields_that_are_read_are_asked_for() -> None:
    for name in ("AUTHENTICATION-RESULTS", "DELIVERED-TO", "X-FORWARDED-MESSAGE-ID"):
        assert name in LIFT_HEADERS.split()
