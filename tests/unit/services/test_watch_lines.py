import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from supportdesk.domain.alerts import (
    Action,
    Alert,
    AlertKind,
    AlertRaised,
    AlertUpdated,
    AlertWithdrawn,
    Happened,
)
from supportdesk.domain.calls import Member, MemberState
from supportdesk.domain.errors import Problem
from supportdesk.domain.health import Hearing, PastTrouble, SourceHealth, SourceKind, SourceName
from supportdesk.services.desk_state import DeskState, Team, TrayState
from supportdesk.services.watch_lines import (
    JsonValue,
    as_line,
    notice_as_json,
    notice_as_text,
    state_as_json,
    state_as_text,
    state_digest,
    unsent_figures,
)

NOW = datetime(2026, 11, 21, 10, 0, 0, 123000, tzinfo=UTC)
SUPPORT = SourceName("Support")
ALERT = Alert(
    key="mail/Support/<1@a>",
    kind=AlertKind.MAIL,
    title="Ingrid Solheim",
    body="Flour order went out twice again.",
    actions=(Action.READ, Action.REPLY),
    source=SUPPORT,
    at=NOW,
    covers=("mail/Support/<1@a>",),
)
LISTENING = SourceHealth(
    source=SUPPORT,
    kind=SourceKind.MAIL,
    hearing=Hearing.LISTENING,
    since=NOW,
    last_heard_at=NOW,
)
STATE = DeskState(
    at=NOW,
    healths=(LISTENING,),
    callers=(),
    waiting=None,
    team=None,
    sees_team=True,
    people_waiting=2,
    to_call_back=0,
    oldest_waits=(),
    tray=TrayState.WAITING,
    number=2,
    paused_until=None,
)


def test_a_raised_alert_has_the_fixed_fields() -> None:
    assert notice_as_json(AlertRaised(alert=ALERT)) == {
        "at": "2026-11-21T10:00:00.123+00:00",
        "what": "alert",
        "key": "mail/Support/<1@a>",
        "kind": "mail",
        "title": "Ingrid Solheim",
        "body": "Flour order went out twice again.",
        "actions": ["read", "reply"],
        "source": "Support",
        "covers": ["mail/Support/<1@a>"],
    }


def test_updates_digests_and_withdrawals_say_what_they_are() -> None:
    digest = replace(ALERT, is_digest=True)
    later = NOW + timedelta(seconds=1)
    withdrawn = AlertWithdrawn(alert=ALERT, at=later, why="answered by Anna")
    assert notice_as_json(AlertUpdated(alert=ALERT))["what"] == "updated"
    assert notice_as_json(AlertRaised(alert=digest))["what"] == "digest"
    fields = notice_as_json(withdrawn)
    assert (fields["what"], fields["why"]) == ("withdrawn", "answered by Anna")
    assert fields["at"] == "2026-11-21T10:00:01.123+00:00"
    assert "answered by Anna" in notice_as_text(withdrawn)


def test_what_happened_leaves_out_what_is_not_known() -> None:
    happened = Happened(
        key="call/Office/1.1",
        kind=AlertKind.MISSED,
        title="Missed: Maison Aubry",
        body="Hung up after 41 s.",
        source=SourceName("Office"),
        at=NOW,
        call_id="1.1",
        number="+33 1 23",
        outcome="missed",
        seconds=41.0,
    )
    fields = notice_as_json(happened)
    assert (fields["what"], fields["seconds"], fields["outcome"]) == ("happened", 41.0, "missed")
    assert "message_id" not in fields
    assert "by" not in fields
    assert "Missed: Maison Aubry · Hung up after 41 s." in notice_as_text(happened)


def test_lines_are_one_line_of_readable_json() -> None:
    line = as_line({"title": "Čau\nsvěte", "covers": []})
    assert "\n" not in line
    assert "Čau" in line
    assert json.loads(line)["title"] == "Čau\nsvěte"


def test_an_unknown_phone_is_null_and_never_zero() -> None:
    fields = state_as_json(STATE)
    assert fields["waiting"] is None
    assert fields["free"] is None
    assert fields["members"] is None
    assert fields["people_waiting"] == 2
    assert fields["to_call_back"] == 0
    assert "0 people to call back" in state_as_text(STATE)
    assert "phones unknown" in state_as_text(STATE)


def test_a_known_team_is_counted() -> None:
    member = Member(interface="PJSIP/201", name="Anna", state=MemberState.FREE)
    team = Team(members=(member,), free=1, there=1, on_calls=0, unknown=0)
    state = replace(STATE, waiting=0, team=team, paused_until=NOW)
    fields = state_as_json(state)
    assert (fields["waiting"], fields["free"], fields["members"]) == (0, 1, 1)
    assert fields["do_not_disturb"] is None
    assert state_as_json(replace(state, quiet_by="dunst"))["do_not_disturb"] == "dunst"
    assert fields["paused_until"] == "2026-11-21T10:00:00.123+00:00"
    assert "1 of 1 free" in state_as_text(state)


def test_a_deaf_source_says_why() -> None:
    problem = Problem(title="imap.larder.app does not answer", advice="Check the network.")
    deaf = replace(LISTENING, hearing=Hearing.DEAF, problem=problem, last_heard_at=None)
    sources = state_as_json(replace(STATE, healths=(deaf,)))["sources"]
    assert isinstance(sources, list)
    source = sources[0]
    assert isinstance(source, dict)
    assert source["health"] == "not listening"
    assert source["title"] == "imap.larder.app does not answer"
    assert source["last_heard_at"] is None
    assert source["last_trouble"] is None


def test_a_trouble_is_told_while_it_lasts_and_after_it_is_over() -> None:
    problem = Problem(title="imap.larder.app does not answer", advice="Check the network.")
    trouble = PastTrouble(problem=problem, since=NOW)
    assert _last_trouble(trouble) == {
        "title": "imap.larder.app does not answer",
        "since": "2026-11-21T10:00:00.123+00:00",
        "until": None,
    }
    over = _last_trouble(replace(trouble, until=NOW))
    assert over["until"] == "2026-11-21T10:00:00.123+00:00"


def _last_trouble(trouble: PastTrouble) -> dict[str, JsonValue]:
    healed = replace(LISTENING, last_trouble=trouble)
    sources = state_as_json(replace(STATE, healths=(healed,)))["sources"]
    assert isinstance(sources, list)
    source = sources[0]
    assert isinstance(source, dict)
    told = source["last_trouble"]
    assert isinstance(told, dict)
    return told


def test_a_later_moment_or_a_proof_of_life_is_no_news() -> None:
    later = NOW + timedelta(seconds=30)
    alive = replace(STATE, at=later, healths=(replace(LISTENING, last_heard_at=later),))
    assert state_digest(alive) == state_digest(STATE)
    assert state_digest(replace(STATE, people_waiting=3)) != state_digest(STATE)


def test_what_has_not_gone_out_is_counted_with_its_age() -> None:
    assert unsent_figures([]) == {"unsent": 0, "oldest_unsent_at": None}
    assert unsent_figures([NOW + timedelta(minutes=20), NOW]) == {
        "unsent": 2,
        "oldest_unsent_at": "2026-11-21T10:00:00.123+00:00",
    }
