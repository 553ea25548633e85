"""The one promise (F3, F4): exactly one alert a happening, whatever the day is like.

A long day of mails and calls with reconnects, renewals, new UIDVALIDITYs, moves, restarts, kills,
sleeps, pauses, quiet hours, do-not-disturb and presenting, and a founder who reads, closes and puts
off. Beside the desk a model of the founder's screen follows its notices; what it comes to know is
compared. On a second computer of theirs, at which nobody sits, everything is told once, too.

What the program that shows alerts makes of it when it hangs or dies is held by
tests/adapters/test_alert_storms.py.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from supportdesk.domain.alerts import (
    Alert,
    AlertKind,
    AlertRaised,
    AlertUpdated,
    AlertWithdrawn,
    Happened,
    Notice,
)
from supportdesk.domain.calls import Caller, CallId
from supportdesk.domain.events import (
    CallAnswered,
    Event,
    MessageChanged,
    MessageGone,
    SourceHeard,
)
from supportdesk.domain.health import Hearing
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.settings import AlertSettings
from tests.fakes.happenings import (
    OFFICE,
    SUPPORT,
    T0,
    DeskRig,
    a_caller,
    a_member,
    a_message,
    a_snapshot,
    after,
    arrived,
    changed,
    happened,
    health,
    joined,
    news,
    opened,
    raised,
    settings_with,
    updated,
    withdrawn,
)
from tests.fakes.happenings import missed as a_missed_call

BUSY = (a_member("Anna"),)
MINUTE = 60.0
HOUR = 3600.0
QUIET = (time(12), time(13))


class Screen:
    """What the founder has before their eyes, told by nothing but the notices."""

    def __init__(self) -> None:
        self.alerts: dict[str, Alert] = {}
        self.fresh: Counter[str] = Counter()
        """How often a happening came onto the screen without having been there."""
        self._of_last_run: set[str] | None = None

    def next_run(self, on_show: Iterable[str]) -> None:
        """The process has ended; what it had not told to its end is told by the next one."""
        self._of_last_run = self.covered()
        kept = set(on_show)
        self.alerts = {key: alert for key, alert in self.alerts.items() if key in kept}

    def follow(self, notices: Iterable[Notice]) -> None:
        """The notices of one turn: what moves from one alert to another is not told anew."""
        before = self.covered() | (self._of_last_run or set())
        is_first, self._of_last_run = self._of_last_run is not None, None
        for notice in notices:
            match notice:
                case AlertRaised():
                    assert is_first or notice.alert.key not in self.alerts, "raised twice"
                    self.alerts[notice.alert.key] = notice.alert
                case AlertUpdated():
                    assert notice.alert.key in self.alerts, "changed what is not there"
                    self.alerts[notice.alert.key] = notice.alert
                case AlertWithdrawn():
                    del self.alerts[notice.alert.key]
                case Happened():
                    pass
        self.fresh.update(self.covered() - before)

    def covered(self) -> set[str]:
        """Each of them by one alert: a caller who waits may be a missed call besides."""
        found: set[str] = set()
        for alert in self.alerts.values():
            is_waiting = alert.kind is AlertKind.WAITING
            keys = {f"{key}#" if is_waiting else key for key in alert.covers}
            assert not found & keys, "two alerts speak for the same"
            found |= keys
        return found


class SecondComputer:
    """It runs all day, hears the same and is touched by nobody."""

    def __init__(self, alerts: AlertSettings) -> None:
        self.rig = DeskRig(settings=settings_with(alerts=alerts))
        self.screen = Screen()

    def follow(self, event: Event, now: datetime) -> None:
        self.go_on(now)
        self.rig.apply(event)

    def go_on(self, now: datetime) -> None:
        if now > self.rig.now:
            self.rig.wait_until(now)

    def look(self) -> None:
        self.screen.follow(self.rig.notices)
        self.rig.forget()


class LongDay:
    """What happens, and what of it is still open."""

    def __init__(self, draw: st.DataObject) -> None:
        self._draw = draw
        self.settings = AlertSettings(
            quiet_hours=draw.draw(st.sampled_from([None, QUIET])),
            breakthrough=draw.draw(st.booleans()),
        )
        self.screen = Screen()
        self.told: Counter[str] = Counter()
        self.mails: dict[int, MessageSummary] = {}
        self.gone: dict[int, MessageSummary] = {}
        self.waiting: list[str] = []
        self.missed: set[str] = set()
        self.handled: set[str] = set()
        self.handled_by_all: set[str] = set()
        self.back_untold: set[str] = set()
        """Deleted before anybody was told of it, and taken out of the bin: it may be told now."""
        self.put_off: Counter[str] = Counter()
        self._uidvalidity = 1
        self._calls = 0
        self.rig = DeskRig(settings=settings_with(alerts=self.settings))
        self.second = SecondComputer(self.settings)
        self.hear_all()

    @property
    def now(self) -> datetime:
        return self.rig.now

    @property
    def happenings(self) -> set[str]:
        return {message.key for message in self.all_mails} | self.missed

    @property
    def all_mails(self) -> list[MessageSummary]:
        return [*self.mails.values(), *self.gone.values()]

    def apply(self, event: Event) -> None:
        """It is heard on both computers."""
        self.rig.apply(event)
        self.second.follow(event, self.now)

    def look(self) -> None:
        """All that was told since goes to the screen, which then shows what the desk believes."""
        notices = list(self.rig.notices)
        self.rig.forget()
        self.told.update(fact.key for fact in happened(notices) if fact.kind is AlertKind.MAIL)
        self.screen.follow(notices)
        self.second.go_on(self.now)
        self.second.look()
        assert set(self.screen.alerts) == {alert.key for alert in self.rig.desk.alerts()}

    # --- what comes -----------------------------------------------------------------------

    def mail(self) -> None:
        first = len(self.all_mails) + 1
        for number in range(first, first + self._number(1, 6)):
            self.mails[number] = a_message(
                number, at=self.now, uidvalidity=self._uidvalidity, message_id=f"<{number}@x>"
            )
        new = [message for number, message in self.mails.items() if number >= first]
        self.apply(arrived(*new, at=self.now))

    def move(self) -> None:
        """Into another mailbox that is watched, and to another place in it."""
        for number, message in list(self.mails.items())[-2:]:
            where = "Lifted" if message.address.mailbox == "INBOX" else "INBOX"
            address = replace(message.address, mailbox=where, uid=message.address.uid + 1_000)
            self.mails[number] = replace(message, address=address)
            self.apply(MessageChanged(message=self.mails[number], at=self.now))

    def expunge(self) -> None:
        """Somebody deletes a mail."""
        for number, message in list(self.mails.items())[:1]:
            self.gone[number] = self.mails.pop(number)
            self._handled_by_all(message)
            self.apply(
                MessageGone(
                    account=SUPPORT,
                    message_id=message.message_id,
                    address=message.address,
                    at=self.now,
                )
            )

    def take_out_of_the_bin(self) -> None:
        """It comes as if it were new, and is none."""
        for number, message in list(self.gone.items())[:1]:
            address = replace(message.address, uid=message.address.uid + 2_000)
            self.mails[number] = replace(self.gone.pop(number), address=address)
            if not self.screen.fresh[message.key]:
                self.back_untold.add(message.key)
            self.apply(arrived(self.mails[number], at=self.now))

    def _handled_by_all(self, message: MessageSummary) -> None:
        self.handled.add(message.key)
        self.handled_by_all.add(message.key)
        self.back_untold.discard(message.key)

    def caller(self) -> None:
        self._calls += 1
        self.waiting.append(str(self._calls))
        self.apply(joined(self._as_caller(str(self._calls))))

    def answer(self) -> None:
        if self.waiting:
            call = CallId(self.waiting.pop(0))
            told = CallAnswered(
                phone=OFFICE, call_id=call, by="Anna", by_interface="", hold_seconds=5, at=self.now
            )
            self.apply(told)

    def give_up(self) -> None:
        if self.waiting:
            call = self.waiting.pop(0)
            told = a_missed_call(call, number=f"+33 {call}", waited=41)
            self.apply(replace(told, at=self.now))
            self.missed.add(f"call/Office/{call}")

    def miss(self) -> None:
        """Several at once, each by somebody else."""
        for _ in range(self._number(1, 6)):
            self._calls += 1
            self.waiting.insert(0, str(self._calls))
            self.give_up()

    # --- links ----------------------------------------------------------------------------

    def renew(self) -> None:
        """A new IDLE, a ping, and all mail once more."""
        self.apply(SourceHeard(source=SUPPORT, at=self.now, is_caught_up=True))
        self.apply(opened(1, uidvalidity=self._uidvalidity, at=self.now))
        self._mail_again()

    def reconnect(self) -> None:
        since = self.now
        for source in (SUPPORT, OFFICE):
            self.apply(health(source, Hearing.DEAF, since=since))
        self.rig.wait(self._number(1, 200))
        self.hear_all(deaf_since=since)

    def renumber(self) -> None:
        self._uidvalidity += 1
        self.apply(opened(1, uidvalidity=self._uidvalidity, at=self.now))
        for number, message in self.mails.items():
            address = replace(message.address, uidvalidity=self._uidvalidity)
            self.mails[number] = replace(message, address=address)
            self.apply(MessageChanged(message=self.mails[number], at=self.now))

    def words_come(self) -> None:
        """The first words of a mail come late; they change an alert and raise none."""
        for number, message in list(self.mails.items())[-3:]:
            self.mails[number] = replace(message, preview=f"Words {self._number(1, 99)}")
            self.apply(MessageChanged(message=self.mails[number], at=self.now))

    def hear_all(self, deaf_since: datetime | None = None) -> None:
        for source in (SUPPORT, OFFICE):
            self.apply(health(source, Hearing.LISTENING, since=self.now))
        self.apply(opened(1, uidvalidity=self._uidvalidity, at=self.now))
        callers = [self._as_caller(one) for one in self.waiting]
        told = a_snapshot(*callers, members=BUSY, at=self.now, deaf_since=deaf_since)
        self.apply(told)
        self._mail_again()

    def _mail_again(self) -> None:
        if self.mails:
            self.apply(arrived(*self.mails.values(), at=self.now))

    def _as_caller(self, call: str) -> Caller:
        return a_caller(call, at=self.now, number=f"+33 {call}", name=f"Caller {call}")

    # --- time -----------------------------------------------------------------------------

    def moment(self) -> None:
        self.rig.wait(self._number(1, 30) / 10)

    def wait(self) -> None:
        self.rig.wait(self._number(1, 3_000))

    def sleep(self) -> None:
        """Of what comes meanwhile some is read from the sockets before anybody says that it slept.

        Of some sleeps nobody tells; and some end as soon as they begin.
        """
        since = self.now
        if self._draw.draw(st.booleans()):
            self.rig.take(self.rig.desk.sleeps(self.now))
        self.rig.now += timedelta(seconds=self._number(0, 9_000))
        for _ in range(self._number(0, 2)):
            self._draw.draw(st.sampled_from((self.mail, self.caller, self.give_up, self.miss)))()
        self.rig.take(self.rig.desk.woke(since, self.now))
        for source in (OFFICE, SUPPORT)[: self._number(0, 2)]:
            self.apply(SourceHeard(source=source, at=self.now, is_caught_up=True))
        self.hear_all(deaf_since=since)

    def quit_and_start(self) -> None:
        self.look()
        self.rig.desk.leave(self.now)
        self._next_run()

    def kill(self) -> None:
        self.look()
        self._next_run()

    def die_telling(self) -> None:
        """The process ends when a turn is on disk and before the founder has seen any of it."""
        self.look()
        self.waiting.clear()
        caller = a_missed_call(str(self._calls + 1), number=f"+33 {self._calls + 1}", waited=41)
        self._calls += 1
        told = replace(caller, at=self.now)
        self.rig.desk.apply(told, self.now)
        self.second.follow(told, self.now)
        self.missed.add(f"call/Office/{self._calls}")
        self._next_run()

    def _next_run(self) -> None:
        """With mail.db or without it, at once or after hours."""
        off = timedelta(seconds=self._draw.draw(st.sampled_from([0, 2, 90, 7_000])))
        known = self._draw.draw(st.sampled_from([list(self.mails.values()), []]))
        since = self.now
        self.screen.next_run(alert.key for alert in self.rig.store.open_alerts())
        self.rig = DeskRig(
            store=self.rig.store,
            messages=known,
            now=since + off,
            settings=settings_with(alerts=self.settings),
        )
        self.hear_all(deaf_since=since)

    # --- the founder ----------------------------------------------------------------------

    def pause(self) -> None:
        until = self.now + timedelta(seconds=self._number(1, 2_000))
        self.rig.take(self.rig.desk.pause(until, self.now))

    def resume(self) -> None:
        self.rig.take(self.rig.desk.resume(self.now))

    def do_not_disturb(self) -> None:
        """Of the desktop; on or off again."""
        is_on = bool(self.rig.desk.quiet_by)
        self.rig.take(self.rig.desk.desktop_is_quiet("" if is_on else "dunst", self.now))

    def present(self) -> None:
        is_on = not self.settings.presenting
        until = self.now + timedelta(seconds=self._number(1, 2_000))
        self.settings = replace(self.settings, presenting=is_on, presenting_until=until)
        told = settings_with(alerts=self.settings)
        self.rig.take(self.rig.desk.change_settings(told, self.now))

    def read(self) -> None:
        unread = [one.key for one in self.mails.values() if one.key not in self.handled]
        if unread:
            # Reading one reads what came before it in the same conversation: each is its own here.
            self.handled.add(unread[0])
            self.rig.take(self.rig.desk.read(unread[0], self.now))

    def seen_elsewhere(self) -> None:
        """On the founder's other device, or by a colleague."""
        for number, message in list(self.mails.items())[:1]:
            self.mails[number] = changed(message, is_seen=True)
            self._handled_by_all(message)
            self.apply(MessageChanged(message=self.mails[number], at=self.now))

    def close(self) -> None:
        for alert in self._some_alert():
            self.handled |= set(alert.covers)
            self.back_untold -= set(alert.covers)
            self.rig.take(self.rig.desk.dismiss(alert.key, self.now))

    def snooze(self) -> None:
        for alert in self._some_alert():
            self.put_off.update(alert.covers)
            self.rig.take(self.rig.desk.snooze(alert.key, self.now))

    def _some_alert(self) -> Sequence[Alert]:
        self.look()
        kinds = (AlertKind.MAIL, AlertKind.MISSED)
        return [alert for alert in self.rig.desk.alerts() if alert.kind in kinds][:1]

    def alone_on_the_screen(self, keys: set[str]) -> list[str]:
        """Those that are not part of an alert that speaks for others too, who are open."""
        alone = [one.covers[0] for one in self.screen.alerts.values() if len(one.covers) == 1]
        return [key for key in alone if key in keys]

    def _number(self, low: int, high: int) -> int:
        return self._draw.draw(st.integers(low, high))

    @property
    def steps(self) -> tuple[Callable[[], None], ...]:
        return (
            *(self.mail, self.mail, self.caller, self.answer, self.give_up, self.miss),
            *(self.move, self.expunge, self.take_out_of_the_bin),
            *(self.renew, self.reconnect, self.renumber, self.words_come),
            *(self.moment, self.moment, self.wait, self.sleep),
            *(self.quit_and_start, self.kill, self.die_telling),
            *(self.pause, self.resume, self.present, self.do_not_disturb),
            *(self.read, self.seen_elsewhere, self.close, self.snooze),
        )


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_each_happening_is_told_by_exactly_one_alert(data: st.DataObject) -> None:
    day = LongDay(data)
    for _ in range(data.draw(st.integers(1, 30))):
        data.draw(st.sampled_from(day.steps))()
        day.look()
        # What is missing while the mailboxes are read again may be found yet.
        gone = {one.key for one in day.gone.values()}
        assert not day.alone_on_the_screen(day.handled - gone - day.back_untold)
    if day.rig.desk.quiet_by:
        day.do_not_disturb()
    for _ in range(3):
        day.rig.wait(3 * HOUR)
        day.look()
    assert not day.alone_on_the_screen(day.handled - day.back_untold)
    assert day.told == Counter(message.key for message in day.all_mails)
    open_now = day.happenings - day.handled
    assert open_now <= day.screen.covered()
    for key in open_now:
        assert 1 <= day.screen.fresh[key] <= 1 + day.put_off[key]
    for key in day.handled:
        assert day.screen.fresh[key] <= 1 + day.put_off[key]
    second = day.second.screen
    assert day.happenings - day.handled_by_all <= second.covered()
    for key in day.happenings:
        assert second.fresh[key] == 1 or (key in day.handled_by_all and not second.fresh[key])


