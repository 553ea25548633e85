from dataclasses import replace
from datetime import timedelta

import pytest

from supportdesk.domain.answers import Draft, DraftId
from supportdesk.domain.errors import StoreError
from supportdesk.services.drafts import AGAIN_SECONDS, PAUSE_SECONDS, Drafts
from tests.fakes.answer_store import MemoryAnswerStore
from tests.fakes.answers import AT, a_draft
from tests.fakes.outbox_rig import RigClock

ONE = DraftId("one")


class Desk:
    def __init__(self, store: MemoryAnswerStore | None = None) -> None:
        self.store = store or MemoryAnswerStore()
        self.clock = RigClock()
        self.drafts = Drafts(self.store, self.clock)

    def type(self, body: str) -> bool:
        return self.drafts.typed(replace(self.one, body=body))

    @property
    def one(self) -> Draft:
        draft = self.drafts.draft(ONE)
        assert draft is not None
        return draft

    @property
    def on_disk(self) -> str:
        return self.store.kept[ONE].body


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.drafts.begin(a_draft())
    return desk


def test_a_draft_is_on_disk_from_the_first_moment_on(desk: Desk) -> None:
    assert desk.on_disk == "Good morning"
    assert desk.drafts.drafts() == (desk.one,)
    assert desk.drafts.next_due() is None


def test_what_is_typed_is_written_at_once_and_then_twice_a_second(desk: Desk) -> None:
    desk.type("a")
    assert desk.on_disk == "a"
    desk.clock.go_on(0.1)
    desk.type("ab")
    desk.type("abc")
    assert desk.on_disk == "a"
    due = desk.drafts.next_due()
    assert due is not None
    assert due - desk.clock.seconds == pytest.approx(PAUSE_SECONDS - 0.1)
    assert desk.drafts.due() == ()
    assert desk.on_disk == "a"
    desk.clock.go_on(PAUSE_SECONDS)
    assert desk.drafts.due() == ()
    assert desk.on_disk == "abc"
    assert desk.drafts.next_due() is None


def test_what_reads_the_same_is_not_written_again(desk: Desk) -> None:
    assert not desk.type("Good morning")
    assert desk.one.changed_at == AT
    desk.clock.go_on(60)
    desk.type("Good evening")
    assert desk.one.changed_at == AT + timedelta(seconds=60)


def test_a_draft_that_is_put_away_is_written_first(desk: Desk) -> None:
    desk.type("a")
    desk.type("ab")
    desk.drafts.close(ONE)
    assert desk.on_disk == "ab"
    desk.drafts.close(ONE)
    desk.type("abc")
    desk.drafts.write_all()
    assert desk.on_disk == "abc"


def test_words_that_the_disk_does_not_take_stay_and_are_tried_again(desk: Desk) -> None:
    desk.store.is_full = True
    assert desk.type("a")
    trouble = desk.drafts.trouble(ONE)
    assert trouble is not None
    assert "full" in trouble.title
    assert desk.drafts.failing_since(ONE) == AT
    assert not desk.type("ab")
    desk.clock.go_on(AGAIN_SECONDS)
    assert desk.drafts.due() == (), "nothing new of it"
    assert desk.drafts.failing_since(ONE) == AT
    desk.store.is_full = False
    desk.clock.go_on(AGAIN_SECONDS)
    assert desk.drafts.due() == (ONE,)
    assert (desk.drafts.trouble(ONE), desk.drafts.failing_since(ONE)) == (None, None)
    assert desk.on_disk == "ab"


def test_a_draft_that_cannot_be_kept_is_not_begun() -> None:
    desk = Desk()
    desk.store.is_full = True
    with pytest.raises(StoreError):
        desk.drafts.begin(a_draft())
    assert desk.drafts.draft(ONE) is None
    assert not desk.drafts.typed(a_draft(body="too late"))


def test_a_change_that_has_to_be_on_disk_is_there_or_is_none(desk: Desk) -> None:
    desk.type("a")
    desk.type("ab")
    desk.drafts.keep(replace(desk.one, subject="Other"))
    assert (desk.store.kept[ONE].subject, desk.on_disk) == ("Other", "ab")
    assert desk.drafts.next_due() is None
    desk.store.is_full = True
    with pytest.raises(StoreError):
        desk.drafts.keep(replace(desk.one, subject="Third"))
    assert desk.one.subject == "Other"


def test_a_dropped_draft_stays_away_whatever_its_composer_still_says(desk: Desk) -> None:
    last = desk.one
    desk.store.is_full = True
    with pytest.raises(StoreError):
        desk.drafts.drop(ONE)
    assert desk.drafts.draft(ONE) is not None
    desk.store.is_full = False
    desk.drafts.drop(ONE)
    assert not desk.drafts.typed(replace(last, body="one more word"))
    assert desk.store.kept == {}
    assert desk.drafts.drafts() == ()


def test_the_next_run_finds_all_of_them_newest_first(desk: Desk) -> None:
    desk.clock.go_on(60)
    desk.drafts.begin(a_draft("two", at=desk.clock.at))
    found = Desk(desk.store).drafts.restore()
    assert [draft.draft_id for draft in found] == ["two", "one"]


def test_versions_are_the_store_s(desk: Desk) -> None:
    desk.type("a")
    assert [one.body for one in desk.drafts.versions(ONE)] == ["Good morning"]


def test_what_was_deleted_from_desk_db_is_let_go(desk: Desk) -> None:
    desk.drafts.begin(a_draft("two"))
    desk.store.remove_draft(ONE)
    desk.drafts.read_again()
    assert [draft.draft_id for draft in desk.drafts.drafts()] == ["two"]
