"""Nothing to read: because nobody wrote, because nobody has looked yet, or because nobody hears."""

from collections.abc import Sequence

import pytest

from supportdesk.domain.health import Hearing, SourceHealth, SourceKind, SourceName
from supportdesk.ui.presenter.nothing_open import nothing_open
from tests.fakes.happenings import after


def a_source(name: str, hearing: Hearing, kind: SourceKind = SourceKind.MAIL) -> SourceHealth:
    return SourceHealth(source=SourceName(name), kind=kind, hearing=hearing, since=after(0))


CONNECTING = a_source("Support", Hearing.CONNECTING)
DEAF = a_source("Support", Hearing.DEAF)
HEARD = a_source("Sales", Hearing.LISTENING)
PHONE = a_source("Office", Hearing.DEAF, SourceKind.PHONE)


@pytest.mark.parametrize("healths", [(), (PHONE,), (HEARD,), (DEAF, HEARD), (CONNECTING, HEARD)])
def test_where_anything_is_heard_the_list_speaks(healths: Sequence[SourceHealth]) -> None:
    assert nothing_open(healths, has_mail=False, now=after(60)) is None


def test_the_first_look_is_no_quiet_inbox() -> None:
    view = nothing_open((CONNECTING,), has_mail=False, now=after(60))
    assert view is not None
    assert view.head == "Looking into your inbox."


def test_deafness_is_never_shown_as_quiet() -> None:
    view = nothing_open((DEAF, PHONE), has_mail=False, now=after(60))
    assert view is not None
    assert view.head.startswith("Not listening since ")
    assert "Support cannot be heard" in view.sentence
    assert [button.label for button in view.buttons] == ["Why?", "Try again"]
    assert nothing_open((DEAF,), has_mail=True, now=after(60)) is None
