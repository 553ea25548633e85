"""The files of a message that is forwarded come along, and so can the message as it came."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.domain.answers import Draft
from supportdesk.domain.errors import Problem
from supportdesk.domain.events import MessageTextFetched, PartFetched
from supportdesk.domain.mail import WHOLE_MESSAGE, MessagePart, MessageText
from supportdesk.domain.settings import SmtpSettings
from supportdesk.ui.controllers.forward_files import AT_ONCE
from supportdesk.ui.rows import Action
from supportdesk.ui.theme import Theme
from tests.fakes.happenings import SUPPORT, a_message, arrived, settings_with
from tests.ui.looking import settle, words
from tests.ui.rig import Rig

INVOICE = MessagePart(name="invoice.pdf", media_type="application/pdf", size_bytes=9, section="2")
PHOTO = MessagePart(name="bun.jpg", media_type="image/jpeg", size_bytes=9, section="3")
LOGO = replace(PHOTO, name="logo.png", section="4", is_inline=True)
SEAL = replace(INVOICE, name="smime.p7s", section="5", media_type="application/pkcs7-signature")
IN_TEXT = replace(INVOICE, name="uuencoded.txt", section="")
MESSAGE = replace(a_message(1), subject="Bread: burnt", size_bytes=4711)


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    settings = settings_with()
    mail = replace(settings.mail[0], smtp=SmtpSettings(host="smtp.example.org"))
    made = Rig(theme, qtbot, replace(settings, mail=(mail,)))
    made.acts.answering.has_heads = False
    made.desk.apply(arrived(MESSAGE))
    made.refresh()
    return made


def the_text(*parts: MessagePart) -> MessageText:
    return MessageText(
        account=SUPPORT, message_id=MESSAGE.message_id, text="It burnt.", parts=parts
    )


def forwarding(rig: Rig, *parts: MessagePart, is_here: bool = True) -> Draft:
    rig.acts.text = the_text(*parts) if is_here else None
    assert rig.controller.open_item(MESSAGE.key)
    rig.ask(Action.FORWARD, MESSAGE.key)
    settle()
    return the_draft(rig)


def the_draft(rig: Rig) -> Draft:
    (draft,) = rig.acts.answering.drafts()
    return draft


def fetched(rig: Rig, part: MessagePart, path: str = "", problem: str = "") -> None:
    event = PartFetched(
        account=SUPPORT,
        message_id=MESSAGE.message_id,
        section=part.section,
        path=path,
        problem=problem,
    )
    rig.controller.event_seen(event)
    settle()


def said(rig: Rig, what: str) -> bool:
    settle()
    return any(what in line for line in words(rig.window))


def names(files: Iterable[object]) -> list[str]:
    return [getattr(one, "name", "") for one in files]


def test_files_of_the_original_come_along_by_themselves(rig: Rig) -> None:
    rig.acts.parts_here = {"3": "/kept/bun.jpg"}
    forwarding(rig, INVOICE, PHOTO, LOGO, SEAL, IN_TEXT)
    assert names(the_draft(rig).files) == ["bun.jpg"]
    assert [one for one in rig.acts.asked if one.startswith("fetch")] == ["fetch 2"]
    assert said(rig, "1 file is still coming")
    fetched(rig, INVOICE, "/kept/invoice.pdf")
    draft = the_draft(rig)
    assert names(draft.files) == ["bun.jpg", "invoice.pdf"]
    assert draft.files[1].media_type == "application/pdf"
    assert not said(rig, "still coming")
    fetched(rig, INVOICE, "/kept/invoice.pdf")
    assert len(the_draft(rig).files) == 2


def test_a_text_that_comes_later_brings_its_files(rig: Rig) -> None:
    forwarding(rig, is_here=False)
    for _ in range(2):
        rig.controller.event_seen(
            MessageTextFetched(
                account=SUPPORT, message_id=MESSAGE.message_id, text=the_text(INVOICE)
            )
        )
    assert [one for one in rig.acts.asked if one == "fetch 2"] == ["fetch 2"]


def test_what_is_large_waits_to_be_asked_for(rig: Rig) -> None:
    large = replace(INVOICE, size_bytes=AT_ONCE + 1)
    draft = forwarding(rig, large)
    assert not rig.acts.asked
    assert said(rig, "1 file of the original, 20.0 MB, not attached")
    rig.ask(Action.ATTACH_ORIGINAL_FILES, draft.draft_id)
    fetched(rig, large, "/kept/invoice.pdf")
    assert names(the_draft(rig).files) == ["invoice.pdf"]


def test_the_original_goes_along_as_it_came(rig: Rig) -> None:
    draft = forwarding(rig)
    assert said(rig, "The text of the original stands below yours")
    rig.ask(Action.ATTACH_ORIGINAL, draft.draft_id)
    assert f"fetch {WHOLE_MESSAGE}" in rig.acts.asked
    whole = replace(INVOICE, section=WHOLE_MESSAGE)
    fetched(rig, whole, "/kept/Bread.eml")
    (file,) = the_draft(rig).files
    assert (file.name, file.media_type) == ("Bread_ burnt.eml", "message/rfc822")
    assert not said(rig, "The text of the original stands below yours")


def test_sending_before_they_are_here_asks(rig: Rig) -> None:
    draft = forwarding(rig, INVOICE)
    to = replace(draft.recipients, to=(MESSAGE.sender,))
    rig.acts.answering.typed(replace(draft, recipients=to))
    rig.window.composers.flush()
    rig.acts.answering.typed(replace(the_draft(rig), recipients=to))
    rig.controller.refresh_all()
    rig.window.choices.send_asked.emit(draft.draft_id)
    assert "send" not in rig.acts.answering.asked
    assert said(rig, "send it without them")


@pytest.mark.parametrize("why", ["The server is gone.", ""])
def test_what_does_not_come_is_said_and_can_be_tried_again(rig: Rig, why: str) -> None:
    draft = forwarding(rig, INVOICE)
    fetched(rig, INVOICE, problem=why)
    assert said(rig, "invoice.pdf could not be attached")
    assert said(rig, why or "It was stopped.")
    rig.ask(Action.ATTACH_ORIGINAL_FILES, draft.draft_id)
    assert not said(rig, "could not be attached")
    fetched(rig, INVOICE, "/kept/invoice.pdf")
    assert names(the_draft(rig).files) == ["invoice.pdf"]


def test_an_account_that_is_gone_and_a_full_disk_are_said(rig: Rig) -> None:
    rig.acts.takes_files = False
    draft = forwarding(rig, INVOICE)
    assert said(rig, "is not watched any more")
    rig.acts.takes_files = True
    rig.acts.problem = Problem(title="The disk is full", advice="Make room")
    rig.ask(Action.ATTACH_ORIGINAL_FILES, draft.draft_id)
    fetched(rig, INVOICE, "/kept/invoice.pdf")
    assert said(rig, "The disk is full")
    assert not the_draft(rig).files


def test_an_answer_takes_no_files_along(rig: Rig) -> None:
    rig.acts.text = the_text(INVOICE)
    assert rig.controller.open_item(MESSAGE.key)
    rig.ask(Action.REPLY, MESSAGE.key)
    settle()
    assert not [one for one in rig.acts.asked if one.startswith("fetch")]
    fetched(rig, INVOICE, "/kept/invoice.pdf")
    assert not the_draft(rig).files
