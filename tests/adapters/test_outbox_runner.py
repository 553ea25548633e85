"""Drafts and outbox on the event loop, with senders that say what a test wants."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.outbox_runner import COPY_EVERY_SECONDS, OutboxRunner
from supportdesk.adapters.qt_publisher import QtPublisher
from supportdesk.domain.answers import AnswerKind, Draft, DraftId
from supportdesk.domain.errors import Problem, StoreError
from supportdesk.domain.events import Event, MessagesArrived
from supportdesk.domain.mail import MessageAddress, MessageId
from supportdesk.domain.send_events import (
    CopyFiled,
    SendAccepted,
    SendDoubtful,
    SendFailed,
    SendPoised,
)
from supportdesk.domain.sending import SendState
from supportdesk.domain.settings import AnsweringSettings, Settings, SmtpSettings
from supportdesk.services.inbox import Inbox
from supportdesk.services.send_steps import InboxView
from tests.fakes.answer_store import MemoryAnswerStore
from tests.fakes.answers import HERE, SUPPORT, a_draft, an_outgoing
from tests.fakes.happenings import MAIL_SETTINGS, a_message, as_utc, settings_with
from tests.fakes.outbox_rig import DOWN, PLACE, RigClock
from tests.fakes.scripted_senders import ScriptedSenders
from tests.fakes.stores import MemoryDeskStore

ONE = DraftId("one")
SENDING = replace(MAIL_SETTINGS, smtp=SmtpSettings(host="smtp.desk.example"))
AT_ONCE = replace(
    settings_with(mail=[SENDING]), answering=AnsweringSettings(undo_seconds=0, copy_drafts=True)
)


class Rig:
    """Events come in as in the core: folded by the inbox, then told to the runner."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.folder = folder
        self.store = MemoryAnswerStore()
        self.clock = RigClock()
        self.inbox = Inbox(MemoryDeskStore())
        self.publisher = QtPublisher(self._receive)
        self.made: list[ScriptedSenders] = []
        self.said: list[Problem | None] = []
        self.changed: list[str] = []
        self.shown: list[MessagesArrived] = []
        self.runner = self._new_runner()

    def _new_runner(self) -> OutboxRunner:
        def make(publisher: QtPublisher) -> ScriptedSenders:
            self.made.append(ScriptedSenders(publisher))
            return self.made[-1]

        runner = OutboxRunner(
            store=self.store,
            inbox=InboxView(conversation=self.inbox.conversation, message=self.inbox.message),
            clock=self.clock,
            publisher=self.publisher,
            make_senders=make,  # type: ignore[arg-type]  # its publisher is a line of the runner
            fetcher=lambda _account: None,
            say=self.said.append,
            new_message_id=lambda _draft: MessageId("<another@example.com>"),
            installation=HERE,
            outgoing_dir=self.folder / "outgoing",
            to_local=as_utc,
        )
        runner.changed.connect(self.changed.append)
        return runner

    def _receive(self, event: Event) -> None:
        if isinstance(event, MessagesArrived):
            self.shown.append(event)
            self.inbox.apply(event, self.clock.at)
        self.runner.receive(event)

    @property
    def senders(self) -> ScriptedSenders:
        return self.made[-1]

    def begin(self, kind: AnswerKind = AnswerKind.NEW) -> Draft:
        draft = replace(a_draft(), kind=kind)
        self.runner.begin(draft)
        return draft

    def wait_for(self, asked: str) -> None:
        self.qtbot.waitUntil(
            lambda: bool(self.made) and asked in [one for one, _ in self.senders.asked],
            timeout=30_000,
        )

    def wait_for_state(self, state: SendState) -> None:
        def is_so() -> bool:
            row = self.runner.outgoing(ONE)
            return row is not None and row.state is state

        self.qtbot.waitUntil(is_so, timeout=30_000)

    def at_the_dot(self) -> None:
        """It is sent, and its dot has been allowed."""
        self.begin()
        self.runner.send(ONE)
        self.wait_for("send")
        self.senders.say(SendPoised(account=SUPPORT, draft_id=ONE))
        self.wait_for("go on")


