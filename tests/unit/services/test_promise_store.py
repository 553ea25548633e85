from supportdesk.services.promise_store import PromiseStore, UnkeptPromiseStore
from tests.unit.domain.test_promises import PROMISE


def test_what_is_not_kept_is_not_found_again() -> None:
    store: PromiseStore = UnkeptPromiseStore()
    store.save_promise(PROMISE)
    store.remove_promise(PROMISE.key)
    assert store.promises() == []
