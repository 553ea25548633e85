from datetime import timedelta

from supportdesk.services.answer_ports import AnswerStore, ThreadFetcher
from tests.fakes.answer_store import MemoryAnswerStore
from tests.fakes.answers import AT, SUPPORT, a_draft, an_outgoing


def test_the_store_of_these_tests_is_an_answer_store() -> None:
    """Checked by mypy too: a fake that lacks a method of the port would prove nothing."""
    store: AnswerStore = MemoryAnswerStore()
    store.save_draft(a_draft(), AT)
    store.save_outgoing(an_outgoing())
    store.clear_done(AT + timedelta(days=1))
    assert [one.draft_id for one in store.drafts()] == ["one"]
    assert [one.draft_id for one in store.outgoing()] == ["one"]
    assert store.keeps_sent(SUPPORT) is None


def test_a_composer_asks_three_things_of_a_worker() -> None:
    asked = {name for name in vars(ThreadFetcher) if not name.startswith("_")}
    assert asked == {"fetch_head", "check_thread", "attend"}
