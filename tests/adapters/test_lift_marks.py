"""Marks of lifting on a server that refuses to say where some of them lie."""

from pathlib import Path

from supportdesk.domain.lift_events import LiftMarksSeen
from supportdesk.domain.settings import LiftSettings
from tests.adapters.imap_account import Account, settings_for
from tests.fakes.imap_server import ImapServer


def test_a_refused_search_for_keywords_says_nothing_of_flags(tmp_path: Path) -> None:
    opened = [
        b"* FLAGS (\\Flagged $SD-lift-anna)",
        b"* 0 EXISTS",
        b"* OK [UIDVALIDITY 1]",
        b"* OK [UIDNEXT 1]",
        b"{tag} OK done",
    ]
    answers = [("EXAMINE", opened), ("UID SEARCH KEYWORD", [b"{tag} NO not here"])]
    with ImapServer(answers) as server:
        settings = settings_for(server.port, lift=LiftSettings(flag=True))
        with Account(settings, tmp_path) as account:
            log = account.log
            log.wait_for(lambda: bool(log.of(LiftMarksSeen)), "the marks", 30)
        assert "UID SEARCH KEYWORD $sd-lift-anna" in server.lines
    seen = log.of(LiftMarksSeen)[-1]
    assert (seen.flagged, seen.is_flags_whole, seen.is_whole) == (frozenset(), True, False)
