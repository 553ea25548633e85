"""One logged-in connection from the first EXAMINE until it breaks: what is done in which order.

New mail goes before everything; then what the founder asked for; then texts of the newest
messages, older envelopes, the other mailboxes, the texts of the last months; and when nothing is
left, IDLE. A file that was asked for comes in pieces, one a step, beside all of that. Each step is
short, and between any two the server's notices are looked at, so a long first synchronisation
delays no new mail.

Long, because one connection has one mailbox open at a time, and everything here takes turns with
it; the mailboxes beside the main one, questions, texts and files have modules of their own.
"""

import math
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn, TypeVar

from supportdesk.adapters.mail.baselines import Baselines
from supportdesk.adapters.mail.imap_link import IdleRefusedError, ImapLink
from supportdesk.adapters.mail.mailbox_opening import examine
from supportdesk.adapters.mail.marks_look import MarksLook
from supportdesk.adapters.mail.open_mailbox import OpenMailbox
from supportdesk.adapters.mail.other_mailboxes import OtherMailboxes
from supportdesk.adapters.mail.requests import Requests
from supportdesk.adapters.mail.source_health import SourceHealthReporter
from supportdesk.adapters.mail.telling import Telling
from supportdesk.adapters.mail.watched_mailbox import Progress, WatchedMailbox
from supportdesk.adapters.right_of_way import RightOfWay
from supportdesk.adapters.storage.mail_batch import MailboxKey
from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.domain.errors import ConnectionLost
from supportdesk.domain.events import (
    MailboxOpened,
    SyncProgressed,
)
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.settings import MailSettings
from supportdesk.protocols.imap_envelope import MailboxRole
from supportdesk.protocols.imap_responses import (
    Exists,
    Expunge,
    Fetch,
    MailboxStatus,
    Vanished,
)
from supportdesk.protocols.mailbox_sync import (
    Due,
    FetchFrom,
    FetchNewest,
    ListeningRules,
    ListeningSchedule,
    MailboxSync,
    OpenedMailbox,
)
from supportdesk.services.ports import Clock, Publisher

if TYPE_CHECKING:
    from supportdesk.adapters.mail.asked_messages import AskedMessages
    from supportdesk.adapters.mail.lift_look import LiftLook
    from supportdesk.adapters.mail.part_download import PartDownloads
    from supportdesk.adapters.mail.part_fetch import PieceFetcher

PREVIEWS = 50
_OTHER_PREVIEWS = 20
_READ_AHEAD = 100
_COMPARE_ALL_SECONDS = 3600.0
_NEWS = (Exists, Expunge, Vanished, Fetch)
_T = TypeVar("_T")