# --- the four that the promise was made for ----------------------------------------------


def a_desk(*known: MessageSummary) -> DeskRig:
    rig = DeskRig(messages=known).listen(*BUSY)
    rig.apply(opened(1, mailbox="Sent"))
    rig.forget()
    return rig


def test_forty_mails_at_once_are_one_alert() -> None:
    rig = a_desk()
    rig.apply(arrived(*(a_message(uid) for uid in range(1, 41))))
    rig.wait(HOUR)
    assert news(rig.notices) == ["40 people wrote just now"]
    assert (updated(rig.notices), withdrawn(rig.notices)) == ([], [])


def test_a_restart_tells_nothing_anew() -> None:
    rig = a_desk()
    messages = [a_message(uid) for uid in range(1, 8)]
    rig.apply(arrived(*messages[:5]))
    rig.apply(arrived(*messages[5:], at=after(60)), at=after(60))
    rig.apply(replace(a_missed_call("1"), at=after(61)), at=after(61))
    rig.wait(MINUTE)
    assert len(rig.titles) == 4
    again = DeskRig(store=rig.store, messages=messages, now=rig.now + timedelta(seconds=20))
    again.listen(*BUSY)
    again.apply(arrived(*messages, at=again.now))
    again.wait(HOUR)
    assert again.notices == []
    assert again.titles == rig.titles


