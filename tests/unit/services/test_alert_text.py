"""The sentences of LOOK.md section 6, word for word."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.calls import Call, CallId, MemberState, MissedReason, Outcome
from supportdesk.domain.errors import Problem
from supportdesk.domain.health import Hearing, SourceHealth, SourceKind, SourceName
from supportdesk.domain.mail import Conversation, Mailer
from supportdesk.domain.nudge import NudgeWeek
from supportdesk.domain.one_ring import Need, NeededCaller
from supportdesk.services.alert_text import (
    again_words,
    coffee_words,
    degraded_words,
    digest_body,
    digest_title,
    lifted_call_words,
    lifted_mail_words,
    lifted_without_text,
    mail_words,
    many_missed_words,
    many_waiting_words,
    many_waits_words,
    missed_words,
    nudge_words,
    outage_words,
    promise_words,
    recovery_words,
    several_words,
    turn_words,
    wait_words,
    waiting_words,
    why_missed,
    without_text_words,
)
from supportdesk.services.call_records import Gap, MissedSince
from supportdesk.services.health_board import Outage, Recovery
from supportdesk.services.missed_calls import MissedPerson
from supportdesk.services.wording import Words
from tests.fakes.happenings import (
    OFFICE,
    SUPPORT,
    T0,
    a_caller,
    a_member,
    a_message,
    after,
    as_utc,
    health,
)
from tests.unit.domain.test_promises import PROMISE

MINUTE = 60.0
NOW = after(2 * 3600.0)

CALL = Call(
    phone=OFFICE,
    call_id=CallId("3"),
    number="+33 1",
    name="Maison Aubry",
    queue="support",
    started_at=after(40 * MINUTE),
    outcome=Outcome.MISSED,
    reason=MissedReason.NOBODY_FREE,
    wait_seconds=41,
)


def said(words: Words) -> tuple[str, str]:
    return words.title, words.body


# --- mail --------------------------------------------------------------------------------


def test_new_mail() -> None:
    message = a_message(
        1,
        who="Levain & Daughters",
        subject="Second shop: one account or two?",
        preview="We open in Haarlem on 3 December.",
    )
    assert said(mail_words(message)) == (
        "Levain & Daughters",
        "Second shop: one account or two? “We open in Haarlem on 3 December.”",
    )


def test_new_mail_without_words_subject_or_name() -> None:
    message = replace(a_message(1, subject=""), sender=Mailer(name="", email=""))
    assert said(mail_words(message)) == ("Unknown sender", "No subject.")
    nameless = replace(message, sender=Mailer(name="", email="i@out.example"))
    assert mail_words(nameless).title == "i@out.example"


def test_mail_waits_long() -> None:
    message = a_message(1, who="Ingrid Solheim", subject="Flour order went out twice again")
    conversation = Conversation(
        key=message.key,
        account=SUPPORT,
        customer=message.sender,
        subject=message.subject,
        preview="Third Friday in a row.",
        newest_at=T0,
        waiting_since=T0,
        answer=None,
        is_robot=False,
        is_unread_by_me=True,
        needs_no_reply=False,
        messages=(message,),
    )
    assert said(wait_words(conversation, T0, after(192 * MINUTE))) == (
        "Ingrid Solheim waits 3 h 12",
        "Flour order went out twice again. “Third Friday in a row.”",
    )
    assert said(many_waits_words([conversation] * 5, T0, after(192 * MINUTE))) == (
        "5 people wait for an answer",
        "Ingrid Solheim, Ingrid Solheim, Ingrid Solheim and 2 more. The longest waits 3 h 12.",
    )


def test_nothing_of_what_was_written() -> None:
    assert without_text_words("Support") == "Mail to Support."


def test_several_mails() -> None:
    names = ("Pavel Kiss", "Maison Aubry", "Deirdre Walsh", "Ingrid", "Levain", "Pavel Kiss")
    messages = [a_message(uid, who=name) for uid, name in enumerate(names)]
    assert said(several_words(messages)) == (
        "5 people wrote just now",
        "Pavel Kiss, Maison Aubry, Deirdre Walsh and 2 more.",
    )
    assert several_words(messages, is_recent=False).title == "5 people wrote"


def test_several_mails_of_one_person() -> None:
    messages = [a_message(uid, who="Pavel Kiss", subject="Oven") for uid in range(4)]
    assert said(several_words(messages)) == ("Pavel Kiss wrote 4 times", "Oven.")


# --- calls -------------------------------------------------------------------------------


def a_need(need: Need, name: str = "Pavel Kiss") -> NeededCaller:
    return NeededCaller(caller=a_caller("1", name=name), need=need, due_at=T0)


def test_a_caller_and_nobody_free() -> None:
    three = [a_member(name) for name in ("Anna", "Ben", "Cleo")]
    assert said(waiting_words(a_need(Need.ALL_BUSY), three, 12, 2)) == (
        "Pavel Kiss is waiting",
        "All 3 are on calls. This one is yours. 2 rings, 0:12.",
    )
    assert waiting_words(a_need(Need.ALL_BUSY), three[:2], 12, 2).body.startswith("Both are on")
    with_a_pause = [three[0], a_member("Dan", MemberState.PAUSED)]
    alone = waiting_words(a_need(Need.ALL_BUSY), with_a_pause, 12, 2)
    assert alone.body.startswith("The only one at the phones is on a call. This one is yours.")


def test_a_caller_and_nobody_there() -> None:
    assert said(waiting_words(a_need(Need.NOBODY_THERE), [], 0, 1)) == (
        "Pavel Kiss is ringing",
        "Nobody is at the phones. 1 ring.",
    )


def test_a_caller_behind_others() -> None:
    assert waiting_words(a_need(Need.OTHERS_FIRST), [], 12, 2).body == (
        "Those free have earlier callers. This one is yours. 2 rings, 0:12."
    )


def test_a_caller_while_the_team_is_not_known() -> None:
    assert waiting_words(a_need(Need.NOT_KNOWN), [], 12, 2).body == (
        "It is not known if anybody is free. This one may be yours. 2 rings, 0:12."
    )


def test_an_unknown_caller_is_the_number_then_unknown() -> None:
    assert waiting_words(a_need(Need.ALL_BUSY, ""), [], 0, 1).title == "+420111222333 is waiting"


def test_a_missed_call() -> None:
    tries = [after(minutes * MINUTE) for minutes in (2, 9, 40)]
    again = again_words(tries, NOW, as_utc)
    assert said(missed_words(MissedPerson(calls=(CALL,)), NOW, as_utc, again=again)) == (
        "Missed: Maison Aubry",
        "Hung up after 41 s, nobody was free. 3rd try today, first at 09:02.",
    )


def test_a_first_missed_call_counts_nothing() -> None:
    person = MissedPerson(calls=(CALL,))
    again = again_words([after(2 * MINUTE)], NOW, as_utc)
    told = missed_words(person, NOW, as_utc, again=again)
    assert told.body == "Hung up after 41 s, nobody was free."


def test_a_caller_who_has_tried_before() -> None:
    again = "3rd try today, first at 09:02."
    assert waiting_words(a_need(Need.OTHERS_FIRST), [], 12, 2, again=again).body == (
        f"Those free have earlier callers. This one is yours. 2 rings, 0:12. {again}"
    )
    alone = waiting_words(a_need(Need.NOBODY_THERE), [], 0, 1, again=again)
    assert alone.body == f"Nobody is at the phones. 1 ring. {again}"


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (MissedReason.GAVE_UP, "Hung up after 41 s."),
        (None, "Hung up after 41 s."),
        (MissedReason.NOBODY_FREE, "Hung up after 41 s, nobody was free."),
        (MissedReason.NOBODY_THERE, "Hung up after 41 s, nobody was at the phones."),
        (MissedReason.TIMED_OUT, "The queue gave up on them after 41 s."),
        (MissedReason.DECLINED, "You declined it after 41 s."),
        (MissedReason.NOT_ANSWERED, "Nobody answered after 41 s."),
        (MissedReason.PHONE_OFFLINE, "The phone was offline."),
        (MissedReason.BUSY, "The line was busy."),
        (MissedReason.AFTER_HOURS, "Called outside the opening hours, gone after 41 s."),
        (MissedReason.UNSEEN, "It was missed while we were not listening."),
    ],
)
def test_why_a_call_was_missed(reason: MissedReason | None, sentence: str) -> None:
    assert why_missed(replace(CALL, reason=reason)) == sentence


def test_every_reason_has_its_sentence() -> None:
    assert all(why_missed(replace(CALL, reason=reason)) for reason in MissedReason)


def test_a_wait_that_is_not_known_is_left_out() -> None:
    lone = replace(CALL, wait_seconds=0.0)
    assert why_missed(replace(lone, reason=MissedReason.GAVE_UP)) == "Hung up."
    assert why_missed(lone) == "Hung up, nobody was free."
    answered = replace(lone, outcome=Outcome.ANSWERED, by="Bob")
    person = MissedPerson(calls=(answered,))
    assert turn_words(answered, person, NOW, as_utc).body == "Answered by Bob."


def test_the_founder_is_not_told_that_they_are_on_a_call() -> None:
    you = [a_member("100")]
    told = waiting_words(a_need(Need.ALL_BUSY), you, 12, 2, founder="PJSIP/100")
    assert told.body == "You are on a call and nobody else is at the phones. 2 rings, 0:12."
    other = waiting_words(a_need(Need.ALL_BUSY), you, 12, 2, founder="PJSIP/200")
    assert other.body.startswith("The only one at the phones is on a call. This one is yours.")


def test_calls_missed_while_not_listening() -> None:
    unseen = replace(
        CALL, number="", name="", reason=MissedReason.UNSEEN, started_at=after(62 * MINUTE)
    )
    one = replace(unseen, wait_seconds=7 * MINUTE)
    assert said(missed_words(MissedPerson(calls=(one, one)), NOW, as_utc)) == (
        "2 calls were missed",
        "While we were not listening, 10:02–10:09. Who called is not known.",
    )
    assert missed_words(MissedPerson(calls=(one,)), NOW, as_utc).title == "1 call was missed"
    known = replace(CALL, reason=MissedReason.UNSEEN)
    assert said(missed_words(MissedPerson(calls=(known,)), NOW, as_utc)) == (
        "Missed: Maison Aubry",
        "It was missed while we were not listening.",
    )


@pytest.mark.parametrize(
    ("call", "title", "body"),
    [
        (
            replace(CALL, outcome=Outcome.WAITING),
            "Maison Aubry is ringing",
            "In the queue support.",
        ),
        (
            replace(CALL, outcome=Outcome.WAITING, queue="", name="", number=""),
            "Unknown number is ringing",
            "On the line.",
        ),
        (
            replace(CALL, outcome=Outcome.ANSWERED, by="Anna", wait_seconds=14),
            "Maison Aubry",
            "Answered by Anna after 14 s.",
        ),
        (
            replace(CALL, outcome=Outcome.TAKEN, wait_seconds=14),
            "Maison Aubry",
            "Answered by somebody after 14 s.",
        ),
        (CALL, "Missed: Maison Aubry", "Hung up after 41 s, nobody was free."),
        (replace(CALL, outcome=Outcome.CALLED, by="Anna"), "Maison Aubry", "Called by Anna."),
        (
            replace(CALL, outcome=Outcome.UNKNOWN),
            "Maison Aubry",
            "How this call ended is not known.",
        ),
    ],
)
def test_turns_of_a_call(call: Call, title: str, body: str) -> None:
    assert said(turn_words(call, MissedPerson(calls=(call,)), NOW, as_utc)) == (title, body)


# --- after absence -----------------------------------------------------------------------


def test_the_digest() -> None:
    assert digest_title(timedelta(hours=2, minutes=10)) == "While you were away (2 h 10)"
    assert digest_body(2, 7, timedelta(hours=1, minutes=52)) == (
        "2 missed calls, 7 mails, oldest waiting 1 h 52."
    )
    assert digest_body(1, 0, None) == "1 missed call."
    assert digest_body(0, 1, None) == "1 mail."


# --- health ------------------------------------------------------------------------------

SILENT = Problem(title="imap.larder.app does not answer", advice="It is tried again.")
REFUSED = Problem(
    title="The server refused the password of Support",
    advice="Type it again in Settings.",
    is_for_founder=True,
)


def an_outage(
    problem: Problem | None, *, source: SourceName = SUPPORT, heard_at: datetime | None = T0
) -> Outage:
    told = health(source, Hearing.DEAF, problem=problem, heard_at=heard_at).health
    return Outage(health=told, since=after(14 * MINUTE))


def fine(*sources: SourceName) -> list[SourceHealth]:
    return [health(source, Hearing.LISTENING).health for source in sources]


def test_not_listening() -> None:
    healths = [an_outage(SILENT).health, *fine(OFFICE)]
    assert said(outage_words(an_outage(SILENT), healths, NOW, as_utc)) == (
        "Not listening since 09:14",
        "imap.larder.app does not answer. Phones are fine.",
    )
    assert outage_words(an_outage(None), [], NOW, as_utc).body == "Support cannot be reached."


def test_not_listening_and_what_to_do() -> None:
    assert outage_words(an_outage(REFUSED), [], NOW, as_utc).body == (
        "The server refused the password of Support. Type it again in Settings."
    )


def test_what_was_never_heard_is_told_with_what_to_do() -> None:
    assert outage_words(an_outage(SILENT, heard_at=None), [], NOW, as_utc).body == (
        "imap.larder.app does not answer. It is tried again."
    )


def test_what_else_works() -> None:
    def rest(outage: Outage, *healths: SourceHealth) -> str:
        return outage_words(outage, healths, NOW, as_utc).body.partition("answer. ")[2]

    deaf_phone = an_outage(SILENT, source=OFFICE)
    cellar, attic = SourceName("Cellar"), SourceName("Attic")
    dead = health(OFFICE, Hearing.DEAF).health
    assert rest(deaf_phone, deaf_phone.health, *fine(SUPPORT)) == "Mail is fine."
    assert rest(an_outage(SILENT), dead, *fine(cellar)) == "Cellar is fine."
    assert rest(an_outage(SILENT), dead, *fine(cellar, attic)) == "Cellar and Attic are fine."
    assert rest(deaf_phone, *fine(SUPPORT, cellar)) == "Support and Cellar are fine."
    assert rest(deaf_phone, dead) == ""


def test_heard_only_in_part() -> None:
    right = Problem(
        title="Office may not see who waits",
        advice="Give it the read class agent",
        is_for_founder=True,
    )
    told = health(OFFICE, Hearing.LISTENING, problem=right).health
    assert said(degraded_words(told)) == (
        "Office may not see who waits",
        "Give it the read class agent.",
    )
    without = health(OFFICE, Hearing.LISTENING).health
    assert said(degraded_words(without)) == ("Office is heard only in part", "")


def a_recovery(source: SourceName = SUPPORT) -> Recovery:
    return Recovery(
        health=health(source, Hearing.DEAF).health,
        since=after(14 * MINUTE),
        until=after(62 * MINUTE),
    )


def test_listening_again() -> None:
    none, one = MissedSince(count=0), MissedSince(count=1)
    assert said(recovery_words(a_recovery(), 3, none, NOW, as_utc)) == (
        "Listening again",
        "Mail was deaf 09:14 to 10:02. 3 mails came meanwhile; no call was missed.",
    )
    assert recovery_words(a_recovery(), 0, None, NOW, as_utc).body == (
        "Mail was deaf 09:14 to 10:02. No mail came meanwhile."
    )
    phone = a_recovery(OFFICE)
    assert phone.health.kind is SourceKind.PHONE
    assert recovery_words(phone, 9, one, NOW, as_utc).body == (
        "The phones were deaf 09:14 to 10:02. 1 call was missed."
    )


@pytest.mark.parametrize(
    ("number", "counted", "sentence"),
    [
        (0, [0], "The queues missed nobody."),
        (0, [0, None], "It is not known if anybody called."),
        (2, [2, None], "2 calls were missed, perhaps more."),
        (2, [2], "2 calls were missed."),
    ],
)
def test_what_was_missed_is_said_as_far_as_it_is_known(
    number: int, counted: list[int | None], sentence: str
) -> None:
    gaps = tuple(Gap(phone=OFFICE, since=T0, until=NOW, missed=one) for one in counted)
    missed = MissedSince(count=number, gaps=gaps)
    assert recovery_words(a_recovery(OFFICE), 0, missed, NOW, as_utc).body.endswith(sentence)


@given(st.text(), st.text(), st.text())
def test_whatever_strangers_write_fits(name: str, subject: str, preview: str) -> None:
    message = a_message(1, who=name, subject=subject, preview=preview)
    made = mail_words(message)
    assert len(made.title.encode("utf-16-le")) <= 120
    assert len(made.body.encode("utf-16-le")) <= 320
    assert made.title
    assert made.body


def test_several_who_wait_are_named_and_counted() -> None:
    assert said(many_waiting_words(["Ann", "Bo", "Cy", "Di"], 4, 42, 8)) == (
        "4 callers are waiting",
        "Ann, Bo, Cy and 1 more. The longest waits 0:42, 8 rings.",
    )
    assert said(many_waiting_words(["Ann"], 1, 42, 8)) == (
        "1 caller is waiting",
        "Ann. Waits 0:42, 8 rings.",
    )


@pytest.mark.parametrize(
    ("days", "title"),
    [
        (-1, "Customer 1 wrote today"),
        (0, "Customer 1 wrote today"),
        (1, "Customer 1 wrote yesterday"),
        (3, "Customer 1 wrote on Wednesday"),
        (7, "Customer 1 wrote last Saturday"),
    ],
)
def test_the_nudge_says_since_when(days: int, title: str) -> None:
    week = NudgeWeek(days=(T0.date(),), counted_minutes=17.99, goal_minutes=30)
    mail = a_message(1, at=T0 - timedelta(days=days))
    made = nudge_words([mail], to_read=1, week=week, now=T0, to_local=as_utc)
    assert said(made) == (title, "About 1 minute of reading. 17 of 30 min this week.")


def test_the_nudge_counts_people_and_mails() -> None:
    days = (T0.date(),)
    week = NudgeWeek(days=days, counted_minutes=18, goal_minutes=30, is_rolling=True)
    two = [a_message(1, at=T0 - timedelta(days=2)), a_message(2)]
    made = nudge_words(two, to_read=9, week=week, now=T0, to_local=as_utc)
    assert said(made) == (
        "2 people wrote since Thursday",
        "About 9 minutes of reading. 18 of 30 min in 7 days.",
    )
    twice = [replace(a_message(1), sender=two[0].sender), two[0]]
    made = nudge_words(twice, to_read=9, week=week, now=T0, to_local=as_utc)
    assert made.title == "Customer 1 wrote 2 times today"


def test_many_missed_calls() -> None:
    calls = [replace(CALL, call_id=CallId(one), name=one) for one in ("Ann", "Bo", "Ann", "Cy")]
    assert said(many_missed_words(calls)) == ("4 calls were missed", "Ann, Bo and Cy.")
    assert said(many_missed_words(calls[:1])) == ("1 call was missed", "Ann.")


def test_a_promise_that_is_due_is_told_in_its_own_words() -> None:
    assert said(promise_words([PROMISE])) == (
        "Due now: a promise to Ingrid Solheim",
        "“I'll send it today”",
    )
    nameless = replace(PROMISE, who="", contact="")
    assert promise_words([nameless]).title == "Due now: a promise to Somebody"
    assert said(promise_words([PROMISE, nameless, replace(PROMISE, who="Pavel Kiss")])) == (
        "3 promises are due",
        "Ingrid Solheim and Pavel Kiss.",
    )


def test_what_is_lifted_says_who_asks_and_why() -> None:
    mail = replace(a_message(1, who="Ingrid Solheim"), subject="Flour twice", preview="Again.")
    assert said(lifted_mail_words("Anna", "", mail)) == (
        "Anna lifted this to you",
        "Ingrid Solheim: Flour twice. “Again.”",
    )
    assert said(lifted_mail_words("", " Worth your ear. ", replace(mail, subject=""))) == (
        "The team lifted this to you",
        "Ingrid Solheim: No subject. The team: “Worth your ear”.",
    )
    call = Call(
        phone=OFFICE,
        call_id=CallId("1"),
        number="+420111",
        name="Pavel Kiss",
        queue="",
        started_at=T0,
        outcome=Outcome.ANSWERED,
    )
    assert said(lifted_call_words("Anna", "wants to leave", call, after(190))) == (
        "Anna asks for you on a call",
        "Pavel Kiss, on the line 3:10. Anna: “wants to leave”.",
    )
    assert said(lifted_call_words("", "", call, after(5)))[1] == "Pavel Kiss, on the line 0:05."
    assert lifted_without_text() == "Somebody of the team asks for you."


@pytest.mark.parametrize(
    ("writers", "callers", "title"),
    [
        (("a@x", "b@x"), 0, "2 people wrote, with your coffee"),
        ((), 1, "1 person called, with your coffee"),
        (("a@x",), 2, "3 people wrote or called, with your coffee"),
    ],
)
def test_the_coffee_hour(writers: tuple[str, ...], callers: int, title: str) -> None:
    body = "The morning scroll: all of it, oldest first, and an end."
    assert said(coffee_words(writers, callers)) == (title, body)
