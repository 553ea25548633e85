"""What is asked of a mailbox, as transcripts against a small model of a server."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.errors import PeerProtocolError
from supportdesk.protocols.imap_responses import (
    Exists,
    Expunge,
    Fetch,
    OtherResponse,
    Response,
    UntaggedStatus,
    Vanished,
)
from supportdesk.protocols.mailbox_sync import (
    BATCH,
    MAX_NOTICES,
    MAX_UID,
    MAX_UIDS,
    NEWEST,
    CompareFlags,
    Due,
    FetchFlags,
    FetchFlagsSince,
    FetchFrom,
    FetchMissing,
    FetchNewest,
    KnownMailbox,
    ListeningRules,
    ListeningSchedule,
    ListUids,
    MailboxSync,
    Notices,
    OpenedMailbox,
    Question,
    count_of,
    gaps_between,
    in_ranges,
    opened_mailbox,
    uid_set,
)


def opened(exists: int, uidnext: int, *, modseq: int = 0, uidvalidity: int = 1) -> OpenedMailbox:
    return OpenedMailbox(
        uidvalidity=uidvalidity, uidnext=uidnext, highestmodseq=modseq, exists=exists
    )


def known(count: int, uidnext: int, *, modseq: int = 0, uidvalidity: int = 1) -> KnownMailbox:
    return KnownMailbox(uidvalidity=uidvalidity, uidnext=uidnext, highestmodseq=modseq, count=count)


@dataclass
class Server:
    """A mailbox and the cache of it; answers questions as a server would."""

    uids: list[int]
    uidnext: int
    cache: set[int] = field(default_factory=set)
    silent_about: set[int] = field(default_factory=set)
    asked: list[Question] = field(default_factory=list)

    def open(self, before: KnownMailbox | None = None) -> MailboxSync:
        return MailboxSync(opened(len(self.uids), self.uidnext), before)

    def answer(self, sync: MailboxSync, question: Question) -> None:
        self.asked.append(question)
        sync.asked(question)
        match question:
            case FetchNewest(first_seq=seq):
                sync.new_answered(self.store(sync, self.uids[seq - 1 :]))
            case FetchFrom(uid=uid):
                # RFC 3501, 6.4.8: `n:*` always includes the last message.
                wanted = [one for one in self.uids if one >= uid] or self.uids[-1:]
                sync.new_answered(self.store(sync, wanted))
            case FetchMissing(uids=uids):
                self.store(sync, [one for one in uids if one in self.uids])
                sync.missing_answered()
            case ListUids() | CompareFlags(first_seq=1):
                there = set(self.uids)
                sync.listed(missing=there - self.cache, known_count=len(there & self.cache))
                self.cache &= there
            case _:
                pass

    def take_notices(self, sync: MailboxSync) -> None:
        notices = sync.take_notices()
        if notices is not None:
            gone = self.cache & in_ranges(notices.vanished)
            self.cache -= gone
            sync.left(len(gone))

    def store(self, sync: MailboxSync, uids: list[int]) -> list[int]:
        answered = [uid for uid in uids if uid not in self.silent_about]
        sync.stored({uid for uid in answered if uid not in self.cache})
        self.cache.update(answered)
        return answered

    def settle(self, sync: MailboxSync) -> list[Question]:
        """Answer until nothing is left to ask; return the questions."""
        self.asked = []
        while True:
            question = sync.next_question()
            if not isinstance(question, FetchNewest | FetchFrom):
                self.take_notices(sync)
                question = sync.next_question() or sync.next_backlog()
            if question is None:
                break
            self.answer(sync, question)
            assert len(self.asked) < 50, "questions without end"
        return self.asked


def test_numbers_of_examine() -> None:
    responses: list[Response] = [
        Exists(count=9),
        UntaggedStatus(status="OK", code="UIDVALIDITY 3", text=""),
        UntaggedStatus(status="OK", code="uidnext 12", text=""),
        UntaggedStatus(status="OK", code="HIGHESTMODSEQ 77", text=""),
        UntaggedStatus(status="OK", code="UNSEEN 1", text=""),
        UntaggedStatus(status="OK", code="UIDNEXT none", text=""),
        OtherResponse(line=b""),
    ]
    assert opened_mailbox(responses) == opened(9, 12, modseq=77, uidvalidity=3)


@pytest.mark.parametrize("number", ["x", "-1", "²", "9" * 19, ""])
def test_a_number_that_no_database_holds_is_none(number: str) -> None:
    response = UntaggedStatus(status="OK", code=f"UIDNEXT {number}", text="")
    assert opened_mailbox([response]).uidnext == 0


def test_an_empty_mailbox_asks_nothing() -> None:
    sync = MailboxSync(opened(0, 1), None)
    assert sync.next_question() is None
    assert sync.next_backlog() is None
    assert sync.is_complete


def test_first_sync_brings_the_newest_first_then_all() -> None:
    server = Server(uids=list(range(1, 2501)), uidnext=2501)
    sync = server.open()
    assert sync.next_question() == FetchNewest(first_seq=2500 - NEWEST + 1)
    asked = server.settle(sync)
    assert [type(one) for one in asked] == [FetchNewest, ListUids, *[FetchMissing] * 3]
    assert isinstance(asked[2], FetchMissing)
    assert asked[2].uids == tuple(range(2450, 2450 - BATCH, -1))
    assert server.cache == set(server.uids)
    assert sync.is_complete
    assert sync.known_count == 2500


def test_it_is_not_complete_while_messages_are_on_their_way() -> None:
    server = Server(uids=list(range(1, 52)), uidnext=52)
    sync = server.open()
    for _ in range(2):
        question = sync.next_question()
        assert question is not None
        server.answer(sync, question)
    question = sync.next_backlog()
    assert question == FetchMissing(uids=(1,))
    sync.asked(question)
    assert not sync.has_new
    assert not sync.is_complete
    sync.stored({1})
    sync.missing_answered()
    assert sync.is_complete


def test_nothing_new_asks_nothing() -> None:
    sync = MailboxSync(opened(9, 12, modseq=5), known(9, 12, modseq=5))
    assert sync.next_question() is None
    assert sync.settled_modseq == 5


def test_new_mail_on_reconnect() -> None:
    server = Server(uids=[1, 2, 3, 4], uidnext=5, cache={1, 2})
    asked = server.settle(server.open(known(2, 3)))
    assert asked[0] == FetchFrom(uid=3)
    assert server.cache == {1, 2, 3, 4}


def test_after_a_long_absence_the_newest_come_first() -> None:
    uids = list(range(1, 1001))
    server = Server(uids=uids, uidnext=1001, cache=set(range(1, 101)))
    asked = server.settle(server.open(known(100, 101)))
    assert asked[0] == FetchNewest(first_seq=1000 - NEWEST + 1)
    assert server.cache == set(uids)


def test_a_server_that_hides_uidnext_is_asked_each_time() -> None:
    sync = MailboxSync(opened(3, 0), known(3, 4))
    assert sync.next_question() == FetchFrom(uid=4)


def test_a_new_uidvalidity_forgets_what_was_known() -> None:
    sync = MailboxSync(opened(3, 4, uidvalidity=2), known(3, 4, modseq=9))
    assert sync.uidnext == 1
    assert sync.next_question() == FetchNewest(first_seq=1)


def test_arrival_while_listening() -> None:
    server = Server(uids=[1, 2], uidnext=3, cache={1, 2})
    sync = server.open(known(2, 3))
    server.settle(sync)
    server.uids += [3, 4]
    sync.heard(Exists(count=4))
    sync.heard(Exists(count=4))
    assert server.settle(sync) == [FetchFrom(uid=3)]
    assert sync.uidnext == 5
    assert sync.exists == 4


def test_arrival_while_the_answer_to_the_last_one_is_read() -> None:
    sync = MailboxSync(opened(0, 1), None)
    sync.heard(Exists(count=1))
    sync.asked(FetchNewest(first_seq=1))
    sync.heard(Exists(count=2))
    sync.stored({1})
    sync.new_answered([1])
    assert sync.next_question() == FetchFrom(uid=2)


def test_expunge_and_arrival_together() -> None:
    server = Server(uids=[1, 2, 3], uidnext=4, cache={1, 2, 3})
    sync = server.open(known(3, 4))
    server.settle(sync)
    server.uids = [1, 3, 4]
    sync.heard(Expunge(seq=2))
    sync.heard(Exists(count=3))
    assert server.settle(sync) == [FetchFrom(uid=4), ListUids()]
    assert server.cache == {1, 3, 4}


def test_one_gone_and_one_new_while_we_were_away() -> None:
    server = Server(uids=[1, 3, 4], uidnext=5, cache={1, 2, 3})
    asked = server.settle(server.open(known(3, 4)))
    assert asked == [FetchFrom(uid=4), CompareFlags(first_seq=1)]
    assert server.cache == {1, 3, 4}


def test_gone_while_we_were_away() -> None:
    server = Server(uids=[1], uidnext=4, cache={1, 2, 3})
    assert server.settle(server.open(known(3, 4))) == [CompareFlags(first_seq=1)]
    assert server.cache == {1}


def test_gone_without_flags_to_compare() -> None:
    sync = MailboxSync(opened(1, 4, modseq=5), known(3, 4, modseq=5))
    assert sync.next_question() == ListUids()


def test_vanished() -> None:
    server = Server(uids=[1, 5], uidnext=6, cache={1, 2, 3, 5})
    sync = MailboxSync(opened(4, 6, modseq=3), known(4, 6, modseq=3))
    sync.heard(Vanished(ranges=((2, 3),)))
    assert sync.exists == 2
    assert server.settle(sync) == []
    assert server.cache == {1, 5}


def test_qresync_tells_flags_and_losses_by_itself() -> None:
    """100 known, one new, two gone: only the new one has to be asked for."""
    uids = [*range(3, 101), 101]
    server = Server(uids=uids, uidnext=102, cache=set(range(1, 101)))
    before = known(100, 101, modseq=5)
    sync = MailboxSync(opened(99, 102, modseq=9), before, was_resynced=True)
    sync.heard(Vanished(ranges=((1, 2),), is_earlier=True))
    sync.heard(Fetch(seq=5, uid=7, flags=frozenset({"\\seen"})))
    assert sync.exists == 99
    assert sync.settled_modseq == 9
    assert server.settle(sync) == [FetchFrom(uid=101)]
    assert server.cache == set(uids)
    assert sync.is_complete


def test_flags_told_with_their_uid_need_no_question() -> None:
    sync = MailboxSync(opened(9, 10, modseq=1), known(9, 10, modseq=1))
    sync.heard(Fetch(seq=3, uid=30, flags=frozenset({"\\seen"})))
    assert sync.next_question() is None
    assert sync.take_notices() == Notices(flags={30: frozenset({"\\seen"})}, vanished=())
    assert sync.take_notices() is None


def test_a_flood_of_notices_becomes_questions() -> None:
    sync = MailboxSync(opened(99, 100, modseq=1), known(99, 100, modseq=1))
    for uid in range(MAX_NOTICES):
        sync.heard(Fetch(seq=1, uid=uid, flags=frozenset()))
    sync.heard(Fetch(seq=4, uid=MAX_NOTICES, flags=frozenset()))
    sync.heard(Fetch(seq=100, uid=MAX_NOTICES + 1, flags=frozenset()))
    assert sync.next_question() == FetchFlags(seqs=(4,))
    sync.asked(FetchFlags(seqs=(4,)))
    assert sync.next_question() is None
    sync.heard(Vanished(ranges=tuple((uid, uid) for uid in range(MAX_NOTICES + 1))))
    assert sync.exists == 0
    assert sync.next_question() == ListUids()


def test_fewer_messages_without_a_word_are_looked_for() -> None:
    sync = MailboxSync(opened(9, 10, modseq=1), known(9, 10, modseq=1))
    sync.heard(Exists(count=8))
    assert sync.next_question() == ListUids()


def test_new_mail_while_the_backlog_comes_lists_nothing_again() -> None:
    server = Server(uids=list(range(1, 2501)), uidnext=2501)
    sync = server.open()
    for _ in range(3):
        question = sync.next_question() or sync.next_backlog()
        assert question is not None
        server.answer(sync, question)
    server.uids.append(2501)
    sync.heard(Exists(count=2501))
    question = sync.next_question()
    assert question == FetchFrom(uid=2501)
    server.answer(sync, question)
    assert sync.next_question() is None


def test_more_expunges_than_messages_do_no_harm() -> None:
    sync = MailboxSync(opened(1, 2), None)
    sync.heard(Expunge(seq=1))
    sync.heard(Expunge(seq=1))
    assert sync.exists == 0


def test_uids_that_never_come_are_not_asked_for_for_ever() -> None:
    server = Server(uids=list(range(1, 101)), uidnext=101, silent_about={7})
    sync = server.open()
    server.settle(sync)
    assert len(server.cache) == 99
    assert sync.is_complete
    sync.heard(Expunge(seq=1))
    server.uids.remove(1)
    assert server.settle(sync) == [ListUids()]
    assert sync.is_complete


def test_flags_by_sequence_number_follow_expunges() -> None:
    sync = MailboxSync(opened(9, 10, modseq=1), known(9, 10, modseq=1))
    sync.heard(Fetch(seq=3, flags=frozenset({"\\seen"})))
    sync.heard(Fetch(seq=5, flags=frozenset()))
    sync.heard(Fetch(seq=8, flags=frozenset()))
    sync.heard(Fetch(seq=2))
    sync.heard(Expunge(seq=5))
    sync.heard(Expunge(seq=4))
    question = sync.next_question()
    assert question == FetchFlags(seqs=(3, 6))
    sync.asked(question)
    assert sync.next_question() == ListUids()


def test_many_flags_are_asked_in_portions() -> None:
    sync = MailboxSync(opened(1900, 1901, modseq=1), known(1900, 1901, modseq=1))
    for seq in range(1, 1801):
        sync.heard(Fetch(seq=seq, flags=frozenset()))
    first = sync.next_question()
    assert first == FetchFlags(seqs=tuple(range(1, BATCH + 1)))
    sync.asked(first)
    assert sync.next_question() == FetchFlags(seqs=tuple(range(BATCH + 1, 1801)))


def test_flags_since_the_last_modseq() -> None:
    sync = MailboxSync(opened(9, 10, modseq=8), known(9, 10, modseq=5))
    question = sync.next_question()
    assert question == FetchFlagsSince(modseq=5)
    assert sync.settled_modseq == 0
    sync.asked(question)
    assert sync.settled_modseq == 8
    assert sync.next_question() is None


@pytest.mark.parametrize(
    ("count", "compares_all", "firsts"),
    [(9, True, [1]), (9, False, [1]), (5000, True, [3001, 1]), (5000, False, [3001])],
)
def test_flags_without_modseq_the_newest_first(
    count: int, compares_all: bool, firsts: list[int]
) -> None:
    before = known(count, count + 1)
    sync = MailboxSync(opened(count, count + 1), before, compares_all=compares_all)
    for first in firsts:
        question = sync.next_question()
        assert question == CompareFlags(first_seq=first)
        sync.asked(question)
    assert sync.next_question() is None


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[int], list[tuple[str, int]]]:
    start = draw(st.lists(st.integers(1, 300), unique=True, max_size=120).map(sorted))
    steps = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["arrive", "expunge", "vanish", "silent expunge", "ask"]),
                st.integers(0, 500),
            ),
            max_size=40,
        )
    )
    return start, steps


@given(history=histories())
def test_whatever_happens_cache_and_mailbox_agree_in_the_end(
    history: tuple[list[int], list[tuple[str, int]]],
) -> None:
    """Arrivals and expunges between any two questions; some notices come, some never do."""
    start, steps = history
    server = Server(uids=start, uidnext=301)
    sync = server.open()
    for step, number in steps:
        if step == "arrive":
            server.uids.append(server.uidnext)
            server.uidnext += 1
            sync.heard(Exists(count=len(server.uids)))
        elif step == "ask":
            question = sync.next_question() or sync.next_backlog()
            if question is not None:
                server.answer(sync, question)
        elif server.uids and step == "vanish":
            uid = server.uids.pop(number % len(server.uids))
            sync.heard(Vanished(ranges=((uid, uid),)))
        elif server.uids and step == "expunge":
            seq = number % len(server.uids) + 1
            del server.uids[seq - 1]
            sync.heard(Expunge(seq=seq))
    server.settle(sync)
    assert server.cache == set(server.uids)
    for step, number in steps:
        if server.uids and step == "silent expunge":
            del server.uids[number % len(server.uids)]
    again = server.open(known(len(server.cache), sync.uidnext))
    server.settle(again)
    assert server.cache == set(server.uids)
    assert again.is_complete


def test_uid_sets() -> None:
    assert uid_set([7, 1, 2, 3]) == "1:3,7"
    assert uid_set([]) == ""
    assert count_of([(1, 3), (7, 7)]) == 4
    assert in_ranges([(1, 3), (7, 7)]) == {1, 2, 3, 7}
    assert gaps_between([(3, 5), (9, 9), (10, 12)]) == [(1, 2), (6, 8), (13, MAX_UID)]
    assert gaps_between([]) == [(1, MAX_UID)]
    with pytest.raises(PeerProtocolError):
        in_ranges([(1, MAX_UIDS + 1)])


NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_schedule_of_a_silent_link() -> None:
    schedule = ListeningSchedule(ListeningRules(), 100.0, NOW)
    assert schedule.due(101.0, later(1)) is Due.NOTHING
    assert schedule.wait_seconds(101.0) == 49.0
    assert schedule.due(160.0, later(60)) is Due.LOOK_AROUND
    assert schedule.wait_seconds(161.0) == 0.0
    schedule.looked_around(161.0)
    assert schedule.due(162.0, later(62)) is Due.NOTHING
    assert schedule.wait_seconds(162.0) == 49.0


def test_schedule_catches_up_whatever_idle_says() -> None:
    schedule = ListeningSchedule(ListeningRules(), 0.0, NOW)
    for seconds in (49.0, 98.0, 147.0, 196.0, 236.0):
        schedule.looked_around(seconds)
        assert schedule.due(seconds, later(seconds)) is Due.NOTHING
    assert schedule.wait_seconds(236.0) == 4.0
    assert schedule.due(240.0, later(240)) is Due.CATCH_UP
    schedule.caught_up(241.0)
    assert schedule.due(241.0, later(241)) is Due.NOTHING


def test_schedule_catches_up_after_sleep() -> None:
    schedule = ListeningSchedule(ListeningRules(), 0.0, NOW)
    assert schedule.due(10.0, later(3600)) is Due.CATCH_UP
    assert schedule.due(11.0, later(3601)) is Due.NOTHING


def test_a_clock_set_back_is_no_sleep() -> None:
    schedule = ListeningSchedule(ListeningRules(), 0.0, NOW)
    assert schedule.due(10.0, later(-3600)) is Due.NOTHING


def test_a_black_hole_is_noticed_in_time() -> None:
    rules = ListeningRules()
    assert rules.look_around_seconds + rules.answer_seconds <= 90
    assert rules.look_around_seconds <= 9 * 60
