from supportdesk.domain.calls import CallId
from supportdesk.domain.events import LiftTold, source_of
from supportdesk.domain.health import SourceName
from supportdesk.domain.lift_events import CallLifted, LiftMarksSeen
from supportdesk.domain.lifts import LiftWay
from supportdesk.domain.mail import MessageId
from tests.fakes.happenings import T0

SUPPORT = SourceName("Support")


def test_a_lift_is_of_the_source_that_told_it() -> None:
    event = CallLifted(source=SUPPORT, call_id=CallId("1"), way=LiftWay.CODE, at=T0)
    assert source_of(event) == SUPPORT
    assert not event.is_empty
    assert not LiftTold(source=SUPPORT).is_empty


def test_a_mailbox_without_marks_says_nothing_unless_flags_count() -> None:
    assert LiftMarksSeen(source=SUPPORT, mailbox="INBOX").is_empty
    assert not LiftMarksSeen(source=SUPPORT, mailbox="INBOX", flagged=frozenset()).is_empty
    keywords = frozenset({(MessageId("<1@x>"), "anna")})
    assert not LiftMarksSeen(source=SUPPORT, mailbox="INBOX", keywords=keywords).is_empty