class MailSession:
    """Runs on the worker's thread; ends only by an exception."""

    def __init__(
        self,
        *,
        link: ImapLink,
        settings: MailSettings,
        cache: MailCacheWriter,
        publisher: Publisher,
        clock: Clock,
        requests: Requests,
        downloads: "Callable[[], PartDownloads]",
        health: SourceHealthReporter,
        rules: ListeningRules,
        baselines: Baselines,
        right_of_way: RightOfWay,
    ) -> None:
        self._link = link
        self._baselines = baselines
        self._settings = settings
        self._cache = cache
        self._publisher = publisher
        self._clock = clock
        self._requests = requests
        self._downloads = downloads
        self._health = health
        self._rules = rules
        self._right_of_way = right_of_way
        self._main = WatchedMailbox(name=settings.mailbox, is_there=True)
        self._others = OtherMailboxes(
            link=link,
            settings=settings,
            cache=cache,
            health=health,
            hear=lambda response: self._mailbox.sync.heard(response),
        )
        self._marks = MarksLook(link, settings, publisher)
        self._lifts = _lift_look(link, settings, publisher, clock)
        self._untold: list[MessageSummary] = []
        self._open: OpenMailbox | None = None
        self._told_opened: set[MailboxKey] = set()
        self._departed: set[int] = set()
        self._previews: list[MessageSummary] = []
        self._needs_previews = True
        self._can_idle = "IDLE" in link.capabilities
        self._has_condstore = "CONDSTORE" in link.capabilities
        self._progress = Progress()
        self._place_told = 0
        self._attended_at = -math.inf
        self._reads_on_in_seconds = math.inf
        self._schedule = ListeningSchedule(rules, clock.monotonic_seconds(), clock.now())

    def run(self) -> NoReturn:
        self._tell_untold()
        self._visit(self._main)
        self._look_at_untold()
        self._health.listening(None)
        self._others.find()
        self._marks.find_markers(self._mailbox.sync.heard)
        self._look_at_marks()
        self._look_into_others()
        while True:
            self._step()

    @property
    def _mailbox(self) -> OpenMailbox:
        """The main mailbox, which is the one open between two steps."""
        if self._open is None:
            raise ConnectionLost("No mailbox is open", "supportdesk tries again by itself.")
        return self._open

    def _step(self) -> None:
        """Do the most pressing thing; the order is that of the docstring of this module."""
        if self._answer_questions(self._mailbox) or self._settle_departed():
            return
        if self._requests.take_check() or self._requests.threads:
            self._check_now()
            return
        if self._send_what_is_asked():
            return
        is_fetching = self._fetch_piece()
        if self._needs_previews:
            self._needs_previews = False
            self._previews = self._mailbox.without_text(PREVIEWS)
        self._mailbox.forget_stale()
        if self._previews:
            self._previews = list(self._mailbox.fetch_previews(self._previews))
            return
        if self._work_on_backlog(self._main) or self._work_on_others() or self._read_ahead():
            return
        self._do_what_is_due(is_fetching=is_fetching)

    def _tell_untold(self) -> None:
        """A run that died may not have told all that it had kept; what was told is told once."""
        for baseline in self._baselines.take_kept():
            if baseline.user in ("", self._settings.user):
                telling = Telling(self._publisher, self._clock)
                untold = tuple(self._cache.untold(baseline))
                telling.arrived(untold)
                self._untold += untold
        self._place_told = self._cache.last_place()

    def _look_at_untold(self) -> None:
        """Whether they lift anything nobody may have told either."""
        untold, self._untold = self._untold, []
        if untold and self._lifts is not None:
            self._lifts.look_at_sent_up(untold, self._mailbox.key, self._mailbox.sync.heard)

    def _note_told(self) -> None:
        """What was published a whole round ago has been folded in by now."""
        self._cache.save_told(self._settings.name, self._place_told)
        self._place_told = self._cache.last_place()

    # Opening and asking

    def _visit(self, watched: WatchedMailbox) -> OpenMailbox:
        """Open a mailbox and ask all that is pressing; the texts and the backlog come later."""
        if self._open is not None:
            self._open.leave()
        known = self._cache.last_known(self._settings.name, watched.name)
        self._open = None
        opening = examine(self._link, watched.name, known, self._settings)
        opened = opening.opened
        key = MailboxKey(
            account=self._settings.name, mailbox=watched.name, uidvalidity=opened.uidvalidity
        )
        self._tell_opened(key, opened)
        now = self._clock.monotonic_seconds()
        compares_all = now - watched.compared_at >= _COMPARE_ALL_SECONDS
        if compares_all:
            watched.compared_at = now
        self._open = OpenMailbox(
            link=self._link,
            settings=self._settings,
            role=MailboxRole(
                account=self._settings.name,
                mailbox=watched.name,
                uidvalidity=opened.uidvalidity,
                own_addresses=frozenset(one.lower() for one in self._settings.own_addresses),
                is_sent=watched.is_sent,
            ),
            sync=MailboxSync(
                opened, known, was_resynced=opening.was_resynced, compares_all=compares_all
            ),
            cache=self._cache,
            baseline=self._baselines.of(watched.name),
            publisher=self._publisher,
            clock=self._clock,
            tried_texts=watched.tried_texts,
            saved_modseq=(
                known.highestmodseq if known and known.uidvalidity == opened.uidvalidity else 0
            ),
            lifts=None if watched.is_sent else self._lifts,
        )
        watched.looked_at = now
        watched.status = MailboxStatus(
            messages=opened.exists,
            uidnext=opened.uidnext,
            uidvalidity=opened.uidvalidity,
            highestmodseq=opened.highestmodseq if self._has_condstore else 0,
        )
        for notice in opening.notices:
            self._open.sync.heard(notice)
        while self._answer_questions(self._open):
            pass
        self._needs_previews = self._needs_previews or watched is self._main
        self._note_progress(watched, self._open)
        return self._open

    def _tell_opened(self, key: MailboxKey, opened: OpenedMailbox) -> None:
        if key in self._told_opened:
            return
        self._told_opened.add(key)
        self._baselines.opened(key.mailbox, opened, self._clock.now())
        self._publisher.publish(
            MailboxOpened(
                account=key.account,
                mailbox=key.mailbox,
                uidvalidity=key.uidvalidity,
                uidnext=opened.uidnext or 1,
                at=self._clock.now(),
                user=self._settings.user,
                host=self._settings.host,
            )
        )

    def _answer_questions(self, mailbox: OpenMailbox) -> bool:
        """Ask one pressing question; False when there is none."""
        question = mailbox.sync.next_question()
        if not isinstance(question, FetchNewest | FetchFrom):
            # New mail goes first; then what the server said by itself, which needs no asking.
            self._part_with(mailbox, mailbox.take_notices())
            question = mailbox.sync.next_question()
        if question is None:
            mailbox.settle()
            return False
        self._part_with(mailbox, mailbox.ask(question))
        if mailbox.key.mailbox == self._main.name and isinstance(question, FetchNewest | FetchFrom):
            self._needs_previews = True
            self._main.has_all_texts = False
        return True

    def _part_with(self, mailbox: OpenMailbox, departed: Iterable[int]) -> None:
        """Without another inbox to have moved to, what left is gone."""
        if mailbox.key.mailbox == self._main.name and self._settings.beside_mailbox:
            self._departed.update(departed)
        elif departed:
            mailbox.remove(departed)

    def _settle_departed(self) -> bool:
        """Say what became of messages that left: moved to where we look, or gone."""
        if not self._departed:
            return False
        departed, self._departed = self._departed, set()
        key = self._mailbox.key
        self._look_around()
        if self._mailbox.key == key:
            self._mailbox.remove(departed)
        return True

    # What waits until nothing is pressing

    def _work_on_backlog(self, watched: WatchedMailbox) -> bool:
        mailbox = self._mailbox
        if not mailbox.work_on_backlog():
            return False
        watched.has_all_texts = False
        self._note_progress(watched, mailbox)
        return True

    def _work_on_others(self) -> bool:
        """Fetch some older messages of another mailbox, and come back."""
        for other in self._others:
            if not other.is_complete:
                self._visit(other)
                self._work_on_backlog(other)
                self._visit(self._main)
                return True
        return False

    def _read_ahead(self) -> bool:
        """Read some texts of the last months, newest first; False when all are here for now."""
        days = self._settings.prefetch_days
        self._reads_on_in_seconds = math.inf
        if days <= 0:
            return False
        since = self._clock.now() - timedelta(days=days)
        for watched in (self._main, *self._others):
            if watched.has_all_texts or not watched.is_there:
                continue
            if scrolled_for := self._right_of_way.seconds_left:
                self._reads_on_in_seconds = scrolled_for
                return False
            wanted = self._texts_to_read(watched, since)
            if wanted and watched is self._main:
                self._previews = wanted
            elif wanted:
                mailbox = self._visit(watched)
                while wanted and not self._requests.has_any:
                    wanted = list(mailbox.fetch_previews(wanted))
                self._visit(self._main)
            else:
                watched.has_all_texts = True
            return True
        return False

    def _texts_to_read(self, watched: WatchedMailbox, since: datetime) -> list[MessageSummary]:
        limit = len(watched.tried_texts) + _READ_AHEAD
        account = self._settings.name
        found = self._cache.without_text_since(account, watched.name, since, limit)
        return [one for one in found if one.address not in watched.tried_texts][:_READ_AHEAD]

    def _note_progress(self, watched: WatchedMailbox, mailbox: OpenMailbox) -> None:
        watched.note(mailbox.sync)
        told = self._progress.news([self._main, *self._others])
        if told is not None:
            self._publisher.publish(
                SyncProgressed(account=self._settings.name, done=told[0], total=told[1])
            )

    # Listening

    def _do_what_is_due(self, *, is_fetching: bool) -> None:
        match self._schedule.due(self._clock.monotonic_seconds(), self._clock.now()):
            case Due.CATCH_UP:
                self._catch_up()
            case Due.LOOK_AROUND:
                self._look_around()
                self._note_told()
            case Due.NOTHING:
                if self._attends_in_seconds() <= 0:
                    self._look_into_sent()
                elif not is_fetching:
                    self._listen()

    def _listen(self) -> None:
        sync = self._mailbox.sync
        self._marks.look(sync.heard)
        # A mark that is told with the end of the look was not yet looked for.
        if sync.has_notices or sync.next_question() is not None:
            return
        seconds = self._schedule.wait_seconds(self._clock.monotonic_seconds())
        seconds = min(seconds, self._reads_on_in_seconds, self._attends_in_seconds())
        if self._can_idle:
            try:
                self._link.idle(seconds, sync.heard, lambda response: isinstance(response, _NEWS))
            except IdleRefusedError:
                self._can_idle = False
            return
        self._link.wait(min(seconds, self._rules.poll_seconds))
        self._link.run("NOOP", sync.heard)

    def _check_now(self) -> None:
        """Somebody has reason to doubt the link: be quick to call it dead."""
        threads = self._requests.threads
        if threads:
            for other in self._others:
                other.status = None  # looked into whatever STATUS says: it may hide a flag
        patience = self._link.answer_seconds
        self._link.answer_seconds = self._rules.hasty_answer_seconds
        self._catch_up()
        self._link.answer_seconds = patience
        self._health.checked()
        self._settle_departed()
        for token in threads:
            self._requests.thread_checked(token, self._settings.name, self._publisher)

    def _catch_up(self) -> None:
        self._visit(self._main)
        self._marks.find_markers(self._mailbox.sync.heard)
        self._look_around()
        self._schedule.caught_up(self._clock.monotonic_seconds())

    def _look_around(self) -> None:
        self._others.ask_for_sent_again()
        self._look_at_marks()
        self._look_into_others()

    def _look_at_marks(self) -> None:
        """Claims and notes that lie in mailboxes of our own, where there are any."""
        has_moved = self._marks.look_at_markers()
        if self._marks.look_at_notes() or has_moved:
            self._visit(self._main)

    def _look_into_others(self) -> None:
        """Ask how the other mailboxes are, and look into those that changed."""
        self._forget_unwatched()
        self._look_into(self._others)
        if not self._others:
            self._link.run("NOOP", self._mailbox.sync.heard)
        self._schedule.looked_around(self._clock.monotonic_seconds())

    def _attends_in_seconds(self) -> float:
        """When Sent is to be looked into while an answer is being written."""
        if self._requests.attended is None:
            return math.inf
        next_at = self._attended_at + self._rules.attend_seconds
        return max(0.0, next_at - self._clock.monotonic_seconds())

    def _look_into_sent(self) -> None:
        """A colleague may have answered what is being answered here."""
        self._attended_at = self._clock.monotonic_seconds()
        self._look_into([one for one in self._others if one.is_sent])

    def _look_into(self, others: Iterable[WatchedMailbox]) -> None:
        has_moved = False
        for other in others:
            status = self._others.ask_status(other)
            if status is None or (status == other.status and not self._may_hide_changes(other)):
                continue
            mailbox = self._visit(other)
            # What STATUS tells may differ for good from what EXAMINE tells.
            other.status = status
            mailbox.forget_stale()
            mailbox.fetch_previews(mailbox.without_text(_OTHER_PREVIEWS))
            other.has_all_texts = False
            has_moved = True
        if has_moved:
            self._visit(self._main)

    def _may_hide_changes(self, watched: WatchedMailbox) -> bool:
        """Without mod-sequences STATUS tells nothing of an answer: look now and then."""
        if self._has_condstore:
            return False
        return self._clock.monotonic_seconds() - watched.looked_at >= self._rules.catch_up_seconds

    # The other mailboxes

    def _forget_unwatched(self) -> None:
        if not self._others.has_dropped:
            return
        self._others.has_dropped = False
        watched = [one.name for one in (self._main, *self._others)]
        account = self._settings.name
        while (removed := self._cache.remove_unwatched(account, watched)) is not None:
            Telling(self._publisher, self._clock).removed(self._mailbox.key, removed)

    # Files and texts

    def _fetch_piece(self) -> bool:
        """Fetch a piece of a file that was asked for; False when there is none."""
        if not self._requests.were_files_asked:
            return False
        self._pieces.take(self._requests)
        wanted = self._pieces.next_mailbox()
        if wanted is None:
            return False
        if wanted == self._main.name:
            self._pieces.fetch_one(self._mailbox)
            return True
        other = self._others.named(wanted)
        if other is None or not other.is_there:
            self._pieces.refuse_next()
        else:
            self._pieces.fetch_some(self._visit(other))
            self._visit(self._main)
        return True

    @cached_property
    def _pieces(self) -> "PieceFetcher":
        # With the first file that is asked for.
        from supportdesk.adapters.mail.part_fetch import PieceFetcher

        return PieceFetcher(
            link=self._link,
            downloads=self._downloads(),
            account=self._settings.name,
            cache=self._cache,
            clock=self._clock,
        )

    def _send_what_is_asked(self) -> bool:
        """Send a head or a text that somebody waits for; False when there is none."""
        head = self._requests.take_head()
        text = self._requests.take_text() if head is None else None
        if head is not None:
            self._asked_messages.send_head(head)
        elif text is not None:
            self._asked_messages.send_text(text)
        return head is not None or text is not None

    @cached_property
    def _asked_messages(self) -> "AskedMessages":
        from supportdesk.adapters.mail.asked_messages import AskedMessages

        return AskedMessages(
            link=self._link,
            account=self._settings.name,
            cache=self._cache,
            publisher=self._publisher,
            others=self._others,
            in_mailbox_of=self._in_mailbox_of,
        )

    def _in_mailbox_of(
        self, message: MessageSummary, fetch: Callable[[OpenMailbox], _T | None]
    ) -> _T | None:
        """Fetch something with its mailbox open, and come back; None where it cannot be opened."""
        if message.address.mailbox == self._main.name:
            return fetch(self._mailbox)
        other = self._others.named(message.address.mailbox)
        if other is None or not other.is_there:
            return None
        fetched = fetch(self._visit(other))
        self._visit(self._main)
        return fetched


def _lift_look(
    link: ImapLink, settings: MailSettings, publisher: Publisher, clock: Clock
) -> "LiftLook | None":
    if not (settings.lift.mailbox or settings.lift.takes_mail_to(settings.own_addresses)):
        return None
    from supportdesk.adapters.mail.lift_look import LiftLook  # few teams lift by mail

    return LiftLook(link, settings, publisher, clock)
