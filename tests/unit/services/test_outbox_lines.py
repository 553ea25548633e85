from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from supportdesk.domain.answers import DraftId
from supportdesk.domain.errors import Problem
from supportdesk.domain.sending import Outgoing, SendState
from supportdesk.services.outbox_lines import (
    NOTHING,
    SendingLines,
    happened_as_text,
    met_again,
    outbox_as_json,
    outbox_as_text,
)
from supportdesk.services.outbox_words import Unsent
from tests.fakes.answers import AT, a_draft, an_outgoing

LATER = AT + timedelta(minutes=20)
NO_SERVER = Problem(title="The server is not there", advice="It is tried again")
REFUSED = Problem(title="Refused", advice="Edit it", is_for_founder=True)


def as_utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def unsent(*rows: Outgoing) -> list[Unsent]:
    return met_again(rows, [a_draft("one"), a_draft("two")])


def test_an_empty_outbox_says_so() -> None:
    assert outbox_as_json([]) == []
    assert outbox_as_text([], AT, as_utc) == NOTHING


def test_a_message_that_waits() -> None:
    row = replace(an_outgoing(), tries=2, next_at=AT + timedelta(minutes=25), problem=NO_SERVER)
    (message,) = outbox_as_json(unsent(row))
    assert message == {
        "draft_id": "one",
        "message_id": "<one@example.com>",
        "account": "Support",
        "state": "waiting",
        "to": "Jana Nováková",
        "subject": "Re: Where is my order?",
        "since": "2026-11-21T10:00:00.000+00:00",
        "tries": 2,
        "next_at": "2026-11-21T10:25:00.000+00:00",
        "needs_founder": False,
        "title": "The server is not there",
        "advice": "It is tried again",
        "refused": [],
    }
    assert outbox_as_text([message], LATER, as_utc).splitlines() == [
        "10:00  waiting  to Jana Nováková: Re: Where is my order?",
        "  The server is not there. It is tried again",
        "  Tried 2 times, again 10:25.",
    ]


def test_who_was_refused_is_named() -> None:
    refused = (("jana@customer.example", "550 no such user"),)
    row = replace(an_outgoing(state=SendState.REFUSED), problem=REFUSED, refused=refused, tries=1)
    row = replace(row, next_at=LATER)
    text = outbox_as_text(outbox_as_json(unsent(row)), LATER, as_utc)
    assert text.splitlines() == [
        "10:00  refused  to Jana Nováková: Re: Where is my order?",
        "  Refused. Edit it",
        "  Tried once, again 10:20.",
        "  jana@customer.example: 550 no such user",
    ]


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (SendState.COUNTING, "writing"),
        (SendState.CHECKING, "waiting"),
        (SendState.TRYING, "waiting"),
        (SendState.POISED, "doubtful"),
        (SendState.HELD, "held"),
        (SendState.SENT, None),
        (SendState.WRITING, None),
    ],
)
def test_without_a_running_app_it_is_told_as_the_next_run_meets_it(
    state: SendState, shown: str | None
) -> None:
    messages = outbox_as_json(unsent(an_outgoing(state=state)))
    assert [one["state"] for one in messages if isinstance(one, dict)] == ([shown] if shown else [])


def test_a_message_that_just_waits_is_one_line() -> None:
    text = outbox_as_text(outbox_as_json(unsent(an_outgoing())), AT, as_utc)
    assert text == "10:00  waiting  to Jana Nováková: Re: Where is my order?"


def test_a_message_whose_draft_is_gone_is_told_all_the_same() -> None:
    (one,) = outbox_as_json(met_again([an_outgoing()], []))
    assert isinstance(one, dict)
    assert (one["to"], one["subject"]) == ("somebody", "")


def test_each_message_that_goes_out_is_told_once() -> None:
    lines = SendingLines()
    rows: dict[DraftId, Outgoing] = {}

    def news(*present: Outgoing) -> list[tuple[object, object]]:
        found = lines.news(unsent(*present), lambda one: rows.get(one), LATER)
        return [(line["kind"], line["title"]) for line in found]

    one, two = an_outgoing("one"), an_outgoing("two")
    assert news(one, two) == []
    rows[DraftId("one")] = replace(one, state=SendState.SENT)
    assert news(two) == [("sent", "Sent to Jana Nováková")]
    assert news(two) == []
    # Taken back: it is written on, and was not sent.
    rows[DraftId("two")] = replace(two, state=SendState.WRITING)
    assert news() == []


def test_what_needs_the_founder_is_told_once_for_each_state() -> None:
    lines = SendingLines()
    held = an_outgoing(state=SendState.HELD)
    refused = replace(an_outgoing(state=SendState.REFUSED), problem=REFUSED)
    found = [
        lines.news(unsent(row), lambda _one: None, LATER)
        for row in (an_outgoing(), held, held, refused)
    ]
    assert [[line["title"] for line in some] for some in found] == [
        [],
        ["Not sent to Jana Nováková: held"],
        [],
        ["Not sent to Jana Nováková: refused"],
    ]
    (line,) = found[-1]
    assert line == {
        "at": "2026-11-21T10:20:00.000+00:00",
        "what": "happened",
        "key": "sending/one",
        "kind": "unsent",
        "title": "Not sent to Jana Nováková: refused",
        "body": "Refused. Edit it",
        "actions": [],
        "source": "Support",
        "message_id": "<one@example.com>",
        "state": "refused",
    }
    text = happened_as_text(line)
    assert text.endswith(
        "  happened  unsent   Not sent to Jana Nováková: refused · Refused. Edit it"
    )
    assert found[1][0]["body"] == "Re: Where is my order?"
