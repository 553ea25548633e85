"""A copy of a draft in the Drafts mailbox of a real Dovecot: one at a time, and gone at the end."""

import imaplib
from dataclasses import replace
from pathlib import Path

import pytest

from supportdesk.domain.send_events import DraftCopied, SentLookedFor
from tests.e2e.answering_app import AnsweringApp, answering_home
from tests.e2e.mail_account import client, letter
from tests.e2e.sending_desk import SendingDesk, sending_settings
from tests.e2e.two_founders import key_of, mailbox_with
from tests.lab.mail import DovecotLab
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.dovecot


def test_a_copy_in_drafts_is_replaced_and_taken_away(
    dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    """Nothing of anybody else's is touched, and it is no proof that the answer went out."""
    address = dovecot_lab.new_address()
    colleague = client(dovecot_lab, address)
    with SendingDesk(sending_settings(dovecot_lab, address), tmp_path) as desk:
        _copy_and_remove(desk, colleague)
    colleague.logout()


def _copy_and_remove(desk: SendingDesk, colleague: imaplib.IMAP4_SSL) -> None:
    colleague.append("Drafts", r"(\Draft)", "", letter("a draft of a colleague"))
    draft = desk.draft(body="First words")
    for words in ("First words", "More words"):
        before = len(desk.steps(draft.draft_id))
        desk.senders.copy_draft(replace(draft, body=words))
        copied = desk.next_of(draft.draft_id, before)
        assert isinstance(copied, DraftCopied), copied
        assert copied.place is not None
        assert copied.place.mailbox == "Drafts"
    assert _drafts(colleague) == ["a draft of a colleague", "More words"]
    looked = desk.step(desk.senders.look_for, desk.outgoing(draft))
    assert isinstance(looked, SentLookedFor)
    assert looked.place is None
    before = len(desk.steps(draft.draft_id))
    desk.senders.remove_copy(draft)
    removed = desk.next_of(draft.draft_id, before)
    assert isinstance(removed, DraftCopied)
    assert removed.place is None
    assert _drafts(colleague) == ["a draft of a colleague"]


def _drafts(link: imaplib.IMAP4_SSL) -> list[str]:
    """What a mail program shows: words of each that is not marked as deleted."""
    link.select("Drafts", readonly=True)
    _, found = link.search(None, "UNDELETED")
    shown = []
    for number in found[0].split():
        _, parts = link.fetch(number, "(BODY.PEEK[])")
        text = str(parts[0])
        words = ("a draft of a colleague", "First words", "More words")
        shown += [one for one in words if one in text]
    return shown


def test_the_app_keeps_its_copy_up_to_date_and_takes_it_away(
    dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    """Put away: it is there; sent: it is gone, and was no proof that the answer had gone out."""
    user = mailbox_with(dovecot_lab, 1)
    colleague = client(dovecot_lab, user)
    home = answering_home(tmp_path, dovecot_lab, user, more="copy_drafts = true")
    before = len(dovecot_lab.sink.messages())
    with AnsweringApp(home) as app:
        app.wait_until_listening("Support")
        app.wait_for_people(1)
        app.begin_answer(key_of(0))
        app.type("First words")
        app.press("Escape")
        wait_until(lambda: _drafts(colleague) == ["First words"], seconds=30, what="the copy")
        app.begin_answer(key_of(0))
        assert "First words" in app.composed()["text"]
        app.send()
        app.wait_for_state("DONE")
        wait_until(lambda: _drafts(colleague) == [], seconds=30, what="no copy")
    colleague.logout()
    assert len(dovecot_lab.sink.messages()) == before + 1
