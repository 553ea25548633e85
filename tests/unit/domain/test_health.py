from supportdesk.domain.health import Hearing, SourceHealth, SourceKind
from tests.fakes.happenings import SUPPORT, T0


def test_nothing_is_known_of_a_source_that_was_never_heard() -> None:
    health = SourceHealth(
        source=SUPPORT, kind=SourceKind.MAIL, hearing=Hearing.CONNECTING, since=T0
    )
    assert health.last_heard_at is None
    assert health.problem is None
