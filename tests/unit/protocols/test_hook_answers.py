import json

import pytest

from supportdesk.protocols import hook_answers
from supportdesk.protocols.hook_answers import HookAnswer
from supportdesk.protocols.hook_fields import HookFieldError

REFUSALS = [one for one in vars(hook_answers).values() if isinstance(one, HookAnswer)]


@pytest.mark.parametrize("answer", REFUSALS, ids=lambda answer: str(answer.status))
def test_every_refusal_is_one_plain_sentence(answer: HookAnswer) -> None:
    said = json.loads(answer.body)
    assert said == {"ok": False, "error": answer.sentence}
    assert answer.is_refusal
    assert answer.sentence.endswith(".")
    assert answer.sentence.count(". ") == 0
    assert "!" not in answer.sentence


def test_an_event_that_was_taken_in() -> None:
    assert json.loads(hook_answers.taken(()).body) == {"ok": True}
    assert json.loads(hook_answers.taken(("agent",)).body) == {"ok": True, "ignored": ["agent"]}


def test_a_field_is_named() -> None:
    answer = hook_answers.wrong_field(HookFieldError("at", "The field at is odd."))
    assert answer.status == 422
    assert json.loads(answer.body)["field"] == "at"
    whole = hook_answers.wrong_field(HookFieldError("", "No JSON."))
    assert (whole.status, "field" in json.loads(whole.body)) == (400, False)


def test_when_to_come_again() -> None:
    answer = hook_answers.too_many_requests(7)
    assert (answer.status, answer.headers) == (429, (("Retry-After", "7"),))


def test_what_the_parser_refuses() -> None:
    assert hook_answers.no_http(431).status == 431
    assert hook_answers.no_http(400).status == 400
    assert hook_answers.no_http(501).status == 400
