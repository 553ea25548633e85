"""What the pages are told: sentences, folded quotes, weeks that are not known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from supportdesk.domain.alerts import Alert, AlertKind
from supportdesk.domain.calls import Caller, CallId, Capabilities, Member, MemberState
from supportdesk.domain.errors import Problem
from supportdesk.domain.health import Hearing, SourceHealth, SourceKind, SourceName
from supportdesk.domain.lifts import Lift, LiftWay
from supportdesk.domain.mail import (
    SIGNATURE_BREAK,
    Conversation,
    Mailer,
    MessageAddress,
    MessageId,
    MessageSummary,
    MessageText,
)
from supportdesk.domain.one_ring import Need
from supportdesk.domain.settings import AlertSettings, PhoneKind, PhoneSettings, Settings
from supportdesk.services.desk_state import (
    DeskState,
    PersonWaiting,
    Team,
    TrayState,
    WaitingCaller,
    WaitsFor,
)
from supportdesk.ui import rows
from supportdesk.ui.controllers.settings_forms import settings_view
from supportdesk.ui.presenter.calls import CallFacts, calls_view
from supportdesk.ui.presenter.message import Reading, message_view
from supportdesk.ui.presenter.strip import (
    WeekSoFar,
    rail_view,
    strip_view,
    strip_without_settings,
)
from supportdesk.ui.presenter.tray import (
    no_tray_notice,
    tray_view,
    tray_without_settings,
    with_presenting,
    without_names,
)
from supportdesk.ui.rows import ButtonRank, StripKind, StripView

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SUPPORT = SourceName("Support")
MESSAGE = MessageSummary(
    account=SUPPORT,
    message_id=MessageId("<1@example.org>"),
    address=MessageAddress(mailbox="INBOX", uidvalidity=1, uid=1),
    sender=Mailer(name="Carla", email="carla@example.org"),
    subject="Order",
    sent_at=NOW,
    arrived_at=NOW,
)
CONVERSATION = Conversation(
    key=MESSAGE.key,
    account=SUPPORT,
    customer=MESSAGE.sender,
    subject="Order",
    preview="It is late.",
    newest_at=NOW,
    waiting_since=NOW,
    answer=None,
    is_robot=False,
    is_unread_by_me=True,
    needs_no_reply=False,
    messages=(MESSAGE,),
)


STATE = DeskState(
    at=NOW,
    healths=(),
    callers=(),
    waiting=None,
    team=None,
    sees_team=True,
    people_waiting=0,
    to_call_back=0,
    oldest_waits=(),
    tray=TrayState.LISTENING,
    number=0,
    paused_until=None,
)
FACTS = CallFacts(
    last_words=lambda *_: "",
    ring_seconds=6,
    talk_of=lambda _: None,
    capabilities=(),
)


def read(text: str, *, quoted: str, html: str, images: int = 0) -> rows.MessageView:
    content = MessageText(
        account=SUPPORT,
        message_id=MESSAGE.message_id,
        text=text,
        quoted=quoted,
        html=html,
        images=images,
    )
    return message_view(CONVERSATION, MESSAGE, Reading(text=content), now=NOW)


def test_html_with_history_reads_as_text_with_the_quote_folded() -> None:
    view = read("Still late.", quoted="> Hello\n> Carla", html="<p>Still late.</p><p>Hello</p>")
    assert (view.html, view.text) == ("", "Still late.")
    assert (view.quoted_text, view.quoted_summary) == ("> Hello\n> Carla", "2 quoted lines")


@pytest.mark.parametrize(
    ("text", "quoted", "images"), [("New.", "", 0), ("New.", "> Old", 1), (" ", "> Old", 0)]
)
def test_html_stays_html_and_its_history_is_not_shown_twice(
    text: str, quoted: str, images: int
) -> None:
    view = read(text, quoted=quoted, html="<p>New.</p>", images=images)
    assert (view.html, view.quoted_text, view.quoted_summary) == ("<p>New.</p>", "", "")


def test_the_signature_of_html_folds_and_stays_html() -> None:
    view = read("New.\n\nAnna", quoted="", html=f"<p>New.</p>{SIGNATURE_BREAK}<p>Anna</p>")
    assert (view.html, view.quoted_html) == ("<p>New.</p>", "<p>Anna</p>")
    assert (view.quoted_text, view.quoted_summary) == ("", "Signature")


def since_line(state_since: datetime | None, listening_since: datetime) -> str:
    member = Member(
        interface="PJSIP/101", name="Anna", state=MemberState.ON_A_CALL, state_since=state_since
    )
    health = SourceHealth(
        source=SourceName("Office"),
        kind=SourceKind.PHONE,
        hearing=Hearing.LISTENING,
        since=listening_since,
    )
    state = replace(
        STATE,
        healths=(health,),
        team=Team(members=(member,), free=0, there=1, on_calls=1, unknown=0),
    )
    return calls_view(state, FACTS, NOW).members[0].since_line


def test_a_state_found_at_the_first_look_may_be_older() -> None:
    time = f"{NOW.astimezone():%H:%M}"
    assert since_line(NOW, NOW) == f"since {time} or before"
    assert since_line(NOW, NOW - timedelta(minutes=5)) == f"since {time}"
    assert since_line(NOW, NOW + timedelta(minutes=5)) == f"since {time}"
    assert since_line(None, NOW) == ""


def test_deaf_mail_says_nothing_of_who_waits_on_the_phone() -> None:
    deaf = SourceHealth(source=SUPPORT, kind=SourceKind.MAIL, hearing=Hearing.DEAF, since=NOW)
    shown = calls_view(replace(STATE, healths=(deaf,)), FACTS, NOW)
    assert shown.nobody_waits == "Who waits is not known yet."


def test_what_each_phone_cannot_tell_is_said_in_its_own_words() -> None:
    able = Capabilities(
        sees_waiting=True,
        sees_busy=False,
        sees_missed=True,
        can_take=True,
        can_dial=True,
        limits=("It tells of this phone alone.",),
    )
    facts = replace(FACTS, capabilities=(able, able))
    assert calls_view(STATE, facts, NOW).cannot_tell == (
        "The phone system cannot tell what the team does. It tells of this phone alone."
    )
    seeing = replace(able, sees_busy=True, limits=())
    assert calls_view(STATE, replace(facts, capabilities=(seeing,)), NOW).cannot_tell == ""


def test_a_machine_is_never_called_answered() -> None:
    chip = rows.ChipView(label="sent by a machine", kind=rows.ChipKind.ROBOT)
    row = rows.ConversationRow(
        key="1", who="Mill", subject="Delivery", age_label="Fri", is_answered=True, chips=(chip,)
    )
    assert row.accessible_text == "Mill, Delivery, Fri, sent by a machine"


def test_a_phone_says_its_kind_and_place() -> None:
    kinds = (
        (PhoneKind.ASTERISK, "pbx.example.com", "Asterisk on pbx.example.com"),
        (PhoneKind.BARESIP, "", "baresip"),
        (PhoneKind.HOOK, "", "tells by supportdesk call"),
    )
    phones = tuple(
        PhoneSettings(name=SourceName(str(kind.value)), kind=kind, host=host)
        for kind, host, _ in kinds
    )
    view = settings_view(
        Settings(phone=phones),
        now=NOW,
        deaf=frozenset(),
        file_path="settings.toml",
        problem=None,
    )
    assert [phone.line for phone in view.phones] == [words for *_, words in kinds]


_CALLER = Caller(
    phone=SourceName("Office"),
    call_id=CallId("1"),
    number="+420541220018",
    name="Pavel Kiss",
    queue="support",
    joined_at=NOW,
    channel="",
)
_WAITING = WaitingCaller(
    caller=_CALLER, position=1, seconds=12, rings=3, need=Need.ALL_BUSY, can_take=True
)
_BUSY = replace(
    STATE,
    callers=(_WAITING,),
    tray=TrayState.YOURS,
    oldest_waits=(
        PersonWaiting(key=_CALLER.key, label="Pavel Kiss", since=NOW, waits_for=WaitsFor.AN_ANSWER),
        PersonWaiting(
            key="call/Office/9", label="Otto", since=NOW - HOUR, waits_for=WaitsFor.A_CALL_BACK
        ),
        PersonWaiting(key=MESSAGE.key, label="Carla", since=NOW, waits_for=WaitsFor.A_REPLY),
    ),
)
_ALERT = Alert(
    key=MESSAGE.key,
    kind=AlertKind.MAIL,
    title="Carla",
    body="Order",
    actions=(),
    source=SUPPORT,
    at=NOW,
    item=MESSAGE.key,
)
_NO_WEEK = WeekSoFar(minutes=0, goal_minutes=30)


def test_the_tray_says_who_waits() -> None:
    view = tray_view(_BUSY, _NO_WEEK, (_ALERT,), NOW)
    assert view.newest_alert is not None
    assert view.newest_alert.label == "Carla"
    assert view.tooltip == f"supportdesk: Pavel Kiss, 1st in line since {NOW.astimezone():%H:%M}"
    assert [one.label for one in view.people] == [
        "Pavel Kiss  now",
        "Otto, missed  1 h 00",
        "Carla  now",
    ]


def test_a_long_name_leaves_the_menu_and_the_tooltip_narrow() -> None:
    long = "\N{GRINNING FACE}" * 200
    waiting = replace(_WAITING, caller=replace(_CALLER, name=long))
    people = tuple(replace(one, label=long) for one in _BUSY.oldest_waits)
    state = replace(_BUSY, callers=(waiting,), oldest_waits=people)
    view = tray_view(state, _NO_WEEK, (), NOW)
    assert max(len(one.label) for one in view.people) < 60
    assert view.people[1].label.endswith("…, missed  1 h 00")
    assert len(view.tooltip) < 80


def test_the_first_entry_of_the_menu_is_for_the_alert_whatever_becomes_of_its_item() -> None:
    several = replace(_ALERT, key="mails/1", item="")
    view = tray_view(_BUSY, _NO_WEEK, (several,), NOW)
    assert view.newest_alert is not None
    assert view.newest_alert.key == "mails/1"


def test_who_waits_for_a_call_back_is_counted_and_said() -> None:
    mail = SourceHealth(source=SUPPORT, kind=SourceKind.MAIL, hearing=Hearing.LISTENING, since=NOW)
    state = replace(
        STATE, healths=(mail,), tray=TrayState.WAITING, number=2, to_call_back=2, waiting=0
    )
    view = tray_view(state, _NO_WEEK, (), NOW)
    assert (view.state, view.number) == (rows.TrayState.WAITING, 2)
    words = "All quiet · 2 people to call back · nobody waits for a reply"
    assert view.tooltip == f"supportdesk: {words} · mail not checked yet"
    said = [part.text for part in strip_view(state, _NO_WEEK, NOW).segments]
    assert said == [*words.split(" · "), "mail not checked yet"]
    paused = replace(state, tray=TrayState.PAUSED, paused_until=NOW)
    said = [part.text for part in strip_view(paused, _NO_WEEK, NOW).segments]
    assert "2 people to call back" in said


def test_a_desk_to_which_something_is_lifted_is_not_quiet() -> None:
    mail = SourceHealth(source=SUPPORT, kind=SourceKind.MAIL, hearing=Hearing.LISTENING, since=NOW)
    lifts = tuple(
        Lift(key=f"{way}{number}", item="", way=way, at=NOW)
        for way, number in ((LiftWay.CODE, 1), (LiftWay.FLAG, 2), (LiftWay.ADDRESS, 3))
    )
    state = replace(STATE, healths=(mail,), lifted=lifts)
    words = "1 call lifted to you · 2 mails lifted to you · nobody waits for a reply"
    view = tray_view(state, _NO_WEEK, (), NOW)
    assert view.tooltip == f"supportdesk: {words} · mail not checked yet"
    strip = strip_view(state, _NO_WEEK, NOW)
    assert strip.kind is StripKind.LIFTED
    assert strip.progress is not None
    calls, mails, *_ = strip.segments
    assert (calls.opens, mails.opens) == (rows.Action.SHOW_CALLS, rows.Action.SHOW_INBOX)
    paused = replace(state, tray=TrayState.PAUSED, paused_until=NOW)
    assert calls in strip_view(paused, _NO_WEEK, NOW).segments
    connecting = replace(state, healths=(replace(mail, hearing=Hearing.CONNECTING),))
    first, second, *_ = strip_view(connecting, _NO_WEEK, NOW).segments
    assert (first.text, second) == ("Connecting to Support", calls)


def test_do_not_disturb_of_the_desktop_is_said_with_who_has_it() -> None:
    state = replace(STATE, tray=TrayState.PAUSED, quiet_by="dunst")
    strip = strip_view(state, _NO_WEEK, NOW)
    assert strip.kind is StripKind.PAUSED
    assert strip.segments[0].text == "Alerts wait: do-not-disturb is on in dunst"
    # It is switched off where it was switched on.
    assert strip.buttons == ()
    view = tray_view(state, _NO_WEEK, (), NOW)
    assert view.state is rows.TrayState.PAUSED
    assert view.tooltip == "supportdesk: Alerts wait: do-not-disturb is on in dunst"
    assert view.paused_line == ""


def test_that_the_screen_is_shown_is_said_with_its_end() -> None:
    alerts = AlertSettings().presented(NOW, is_on=True, length=HOUR)
    view = tray_view(STATE, _NO_WEEK, (), NOW)
    shown = with_presenting(view, alerts, NOW)
    assert shown.presenting is not None
    end = f"{(NOW + HOUR).astimezone():%H:%M}"
    assert shown.presenting.label.startswith("I am presenting until ")
    assert shown.presenting.label.endswith(end)
    assert shown.presenting.has_end
    assert " · presenting until " in shown.tooltip
    lasting = with_presenting(view, AlertSettings(presenting=True), NOW).presenting
    assert lasting == rows.PresentingLine(label="I am presenting", has_end=False)
    assert with_presenting(view, AlertSettings(), NOW) == view


def test_the_tooltip_stays_true_however_long_it_is_shown() -> None:
    mail = SourceHealth(
        source=SUPPORT,
        kind=SourceKind.MAIL,
        hearing=Hearing.LISTENING,
        since=NOW,
        last_heard_at=NOW - timedelta(seconds=12),
    )
    view = tray_view(replace(STATE, healths=(mail,)), _NO_WEEK, (), NOW)
    checked = f"{(NOW - timedelta(seconds=12)).astimezone():%H:%M}"
    assert view.tooltip.endswith(f" · mail checked at {checked}")
    coming = replace(mail, hearing=Hearing.CONNECTING)
    view = tray_view(replace(STATE, healths=(coming,)), _NO_WEEK, (), NOW)
    assert view.tooltip.startswith("supportdesk: Connecting to Support")
    assert "checked" not in view.tooltip


def test_while_presenting_the_tray_names_nobody() -> None:
    state, alerts = without_names(_BUSY, (_ALERT,))
    view = tray_view(state, _NO_WEEK, alerts, NOW)
    assert view.newest_alert is not None
    assert view.newest_alert.key == MESSAGE.key
    assert view.newest_alert.label == "Somebody is waiting for you."
    assert view.tooltip.startswith("supportdesk: A caller, 1st in line since ")
    assert [entry.label for entry in view.people] == [
        "A caller  now",
        "A caller, missed  1 h 00",
        "A customer  now",
    ]
    assert [entry.key for entry in view.people] == [_CALLER.key, "call/Office/9", MESSAGE.key]


@pytest.mark.parametrize(
    ("desktop", "advice"),
    [
        ("GNOME", "AppIndicator and KStatusNotifierItem Support"),
        ("ubuntu:GNOME", "AppIndicator and KStatusNotifierItem Support"),
        ("sway", "Add a tray to your panel"),
        ("", "Add a tray to your panel"),
    ],
)
def test_without_a_tray_it_says_what_to_do(desktop: str, advice: str) -> None:
    notice = no_tray_notice(desktop)
    assert notice.title == "This desktop shows no tray icon"
    assert advice in notice.text


def test_while_presenting_trouble_is_still_trouble() -> None:
    alert = replace(_ALERT, kind=AlertKind.HEALTH, title="imap.example.org does not answer")
    view = tray_view(STATE, _NO_WEEK, without_names(STATE, (alert,))[1], NOW)
    assert view.newest_alert is not None
    assert view.newest_alert.label == "Something needs a look."


def test_unread_settings_are_never_quiet() -> None:
    problem = Problem(title="settings.toml, line 3: a value is missing", advice="Mend it.")
    strip = strip_without_settings(problem)
    assert strip.kind is StripKind.DEAF
    assert "settings.toml, line 3: a value is missing" in [one.text for one in strip.segments]
    view = tray_without_settings(problem, tray_view(STATE, _NO_WEEK, (), NOW))
    assert view.state is rows.TrayState.NOT_LISTENING
    assert "line 3" in view.tooltip


@pytest.mark.parametrize(
    ("quoted", "summary"),
    [
        ("> One", "1 quoted line"),
        ("-- \nIngrid\nBergen", "Signature"),
        ("-- \nPavel\n\nPekárna Kiss\ntel. +420 541 000 018", "Signature"),
        ("-- \nIngrid\n\n> One\n> Two", "Signature and quoted text"),
        ("-- \nIngrid\n\nOn Friday Anna wrote:\nOne", "Signature and quoted text"),
    ],
)
def test_what_is_folded_says_what_it_is(quoted: str, summary: str) -> None:
    assert read("New.", quoted=quoted, html="").quoted_summary == summary


def test_the_count_of_a_deaf_inbox_is_not_known() -> None:
    deaf = SourceHealth(source=SUPPORT, kind=SourceKind.MAIL, hearing=Hearing.DEAF, since=NOW)
    for waiting, shown in ((0, "?"), (5, "5?")):
        state = replace(STATE, healths=(deaf,), people_waiting=waiting)
        assert rail_view(state, 0).inbox_count == shown
    assert rail_view(replace(STATE, people_waiting=5), 0).inbox_count == "5"


# --- the strip while a caller is the founder's ---------------------------------------------------


def strip_of(*callers: WaitingCaller, sees_team: bool = True) -> StripView:
    state = replace(_BUSY, callers=callers, sees_team=sees_team)
    return strip_view(state, _NO_WEEK, NOW)


def said(strip: StripView) -> list[str]:
    return [part.text for part in strip.segments]


def test_a_caller_for_whom_nobody_is_free_is_yours_to_take() -> None:
    strip = strip_of(_WAITING)
    assert said(strip)[-2:] == ["the team's state is not known", "This one is yours."]
    (take,) = strip.buttons
    assert (take.label, take.rank, take.target) == ("Take call", ButtonRank.PRIMARY, _CALLER.key)


def test_where_nobody_knows_of_a_team_a_caller_may_be_yours_and_no_team_is_named() -> None:
    unsure = replace(_WAITING, need=Need.NOT_KNOWN)
    strip = strip_of(unsure, sees_team=False)
    assert said(strip) == ["1 caller waiting", "longest 0:12", "This one may be yours."]


def test_of_several_the_one_that_is_surely_yours_is_named() -> None:
    unsure = replace(_WAITING, need=Need.NOT_KNOWN)
    other = replace(_CALLER, call_id=CallId("2"))
    strip = strip_of(unsure, replace(_WAITING, caller=other, position=2))
    assert said(strip)[-1] == "This one is yours."
    assert strip.buttons[0].target == other.key


def test_who_cannot_be_handed_over_is_picked_up_on_the_phone_with_the_number_at_hand() -> None:
    strip = strip_of(replace(_WAITING, can_take=False))
    assert said(strip)[-1] == "This one is yours. Pick it up on your phone."
    (copy,) = strip.buttons
    assert (copy.action, copy.label) == (rows.Action.TAKE_CALL, "Copy number")
    assert copy.rank is ButtonRank.SECONDARY
    withheld = replace(_CALLER, number="")
    assert strip_of(replace(_WAITING, caller=withheld, can_take=False)).buttons == ()


def test_a_page_without_a_phone_that_sees_a_team_has_no_place_for_one() -> None:
    shown = calls_view(replace(_BUSY, sees_team=False), FACTS, NOW)
    assert (shown.has_team, shown.team_label) == (False, "")
    assert shown.cannot_tell == "The phone system cannot tell what the team does."
    shown = calls_view(_BUSY, FACTS, NOW)
    assert (shown.has_team, shown.team_label) == (True, "state not known")


def test_the_list_says_where_to_pick_up_who_cannot_be_taken() -> None:
    shown = calls_view(_BUSY, FACTS, NOW)
    assert shown.waiting_note == "longest first · one ring is 6 s"
    assert (shown.waiting[0].can_take, shown.waiting[0].take_label) == (True, "Take")
    shown = calls_view(replace(_BUSY, callers=(replace(_WAITING, can_take=False),)), FACTS, NOW)
    assert shown.waiting_note == "longest first · one ring is 6 s · pick up on your phone"
    assert (shown.waiting[0].can_take, shown.waiting[0].take_label) == (True, "Copy")
    assert "Pick it up on your phone" in shown.waiting[0].take_hint
