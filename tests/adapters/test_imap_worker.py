"""The mail worker against servers that misbehave; the real Dovecot is in tests/e2e."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail.imap_link import ImapLink
from supportdesk.adapters.mail.imap_worker import ImapWorker
from supportdesk.adapters.mail.transport import Transport, Waker
from supportdesk.domain.errors import (
    SecretsUnavailable,
)
from supportdesk.domain.events import (
    MailboxOpened,
    MessageTextFetched,
    SourceHeard,
)
from supportdesk.domain.health import Hearing
from supportdesk.domain.mail import MessageId
from supportdesk.protocols.backoff import Backoff
from supportdesk.protocols.mailbox_sync import ListeningRules
from tests.adapters.imap_account import IMPATIENT, QUICK, Account, settings_for
from tests.conftest import ExpectLog
from tests.fakes.event_log import EventLog
from tests.fakes.imap_server import Answer, ImapPeer, ImapServer
from tests.lab.waiting import free_port, is_soon, wait_until

# How the worker lives with it


def test_a_quiet_mailbox_is_listened_to(tmp_path: Path) -> None:
    with ImapServer() as server, Account(settings_for(server.port), tmp_path) as account:
        health = account.log.wait_until(Hearing.LISTENING)
        assert health.last_heard_at is not None
        assert [event.mailbox for event in account.log.of(MailboxOpened)] == ["INBOX"]
        wait_until(lambda: server.lines.count("IDLE") >= 4, seconds=10, what="renewed IDLE")
        wait_until(lambda: server.lines.count('EXAMINE "INBOX"') >= 2, seconds=10, what="catch-up")
        assert "NOOP" in server.lines
        assert server.connections == 1
    first, *_ = account.log.events
    assert "CONNECTING" in repr(first)


def test_it_stops_at_once_from_any_wait(tmp_path: Path) -> None:
    """Each of its waits would last for an hour; a stop that is not heard at once is logged."""
    hour = 3600.0
    patient = ListeningRules(
        look_around_seconds=hour,
        catch_up_seconds=hour,
        answer_seconds=hour,
        hasty_answer_seconds=hour,
        poll_seconds=hour,
    )
    silent: Answer = []
    cases: list[Sequence[tuple[str, Answer]]] = [
        [],
        [("EXAMINE", silent)],
        [("AUTHENTICATE", silent)],
        [("IDLE", silent)],
    ]
    for index, answers in enumerate(cases):
        with ImapServer(answers) as server:
            account = Account(settings_for(server.port), tmp_path / str(index), patient)
            account.worker.start()
            wait_until(lambda: server.lines, seconds=10, what="a command")
            account.worker.stop(30)
            assert not account.worker._thread.is_alive()


def test_it_stops_at_once_while_nobody_answers(tmp_path: Path) -> None:
    account = Account(settings_for(free_port()), tmp_path, ListeningRules())
    account.worker._backoff = Backoff(first_seconds=3600, cap_seconds=3600)
    account.worker.start()
    account.log.wait_until(Hearing.DEAF)
    account.worker.stop(30)
    assert not account.worker._thread.is_alive()
    account.worker.check_now()
    account.worker.fetch_text(MessageId("<x>"))


def test_one_that_never_started_can_be_stopped(tmp_path: Path) -> None:
    Account(settings_for(1), tmp_path).worker.stop(1)


def test_bye_means_deaf_and_then_listening_again(tmp_path: Path) -> None:
    said: list[int] = []

    def idle(peer: ImapPeer, tag: str) -> None:
        said.append(1)
        peer.send(b"+ idling")
        if len(said) == 1:
            peer.send(b"* BYE Server restarts")
            peer.close()
        else:
            peer.read_line()
            peer.send(f"{tag} OK".encode())

    with (
        ImapServer([("IDLE", idle)]) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        deaf = account.log.wait_until_once(Hearing.DEAF)
        assert deaf.problem is not None
        assert "ended the connection (Server restarts)" in deaf.problem.title
        assert account.log.wait_until(Hearing.LISTENING).since > deaf.since
        assert server.connections == 2


def test_a_black_hole_is_noticed(tmp_path: Path) -> None:
    def idle(peer: ImapPeer, tag: str) -> None:
        peer.send(b"+ idling")
        with contextlib.suppress(EOFError):
            while True:
                peer.read_line()

    with (
        ImapServer([("IDLE", idle)]) as server,
        Account(settings_for(server.port), tmp_path, IMPATIENT) as account,
    ):
        account.log.wait_until(Hearing.LISTENING)
        deaf = account.log.wait_until(Hearing.DEAF)
        assert deaf.problem is not None
        assert deaf.problem.title == "The mail server 127.0.0.1 does not answer"


def test_a_link_in_doubt_is_called_dead_sooner(tmp_path: Path) -> None:
    """After a change of the network or a sleep nobody waits for the patience of a good link."""

    def idle(peer: ImapPeer, tag: str) -> None:
        peer.send(b"+ idling")
        with contextlib.suppress(EOFError):
            while True:
                peer.read_line()

    rules = ListeningRules(answer_seconds=3600, hasty_answer_seconds=0.3)
    with (
        ImapServer([("IDLE", idle)]) as server,
        Account(settings_for(server.port), tmp_path, rules) as account,
    ):
        account.log.wait_until(Hearing.LISTENING)
        wait_until(lambda: "IDLE" in server.lines, seconds=30, what="IDLE")
        account.worker.check_now()
        account.log.wait_until(Hearing.DEAF, seconds=30)


def test_a_server_that_says_nothing(tmp_path: Path) -> None:
    with (
        ImapServer(greeting=None) as server,
        Account(settings_for(server.port), tmp_path, IMPATIENT) as account,
    ):
        account.log.wait_until(Hearing.DEAF)
        assert account.log.problem.endswith("takes the connection but says nothing")


def test_a_refused_password_is_not_hammered(tmp_path: Path) -> None:
    refusal: Answer = [b"+ ", b"<", b"{tag} NO [AUTHENTICATIONFAILED] no"]
    with (
        ImapServer([("AUTHENTICATE", refusal)]) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        account.log.wait_until(Hearing.DEAF)
        assert account.log.health is not None
        assert account.log.health.problem is not None
        assert account.log.health.problem.is_for_founder
        assert not is_soon(lambda: server.connections > 1, seconds=2.4)
        account.worker.check_now()
        wait_until(lambda: server.connections == 2, seconds=5, what="the try that was asked for")


def test_it_waits_longer_from_try_to_try(tmp_path: Path) -> None:
    with (
        ImapServer(greeting=b"* BYE busy") as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        wait_until(lambda: server.connections >= 3, seconds=10, what="three tries")
        account.log.wait_until(Hearing.DEAF)
    # 0.8..1 s and 1.6..2 s lie between them; the same problem is told once.
    assert len(account.log.events) == 2


def test_a_missing_secret_is_said(tmp_path: Path) -> None:
    account = Account(settings_for(free_port()), tmp_path)
    account.secret_error = SecretsUnavailable("The key store is locked", "Unlock it.")
    with account:
        account.log.wait_until(Hearing.DEAF)
        assert account.log.problem == "The key store is locked"


def test_a_mistake_of_ours_does_not_end_the_watch(tmp_path: Path, expect_log: ExpectLog) -> None:
    expect_log("Mistake while reading mail")
    account = Account(settings_for(free_port()), tmp_path)
    account.secret_error = RuntimeError("a bug")  # type: ignore[assignment]  # that is the point
    with account:
        account.log.wait_until(Hearing.DEAF)
        assert "supportdesk made a mistake" in account.log.problem
        account.secret_error = SecretsUnavailable("The key store is locked", "Unlock it.")
        account.worker.check_now()
        account.log.wait_for(lambda: "locked" in account.log.problem, "the next try")


def test_a_broken_cache_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with ImapServer() as server, Account(settings_for(server.port), tmp_path / "file") as account:
        account.log.wait_until(Hearing.DEAF)
        assert "mail cache" in account.log.problem


def test_a_text_that_cannot_be_had_now_is_answered(tmp_path: Path) -> None:
    with Account(settings_for(free_port()), tmp_path) as account:
        account.log.wait_until(Hearing.DEAF)
        account.worker.fetch_text(MessageId("<1@x>"))
        account.log.wait_for(lambda: bool(account.log.of(MessageTextFetched)), "an answer")
    answer = account.log.of(MessageTextFetched)[0]
    assert answer.text is None
    assert answer.problem.startswith("Nothing answers at")


def test_a_text_that_does_not_exist(tmp_path: Path) -> None:
    with ImapServer() as server, Account(settings_for(server.port), tmp_path) as account:
        account.log.wait_until(Hearing.LISTENING)
        account.worker.fetch_text(MessageId("<1@x>"))
        account.log.wait_for(lambda: bool(account.log.of(MessageTextFetched)), "an answer")
    assert "not in the mailbox any more" in account.log.of(MessageTextFetched)[0].problem


def test_proofs_of_life_are_told_now_and_then(tmp_path: Path) -> None:
    class FastClock(SystemClock):
        """A minute passes in half a second."""

        def monotonic_seconds(self) -> float:
            return super().monotonic_seconds() * 120

    rules = ListeningRules(look_around_seconds=0.2, catch_up_seconds=1e6, answer_seconds=1e6)
    log, clock = EventLog(), FastClock()
    with ImapServer() as server:
        worker = ImapWorker(
            settings_for(server.port), lambda: "x", tmp_path / "mail.db", log, clock, rules
        )
        began = clock.monotonic_seconds()
        worker.start()
        log.wait_until(Hearing.LISTENING)
        for count in range(1, 4):
            wait_until(
                lambda: len(log.of(SourceHeard)) >= count,  # noqa: B023
                seconds=10,
                what="a proof of life",
            )
        worker.stop(60)
    heard = log.of(SourceHeard)
    assert all(later.at > earlier.at for earlier, later in pairwise(heard))
    minutes = (clock.monotonic_seconds() - began) / 60
    assert len(heard) <= minutes + 1, "one a minute, however often the worker looks around"


# Mailboxes that are described strangely

HEADER = b"From: Ann <ann@example.org>\r\nSubject: Broken\r\nMessage-ID: <7@x>\r\n\r\n"
ONE_MESSAGE: tuple[str, Answer] = (
    "EXAMINE",
    [b"* 1 EXISTS", b"* OK [UIDVALIDITY 5]", b"* OK [UIDNEXT 8]", b"{tag} OK done"],
)


@pytest.fixture
def broken_envelope() -> Iterator[ImapServer]:
    answers: list[tuple[str, Answer]] = [
        ONE_MESSAGE,
        ("UID FETCH 7 (UID FLAGS", _header_answer),
        ("UID FETCH", [b"* 1 FETCH (UID 7 BODY[]<0> {5}", b"x\r\n\r\ny)", b"{tag} OK done"]),
        ("FETCH 1:* (UID)", [b"* 1 FETCH (UID 7)", b"{tag} OK done"]),
        ("FETCH", [b'* 1 FETCH (UID 7 RFC822.SIZE 9 ENVELOPE ("unclosed)', b"{tag} OK done"]),
    ]
    with ImapServer(answers) as server:
        yield server


def _header_answer(peer: ImapPeer, tag: str) -> None:
    peer.send_raw(
        b"* 1 FETCH (UID 7 FLAGS (\\Seen) RFC822.SIZE 9 BODY[HEADER]<0> {%d}\r\n%s)\r\n%s OK\r\n"
        % (len(HEADER), HEADER, tag.encode())
    )


def test_a_broken_envelope_is_read_from_the_header(
    broken_envelope: ImapServer, tmp_path: Path
) -> None:
    with Account(settings_for(broken_envelope.port), tmp_path) as account:
        account.log.wait_until(Hearing.LISTENING)
        arrived = account.log.arrived
    assert [(one.message_id, one.subject, one.is_seen) for one in arrived] == [
        ("<7@x>", "Broken", True)
    ]


def test_a_message_that_cannot_be_described_at_all_is_not_lost(tmp_path: Path) -> None:
    answers: list[tuple[str, Answer]] = [
        ONE_MESSAGE,
        ("UID FETCH", [b"* 1 FETCH (UID 7 (((", b"{tag} OK done"]),
        ("FETCH 1:* (UID)", [b"* 1 FETCH (UID 7)", b"{tag} OK done"]),
        ("FETCH", [b"* 1 FETCH (UID", b"{tag} OK done"]),
    ]
    with ImapServer(answers) as server, Account(settings_for(server.port), tmp_path) as account:
        account.log.wait_until(Hearing.LISTENING)
        arrived = account.log.arrived
    assert [one.message_id for one in arrived] == ["<5.7@unreadable.invalid>"]
    assert "could not describe" in arrived[0].subject


def test_a_server_without_uidnext_does_not_make_old_mail_new(tmp_path: Path) -> None:
    answers: list[tuple[str, Answer]] = [
        ("EXAMINE", [b"* 1 EXISTS", b"* OK [UIDVALIDITY 5]", b"{tag} OK done"]),
        ("FETCH * (UID)", [b"* 1 FETCH (UID 41)", b"{tag} OK done"]),
        ("FETCH", [b"* 1 FETCH (UID 41 RFC822.SIZE 9 ENVELOPE NIL)", b"{tag} OK done"]),
    ]
    with ImapServer(answers) as server, Account(settings_for(server.port), tmp_path) as account:
        account.log.wait_until(Hearing.LISTENING)
    assert account.log.of(MailboxOpened)[0].uidnext == 42


@pytest.mark.parametrize("capabilities", [b"IMAP4rev1 AUTH=PLAIN", b"IMAP4rev1 AUTH=PLAIN IDLE"])
def test_without_idle_it_polls(capabilities: bytes, tmp_path: Path) -> None:
    answers: list[tuple[str, Answer]] = [
        ("CAPABILITY", [b"* CAPABILITY " + capabilities, b"{tag} OK done"]),
        ("IDLE", [b"{tag} BAD not today"]),
    ]
    with ImapServer(answers) as server, Account(settings_for(server.port), tmp_path) as account:
        account.log.wait_until(Hearing.LISTENING)
        wait_until(lambda: server.lines.count("NOOP") > 4, seconds=10, what="polling")
        assert account.log.health is not None
        assert account.log.health.hearing is Hearing.LISTENING
        assert server.lines.count("IDLE") <= 1


def test_news_before_the_continuation_of_idle_is_heard(tmp_path: Path) -> None:
    """imap-tools and others raise or lose it (DESIGN section 11)."""
    count = [0]

    def idle(peer: ImapPeer, tag: str) -> None:
        count[0] += 1
        news = [b"* 1 EXISTS"] if count[0] == 1 else []
        peer.send(*news, b"+ idling")
        peer.read_line()
        peer.send(f"{tag} OK done".encode())

    fetched: Answer = [
        b'* 1 FETCH (UID 1 RFC822.SIZE 9 ENVELOPE (NIL "Early" NIL NIL NIL NIL NIL NIL NIL NIL))',
        b"{tag} OK done",
    ]
    patient = replace(QUICK, look_around_seconds=60, catch_up_seconds=60)
    with (
        ImapServer([("IDLE", idle), ("FETCH 1:*", fetched)]) as server,
        Account(settings_for(server.port), tmp_path, patient) as account,
    ):
        account.log.wait_for(lambda: bool(account.log.arrived), "the early message")
    assert account.log.arrived[0].subject == "Early"


def test_what_a_server_wants_its_user_to_read_is_shown(tmp_path: Path) -> None:
    told: Answer = [b"+ ", b"<", b"* OK [ALERT] Mailbox is nearly\x00 full", b"{tag} OK in"]
    later: Answer = [b"* NO [ALERT] Password expires tomorrow", b"{tag} OK done"]
    with (
        ImapServer([("AUTHENTICATE", told), ("NOOP", later)]) as server,
        Account(settings_for(server.port), tmp_path) as account,
    ):
        health = account.log.wait_until_once(Hearing.LISTENING)
        assert health.problem is not None
        assert health.problem.title == "127.0.0.1 has a message for you"
        assert health.problem.advice == "“Mailbox is nearly full”"
        account.log.wait_for(
            lambda: "tomorrow" in str(account.log.health and account.log.health.problem), "news"
        )
        assert account.log.health is not None
        assert account.log.health.hearing is Hearing.LISTENING


def test_wrong_kinds_of_commands_cannot_be_sent() -> None:
    waker = Waker()
    with ImapServer() as server:
        transport = Transport(waker, SystemClock(), lambda: False)
        transport.connect("127.0.0.1", server.port)
        link = ImapLink(transport, settings_for(server.port), 5)
        for command in (
            "STORE 1 +FLAGS (\\Seen)",
            "SELECT INBOX",
            "UID FETCH 1 (BODY[])",
            "EXPUNGE",
        ):
            with pytest.raises(ValueError, match="trace"):
                link.run(command, lambda response: None)
        link.close()
    waker.close()
