"""What is said of a silence: whether customers are quiet or we are deaf, and where (F95)."""

from datetime import timedelta

from supportdesk.domain.errors import Problem
from supportdesk.domain.health import SourceKind
from supportdesk.domain.silence import Ear, Found, Look, Verdict
from supportdesk.services.wording import duration, sentence


def question(ear: Ear, quiet_for: timedelta) -> Found:
    """Asked when only customers, or a mail to ourselves, can tell."""
    title = f"{ear.source}: nothing for {duration(quiet_for)}"
    if ear.kind is SourceKind.PHONE:
        advice = "That is rare at this hour. The phone system answers: to be sure, call yourself."
    elif ear.can_send:
        advice = (
            "That is rare at this hour. The server has nothing new: customers are quiet, or their "
            "mail does not reach it. A test mail tells."
        )
    else:
        advice = (
            "That is rare at this hour. The server has nothing new. To be sure, write to "
            f"{ear.address} from elsewhere."
        )
    return Found(
        verdict=Verdict.ASKED,
        words="Unusually quiet, and a look found nothing wrong.",
        problem=Problem(title=title, advice=advice),
    )


def of_look(ear: Ear, look: Look, quiet_for: timedelta) -> Found | None:
    """None when a look found nothing wrong."""
    after = f"Nothing had come for {duration(quiet_for)}."
    if look.problem is not None:
        advice = f"{sentence(look.problem.title)} {sentence(look.problem.advice)}"
        return _found(Verdict.UNREACHED, f"{ear.source} does not answer", advice)
    if look.unheard:
        count = "1 message" if look.unheard == 1 else f"{look.unheard} messages"
        title = f"{ear.source}: we had not heard of {count}"
        advice = f"{after} The server has them, and our link told nothing. It was asked to look."
        return _found(Verdict.DEAF, title, advice)
    if not look.is_alive:
        title = f"{ear.source}: our link to it is dead"
        advice = f"{after} The server answers, our own link does not. It was asked to look."
        return _found(Verdict.DEAF, title, advice)
    return None


def proven(ear: Ear, took: timedelta | None) -> Found:
    """`took` is not known of a mail that an earlier run had sent."""
    how_soon = "" if took is None else f" in {duration(took)}"
    words = f"A test mail to {ear.address} came back{how_soon}: customers are quiet."
    return Found(verdict=Verdict.QUIET, words=words)


def not_back(ear: Ear, *, is_there: bool) -> Found:
    """Of a mail that we did not hear of: does it lie on the server?"""
    if is_there:
        advice = "A test mail lies in the mailbox, and our link told nothing. It was asked to look."
        return _found(Verdict.DEAF, f"{ear.source}: we do not hear new mail", advice)
    title = f"Mail to {ear.source} does not arrive"
    advice = (
        "A test mail was taken for sending and is not in the mailbox. Mail of customers may be "
        f"stuck too: ask whoever runs {ear.address}."
    )
    return _found(Verdict.NOT_DELIVERED, title, advice)


def not_searched(ear: Ear, problem: Problem) -> Found:
    """Of a mail that we did not hear of, and could not look for."""
    title = f"{ear.source}: a test mail is not back yet"
    advice = f"It could not be looked for. {sentence(problem.title)} {sentence(problem.advice)}"
    return _found(Verdict.UNREACHED, title, advice)


def not_sent(ear: Ear, problem: Problem) -> Found:
    title = f"No test mail could be sent from {ear.source}"
    advice = f"{sentence(problem.title)} {sentence(problem.advice)}"
    return _found(Verdict.NOT_SENT, title, advice)


def _found(verdict: Verdict, title: str, advice: str) -> Found:
    return Found(
        verdict=verdict, words=sentence(title), problem=Problem(title=title, advice=advice)
    )
