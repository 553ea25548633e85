"""Claims on real servers: by keyword, and by marker message where no keyword is kept."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail.claim_flags import ClaimFlags, Settled
from supportdesk.adapters.mail.claim_markers import ClaimMarkers
from supportdesk.adapters.mail.imap_login import log_in_as
from supportdesk.adapters.mail.own_mailboxes import CLAIMS, own_mailbox
from supportdesk.adapters.mail.transport import Transport, Waker
from supportdesk.adapters.mail.writing_link import WritingLink
from supportdesk.domain.mail import MessageAddress, MessageId
from supportdesk.domain.settings import MailSettings
from supportdesk.domain.side_marks import claimer_of
from supportdesk.services.claims import ClaimAct, ClaimWish
from tests.adapters.imap_account import settings_for
from tests.lab.courier import CourierLab
from tests.lab.keyless import keyless_dovecot
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.pymap import PymapLab

pytestmark = pytest.mark.dovecot

QUESTION = MessageId("<q{}@out.example>")
MAIL = "From: c@out.example\r\nMessage-ID: <q{}@out.example>\r\nSubject: q\r\n\r\nx\r\n"


@pytest.fixture
def dovecot(dovecot_lab: DovecotLab) -> DovecotLab:
    return dovecot_lab


@pytest.fixture
def account(dovecot: DovecotLab) -> MailSettings:
    address = dovecot.new_address()
    dovecot.deliver(*(MAIL.format(n).encode() for n in (1, 2)), to=address)
    return settings_for(dovecot.imap_port, user=address, address=address)


@contextmanager
def writing(settings: MailSettings) -> Iterator[WritingLink]:
    waker = Waker()
    transport = Transport(waker, SystemClock(), lambda: False)
    link = log_in_as(WritingLink, transport, settings, PASSWORD, 60.0)
    try:
        yield link
    finally:
        transport.close()
        waker.close()


def place_of(link: WritingLink, number: int = 1) -> MessageAddress:
    opened = link.open("INBOX")
    [uid] = link.uids_named(f"<q{number}@out.example>")
    return MessageAddress(mailbox="INBOX", uidvalidity=opened.uidvalidity, uid=uid)


def take(name: str, *over: str, own: tuple[str, ...] = ()) -> ClaimWish:
    act = ClaimAct.TAKE_OVER if over else ClaimAct.TAKE
    return ClaimWish(item="", act=act, form=name, over=over, own=own)


# --- keywords ------------------------------------------------------------------------------


def test_a_claim_is_set_renewed_and_let_go(account: MailSettings) -> None:
    with writing(account) as link:
        flags, place = ClaimFlags(link), place_of(link)
        assert flags.settle(place, take("anna")) == Settled(forms=("anna",))
        renew = ClaimWish(item="", act=ClaimAct.RENEW, form="anna--r", own=("anna",))
        assert flags.settle(place, renew) == Settled(forms=("anna--r",))
        assert flags.settle(place, take("bob")) == Settled(forms=("anna--r",))
        let_go = ClaimWish(item="", act=ClaimAct.LET_GO, own=("anna--r",))
        assert flags.settle(place, let_go) == Settled()
        assert link.flags(place.uid) is not None


def test_somebody_elses_gives_way_when_it_was_asked_or_has_expired(account: MailSettings) -> None:
    with writing(account) as link:
        flags, place = ClaimFlags(link), place_of(link)
        flags.settle(place, take("anna"))
        assert flags.settle(place, take("bob", "anna")) == Settled(forms=("bob",))
        assert flags.settle(place, take("cid", "anna")) == Settled(forms=("bob",))


def test_what_is_not_there_is_not_claimed(account: MailSettings) -> None:
    with writing(account) as link:
        place = place_of(link)
        gone = MessageAddress(mailbox="INBOX", uidvalidity=place.uidvalidity, uid=99)
        other = MessageAddress(mailbox="INBOX", uidvalidity=place.uidvalidity + 1, uid=place.uid)
        for one in (gone, other):
            assert ClaimFlags(link).settle(one, take("anna")).is_gone
        assert (
            ClaimFlags(link).settle(place, ClaimWish(item="", act=ClaimAct.LET_GO, own=("anna",)))
            == Settled()
        )


def race(
    settle: list[partial[Settled]],
) -> list[tuple[str, ...]]:
    """All at once; what each has found on the message afterwards."""
    barrier = threading.Barrier(len(settle))
    found: dict[int, tuple[str, ...]] = {}

    def run(number: int) -> None:
        barrier.wait(60)
        found[number] = settle[number]().forms

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(settle))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    return [found[number] for number in range(len(settle))]


@pytest.mark.parametrize("offered", ["", "IMAP4rev1 LITERAL+ UIDPLUS"], ids=["condstore", "plain"])
def test_of_two_who_claim_at_once_one_has_it(dovecot: DovecotLab, offered: str) -> None:
    """With names that the mailbox has never seen, where UNCHANGEDSINCE alone lets both win."""
    dovecot.offer(offered)
    address = dovecot.new_address()
    dovecot.deliver(MAIL.format(1).encode(), to=address)
    account = settings_for(dovecot.imap_port, user=address, address=address)
    try:
        with writing(account) as one, writing(account) as two:
            place = place_of(one)
            for number in range(12):
                names = (f"anna{number}", f"bob{number}")
                race(
                    [
                        partial(ClaimFlags(link).settle, place, take(name))
                        for link, name in zip((one, two), names, strict=True)
                    ]
                )
                one.open("INBOX")
                left = [flag for flag in one.flags(place.uid) or () if "claim" in flag]
                assert len(left) == 1, left
                done = ClaimWish(item="", act=ClaimAct.LET_GO, own=names)
                assert ClaimFlags(one).settle(place, done) == Settled()
    finally:
        dovecot.offer("")


# --- markers -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def strict() -> Iterator[DovecotLab]:
    with keyless_dovecot() as lab:
        yield lab


@pytest.fixture
def keyless(strict: DovecotLab) -> MailSettings:
    address = strict.new_address()
    strict.deliver(MAIL.format(1).encode(), to=address)
    return settings_for(strict.imap_port, user=address, address=address)


@pytest.fixture
def pymap() -> Iterator[MailSettings]:
    lab = PymapLab()
    lab.start()
    yield settings_for(lab.imap_port, user=lab.new_address(), address="support@lab.test")
    lab.stop()


def markers(link: WritingLink, settings: MailSettings) -> ClaimMarkers:
    return ClaimMarkers(link, settings, SystemClock())


def test_a_server_without_keywords_says_so_and_is_given_a_marker(keyless: MailSettings) -> None:
    one = MessageId("<q1@out.example>")
    with writing(keyless) as link:
        assert not ClaimFlags(link).settle(place_of(link), take("anna")).is_kept
        claims = markers(link, keyless)
        [mine] = claims.settle(one, take("anna")).forms
        assert claimer_of(mine) == "anna"
        assert claims.settle(one, take("bob")).forms == (mine,)
        assert claims.settle(MessageId("<q2@x>"), take("bob")).forms != (mine,)
        renew = ClaimWish(item="", act=ClaimAct.RENEW, form="anna--r", own=(mine,))
        [renewed] = claims.settle(one, renew).forms
        assert (claimer_of(renewed), renewed != mine) == ("anna", True)
        [taken] = claims.settle(one, take("bob", renewed)).forms
        assert claimer_of(taken) == "bob"
        let_go = ClaimWish(item="", act=ClaimAct.LET_GO, own=(taken,))
        assert claims.settle(one, let_go) == Settled()


@pytest.fixture
def courier(courier_lab: CourierLab) -> MailSettings:
    """It takes no message into a mailbox that is open."""
    lab = courier_lab
    return settings_for(lab.imap_port, user=lab.new_address(), address="support@lab.test")


@pytest.mark.parametrize(
    "kind", ["keyless", "pymap", pytest.param("courier", marks=pytest.mark.courier)]
)
def test_of_two_markers_the_first_holds(kind: str, request: pytest.FixtureRequest) -> None:
    settings: MailSettings = request.getfixturevalue(kind)
    with writing(settings) as one, writing(settings) as two:
        ours, theirs = markers(one, settings), markers(two, settings)
        ours.settle(MessageId("<made@x>"), take("anna"))
        for number in range(10):
            asked = MessageId(f"<r{number}@x>")
            race(
                [
                    partial(ours.settle, asked, take("anna")),
                    partial(theirs.settle, asked, take("bob")),
                ]
            )
            left = (
                markers(one, settings)
                .settle(asked, ClaimWish(item="", act=ClaimAct.LET_GO, own=()))
                .forms
            )
            assert len(left) == 1, left
        assert own_mailbox(one, CLAIMS).endswith("Claims")
