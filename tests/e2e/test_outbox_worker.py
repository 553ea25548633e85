"""What the outbox worker leaves in a real Dovecot: one copy in Sent, a flag, and nothing else."""

import imaplib
import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from supportdesk.domain.mail import MessageAddress
from supportdesk.domain.send_events import (
    AnswerFlagged,
    CopyFiled,
    SendAccepted,
    SendFailed,
    SendMarked,
    SendMoved,
    SendPoised,
    SendUnmarked,
    SentLookedFor,
)
from supportdesk.domain.sending import Outgoing
from supportdesk.domain.settings import KeepsSent, Security
from tests.e2e.mail_account import NAME, client, letter, renumber
from tests.e2e.sending_desk import SendingDesk, sending_settings
from tests.lab.mail import DovecotLab
from tests.lab.waiting import wait_until
from tests.lab.wire import RecordingProxy

pytestmark = pytest.mark.dovecot

QUESTION = "<1@example.org>"
CUTS = 4


@pytest.fixture
def address(dovecot_lab: DovecotLab) -> str:
    return dovecot_lab.new_address()


@pytest.fixture
def desk(dovecot_lab: DovecotLab, address: str, tmp_path: Path) -> Iterator[SendingDesk]:
    dovecot_lab.deliver(letter(1), to=address)
    with SendingDesk(sending_settings(dovecot_lab, address), tmp_path) as desk:
        yield desk


@pytest.fixture
def colleague(dovecot_lab: DovecotLab, address: str) -> Iterator[imaplib.IMAP4_SSL]:
    link = client(dovecot_lab, address)
    yield link
    link.logout()


def count_in(link: imaplib.IMAP4_SSL, mailbox: str, message_id: str) -> int:
    assert link.select(mailbox, readonly=True)[0] == "OK"
    _, found = link.search(None, "HEADER", "Message-ID", f'"{message_id}"')
    return len(found[0].split())


def flags_in(link: imaplib.IMAP4_SSL, mailbox: str = "INBOX") -> str:
    link.select(mailbox, readonly=True)
    _, lines = link.fetch("1:*", "(FLAGS)")
    return " ".join(str(line) for line in lines)


def test_an_answer_is_marked_sent_filed_once_and_flagged(
    desk: SendingDesk, dovecot_lab: DovecotLab, colleague: imaplib.IMAP4_SSL
) -> None:
    outgoing = desk.frozen(QUESTION)
    marked = desk.step(desk.senders.mark, outgoing)
    assert isinstance(marked, SendMarked)
    assert marked.mark.startswith("$SD-sending-anna-")
    assert marked.mark.lower() in flags_in(colleague).lower()
    filed = desk.send_and_file(outgoing)
    assert filed.place is not None
    assert filed.place.mailbox == "Sent"
    assert [one.recipients for one in dovecot_lab.sink.messages()][-1] == ("ann@example.org",)
    # Asked again, as after a kill: it is found and not put there twice.
    again = desk.step(desk.senders.file, outgoing)
    assert isinstance(again, CopyFiled)
    assert again.place == filed.place
    assert count_in(colleague, "Sent", outgoing.message_id) == 1
    flagged = desk.step(desk.senders.flag, outgoing)
    assert isinstance(flagged, AnswerFlagged)
    assert flagged.is_marked
    unmarked = desk.step(desk.senders.unmark, outgoing)
    assert isinstance(unmarked, SendUnmarked)
    flags = flags_in(colleague)
    assert "\\\\Answered" in flags
    assert "\\\\Seen" not in flags
    assert "sending" not in flags.lower()


