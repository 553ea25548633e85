"""What is said of a silence: who is quiet or deaf, and where."""

from datetime import timedelta

import pytest

from supportdesk.domain.errors import Problem
from supportdesk.domain.health import SourceKind, SourceName
from supportdesk.domain.silence import Ear, Look, Verdict
from supportdesk.services import silence_words

MAIL = Ear(
    source=SourceName("Support"), kind=SourceKind.MAIL, address="support@x.example", can_send=True
)
READS_ONLY = Ear(source=SourceName("Support"), kind=SourceKind.MAIL, address="support@x.example")
PHONE = Ear(source=SourceName("Office"), kind=SourceKind.PHONE)
QUIET = timedelta(minutes=72)
TROUBLE = Problem(title="The server is away", advice="Look at it")


@pytest.mark.parametrize(
    ("ear", "words"),
    [
        (MAIL, "A test mail tells."),
        (READS_ONLY, "write to support@x.example from elsewhere."),
        (PHONE, "to be sure, call yourself."),
    ],
)
def test_the_question_says_how_long_and_what_would_tell(ear: Ear, words: str) -> None:
    found = silence_words.question(ear, QUIET)
    assert found.verdict is Verdict.ASKED
    assert found.problem is not None
    assert found.problem.title == f"{ear.source}: nothing for 1 h 12"
    assert found.problem.advice.endswith(words)


@pytest.mark.parametrize(
    ("look", "verdict", "title"),
    [
        (Look(problem=TROUBLE), Verdict.UNREACHED, "Support does not answer"),
        (Look(unheard=1), Verdict.DEAF, "Support: we had not heard of 1 message"),
        (Look(unheard=3), Verdict.DEAF, "Support: we had not heard of 3 messages"),
        (Look(is_alive=False), Verdict.DEAF, "Support: our link to it is dead"),
    ],
)
def test_a_look_says_what_is_wrong_and_where(look: Look, verdict: Verdict, title: str) -> None:
    found = silence_words.of_look(MAIL, look, QUIET)
    assert found is not None
    assert found.problem is not None
    assert (found.verdict, found.problem.title) == (verdict, title)
    assert found.words == f"{title}."


def test_a_look_that_finds_nothing_says_nothing() -> None:
    assert silence_words.of_look(MAIL, Look(), QUIET) is None


def test_a_test_mail_that_is_back_or_not() -> None:
    back = silence_words.proven(MAIL, timedelta(seconds=3))
    assert back.problem is None
    assert back.words.endswith("came back in under a minute: customers are quiet.")
    assert silence_words.proven(MAIL, None).words.endswith("came back: customers are quiet.")
    here = silence_words.not_back(MAIL, is_there=True)
    away = silence_words.not_back(MAIL, is_there=False)
    assert (here.verdict, away.verdict) == (Verdict.DEAF, Verdict.NOT_DELIVERED)
    assert away.words == "Mail to Support does not arrive."


def test_a_test_mail_that_could_not_be_looked_for() -> None:
    found = silence_words.not_searched(MAIL, TROUBLE)
    assert found.verdict is Verdict.UNREACHED
    assert found.problem == Problem(
        title="Support: a test mail is not back yet",
        advice="It could not be looked for. The server is away. Look at it.",
    )


def test_a_test_mail_that_could_not_be_sent() -> None:
    found = silence_words.not_sent(MAIL, TROUBLE)
    assert found.verdict is Verdict.NOT_SENT
    assert found.problem == Problem(
        title="No test mail could be sent from Support",
        advice="The server is away. Look at it.",
    )
