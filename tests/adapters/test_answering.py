"""Answering in a core: closed on a stand-in, light while there is nothing to write or to send."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.installation import installation_of
from supportdesk.adapters.places import Places
from supportdesk.adapters.storage.answer_table import AnswerTable
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.lift_tables import LiftTables
from supportdesk.core import Core
from supportdesk.domain.answers import DraftId
from supportdesk.domain.errors import StoreError
from supportdesk.domain.events import HistoryStored
from supportdesk.domain.health import SourceName
from supportdesk.domain.lifts import THANKS, Lift, LiftWay
from supportdesk.domain.send_events import HeadFetched
from supportdesk.domain.sending import SendState
from supportdesk.domain.voices import Lesson
from tests.fakes.answers import AT, QUESTION, SUPPORT, a_draft, an_outgoing
from tests.fakes.happenings import a_message
from tests.fakes.memory_secrets import MemorySecrets

ONE = DraftId("one")
MAIL = """
[[mail]]
name = "Support"
address = "support@example.org"
host = "127.0.0.1"
port = 9
user = "support"
"""
SMTP = """
[mail.smtp]
host = "127.0.0.1"
port = 9
"""
Start = Callable[[], Core]


@pytest.fixture
def start(tmp_path: Path, qtbot: QtBot) -> Iterator[Start]:
    (tmp_path / "settings.toml").write_text(MAIL + SMTP)
    cores: list[Core] = []

    def started() -> Core:
        core = Core(Places.under(tmp_path), secrets=MemorySecrets({"mail/Support": "secret"}))
        cores.append(core)
        core.start()
        return core

    yield started
    for core in cores:
        core.stop()


def test_nothing_that_writes_or_sends_is_made_before_the_first_draft(start: Start) -> None:
    answering = start().answering
    nobody = a_message(1)
    for act in (
        answering.send,
        answering.send_now,
        answering.undo,
        answering.add_to_mine,
        answering.send_anyway,
        answering.again,
        answering.it_has_gone,
        answering.look_again,
        answering.drop,
        answering.close,
    ):
        act(ONE)
    answering.typed(a_draft())
    answering.hurry()
    answering.forget()
    assert (answering.draft(ONE), answering.outgoing(ONE), answering.trouble(ONE)) == (
        None,
        None,
        None,
    )
    assert [answering.drafts(), answering.unsent(), answering.counting()] == [(), (), ()]
    assert [answering.versions(ONE), answering.what_is_new(ONE)] == [(), ()]
    assert answering.seconds_left(ONE) == 0
    assert not answering.fetch_head(replace(nobody, account=SourceName("Other")))
    assert answering._runner is None


def test_a_draft_is_there_again_in_the_next_run(start: Start) -> None:
    first = start()
    assert first.answering.why_not(SUPPORT) is None
    first.answering.begin(a_draft())
    first.answering.typed(a_draft(body="It leaves today."))
    first.stop()
    second = start().answering
    (draft,) = second.drafts()
    assert draft.body == "It leaves today."
    second.drop(ONE)
    assert second.drafts() == ()


def test_what_is_done_opens_nothing_until_it_is_to_be_cleared_away(
    start: Start, tmp_path: Path
) -> None:
    start().stop()
    store = SqliteDeskStore(tmp_path / "desk.db")
    table = AnswerTable(store.connection, store.path)
    core = start()
    now = core.clock.now()
    core.stop()
    table.save_outgoing(an_outgoing(state=SendState.DONE, since=now))
    recent = start()
    assert recent.answering._runner is None
    recent.stop()
    table.save_outgoing(an_outgoing(state=SendState.DONE))
    is_old = (now - an_outgoing().since).days >= 30
    assert (start().answering._runner is not None) is is_old
    store.close()


def test_thanks_for_a_call_are_followed_without_a_window(start: Start, tmp_path: Path) -> None:
    """They waited when the run ended that they were written in."""
    core = start_with_thanks(start, tmp_path)
    core.answering.it_has_gone(ONE)
    lift = core.desk.lifts.lift("lift/1")
    assert lift is not None
    assert lift.thanked_at is not None
    lessons = core.desk.voices.lessons.of(["call/Office/1"])
    assert [one.words for one in lessons] == ["She bakes at night."]
    assert core.problems == {}


def test_thanks_that_the_disk_does_not_take_are_told_and_kept_later(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = start_with_thanks(start, tmp_path)
    lessons = core.desk.voices.lessons

    def full(_lesson: Lesson) -> None:
        raise StoreError("The disk is full", "Make room on it.")

    with monkeypatch.context() as disk:
        disk.setattr(lessons, "put", full)
        core.answering.it_has_gone(ONE)
    (problem,) = core.problems.values()
    assert core.kept_thanks is not None
    assert problem.title == "What you learned is not kept yet: The disk is full"
    core.kept_thanks.try_again()
    assert core.problems == {}
    (lesson,) = lessons.of(["call/Office/1"])
    lift = core.desk.lifts.lift("lift/1")
    assert lift is not None
    assert lift.thanked_at is not None
    core.kept_thanks.try_again()
    assert lessons.between() == (lesson,)


def start_with_thanks(start: Start, tmp_path: Path) -> Core:
    """One message that thanks for a call has perhaps gone out."""
    start().stop()
    with closing(SqliteDeskStore(tmp_path / "desk.db")) as store:
        tables = LiftTables(store.connection, store.path)
        tables.save_lift(
            Lift(key="lift/1", item="call/Office/1", way=LiftWay.CODE, at=AT, thanks_draft=ONE)
        )
        answers = AnswerTable(store.connection, store.path)
        answers.save_draft(replace(a_draft(body=f"{THANKS}She bakes at night."), answers=""), AT)
        outgoing = an_outgoing(state=SendState.DOUBTFUL)
        answers.save_outgoing(replace(outgoing, installation=installation_of(store.path)))
    return start()


def test_on_a_stand_in_for_desk_db_nothing_is_begun(
    start: Start, tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    (tmp_path / "desk.db").write_bytes(b"this is no database" * 1_000)
    answering = start().answering
    problem = answering.why_not(SUPPORT)
    assert problem is not None
    assert "desk.db" in problem.title
    with pytest.raises(StoreError):
        answering.begin(a_draft())
    assert not list(recwarn)


def test_an_account_without_a_server_says_so(start: Start) -> None:
    problem = start().answering.why_not(SourceName("Other"))
    assert problem is not None
    assert problem.title == "Other has no server to send through"


def test_a_head_that_was_asked_for_is_told_with_or_without_a_draft(
    start: Start, qtbot: QtBot
) -> None:
    core = start()
    heads: list[HeadFetched] = []
    core.answering.head_fetched.connect(heads.append)
    event = HeadFetched(account=SUPPORT, message_id=QUESTION, head=None, problem="gone")
    core.answering.receive(event)
    core.answering.receive(HistoryStored(account=SUPPORT, mailbox="INBOX"))
    core.answering.begin(a_draft())
    core.answering.receive(event)
    assert heads == [event, event]


def test_who_answers_is_attended_to_and_let_go(start: Start) -> None:
    core = start()
    message = a_message(1)
    core.answering.attend(message)
    core.answering.attend(a_message(2))
    core.answering.attend(None)
    core.answering.attend(None)
    assert core.answering.fetch_head(message)
