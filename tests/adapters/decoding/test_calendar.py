"""Invitations: zones, rules in words, calendars that are broken."""

from datetime import UTC, datetime, timedelta

import pytest

from supportdesk.adapters.mail.calendar_cards import invitations
from supportdesk.adapters.mail.calendar_lines import Property, read_calendar
from supportdesk.adapters.mail.calendar_rules import rule_in_words
from supportdesk.adapters.mail.calendar_times import Zones, parse_duration, parse_offset
from supportdesk.domain.cards import InvitationMethod


def zone(*rules: str) -> str:
    return "BEGIN:VTIMEZONE\nTZID:Z\n" + "\n".join(rules) + "\nEND:VTIMEZONE\n"


def rule(kind: str, begin: str, offset: str, repeats: str = "") -> str:
    line = f"\nRRULE:{repeats}" if repeats else ""
    return f"BEGIN:{kind}\nDTSTART:{begin}\nTZOFFSETTO:{offset}{line}\nEND:{kind}"


def offset_in(definition: str, local: str) -> timedelta | None:
    zones = Zones(read_calendar(definition))
    at = zones.instant(Property(name="DTSTART", value=local, parameters={"TZID": "Z"}))
    assert at is not None
    return at.utcoffset()


HOUR = timedelta(hours=1)
SUMMER = rule("DAYLIGHT", "19700329T020000", "+0200", "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU")
WINTER = rule("STANDARD", "19701025T030000", "+0100", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU")


@pytest.mark.parametrize(
    ("definition", "local", "offset"),
    [
        (zone(SUMMER, WINTER), "20260329T015959", HOUR),
        (zone(SUMMER, WINTER), "20260329T020000", 2 * HOUR),
        (zone(SUMMER, WINTER), "20261025T025959", 2 * HOUR),
        (zone(SUMMER, WINTER), "20261231T100000", HOUR),
        (zone(SUMMER, WINTER), "20260101T100000", HOUR),
        (zone(SUMMER, WINTER), "19500101T100000", 2 * HOUR),
        (zone(rule("STANDARD", "19700101T000000", "+0530")), "20260101T000000", 5.5 * HOUR),
        (zone(rule("STANDARD", "19700101T000000", "-0330")), "20260101T000000", -3.5 * HOUR),
        (
            zone(
                rule("DAYLIGHT", "20070311T020000", "-0400", "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"),
                rule("STANDARD", "20071104T020000", "-0500", "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"),
            ),
            "20260308T020000",
            -4 * HOUR,
        ),
        (
            zone(SUMMER.replace("FREQ=YEARLY", "FREQ=YEARLY;UNTIL=19991231T000000"), WINTER),
            "20260701T100000",
            HOUR,
        ),
        (
            zone(rule("STANDARD", "20000601T000000", "+0100", "FREQ=YEARLY")),
            "20260101T000000",
            HOUR,
        ),
        (
            zone(rule("STANDARD", "20000101T000000", "+0100", "FREQ=YEARLY;BYMONTH=13;BYDAY=1SU")),
            "20260101T000000",
            HOUR,
        ),
        (
            zone(rule("STANDARD", "20001201T000000", "+0100", "FREQ=YEARLY;BYMONTH=12;BYDAY=-1SU")),
            "20261231T000000",
            HOUR,
        ),
        (zone(rule("STANDARD", "nonsense", "+0500"), WINTER), "20260101T000000", HOUR),
        (zone(rule("STANDARD", "20000199T000000", "+0500"), WINTER), "20260101T000000", HOUR),
        (zone(rule("STANDARD", "19700101T000000", "soon"), WINTER), "20260101T000000", HOUR),
    ],
)
def test_zones_that_come_along(definition: str, local: str, offset: timedelta) -> None:
    assert offset_in(definition, local) == offset


@pytest.mark.parametrize(
    ("name", "offset"),
    [
        ("Europe/Prague", HOUR),
        ("/freeassociation.sourceforge.net/Europe/Prague", HOUR),
        ("/softwarestudio.org/Olson_20011030_5/America/New_York", -5 * HOUR),
        ("Pacific Standard Time", -8 * HOUR),
        ("UTC", timedelta()),
    ],
)
def test_zones_by_their_names(name: str, offset: timedelta) -> None:
    found = Property(name="DTSTART", value="20261124T100000", parameters={"TZID": name})
    at = Zones(read_calendar("")).instant(found)
    assert at is not None
    assert at.utcoffset() == offset


@pytest.mark.parametrize(
    "name", ["", "Nowhere/Land", "../../etc/passwd", "Europe", "Europe/..", "X" * 99]
)
def test_without_a_zone_it_is_local_time(name: str) -> None:
    found = Property(name="DTSTART", value="20261124T100000", parameters={"TZID": name})
    at = Zones(read_calendar(zone())).instant(found)
    assert at == datetime(2026, 11, 24, 10).astimezone()


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY", "Every day"),
        ("FREQ=DAILY;COUNT=1", "Every day, once"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR", "Every 2 weeks on Monday, Wednesday and Friday"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Every week on workdays"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "Every month on day 15"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "Every month on the last day"),
        ("FREQ=MONTHLY;BYDAY=2TU", "Every month on the second Tuesday"),
        (
            "FREQ=MONTHLY;BYDAY=+1MO;UNTIL=20270101",
            "Every month on the first Monday, until 1 January 2027",
        ),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=1MO", "Every year on the first Monday of May"),
        ("FREQ=YEARLY;BYMONTH=5", "Every year in May"),
        ("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=8", "Every year on day 8 of May"),
        ("freq=hourly;interval=0", "Every hour"),
        ("FREQ=MONTHLY;BYDAY=9MO", "Repeats by a rule of its own, every month at most"),
        ("FREQ=WEEKLY;BYDAY=XX", "Repeats by a rule of its own, every week at most"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,2,3", "Repeats by a rule of its own, every month at most"),
        ("FREQ=YEARLY;BYMONTH=1,2", "Repeats by a rule of its own, every year at most"),
        ("FREQ=DAILY;BYHOUR=1;COUNT=3", "Repeats by a rule of its own, every day at most, 3 times"),
        ("FREQ=SOMETIMES", "Repeats by a rule of its own"),
        ("", "Repeats by a rule of its own"),
    ],
)
def test_rules_in_words(rule: str, words: str) -> None:
    assert rule_in_words(rule, Zones(read_calendar(""))) == words


