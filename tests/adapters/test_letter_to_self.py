"""A mail to ourselves is looked for in each mailbox that may be looked into."""

import pytest

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail.letter_to_self import take_from_self
from supportdesk.domain.errors import SupportDeskError
from tests.adapters.imap_account import settings_for
from tests.fakes.imap_server import Answer, ImapPeer, ImapServer

_ID = "<supportdesk-test.1@lab.test>"
_REFUSED: tuple[str, Answer] = ('EXAMINE "Gone"', [b"{tag} NO [NONEXISTENT] no such mailbox"])


def head_of_seven(line: bytes) -> list[bytes]:
    size = b"{%d}" % (len(line) + 4)
    return [b"* 1 FETCH (UID 7 BODY[HEADER.FIELDS (X)] " + size, line, b"", b")", b"{tag} OK done"]


def lies_in(mailbox: str) -> list[tuple[str, Answer]]:
    opened: list[str] = []

    def examine(name: str) -> tuple[str, Answer]:
        def answer(peer: ImapPeer, tag: str) -> None:
            opened.append(name)
            ok = f"{tag} OK done".encode()
            peer.send(b"* 1 EXISTS", b"* OK [UIDVALIDITY 1]", b"* OK [UIDNEXT 8]", ok)

        return f'EXAMINE "{name}"', answer

    def search(peer: ImapPeer, tag: str) -> None:
        found = b"* SEARCH 7" if opened[-1] == mailbox else b"* SEARCH"
        peer.send(found, f"{tag} OK done".encode())

    return [
        _REFUSED,
        examine("INBOX"),
        examine("Other"),
        ("UID SEARCH", search),
        (
            "UID FETCH 7 (UID BODY.PEEK[HEADER.FIELDS (Message-ID)])",
            head_of_seven(f"Message-ID: {_ID}".encode()),
        ),
        ("UID FETCH 7", head_of_seven(b"X-Supportdesk-Own: test")),
    ]


@pytest.mark.parametrize("mailbox", ["INBOX", "Other"])
def test_a_mailbox_that_is_gone_keeps_nobody_from_the_others(mailbox: str) -> None:
    with ImapServer(lies_in(mailbox)) as server:
        settings = settings_for(server.port, also_watch=("Gone", "Other"))
        assert take_from_self(settings, "secret", SystemClock(), _ID)
        assert any(one.startswith("UID STORE 7 +FLAGS") for one in server.lines)
        assert any(one.startswith('EXAMINE "Other"') for one in server.lines)


def test_it_may_lie_in_the_one_that_is_gone() -> None:
    with ImapServer(lies_in("nowhere")) as server:
        settings = settings_for(server.port, also_watch=("Gone", "Other"))
        with pytest.raises(SupportDeskError, match="Gone"):
            take_from_self(settings, "secret", SystemClock(), _ID)
        assert any(one.startswith('EXAMINE "Other"') for one in server.lines)


def test_a_server_that_goes_away_has_not_refused() -> None:
    def bye(peer: ImapPeer, _tag: str) -> None:
        peer.close()

    with ImapServer([('EXAMINE "INBOX"', bye), *lies_in("Other")]) as server:
        settings = settings_for(server.port, also_watch=("Other",))
        with pytest.raises(SupportDeskError):
            take_from_self(settings, "secret", SystemClock(), _ID)
        assert not any(one.startswith('EXAMINE "Other"') for one in server.lines)