@pytest.fixture
def rig(tmp_path: Path, qtbot: QtBot) -> Iterator[Rig]:
    rig = Rig(tmp_path, qtbot)
    rig.runner.start(AT_ONCE)
    yield rig
    rig.runner.stop()
    rig.publisher.close()


def test_a_message_goes_out_and_its_answer_stands_in_the_inbox_at_once(rig: Rig) -> None:
    rig.at_the_dot()
    assert rig.store.on_its_way[ONE].state is SendState.POISED
    rig.senders.say(SendAccepted(account=SUPPORT, draft_id=ONE))
    rig.wait_for("file")
    rig.qtbot.waitUntil(lambda: bool(rig.shown), timeout=30_000)
    assert rig.shown[0].messages[0].message_id == "<one@example.com>"
    rig.senders.say(CopyFiled(account=SUPPORT, draft_id=ONE, place=PLACE, keeps_sent=True))
    rig.wait_for("discard")
    rig.qtbot.waitUntil(lambda: len(rig.shown) == 2, timeout=30_000)
    assert rig.shown[1].messages[0].address == PLACE
    assert rig.store.learnt == {SUPPORT: True}
    assert rig.store.on_its_way[ONE].state is SendState.DONE
    assert rig.runner.unsent() == ()


def test_what_the_mailbox_has_told_already_is_not_shown_in_its_place(rig: Rig) -> None:
    rig.at_the_dot()
    place = MessageAddress(mailbox="Sent", uidvalidity=9, uid=9)
    copy = replace(a_message(9, message_id="<one@example.com>"), address=place)
    rig.inbox.apply(
        MessagesArrived(account=SUPPORT, messages=(copy,), at=rig.clock.at), rig.clock.at
    )
    rig.senders.say(SendAccepted(account=SUPPORT, draft_id=ONE))
    rig.wait_for("file")
    assert rig.shown == []


def test_nothing_is_made_and_no_timer_runs_before_there_is_something(rig: Rig) -> None:
    assert rig.made == []
    assert not rig.runner._timer.isActive()
    rig.begin()
    assert rig.made == []
    assert not rig.runner._timer.isActive()


def test_who_ends_at_the_dot_waits_for_what_the_server_says(rig: Rig) -> None:
    rig.at_the_dot()
    accepted = SendAccepted(account=SUPPORT, draft_id=ONE)
    late = threading.Timer(0.3, lambda: rig.senders.say(accepted))
    late.start()
    # The clock stands still, so the wait is for the word alone.
    rig.runner.stop()
    late.join()
    assert rig.store.on_its_way[ONE].state is SendState.FILING


def test_the_last_words_of_who_is_stopped_are_heard(rig: Rig) -> None:
    rig.begin()
    rig.runner.send(ONE)
    rig.wait_for("send")

    def ends() -> None:
        rig.senders.say(SendPoised(account=SUPPORT, draft_id=ONE))
        rig.senders.say(SendFailed(account=SUPPORT, draft_id=ONE, problem=DOWN))

    rig.senders.at_the_end = ends
    rig.runner.stop()
    assert rig.store.on_its_way[ONE].state is SendState.WAITING
    assert ("go on", ONE) not in rig.senders.asked