def test_the_question_is_flagged_wherever_it_lies_by_now(
    dovecot_lab: DovecotLab, address: str, tmp_path: Path, colleague: imaplib.IMAP4_SSL
) -> None:
    dovecot_lab.deliver(letter(1), letter(2), to=address)
    settings = sending_settings(dovecot_lab, address, also_watch=("Lifted",))
    stale = MessageAddress(mailbox="INBOX", uidvalidity=1, uid=1)
    with SendingDesk(settings, tmp_path) as desk:
        colleague.create("Lifted")
        colleague.select("INBOX")
        colleague.uid("MOVE", "1", "Lifted")
        moved = desk.step(desk.senders.flag, desk.frozen(QUESTION, stale))
        assert isinstance(moved, AnswerFlagged)
        assert moved.is_marked
        assert "\\\\Answered" in flags_in(colleague, "Lifted")
        renumber(colleague, "INBOX")
        renumbered = desk.step(desk.senders.flag, desk.frozen("<2@example.org>", stale))
        assert isinstance(renumbered, AnswerFlagged)
        assert renumbered.is_marked
        gone = desk.step(desk.senders.flag, desk.frozen("<gone@example.org>", stale))
        assert isinstance(gone, AnswerFlagged)
        assert not gone.is_marked
        nothing = desk.frozen()
        assert isinstance(desk.step(desk.senders.flag, nothing), AnswerFlagged)
        assert isinstance(desk.step(desk.senders.mark, nothing), SendMarked)
        assert isinstance(desk.step(desk.senders.unmark, nothing), SendUnmarked)


def test_two_who_mark_the_same_question(
    desk: SendingDesk, dovecot_lab: DovecotLab, address: str, tmp_path: Path
) -> None:
    """The second one is told who is at it; a run that was killed leaves its mark to the next."""
    settings = sending_settings(dovecot_lab, address)
    first = desk.frozen(QUESTION)
    told = desk.step(desk.senders.mark, first)
    assert isinstance(told, SendMarked)
    with SendingDesk(settings, tmp_path / "ben", claim_as="Ben Ö.") as ben:
        second = ben.frozen(QUESTION)
        held = ben.step(ben.senders.mark, second)
        assert isinstance(held, SendMarked)
        assert (held.mark, held.others) == ("", ("anna",))
        anyway = _sent_anyway(second)
        beside = ben.step(ben.senders.mark, anyway)
        assert isinstance(beside, SendMarked)
        assert beside.mark.startswith("$SD-sending-ben-")
        ben.step(ben.senders.unmark, second)
    # The next run of the first one, which knows its mark from desk.db.
    with SendingDesk(settings, tmp_path / "next") as later:
        later.step(later.senders.unmark, _marked(first, told.mark))
        third = later.step(later.senders.mark, later.frozen(QUESTION))
        assert isinstance(third, SendMarked)
        assert third.mark


def _sent_anyway(outgoing: Outgoing) -> Outgoing:
    return replace(outgoing, is_sent_anyway=True)


def _marked(outgoing: Outgoing, mark: str) -> Outgoing:
    return replace(outgoing, mark=mark)


def test_no_dot_without_a_word_and_none_after_a_no(
    desk: SendingDesk, dovecot_lab: DovecotLab
) -> None:
    before = len(dovecot_lab.sink.messages())
    outgoing = desk.frozen()
    assert isinstance(desk.step(desk.senders.send, outgoing), SendPoised)
    refused = desk.step(lambda one: desk.senders.give_up(one.draft_id), outgoing)
    assert isinstance(refused, SendFailed)
    assert not refused.is_final
    desk.senders.go_on(outgoing.draft_id)  # too late
    again = desk.step(desk.senders.send, outgoing)
    assert isinstance(again, SendPoised)
    desk.senders.stop(60)
    stopped = desk.next_of(outgoing.draft_id, 4)
    assert isinstance(stopped, SendFailed)
    desk.senders.go_on(outgoing.draft_id)
    assert len(dovecot_lab.sink.messages()) == before


