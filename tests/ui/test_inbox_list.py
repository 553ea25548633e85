"""What the list is told: groups by date, old mail read as it comes in sight, what was found."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.events import SyncProgressed
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import Mailer, MessageSummary
from supportdesk.domain.search import Found, OldMail, SearchAnswer, SearchHit
from supportdesk.ui import rows
from supportdesk.ui.presenter.date_groups import date_groups, short_date
from supportdesk.ui.presenter.found_mail import found_view
from supportdesk.ui.presenter.inbox_list import inbox_view, list_progress
from supportdesk.ui.presenter.old_mail import OldPages
from tests.fakes.happenings import DeskRig, a_message, an_answer, arrived

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)  # a Saturday
DAY = timedelta(days=1)
QUIET = rows.EmptyView(head="Nobody is waiting.", sentence="Coffee.")


def seconds(*at: datetime) -> list[int]:
    return [int(one.timestamp()) for one in at]


class Cache:
    """Messages by number, one an hour, and what was asked for."""

    def __init__(self, count: int) -> None:
        self.old = OldMail(
            ids=array("q", range(1, count + 1)),
            times=array("q", seconds(*(NOW - timedelta(hours=at) for at in range(count)))),
        )
        self.asked: list[list[int]] = []
        self.gone: set[int] = set()

    def read(self, numbers: Sequence[int]) -> list[MessageSummary | None]:
        self.asked.append(list(numbers))
        return [None if one in self.gone else self.message(one) for one in numbers]

    def message(self, number: int) -> MessageSummary:
        return a_message(number, at=NOW - timedelta(hours=number - 1))

    def view(self, pages: OldPages | None = None) -> rows.InboxView:
        return inbox_view(
            (), now=NOW, as_of=None, empty=QUIET, old=self.old, pages=pages or OldPages(self.read)
        )


def titles(view: rows.InboxView) -> list[tuple[str, str]]:
    shown = view.rows.rows(0, view.rows.count)
    return [(row.title, row.count) for row in shown if isinstance(row, rows.SectionRow)]


def mails(view: rows.InboxView) -> list[rows.ConversationRow]:
    shown = view.rows.rows(0, view.rows.count)
    return [row for row in shown if isinstance(row, rows.ConversationRow)]


# --- by date ---------------------------------------------------------------------------


def test_times_come_in_days_weeks_and_months() -> None:
    at = [NOW + DAY, NOW, NOW - DAY, NOW - 2 * DAY, NOW - 6 * DAY, NOW - 13 * DAY, NOW - 40 * DAY]
    groups = list(date_groups(seconds(*at, NOW - 400 * DAY), NOW))
    assert [(one.title, one.stop - one.start) for one in groups] == [
        ("Today", 2),
        ("Yesterday", 1),
        ("This week", 1),
        ("Last week", 1),
        ("November 2026", 1),
        ("October 2026", 1),
        ("October 2025", 1),
    ]
    assert groups[2].when == "this week"
    assert groups[-1].when == "in October 2025"
    assert groups[-1].key == "2025-10"


@given(st.lists(st.integers(0, 2**32), max_size=60))
def test_every_time_is_in_exactly_one_group(times: list[int]) -> None:
    newest_first = sorted(times, reverse=True)
    groups = list(date_groups(newest_first, NOW))
    assert [one.start for one in groups] == [0, *(one.stop for one in groups)][: len(groups)]
    assert (groups[-1].stop if groups else 0) == len(times)
    assert len({one.key for one in groups}) == len(groups)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW, f"{NOW.astimezone():%H:%M}"),
        (NOW - DAY, "Fri"),
        (NOW - 7 * DAY, "14 Nov"),
        (NOW - 400 * DAY, "17 Oct 2025"),
        (NOW + 3 * DAY, "24 Nov"),
    ],
)
def test_dates_are_as_short_as_they_can_be(at: datetime, words: str) -> None:
    assert short_date(at, NOW) == words


# --- old mail --------------------------------------------------------------------------


def test_old_mail_is_read_only_where_it_is_looked_at() -> None:
    cache = Cache(100_000)
    view = cache.view()
    assert view.rows.count > 100_000
    assert cache.asked == []
    middle = view.rows.rows(50_000, 50_010)
    assert [row.key for row in middle if isinstance(row, rows.ConversationRow)]
    assert sum(map(len, cache.asked)) <= 10
    assert max(map(len, cache.asked)) <= 50


def test_every_row_is_found_where_it_is_shown() -> None:
    cache = Cache(3_000)
    view = cache.view()
    shown = view.rows.rows(0, view.rows.count)
    assert len(shown) == view.rows.count
    for at in (0, 1, 12, 13, 14, 700, 2_500, view.rows.count - 1):
        assert view.rows.index_of(shown[at].key) in (at, -1)
        heading = view.rows.heading_before(at)
        assert isinstance(shown[heading], rows.SectionRow)
        assert not any(isinstance(row, rows.SectionRow) for row in shown[heading + 1 : at])
    assert view.rows.index_of(shown[-1].key) == view.rows.count - 1
    assert view.rows.index_of("mail/Support/<nobody>") == -1
    assert view.rows.rows(5, 9) == shown[5:9]


def test_old_mail_is_headed_by_its_date_and_claims_nothing() -> None:
    view = Cache(100).view()
    assert titles(view)[0][0] == "Earlier mail, today"
    assert "Earlier mail, yesterday" in dict(titles(view))
    row = mails(view)[0]
    assert not row.is_unread_by_me
    assert "waiting" not in row.accessible_text
    assert "answered" not in row.accessible_text


def test_a_row_is_found_again_in_a_later_list() -> None:
    cache = Cache(50)
    pages = OldPages(cache.read)
    key = mails(cache.view(pages))[10].key
    times = array("q", [*seconds(NOW + DAY), *cache.old.times])
    later = OldMail(ids=array("q", [999, *cache.old.ids]), times=times)
    assert pages.index_of(key, later) == 11
    del later.ids[11]
    del later.times[11]
    assert pages.index_of(key, later) == -1
    assert pages.message(key) == cache.message(11)


def test_what_has_gone_says_so() -> None:
    cache = Cache(5)
    cache.gone = {3}
    assert mails(cache.view())[2].subject == "This mail has left the mailbox"


def test_pages_are_kept_within_bounds_and_read_again_when_forgotten() -> None:
    cache = Cache(5_000)
    pages = OldPages(cache.read)
    for start in range(0, 5_000, 100):
        pages.messages(cache.old, start, start + 100)
    assert pages.message(cache.message(1).key) is None
    assert pages.message(cache.message(4_990).key) is not None
    before = len(cache.asked)
    pages.messages(cache.old, 4_900, 4_950)
    assert len(cache.asked) == before
    pages.forget()
    pages.messages(cache.old, 4_900, 4_950)
    assert len(cache.asked) == before + 1


def test_an_empty_inbox_says_so() -> None:
    view = Cache(0).view()
    assert view.rows.count == 0
    assert view.rows.heading_before(0) == -1
    assert view.empty == QUIET
    assert view.caption == "Nobody is waiting"


def test_what_is_done_is_headed_by_what_is_true_of_it() -> None:
    """Nobody need have answered, and the answer need not be of the day of the last mail."""
    desk = DeskRig()
    asked = a_message(1, who="Ingrid", at=NOW - 10 * DAY)
    answer = an_answer(2, asked, at=NOW - 9 * DAY)
    thanks = a_message(3, who="Ingrid", at=NOW - DAY, references=[asked.message_id])
    spam = a_message(4, who="Pavel", at=NOW - timedelta(hours=1))
    desk.listen()
    desk.apply(arrived(asked, answer, thanks, spam))
    for message in (thanks, spam):
        desk.desk.needs_no_reply(message.key, NOW)
    view = inbox_view(
        desk.desk.inbox.conversations(),
        now=NOW,
        as_of=None,
        empty=QUIET,
        old=OldMail(),
        pages=OldPages(lambda _ids: []),
    )
    assert titles(view) == [("Done, last mail today", "1"), ("Done, last mail yesterday", "1")]
    assert [row.age_label for row in mails(view)] == [short_date(spam.sent_at, NOW), "Fri"]
    assert not any("answered" in row.accessible_text for row in mails(view))


def test_to_which_account_a_row_belongs_does_not_hide_that_it_was_answered() -> None:
    desk = DeskRig()
    asked = a_message(1, who="Ingrid", subject="Flour", at=NOW - 2 * DAY)
    answer = an_answer(2, asked, at=NOW - DAY)
    desk.listen()
    desk.apply(arrived(asked, answer))
    for names_accounts in (True, False):
        view = inbox_view(
            desk.desk.inbox.conversations(),
            now=NOW,
            as_of=None,
            empty=QUIET,
            old=OldMail(),
            pages=OldPages(lambda _ids: []),
            names_accounts=names_accounts,
        )
        (row,) = mails(view)
        assert row.accessible_text.startswith("Ingrid, Flour, answered Fri, answered by ")
        assert (", Support, " in row.accessible_text) == names_accounts


def test_waiting_done_and_earlier_mail_goes_by_the_name_that_the_founder_gave() -> None:
    desk = DeskRig()
    asked = a_message(1, who="Ingrid", at=NOW - 2 * DAY)
    answer = an_answer(2, asked, at=NOW - DAY)
    old = a_message(9, who="Ingrid", at=NOW - 90 * DAY)
    desk.listen()
    desk.apply(arrived(asked, answer, a_message(3, who="Ingrid", at=NOW)))
    people = desk.desk.people
    people.rename(people.behind_email(asked.sender.email), "Ingrid of the bakery")
    view = inbox_view(
        desk.desk.inbox.conversations(),
        now=NOW,
        as_of=None,
        empty=QUIET,
        old=OldMail(ids=array("q", [9]), times=array("q", seconds(old.arrived_at))),
        pages=OldPages(lambda _ids: [old]),
        name_of=people.name_of,
    )
    assert [row.who for row in mails(view)] == ["Ingrid of the bakery"] * 3


# --- progress --------------------------------------------------------------------------


def test_progress_counts_all_accounts_that_are_still_listed() -> None:
    def progressed(account: str, done: int, total: int) -> SyncProgressed:
        return SyncProgressed(account=SourceName(account), done=done, total=total)

    running = list_progress(
        [progressed("A", 12_000, 99_000), progressed("B", 400, 1_000), progressed("C", 7, 7)]
    )
    assert running is not None
    assert running.label == "12,400 of 100,000 mails listed"
    assert running.share == pytest.approx(0.124)
    assert list_progress([progressed("A", 5, 5)]) is None
    assert list_progress([]) is None


# --- what a search found ---------------------------------------------------------------


def hit(number: int, **how: object) -> SearchHit:
    message = a_message(number, who="Ingrid Solheim", subject="Flour", at=NOW - number * DAY)
    return replace(SearchHit(message=message, where=(Found.TEXT,)), **how)  # type: ignore[arg-type]


def found(answer: SearchAnswer, **how: object) -> rows.InboxView:
    settings: dict[str, object] = {"now": NOW, "as_of": None, "unread": {}, **how}
    return found_view(answer, **settings)  # type: ignore[arg-type]


def test_what_was_found_is_dated_marked_and_counted() -> None:
    first = hit(0, snippet="More flour", snippet_marks=((5, 10),), subject_marks=((0, 5),))
    view = found(SearchAnswer(words="flour", hits=(first, hit(1, file="order.pdf"))))
    assert view.caption == "2 found"
    assert view.search == "flour"
    assert titles(view) == [("Today", "1"), ("Yesterday", "1")]
    marked, filed = mails(view)
    assert (marked.first_words, marked.words_marks) == ("More flour", ((5, 10),))
    assert marked.subject_marks == ((0, 5),)
    assert [chip.label for chip in filed.chips] == ["order.pdf"]
    assert view.rows.index_of(filed.key) == 3


def test_more_than_fits_a_wrong_date_and_deafness_are_said() -> None:
    hits = tuple(hit(number) for number in range(200))
    answer = SearchAnswer(words="a", hits=hits, has_more=True, notes=("2026-13-40 is no date",))
    assert found(answer).caption == "more than 200 found · 2026-13-40 is no date"
    more = found(answer).more
    assert more is not None
    assert more.label == "Show 200 more"
    assert found(replace(answer, has_more=False)).more is None
    deaf = found(SearchAnswer(words="a", hits=(hit(0),)), as_of=NOW)
    assert deaf.caption.startswith("1 found · as of ")


def test_our_own_answer_is_known_by_whom_it_went_to() -> None:
    ours = replace(
        hit(0).message, is_ours=True, recipients=(Mailer(name="Pavel Kiss", email="p@x.example"),)
    )
    view = found(SearchAnswer(words="a", hits=(hit(0, message=ours, sender_marks=((0, 3),)),)))
    assert (mails(view)[0].who, mails(view)[0].who_marks) == ("to Pavel Kiss", ())


def test_only_what_the_founder_has_yet_to_read_is_marked_unread() -> None:
    first, second = hit(0), hit(1)
    view = found(
        SearchAnswer(words="a", hits=(first, second)),
        unread={first.message.key: True, second.message.key: False},
    )
    assert [row.is_unread_by_me for row in mails(view)] == [True, False]


@pytest.mark.parametrize(
    ("words", "offer", "instead"),
    [
        ("from:ingrid flour crash", "Try “flour crash”", "flour crash"),
        ('from:"Ingrid S" flour', "Try “flour”", "flour"),
        ("-order flour", "Try “flour”", "flour"),
        ("flour crash", "Try “flour”", "flour"),
        ('"flour', "Back to the list", ""),
        ("before:2020", "Back to the list", ""),
    ],
)
def test_nothing_found_has_one_way_on(words: str, offer: str, instead: str) -> None:
    view = found(SearchAnswer(words=words))
    assert view.caption == "Nothing found"
    assert view.nothing is not None
    assert view.nothing.sentence == f"Nothing found for “{words}”."
    assert (view.nothing.offer, view.nothing.words) == (offer, instead)