def test_durations_and_offsets() -> None:
    assert parse_duration("P1DT2H30M") == timedelta(days=1, hours=2, minutes=30)
    assert parse_duration("-P2W") == timedelta(weeks=-2)
    assert parse_duration("an hour") is None
    assert parse_offset("+2400") is None


def test_a_series_is_one_card_and_a_flood_is_cut() -> None:
    event = "BEGIN:VEVENT\nUID:{}\nSUMMARY:x\nDTSTART:20260101T100000Z\n{}END:VEVENT\n"
    series = event.format(1, "") + event.format(1, "RECURRENCE-ID:20260102T100000Z\n")
    assert len(invitations(series.encode())) == 1
    assert len(invitations("".join(event.format(number, "") for number in range(9)).encode())) == 5
    cancelled = invitations(event.format(1, "STATUS:CANCELLED\n").encode())[0]
    assert cancelled.method is InvitationMethod.CANCEL


def test_ends() -> None:
    def end_of(lines: str) -> datetime | None:
        return invitations(f"BEGIN:VEVENT\nSUMMARY:x\n{lines}END:VEVENT".encode())[0].ends_at

    assert end_of("DTSTART:20260101T100000Z\nDURATION:PT90M\n") == datetime(
        2026, 1, 1, 11, 30, tzinfo=UTC
    )
    day = end_of("DTSTART;VALUE=DATE:20260101\n")
    assert day is not None
    assert day.day == 2
    assert end_of("DTSTART:20260101T100000Z\n") is None
    assert end_of("DTSTART:99991231T235959Z\nDURATION:P99999D\n") is None
    assert end_of("DTSTART:20260231T100000Z\n") is None


def test_lines_folded_inside_of_a_letter() -> None:
    raw = "BEGIN:VEVENT\r\nSUMMARY:Größe\r\nEND:VEVENT\r\n".encode()
    cut = raw.index("ö".encode()) + 1
    folded = raw[:cut] + b"\r\n " + raw[cut:]
    assert invitations(folded)[0].summary == "Größe"
    latin = "BEGIN:VEVENT\nSUMMARY:Größe\nEND:VEVENT".encode("latin-1")
    assert invitations(latin, charset="iso-8859-1")[0].summary == "Größe"
