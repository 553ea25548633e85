import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from supportdesk.protocols.linphone_rows import (
    NEW_QUERY,
    OLD_QUERY,
    HistoryRow,
    HistoryStatus,
    dial_uri,
    domain_of,
    moment,
    parse_row,
    split_address,
)

FIXTURES = Path(__file__).parents[2] / "fixtures" / "softphones"
WHOLE = ("5", "a@b", 1, 0, "1795289894", "1795289895", 3, 1.17, '"C" <sip:+1@h>', None, "sip:f@d")


def rows_of(name: str, query: str) -> Iterator[HistoryRow]:
    uri = f"{(FIXTURES / name).as_uri()}?immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as database:
        for values in database.execute(query, (300,)):
            row = parse_row(values)
            assert row is not None
            yield row


def test_a_real_history_of_5_1() -> None:
    rows = list(rows_of("linphone-5.1-call-history.db", OLD_QUERY))
    assert len(rows) == 11
    oldest = rows[-1]
    assert oldest == HistoryRow(
        call_id=oldest.call_id,
        number="+15550100001",
        name="Carla Müller",
        is_outgoing=False,
        status=HistoryStatus.MISSED,
        started_at=datetime(2026, 11, 21, 19, 38, 10, tzinfo=UTC),
        connected_at=None,
        duration=timedelta(seconds=3),
        is_final=True,
        own_domain="127.0.0.81:5080",
    )
    assert oldest.ended_at == oldest.started_at + timedelta(seconds=3)
    answered = rows[-2]
    assert answered.status is HistoryStatus.ANSWERED
    assert answered.connected_at == answered.started_at + timedelta(seconds=1)
    assert answered.ended_at == answered.started_at + timedelta(seconds=4)
    assert [row.is_outgoing for row in rows].count(True) == 3
    assert rows[-4].number == "+15550100001"


def test_a_real_history_of_5_3() -> None:
    rows = list(rows_of("linphone-5.3.105-linphone.db", NEW_QUERY))
    assert [row.status.name for row in rows] == [
        "MISSED",
        "ANSWERED",
        "DECLINED",
        "ANSWERED",
        "MISSED",
    ]
    assert {row.number for row in rows} == {"+15550100001"}
    assert {row.name for row in rows} == {"Carla Müller"}
    assert [row.is_outgoing for row in rows] == [False, True, False, False, False]
    assert rows[3].started_at == datetime(2026, 11, 21, 19, 45, 16, tzinfo=UTC)
    assert all(row.is_final for row in rows)
    assert dial_uri(rows) == "sip:NUMBER@127.0.0.81"


def test_an_answered_call_is_final_once_it_has_a_length_or_a_rating() -> None:
    still = parse_row((*WHOLE[:6], 0, -1.0, *WHOLE[8:]))
    rated = parse_row((*WHOLE[:6], 0, 4.5, *WHOLE[8:]))
    assert still is not None
    assert rated is not None
    assert (still.is_final, rated.is_final) == (False, True)


def test_odd_rows() -> None:
    assert parse_row((*WHOLE[:3], 9, *WHOLE[4:])) is None
    assert parse_row((*WHOLE[:3], None, *WHOLE[4:])) is None
    assert parse_row((*WHOLE[:4], "soon", *WHOLE[5:])) is None
    nameless = parse_row((7, None, 0, 0, 1795289894, None, None, None, None, None, None))
    assert nameless is not None
    assert nameless.call_id == "row-7-20261121193814"
    assert (nameless.number, nameless.name, nameless.is_outgoing) == ("", "", True)
    assert nameless.duration == timedelta()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1795289894", datetime(2026, 11, 21, 19, 38, 14, tzinfo=UTC)),
        (1795289894, datetime(2026, 11, 21, 19, 38, 14, tzinfo=UTC)),
        ("2026-11-21 19:45:12", datetime(2026, 11, 21, 19, 45, 12, tzinfo=UTC)),
        ("2026-11-21T19:45:12+00:00", datetime(2026, 11, 21, 19, 45, 12, tzinfo=UTC)),
        ("0", None),
        ("", None),
        (None, None),
        (b"1795289894", None),
        ("9" * 30, None),
        ("yesterday", None),
    ],
)
def test_moments(value: object, expected: datetime | None) -> None:
    assert moment(value) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"Carla Müller" <sip:+1@h>', ("Carla Müller", "sip:+1@h")),
        ("Carla <sip:+1@h>", ("Carla", "sip:+1@h")),
        ('"O\\"Neil" <sip:+1@h>', ('O"Neil', "sip:+1@h")),
        ("<sip:fay@h:5080;transport=udp>", ("", "sip:fay@h:5080;transport=udp")),
        ("sip:+1@h", ("", "sip:+1@h")),
        ("", ("", "")),
    ],
)
def test_addresses(header: str, expected: tuple[str, str]) -> None:
    assert split_address(header) == expected


@pytest.mark.parametrize(
    ("uri", "domain"),
    [
        ("sip:fay@sip.example;transport=udp", "sip.example"),
        ("sip:fay@127.0.0.81:5080", "127.0.0.81:5080"),
        ("sip:fay@sip.example/quit", ""),
        ("", ""),
    ],
)
def test_domains(uri: str, domain: str) -> None:
    assert domain_of(uri) == domain


def test_without_a_domain_the_number_is_handed_over_as_it_is() -> None:
    assert dial_uri([]) == "tel:NUMBER"
