"""What is usual, learned from mail.db and desk.db as they lie on disk."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.mail_schema import SCHEMA
from supportdesk.adapters.storage.past_traffic import habit_of
from supportdesk.domain.calls import Call, CallId, Outcome
from supportdesk.domain.health import SourceKind, SourceName
from supportdesk.domain.silence import TEST_MAIL
from supportdesk.protocols.imap_bulk import OURS, SENT_COPY

SUPPORT, OFFICE = SourceName("Support"), SourceName("Office")
NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_local(at: datetime) -> datetime:
    return at.astimezone(UTC)


def each_day(days: int = 30) -> list[datetime]:
    """Two in the hour from ten."""
    ten = NOW.replace(hour=10, minute=0)
    return [
        ten - timedelta(days=back) + timedelta(minutes=minutes)
        for back in range(days)
        for minutes in (5, 35)
    ]


@pytest.fixture
def mail_db(tmp_path: Path) -> Path:
    path = tmp_path / "mail.db"
    later = NOW - timedelta(minutes=10)
    rows = [(f"<{number}@x>", at, 0) for number, at in enumerate(each_day())]
    rows += [("<ours@x>", later, OURS), ("<copy@x>", later, SENT_COPY)]
    rows += [(f"{TEST_MAIL}1@x>", later, 0)]
    with closing(sqlite3.connect(path)) as cache, cache:
        cache.executescript(SCHEMA)
        cache.executemany(
            "INSERT INTO places (account, mailbox, uidvalidity, uid, message_id, is_main,"
            " sender_name, sender_email, recipients, subject, preview, sent_at, arrived_at,"
            " ancestors, flags, size_bytes)"
            " VALUES ('Support', 'INBOX', 1, ?, ?, 1, '', '', '', '', '', 0, ?, '', ?, 0)",
            [
                (uid, message_id, (at - _EPOCH) // timedelta(microseconds=1), flags)
                for uid, (message_id, at, flags) in enumerate(rows, 1)
            ],
        )
    return path


def test_mail_of_others_teaches_and_our_own_says_nothing(mail_db: Path) -> None:
    habit = habit_of(SUPPORT, SourceKind.MAIL, mail_db, NOW, to_local)
    assert habit.traffic.is_known
    assert habit.traffic.in_hour(NOW.replace(hour=10), to_local) == pytest.approx(2)
    assert habit.newest == NOW.replace(hour=10, minute=35)
    assert habit.today == 2


def test_calls_teach_but_not_those_that_the_team_made(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    with closing(SqliteDeskStore(path)) as store:
        store.save_calls(
            [
                Call(
                    phone=OFFICE,
                    call_id=CallId(str(number)),
                    number="+420541220018",
                    name="",
                    queue="support",
                    started_at=at,
                    outcome=Outcome.CALLED if number == 0 else Outcome.ANSWERED,
                )
                for number, at in enumerate(each_day())
            ]
        )
    habit = habit_of(OFFICE, SourceKind.PHONE, path, NOW, to_local)
    assert habit.traffic.is_known
    assert habit.today == 1


def test_where_nothing_can_be_read_nothing_is_usual(tmp_path: Path) -> None:
    for kind in SourceKind:
        habit = habit_of(SUPPORT, kind, tmp_path / "none.db", NOW, to_local)
        assert not habit.traffic.is_known
        assert habit.newest is None
