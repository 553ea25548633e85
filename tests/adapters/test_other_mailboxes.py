"""The mailboxes beside the inbox, on servers that cannot or will not say how they are."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from supportdesk.adapters.storage.mail_batch import MailboxKey
from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.adapters.storage.mail_rows import place_row
from supportdesk.domain.events import (
    MailboxOpened,
    MessageGone,
    MessageTextFetched,
)
from supportdesk.domain.health import Hearing, SourceName
from supportdesk.domain.mail import Mailer, MessageAddress, MessageId, MessageSummary
from tests.adapters.imap_account import Account, settings_for
from tests.fakes.imap_server import Answer, ImapPeer, ImapServer
from tests.lab.waiting import wait_until


def test_a_watched_mailbox_that_is_missing_is_said_while_listening(tmp_path: Path) -> None:
    answers: list[tuple[str, Answer]] = [
        ("STATUS", [b"{tag} NO [NONEXISTENT] Unknown Mailbox"]),
    ]
    settings = {"also_watch": ("Lifted",)}
    with (
        ImapServer(answers) as server,
        Account(settings_for(server.port, **settings), tmp_path) as account,
    ):
        account.log.wait_for(lambda: "Lifted" in account.log.problem, "the missing mailbox")
        assert account.log.health is not None
        assert account.log.health.hearing is Hearing.LISTENING


SENT_LISTED: Answer = [b'* LIST (\\Sent) "/" "Sent"', b"{tag} OK done"]
SENT_STATUS: Answer = [
    b'* STATUS "Sent" (MESSAGES 1 UIDNEXT 8 UIDVALIDITY 5)',
    b"{tag} OK done",
]
SENT_ANSWERS: list[tuple[str, Answer]] = [
    (
        'EXAMINE "Sent"',
        [b"* 1 EXISTS", b"* OK [UIDVALIDITY 5]", b"* OK [UIDNEXT 8]", b"{tag} OK done"],
    ),
    ("UID SEARCH", [b"* SEARCH 7", b"{tag} OK done"]),
    ("UID FETCH", [b"* 1 FETCH (UID 7 FLAGS (\\Seen))", b"{tag} OK done"]),
    ("FETCH 1", [b"* 1 FETCH (UID 7)", b"{tag} OK done"]),
    ("LIST", SENT_LISTED),
    ("STATUS", SENT_STATUS),
]


def _knows_an_answer(folder: Path, mailbox: str = "Sent") -> None:
    """An answer of ours that an earlier run saw."""
    key = MailboxKey(account=SourceName("Support"), mailbox=mailbox, uidvalidity=5)
    ours = Mailer(name="Support", email="support@lab.test")
    at = datetime(2026, 11, 21, 10, tzinfo=UTC)
    answer = MessageSummary(
        account=key.account,
        message_id=MessageId("<answer@lab.test>"),
        address=MessageAddress(mailbox=mailbox, uidvalidity=5, uid=7),
        sender=ours,
        recipients=(),
        subject="Re: Question",
        preview="Soon.",
        sent_at=at,
        arrived_at=at,
        is_ours=True,
        is_sent_copy=mailbox == "Sent",
        is_seen=True,
    )
    cache = MailCacheWriter(folder / "mail.db")
    cache.store_rows(key, [place_row(answer, is_main=True)], uidnext=8)
    cache.close()


class Moods:
    """Gives the first answer for a while, and then the other."""

    def __init__(self, first: bytes, then: Answer) -> None:
        self._answer: Answer = [first]
        self._then = then
        self.times = 0

    def better(self) -> None:
        self._answer = self._then

    def __call__(self, peer: ImapPeer, tag: str) -> None:
        self.times += 1
        assert not callable(self._answer)
        peer.send(*(line.replace(b"{tag}", tag.encode()) for line in self._answer))


BUSY = [
    b"{tag} NO [INUSE] Mailbox is locked",
    b"{tag} NO [UNAVAILABLE] Backend does not exist at the moment",
    b"{tag} NO Mailbox does not exist",
]


@pytest.mark.parametrize("refusal", BUSY)
def test_a_mailbox_that_cannot_be_asked_now_is_asked_again(refusal: bytes, tmp_path: Path) -> None:
    """Also where the words say that it is missing, while the server lists it."""
    _knows_an_answer(tmp_path)
    status = Moods(refusal, SENT_STATUS)
    with (
        ImapServer([("STATUS", status), *SENT_ANSWERS]) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        account.log.wait_for(lambda: bool(account.log.problem), "the refusal", 30)
        wait_until(lambda: status.times > 3, seconds=30, what="more tries")
        assert account.log.health is not None
        assert account.log.health.hearing is Hearing.LISTENING
        status.better()
        account.log.wait_for(
            lambda: any(one.mailbox == "Sent" for one in account.log.of(MailboxOpened)), "Sent", 30
        )
        account.log.wait_for(lambda: not account.log.problem, "the end of the problem", 30)
        assert account.log.of(MessageGone) == []
        assert server.connections == 1


def test_a_mailbox_that_somebody_has_locked_is_named_without_alarm(tmp_path: Path) -> None:
    """RFC 5530: INUSE is a lock of somebody else, and no limit of connections."""
    _knows_an_answer(tmp_path)
    with (
        ImapServer([("STATUS", [BUSY[0]]), *SENT_ANSWERS]) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        account.log.wait_for(lambda: bool(account.log.problem), "the refusal", 30)
        health = account.log.health
        assert health is not None
        assert health.hearing is Hearing.LISTENING
        assert health.problem is not None
        assert health.problem.title == (
            "127.0.0.1 has the mailbox “Sent” locked for somebody else at the moment"
        )
        assert "looks again by itself" in health.problem.advice
        assert not health.problem.is_for_founder


def test_a_text_in_a_mailbox_that_cannot_be_asked_now_is_answered(tmp_path: Path) -> None:
    _knows_an_answer(tmp_path)
    status: tuple[str, Answer] = ("STATUS", [BUSY[0]])
    with (
        ImapServer([status, *SENT_ANSWERS]) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        account.log.wait_for(lambda: bool(account.log.problem), "the refusal", 30)
        account.worker.fetch_text(MessageId("<answer@lab.test>"))
        account.log.wait_for(lambda: bool(account.log.of(MessageTextFetched)), "an answer", 30)
    (told,) = account.log.of(MessageTextFetched)
    assert told.problem == "The server does not open the mailbox “Sent” at the moment."


def test_sent_is_kept_while_the_server_cannot_say_which_it_is(tmp_path: Path) -> None:
    _knows_an_answer(tmp_path)
    listed = Moods(b"{tag} NO [UNAVAILABLE] Try again", SENT_LISTED)
    with (
        ImapServer([("LIST", listed), *SENT_ANSWERS]) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        account.log.wait_for(
            lambda: any(one.mailbox == "Sent" for one in account.log.of(MailboxOpened)), "Sent", 30
        )
        wait_until(lambda: listed.times > 2, seconds=30, what="more tries")
        listed.better()
        wait_until(lambda: listed.times > 3, seconds=30, what="the answer")
        asked = listed.times
        before = server.command_count
        wait_until(lambda: server.command_count > before + 6, seconds=30, what="some rounds")
        assert listed.times <= asked + 1
        assert account.log.of(MessageGone) == []


def test_sent_that_becomes_known_later_is_watched(tmp_path: Path) -> None:
    listed = Moods(b"{tag} NO [UNAVAILABLE] Try again", SENT_LISTED)
    with (
        ImapServer([("LIST", listed), *SENT_ANSWERS]) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        wait_until(lambda: listed.times > 1, seconds=30, what="more tries")
        assert [one.mailbox for one in account.log.of(MailboxOpened)] == ["INBOX"]
        listed.better()
        account.log.wait_for(
            lambda: any(one.mailbox == "Sent" for one in account.log.of(MailboxOpened)), "Sent", 30
        )


@pytest.mark.parametrize(
    "answers",
    [
        [("STATUS", [b"{tag} NO [NONEXISTENT] Unknown Mailbox"])],
        [("LIST", [b'* LIST () "/" "INBOX"', b"{tag} OK done"])],
        [
            ('LIST "" "Sent"', [b"{tag} OK done"]),
            ("STATUS", [b"{tag} NO Mailbox does not exist"]),
        ],
        [
            ('LIST "" "Sent"', [b'* LIST (\\Noselect) "/" "Sent"', b"{tag} OK done"]),
            ("STATUS", [b"{tag} NO Mailbox does not exist"]),
        ],
    ],
    ids=["nonexistent", "unlisted", "words and unlisted", "words and unreal"],
)
def test_what_the_server_says_is_not_there_is_forgotten(
    answers: list[tuple[str, Answer]], tmp_path: Path
) -> None:
    _knows_an_answer(tmp_path)
    with (
        ImapServer([*answers, *SENT_ANSWERS]) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        account.log.wait_for(lambda: bool(account.log.of(MessageGone)), "the loss", 30)


def test_what_the_settings_name_no_more_is_forgotten_whatever_the_server_says(
    tmp_path: Path,
) -> None:
    _knows_an_answer(tmp_path, "Lifted")
    refused: list[tuple[str, Answer]] = [("LIST", [BUSY[0]]), ("STATUS", [BUSY[0]])]
    with (
        ImapServer(refused) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        account.log.wait_for(lambda: bool(account.log.of(MessageGone)), "the loss", 30)


def test_names_of_mailboxes_no_standard_foresaw(tmp_path: Path) -> None:
    answers: list[tuple[str, Answer]] = [
        (
            "LIST",
            [
                b'* LIST () "/" "R&D&abc"',
                b'* LIST () "/" "\xc3\x9cbung"',
                b'* LIST (\\Sent) "/" "Ge&-sendet"',
                b"{tag} OK done",
            ],
        ),
    ]
    with ImapServer(answers) as server, Account(settings_for(server.port), tmp_path) as account:
        account.log.wait_until(Hearing.LISTENING)
        wait_until(
            lambda: [line for line in server.lines if line.startswith('STATUS "Ge&-sendet"')],
            seconds=5,
            what="a look at Sent",
        )