def test_waking_after_two_hours_is_one_digest_with_the_calls_first() -> None:
    rig = a_desk()
    rig.now = after(2 * HOUR)
    rig.take(rig.desk.woke(T0, rig.now))
    for number in (1, 2):
        call = a_missed_call(str(number), number=f"+33 {number}", waited=41)
        rig.apply(replace(call, at=after(number * 60)), at=rig.now)
    rig.listen(*BUSY)
    for uid in range(1, 13):
        message = a_message(uid, at=after(uid * 300))
        rig.apply(arrived(message, at=rig.now), at=rig.now + timedelta(milliseconds=100))
    rig.wait(HOUR)
    [digest] = raised(rig.notices)
    assert digest.title == "While you were away (2 h 00)"
    assert digest.body.startswith("2 missed calls, 12 mails, oldest waiting ")
    assert (digest.kind, len(digest.covers)) == (AlertKind.MISSED, 14)
    assert (updated(rig.notices), withdrawn(rig.notices)) == ([], [])


def test_falling_counts_flags_and_moves_raise_nothing() -> None:
    rig = a_desk()
    messages = [a_message(uid) for uid in range(1, 6)]
    rig.apply(arrived(*messages))
    rig.forget()
    seen, answered_, moved, gone, _ = messages
    rig.apply(MessageChanged(message=changed(seen, is_seen=True), at=after(5)), at=after(5))
    rig.apply(MessageChanged(message=changed(answered_, is_answered=True), at=after(6)))
    elsewhere = replace(moved, address=replace(moved.address, mailbox="Lifted", uid=77))
    rig.apply(MessageChanged(message=elsewhere, at=after(7)), at=after(7))
    rig.apply(
        MessageGone(account=SUPPORT, message_id=gone.message_id, address=gone.address, at=after(8))
    )
    rig.apply(MessageChanged(message=changed(seen, is_seen=False), at=after(9)), at=after(9))
    rig.wait(HOUR)
    assert news(rig.notices) == []