def test_settings_that_change_end_the_line_and_nothing_it_says_later_counts(rig: Rig) -> None:
    rig.begin()
    rig.runner.send(ONE)
    rig.wait_for("send")
    first = rig.senders
    first.at_the_end = lambda: first.say(SendFailed(account=SUPPORT, draft_id=ONE, problem=DOWN))
    other = replace(AT_ONCE, mail=(replace(SENDING, user="other"),))
    rig.runner.follow(other)
    rig.qtbot.waitUntil(lambda: len(rig.made) == 2, timeout=30_000)
    rig.wait_for("send")
    first.say(SendPoised(account=SUPPORT, draft_id=ONE))
    rig.senders.say(SendPoised(account=SUPPORT, draft_id=ONE))
    rig.wait_for("go on")
    assert [one for one, _ in rig.senders.asked].count("go on") == 1
    rig.senders.say(SendAccepted(account=SUPPORT, draft_id=ONE))
    rig.wait_for("file")
    assert rig.senders.settings[0].mail == other.mail


def test_settings_that_stay_the_same_end_nothing(rig: Rig) -> None:
    rig.at_the_dot()
    rig.runner.follow(replace(AT_ONCE, country="DE"))
    assert len(rig.made) == 1
    assert ("stop", "") not in rig.senders.asked
    rig.senders.say(SendAccepted(account=SUPPORT, draft_id=ONE))
    rig.wait_for("file")


def test_an_account_that_goes_while_something_waits_is_said_and_the_message_is_kept(
    rig: Rig,
) -> None:
    rig.begin()
    rig.runner.send(ONE)
    rig.wait_for("send")
    rig.runner.follow(Settings())
    (told,) = rig.runner.unsent()
    assert told.needs_founder
    assert rig.said[-1] is not None
    assert "is not sent" in rig.said[-1].title
    rig.runner.follow(AT_ONCE)
    assert rig.said[-1] is None


def test_what_is_late_is_said_when_it_is(rig: Rig) -> None:
    rig.begin()
    rig.runner.send(ONE)
    rig.wait_for("send")
    rig.senders.say(SendFailed(account=SUPPORT, draft_id=ONE, problem=DOWN))
    rig.wait_for_state(SendState.WAITING)
    assert rig.said == []
    rig.clock.go_on(15 * 60)
    rig.runner.hurry()
    assert rig.said[-1] is not None
    assert "not sent since" in rig.said[-1].title


def test_an_act_that_the_disk_forbids_is_told_beside_the_draft(rig: Rig) -> None:
    rig.begin()
    rig.store.is_full = True
    rig.runner.send(ONE)
    trouble = rig.runner.trouble(ONE)
    assert trouble is not None
    assert "full" in trouble.title
    assert rig.made == []
    rig.store.is_full = False
    rig.runner.send(ONE)
    assert rig.runner.trouble(ONE) is None


def test_words_that_are_typed_are_written_in_time(rig: Rig) -> None:
    draft = rig.begin()
    rig.runner.typed(replace(draft, body="a"))
    rig.store.is_full = True
    rig.runner.typed(replace(draft, body="ab"))
    rig.clock.go_on(1)
    rig.qtbot.waitUntil(lambda: rig.runner.trouble(ONE) is not None, timeout=30_000)
    assert ONE in rig.changed
    rig.store.is_full = False
    rig.runner.close(ONE)
    assert rig.store.kept[ONE].body == "ab"
    assert [one.body for one in rig.runner.versions(ONE)] == ["a", "Good morning"]


def test_a_copy_lies_in_the_drafts_mailbox_until_it_is_sent_or_dropped(rig: Rig) -> None:
    draft = rig.begin()
    rig.runner.typed(replace(draft, body="a"))
    assert rig.made == []
    rig.clock.go_on(COPY_EVERY_SECONDS)
    rig.runner.typed(replace(draft, body="ab"))
    assert rig.senders.asked == [("copy", ONE)]
    rig.runner.close(ONE)
    assert rig.senders.asked == [("copy", ONE)] * 2
    rig.runner.give_up(ONE)
    assert rig.senders.asked[-1] == ("remove copy", ONE)
    rig.runner.begin(replace(draft, copied_to=PLACE))
    rig.runner.give_up(ONE)
    assert rig.senders.asked[-2:] == [("remove copy", ONE)] * 2
    rig.runner.begin(draft)
    rig.runner.give_up(ONE)
    assert rig.senders.asked.count(("remove copy", ONE)) == 2