def test_what_cannot_be_sent_says_why(
    desk: SendingDesk, dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    outgoing = desk.frozen()
    dovecot_lab.sink.refuse("ann@example.org", "550 5.1.1 no such person", times=1)
    try:
        refused = desk.send(outgoing)
    finally:
        dovecot_lab.sink.refuse_nobody()
    assert isinstance(refused, SendFailed)
    assert refused.is_final
    assert [address for address, _ in refused.refused] == ["ann@example.org"]
    lost = desk.outgoing(desk.draft())
    gone = desk.send(lost)
    assert isinstance(gone, SendFailed)
    assert "cannot be read" in gone.problem.title
    assert isinstance(desk.send(outgoing), SendAccepted)
    desk.senders.discard(outgoing.draft_id)
    assert not list(desk.outgoing_dir.glob(f"{outgoing.draft_id}*"))


def test_proof_is_found_in_sent_and_in_the_inbox(
    desk: SendingDesk, dovecot_lab: DovecotLab, address: str, colleague: imaplib.IMAP4_SSL
) -> None:
    outgoing = desk.frozen()
    nothing = desk.step(desk.senders.look_for, outgoing)
    assert isinstance(nothing, SentLookedFor)
    assert nothing.place is None
    dovecot_lab.deliver(letter("copy", message_id=outgoing.message_id), to=address)
    arrived = desk.step(desk.senders.look_for, outgoing)
    assert isinstance(arrived, SentLookedFor)
    assert arrived.place is not None
    assert arrived.place.mailbox == "INBOX"
    colleague.append("Sent", "", "", letter("copy", message_id=outgoing.message_id))
    in_sent = desk.step(desk.senders.look_for, outgoing)
    assert isinstance(in_sent, SentLookedFor)
    assert in_sent.place is not None
    assert in_sent.place.mailbox == "Sent"


def test_a_copy_that_the_server_files_itself_is_waited_for(
    dovecot_lab: DovecotLab, address: str, tmp_path: Path, colleague: imaplib.IMAP4_SSL
) -> None:
    settings = sending_settings(dovecot_lab, address, keeps_sent=KeepsSent.YES)
    with SendingDesk(settings, tmp_path) as desk:
        outgoing = desk.frozen()
        desk.send(outgoing)
        desk.senders.file(outgoing)
        wait_until(
            lambda: any("SEARCH" in line for line in dovecot_lab.imap_commands()),
            seconds=30,
            what="the first look",
        )
        raw = (desk.outgoing_dir / f"{outgoing.draft_id}.eml").read_bytes()
        colleague.append("Sent", "", "", raw)
        filed = desk.next_of(outgoing.draft_id, 3)
        assert isinstance(filed, CopyFiled)
        assert count_in(colleague, "Sent", outgoing.message_id) == 1


def test_a_server_that_files_copies_itself_is_learnt_and_the_thread_ends(
    tmp_path: Path,
) -> None:
    with DovecotLab() as lab:
        address = lab.new_address()
        with SendingDesk(
            sending_settings(lab, address), tmp_path, keeps_sent=False, rest_seconds=2.0
        ) as desk:
            outgoing = desk.frozen()
            desk.send_and_file(outgoing)
            link = client(lab, address)
            raw = (desk.outgoing_dir / f"{outgoing.draft_id}.eml").read_bytes()
            link.append("Sent", "", "", raw)
            link.logout()
            before = len(desk.steps(outgoing.draft_id))
            learnt = desk.next_of(outgoing.draft_id, before)
            assert isinstance(learnt, CopyFiled)
            assert learnt.keeps_sent is True
            wait_until(lambda: lab.session_count() == 0, seconds=30, what="no connection")
            names = [thread.name for thread in threading.enumerate()]
            assert f"outbox {NAME}" not in names
            # And the next request begins another one.
            assert isinstance(desk.step(desk.senders.look_for, outgoing), SentLookedFor)


def test_without_a_sent_mailbox_the_copy_is_kept_and_it_is_said(
    desk: SendingDesk, dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    settings = sending_settings(dovecot_lab, dovecot_lab.new_address(), sent="Away")
    with SendingDesk(settings, tmp_path / "other") as other:
        outgoing = other.frozen()
        failed = other.step(other.senders.file, outgoing)
        assert isinstance(failed, SendFailed)
        assert "Away" in failed.problem.title
        assert failed.problem.is_for_founder
        assert (other.outgoing_dir / f"{outgoing.draft_id}.eml").exists()


def test_a_full_mailbox_is_said_and_the_copy_filed_when_there_is_room(tmp_path: Path) -> None:
    with DovecotLab(most_mailbox_bytes=20_000) as lab:
        address = lab.new_address()
        link = client(lab, address)
        assert link.append("Drafts", "", "", letter("large", body="x" * 19_700))[0] == "OK"
        with SendingDesk(sending_settings(lab, address), tmp_path) as desk:
            outgoing = desk.frozen()
            assert isinstance(desk.send(outgoing), SendAccepted)
            full = desk.step(desk.senders.file, outgoing)
            assert isinstance(full, SendFailed), full
            assert "is full" in full.problem.title
            assert full.problem.is_for_founder
            link.delete("Drafts")
            assert isinstance(desk.step(desk.senders.file, outgoing), CopyFiled)
            assert count_in(link, "Sent", outgoing.message_id) == 1
        link.logout()
        assert len(lab.sink.messages()) == 1


def test_a_wire_cut_amid_an_append_makes_no_second_copy(
    dovecot_lab: DovecotLab, address: str, tmp_path: Path
) -> None:
    """Each time at another moment; half of the times the run that began it is gone as well."""
    names: list[str] = []
    with RecordingProxy(dovecot_lab.imap_port) as wire:
        settings = sending_settings(
            dovecot_lab, address, port=wire.port, security=Security.NONE, ca_file=""
        )
        for number in range(CUTS):
            folder = tmp_path / str(number)
            with SendingDesk(settings, folder) as desk:
                outgoing = desk.frozen()
                names.append(outgoing.message_id)
                wire.forget()
                desk.senders.file(outgoing)
                wait_until(lambda: b" APPEND " in wire.client_bytes, seconds=30, what="an APPEND")
                threading.Event().wait(random.uniform(0, 0.02))
                wire.cut()
                if number % 2:
                    _file_at_last(desk, outgoing)
            if number % 2 == 0:
                with SendingDesk(settings, folder) as next_run:
                    _file_at_last(next_run, outgoing)
    link = client(dovecot_lab, address)
    assert [count_in(link, "Sent", name) for name in names] == [1] * CUTS
    link.logout()


def _file_at_last(desk: SendingDesk, outgoing: Outgoing) -> None:
    for _ in range(5):
        told = desk.step(desk.senders.file, outgoing)
        if isinstance(told, CopyFiled):
            return
    raise AssertionError(told)


def test_a_link_that_died_while_it_lay_idle_is_made_anew(
    desk: SendingDesk, dovecot_lab: DovecotLab
) -> None:
    outgoing = desk.frozen(QUESTION)
    desk.step(desk.senders.mark, outgoing)
    dovecot_lab.kill_connections()
    assert isinstance(desk.send_and_file(outgoing), CopyFiled)
    assert isinstance(desk.step(desk.senders.unmark, outgoing), SendUnmarked)


def test_it_connects_only_to_write_and_sends_no_command_that_removes(
    dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    with DovecotLab() as lab:
        address = lab.new_address()
        lab.deliver(letter(1), to=address)
        with SendingDesk(sending_settings(lab, address), tmp_path) as desk:
            outgoing = desk.frozen(QUESTION)  # on the disk, nothing else
            assert lab.imap_commands() == []
            desk.step(desk.senders.mark, outgoing)
            desk.send_and_file(outgoing)
            desk.step(desk.senders.flag, outgoing)
            desk.step(desk.senders.unmark, outgoing)
        lines = lab.imap_commands()
    verbs = [line.split(" ", 1)[1] for line in lines if line.startswith("S") and " " in line]
    assert any(verb.startswith("APPEND") for verb in verbs)
    for word in ("EXPUNGE", "CLOSE", "MOVE", "COPY", "DELETE", "RENAME", "\\Deleted", "\\Seen)"):
        wrong = [verb for verb in verbs if word in verb and not verb.startswith("APPEND")]
        assert not wrong
    # A mailbox is open for flags for one STORE and a look at it.
    for place, verb in enumerate(verbs):
        if verb.startswith("SELECT"):
            until = next(i for i in range(place, len(verbs)) if verbs[i].startswith("EXAMINE"))
            inside = verbs[place + 1 : until]
            assert all(one.startswith(("UID STORE", "UID FETCH")) for one in inside), inside
    assert not [one for one in desk.log.of(SendMoved) if isinstance(one, SendFailed)]
