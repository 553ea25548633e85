from dataclasses import replace

from supportdesk.domain.promises import Promise, PromiseState
from tests.fakes.happenings import T0, after

PROMISE = Promise(
    key="promise/1/note/1/mail/Support/<1@x>",
    item="mail/Support/<1@x>",
    words="I'll send it today",
    who="Ingrid Solheim",
    contact="ingrid@solheim.no",
    made_at=T0,
    due=after(3600),
)


def test_it_is_due_from_its_moment_on_while_it_is_open() -> None:
    assert [PROMISE.is_due(after(seconds)) for seconds in (3599, 3600, 9999)] == [False, True, True]
    for state in (PromiseState.KEPT, PromiseState.DROPPED):
        settled = replace(PROMISE, state=state, settled_at=after(10))
        assert not settled.is_open
        assert not settled.is_due(after(9999))