def test_who_wants_no_copies_has_none(rig: Rig) -> None:
    rig.runner.follow(replace(AT_ONCE, answering=AnsweringSettings()))
    draft = rig.begin()
    rig.runner.typed(replace(draft, body="a"))
    rig.runner.close(ONE)
    assert rig.made == []


def test_news_of_a_draft_is_told_once(rig: Rig) -> None:
    question = a_message(42, message_id="<question@customer.example>", who="Jana")
    rig.inbox.apply(
        MessagesArrived(account=SUPPORT, messages=(question,), at=rig.clock.at), rig.clock.at
    )
    rig.begin(AnswerKind.REPLY)
    rig.changed.clear()
    more = replace(a_message(43, who="Jana"), references=(question.message_id,))
    rig.publisher.publish(MessagesArrived(account=SUPPORT, messages=(more,), at=rig.clock.at))
    rig.qtbot.waitUntil(lambda: rig.changed == [ONE], timeout=30_000)
    assert rig.runner.what_is_new(ONE) == (more,)
    robot = replace(a_message(44, who="Jana"), is_robot=True)
    rig.publisher.publish(MessagesArrived(account=SUPPORT, messages=(robot,), at=rig.clock.at))
    rig.qtbot.waitUntil(lambda: len(rig.shown) == 2, timeout=30_000)
    assert rig.changed == [ONE]


def test_what_a_killed_run_left_goes_on_and_files_of_nothing_are_swept(
    tmp_path: Path, qtbot: QtBot
) -> None:
    rig = Rig(tmp_path, qtbot)
    outgoing = tmp_path / "outgoing"
    (outgoing / "files").mkdir(parents=True)
    for name in ("one.eml", "gone.eml", "files/ab"):
        (outgoing / name).write_bytes(b"x")
    rig.store.kept[ONE] = a_draft()
    rig.store.on_its_way[ONE] = an_outgoing(state=SendState.POISED)
    rig.runner.start(AT_ONCE)
    assert rig.senders.asked == [("look for", ONE)]
    assert sorted(path.name for path in outgoing.rglob("*")) == ["files", "one.eml"]
    rig.runner.stop()
    rig.publisher.close()


def test_a_store_that_cannot_be_read_sends_nothing(tmp_path: Path, qtbot: QtBot) -> None:
    rig = Rig(tmp_path, qtbot)

    def fail() -> list[Draft]:
        raise StoreError("desk.db is damaged", "Put it back.")

    rig.store.drafts = fail  # type: ignore[method-assign]  # the disk of this test
    rig.runner.start(AT_ONCE)
    assert rig.runner.why_closed is not None
    assert rig.said == [rig.runner.why_closed]
    with pytest.raises(StoreError):
        rig.runner.begin(a_draft())
    rig.runner.send(ONE)
    assert rig.made == []
    rig.runner.stop()
    rig.publisher.close()


def test_somebody_who_is_forgotten_is_let_go(rig: Rig) -> None:
    rig.begin()
    rig.runner.send(ONE)
    rig.wait_for("send")
    rig.store.remove_outgoing(ONE)
    rig.store.remove_draft(ONE)
    rig.runner.forget()
    assert (rig.runner.draft(ONE), rig.runner.outgoing(ONE), rig.runner.drafts()) == (
        None,
        None,
        (),
    )
    assert ("discard", ONE) in rig.senders.asked


def test_a_doubt_is_looked_into_at_once(rig: Rig) -> None:
    rig.at_the_dot()
    rig.senders.say(SendDoubtful(account=SUPPORT, draft_id=ONE, problem=DOWN))
    rig.wait_for("look for")
    assert rig.runner.outgoing(ONE).state is SendState.DOUBTFUL  # type: ignore[union-attr]  # it is there
