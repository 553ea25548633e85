"""An answer on the practice desk: written and sent by the app's own parts, and answered."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.core import Core
from supportdesk.domain.answers import AnswerKind, Draft, DraftId, ReplyHead
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.reply_rules import (
    message_id_of,
    own_address_of,
    references_of,
    reply_subject,
    who_gets_it,
)
from supportdesk.domain.sending import SendState
from supportdesk.domain.settings import MailSettings
from supportdesk.practice_home import PracticeHome
from supportdesk.services.quoting import quote_of
from tests.fakes.presenter import RecordingPresenter

PATIENCE_MS = 30_000
CUSTOMER = "ingrid@"


@pytest.fixture
def home() -> Iterator[PracticeHome]:
    # Sixty times as fast: the customer's answer takes seconds, as everything in that day.
    with PracticeHome(speed=60.0) as home:
        yield home


@pytest.fixture
def core(home: PracticeHome, qtbot: QtBot) -> Iterator[Core]:
    core = Core(home.places, presenter=RecordingPresenter(), secrets=home.secrets)
    core.start()
    yield core
    core.stop()


def of_customer(core: Core) -> list[MessageSummary]:
    conversations = core.desk.inbox.conversations()
    messages = [one for found in conversations for one in found.messages]
    theirs = [one for one in messages if one.sender.email.startswith(CUSTOMER)]
    return sorted(theirs, key=lambda one: one.arrived_at)


def an_answer(question: MessageSummary, settings: MailSettings, core: Core) -> Draft:
    head = ReplyHead(
        message_id=question.message_id,
        sender=question.sender,
        to=question.recipients,
        subject=question.subject,
        references=question.references,
    )
    sender = own_address_of(head, settings)
    return Draft(
        draft_id=DraftId("practice"),
        kind=AnswerKind.REPLY,
        account=question.account,
        message_id=message_id_of("practice", sender),
        sender=sender,
        changed_at=core.clock.now(),
        answers=question.key,
        references=references_of(head),
        recipients=who_gets_it(head, AnswerKind.REPLY, settings.own_addresses),
        subject=reply_subject(question.subject, AnswerKind.REPLY),
        body=f"Dear *Ingrid*,\n\nit is mended.\n\n-- \n{settings.signature}",
        quote=quote_of(question.sender, question.sent_at, "What you wrote"),
        is_formatted=True,
        base=frozenset({question.key}),
    )


def test_an_answer_is_sent_filed_and_answered_by_the_customer(core: Core, qtbot: QtBot) -> None:
    settings = core.settings.mail[0]
    qtbot.waitUntil(lambda: bool(of_customer(core)), timeout=PATIENCE_MS)
    question = of_customer(core)[-1]
    draft = an_answer(question, settings, core)
    answering = core.answering
    assert answering.why_not(question.account) is None
    answering.begin(draft)
    answering.send(draft.draft_id)
    answering.send_now(draft.draft_id)

    def has_gone() -> bool:
        outgoing = answering.outgoing(draft.draft_id)
        if outgoing is not None and outgoing.state is SendState.HELD:
            # The day goes by sixty times as fast: more may have come of this customer meanwhile.
            answering.send_anyway(draft.draft_id)
        return outgoing is None or outgoing.state is SendState.DONE

    qtbot.waitUntil(has_gone, timeout=PATIENCE_MS)

    def is_answered() -> bool:
        found = core.desk.inbox.conversation(question.key)
        return found is not None and any(
            one.sender.email.startswith(CUSTOMER) and draft.message_id in one.references
            for one in found.messages
        )

    qtbot.waitUntil(is_answered, timeout=PATIENCE_MS)
    assert answering.unsent() == ()
    found = core.desk.inbox.conversation(question.key)
    assert found is not None
    ours = [one for one in found.messages if one.message_id == draft.message_id]
    assert len(ours) == 1
    asked = next(one for one in found.messages if one.key == question.key)
    qtbot.waitUntil(
        lambda: getattr(core.desk.inbox.message(asked.key), "is_answered", False),
        timeout=PATIENCE_MS,
    )
