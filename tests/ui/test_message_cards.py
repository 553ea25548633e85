"""Cards in words: when an invitation is, in whose time; what is forwarded; what is sealed."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from supportdesk.domain.cards import Invitation, InvitationMethod, NestedMessage, Seal, SealedPart
from supportdesk.domain.mail import MessagePart, MessageText
from supportdesk.ui.presenter.message_cards import cards_of, when_words
from supportdesk.ui.rows import InvitationView, NestedView, SealView
from tests.fakes.happenings import SUPPORT, a_message

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
OSLO = ZoneInfo("Europe/Oslo")
TEN = datetime(2026, 11, 24, 10, 0, tzinfo=OSLO)
MESSAGE = a_message(1)


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The founder sits in Prague."""
    monkeypatch.setenv("TZ", "Europe/Prague")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def event(starts: datetime | None, lasts: timedelta | None = None, **said: object) -> Invitation:
    ends = starts + lasts if starts and lasts else None
    return Invitation(
        method=InvitationMethod.REQUEST,
        summary="Stock count",
        starts_at=starts,
        ends_at=ends,
        **said,  # type: ignore[arg-type]  # names of fields
    )


HOUR = timedelta(hours=1)
IN_UTC = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
IN_INDIA = datetime(2027, 1, 5, 9, 0, tzinfo=timezone(timedelta(hours=5, minutes=30)))


@pytest.mark.parametrize(
    ("card", "words"),
    [
        (event(TEN, HOUR), "Tue 24 Nov, 10:00 to 11:00"),
        (event(TEN), "Tue 24 Nov, 10:00"),
        (event(TEN, timedelta(hours=20)), "Tue 24 Nov, 10:00 to Wed 25 Nov, 06:00"),
        (
            event(IN_UTC, HOUR),
            "Tue 24 Nov, 10:00 to 11:00 here · Tue 24 Nov, 09:00 to 10:00 (UTC)",
        ),
        (
            event(TEN.astimezone(ZoneInfo("America/New_York")), HOUR),
            "Tue 24 Nov, 10:00 to 11:00 here · Tue 24 Nov, 04:00 to 05:00 (America/New York)",
        ),
        (event(IN_INDIA), "Tue 5 Jan 2027, 04:30 here · Tue 5 Jan 2027, 09:00 (UTC+5:30)"),
        (event(TEN.replace(hour=0), timedelta(days=1), is_all_day=True), "Tue 24 Nov, all day"),
        (
            event(TEN.replace(hour=0), timedelta(days=3), is_all_day=True),
            "Tue 24 Nov to Thu 26 Nov, all day",
        ),
        (event(None), "Its time cannot be read; the file has it."),
    ],
)
def test_when_an_event_is(card: Invitation, words: str) -> None:
    assert when_words(card, NOW) == words


def a_text(*cards: object, parts: tuple[MessagePart, ...] = ()) -> MessageText:
    return MessageText(
        account=SUPPORT,
        message_id=MESSAGE.message_id,
        text="",
        cards=cards,  # type: ignore[arg-type]  # cards of every kind
        parts=parts,
    )


CALENDAR = MessagePart(name="i.ics", media_type="text/calendar", size_bytes=900, section="2")


def test_an_invitation_can_be_saved_when_its_file_can_be_fetched() -> None:
    (view,) = cards_of(MESSAGE, a_text(event(TEN), parts=(CALENDAR,)), now=NOW)
    assert isinstance(view, InvitationView)
    assert view.save is not None
    (view,) = cards_of(MESSAGE, a_text(event(TEN)), now=NOW)
    assert isinstance(view, InvitationView)
    assert view.save is None


def test_a_cancelled_event_says_so_and_is_not_saved() -> None:
    card = Invitation(method=InvitationMethod.CANCEL, summary="", starts_at=TEN)
    (view,) = cards_of(MESSAGE, a_text(card, parts=(CALENDAR,)), now=NOW)
    assert isinstance(view, InvitationView)
    assert (view.kind, view.title, view.save) == ("Cancelled", "(no title)", None)
    assert view.warning == "This event was cancelled."


def test_a_forwarded_message_without_head_is_still_named() -> None:
    (view,) = cards_of(MESSAGE, a_text(NestedMessage(sender="", subject="", text="Two.")), now=NOW)
    assert view == NestedView(who="(unknown sender)", subject="(no subject)", when="", text="Two.")


@pytest.mark.parametrize("seal", Seal)
def test_a_seal_is_named_and_only_a_locked_one_leads_elsewhere(seal: Seal) -> None:
    (view,) = cards_of(MESSAGE, a_text(SealedPart(seal=seal)), now=NOW)
    assert isinstance(view, SealView)
    is_locked = seal in (Seal.PGP_ENCRYPTED, Seal.SMIME_ENCRYPTED)
    assert ("not verified here" in view.words) is not is_locked
    assert (view.button is not None) is is_locked


def test_cards_without_end_are_bounded() -> None:
    many = [SealedPart(seal=Seal.PGP_SIGNED)] * 500
    assert len(list(cards_of(MESSAGE, a_text(*many), now=NOW))) == 10
