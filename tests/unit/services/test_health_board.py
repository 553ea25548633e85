from dataclasses import replace

from supportdesk.domain.errors import Problem
from supportdesk.domain.health import Hearing, PastTrouble, SourceKind, SourceName
from supportdesk.services.health_board import HealthBoard
from tests.fakes.happenings import OFFICE, SUPPORT, T0, after, health

SLOW = Problem(title="imap.desk.example does not answer", advice="It is tried again.")
WRONG = Problem(title="The password was refused", advice="Type it again.", is_for_founder=True)
LISTENING, DEAF, CONNECTING = Hearing.LISTENING, Hearing.DEAF, Hearing.CONNECTING


def a_board(*, heard: bool = True) -> HealthBoard:
    board = HealthBoard()
    board.configure([(SUPPORT, SourceKind.MAIL), (OFFICE, SourceKind.PHONE)], T0)
    if heard:
        say(board, LISTENING)
        board.changed(health(OFFICE, LISTENING).health, T0)
    return board


def say(
    board: HealthBoard, hearing: Hearing, *, at: float = 0, problem: Problem | None = None
) -> None:
    told = health(SUPPORT, hearing, since=after(at), problem=problem).health
    board.changed(told, after(at))


def outages(board: HealthBoard, at: float) -> list[str]:
    return [one.health.source for one in board.outages(after(at))]


def test_at_the_start_nothing_has_reported() -> None:
    board = a_board(heard=False)
    assert [one.hearing for one in board.healths()] == [CONNECTING, CONNECTING]
    assert not board.has_reported(SUPPORT)
    assert board.is_watched(SUPPORT)
    assert not board.is_deaf()
    assert outages(board, 999) == []
    say(board, CONNECTING, at=1)
    assert not board.is_deaf()
    assert board.next_due(T0) is None


def test_a_source_never_heard_in_this_run_is_told_at_once() -> None:
    board = a_board(heard=False)
    say(board, DEAF, at=5, problem=SLOW)
    assert outages(board, 5) == [SUPPORT]
    assert board.has_reported(SUPPORT)
    assert board.is_deaf()


def test_one_that_was_tried_in_this_run_and_not_heard_has_failed_whatever_came_since() -> None:
    board = a_board(heard=False)
    assert not board.has_failed(SUPPORT)
    say(board, DEAF, at=5, problem=SLOW)
    say(board, LISTENING, at=9)
    assert board.has_failed(SUPPORT)
    assert not board.has_failed(OFFICE)
    assert not board.has_failed(SourceName("Gone"))


def test_a_short_gap_is_not_told() -> None:
    board = a_board()
    say(board, DEAF, at=5, problem=SLOW)
    assert board.is_deaf()
    assert outages(board, 64.9) == []
    assert board.next_due(after(5)) == after(65)
    assert outages(board, 65) == [SUPPORT]
    assert board.next_due(after(65)) is None
    say(board, LISTENING, at=70)
    assert not board.is_deaf()
    assert outages(board, 70) == []


def test_what_waiting_cannot_mend_is_told_at_once() -> None:
    board = a_board()
    say(board, DEAF, at=5, problem=WRONG)
    assert outages(board, 5) == [SUPPORT]


def test_trying_again_is_part_of_the_episode() -> None:
    board = a_board()
    say(board, DEAF, at=5, problem=SLOW)
    say(board, CONNECTING, at=30)
    say(board, DEAF, at=40, problem=WRONG)
    told = board.health(SUPPORT)
    assert told is not None
    assert (told.hearing, told.since, told.problem) == (DEAF, after(5), WRONG)
    say(board, CONNECTING, at=50)
    told = board.health(SUPPORT)
    assert told is not None
    assert (told.hearing, told.problem) == (DEAF, WRONG)


def test_losing_the_link_begins_an_episode_even_while_connecting() -> None:
    board = a_board()
    say(board, CONNECTING, at=5)
    assert board.is_deaf()


def test_what_is_heard_only_in_part_is_an_outage_too() -> None:
    board = a_board()
    say(board, LISTENING, at=5, problem=SLOW)
    assert outages(board, 5) == []
    say(board, LISTENING, at=6, problem=WRONG)
    [outage] = board.outages(after(6))
    assert (outage.health.hearing, outage.since) == (LISTENING, after(6))
    board.shown(SUPPORT)
    say(board, LISTENING, at=7)
    assert board.recoveries(after(99)) == []


def test_proof_of_life_is_kept() -> None:
    board = a_board()
    board.heard(SUPPORT, after(9))
    say(board, DEAF, at=10)
    told = board.health(SUPPORT)
    assert told is not None
    assert told.last_heard_at == after(9)


def test_the_end_of_a_shown_outage_is_told_once_after_the_catching_up() -> None:
    board = a_board()
    say(board, DEAF, at=5, problem=SLOW)
    board.shown(SUPPORT)
    say(board, LISTENING, at=100)
    assert board.recoveries(after(104)) == []
    assert board.next_due(after(100)) == after(105)
    [recovery] = board.recoveries(after(105))
    assert (recovery.since, recovery.until) == (after(5), after(100))
    assert board.recoveries(after(105)) == []


def test_the_end_of_an_outage_nobody_saw_is_not_told() -> None:
    board = a_board()
    say(board, DEAF, at=5)
    say(board, LISTENING, at=20)
    assert board.recoveries(after(99)) == []


def test_deaf_again_before_the_word_of_recovery() -> None:
    board = a_board()
    say(board, DEAF, at=5)
    board.shown(SUPPORT)
    say(board, LISTENING, at=100)
    say(board, DEAF, at=102)
    assert board.recoveries(after(999)) == []


def test_an_outage_of_the_last_run_goes_on() -> None:
    board = a_board(heard=False)
    board.adopt(SUPPORT, after(-600))
    assert board.is_deaf()
    assert outages(board, 0) == []
    say(board, DEAF, at=3, problem=SLOW)
    [outage] = board.outages(after(3))
    assert outage.since == after(-600)
    say(board, LISTENING, at=9)
    [recovery] = board.recoveries(after(14))
    assert recovery.since == after(-600)


def test_sources_that_left_the_settings_are_forgotten_and_the_others_kept() -> None:
    board = a_board()
    say(board, DEAF, at=5, problem=WRONG)
    board.configure([(SUPPORT, SourceKind.MAIL)], after(6))
    assert outages(board, 6) == [SUPPORT]
    assert not board.is_watched(OFFICE)
    assert board.health(OFFICE) is None
    board.adopt(OFFICE, T0)
    assert len(board.healths()) == 1


def trouble(board: HealthBoard) -> PastTrouble | None:
    told = board.health(SUPPORT)
    assert told is not None
    return told.last_trouble


def test_the_last_trouble_of_the_run_before_is_known_and_ends_with_the_hearing() -> None:
    over = PastTrouble(problem=SLOW, since=after(-90), until=after(-60))
    lasting = PastTrouble(problem=SLOW, since=after(-90))
    gone = SourceName("Gone")
    for told, then in ((over, over), (lasting, replace(lasting, until=after(3)))):
        board = a_board(heard=False)
        board.take_up({SUPPORT: told, gone: told})
        assert trouble(board) == board.last_trouble(SUPPORT) == told
        say(board, CONNECTING, at=1)
        assert trouble(board) == told
        say(board, LISTENING, at=3)
        assert trouble(board) == then
        assert board.last_trouble(OFFICE) is None


def test_the_last_trouble_is_kept_after_it_is_over() -> None:
    board = a_board()
    assert trouble(board) is None
    say(board, DEAF, at=5, problem=SLOW)
    say(board, CONNECTING, at=6)
    assert trouble(board) == PastTrouble(problem=SLOW, since=after(5))
    say(board, LISTENING, at=70)
    over = PastTrouble(problem=SLOW, since=after(5), until=after(70))
    assert trouble(board) == over
    say(board, LISTENING, at=80)
    board.heard(SUPPORT, after(90))
    assert trouble(board) == over


def test_another_trouble_takes_the_place_of_the_last() -> None:
    board = a_board()
    say(board, DEAF, at=5, problem=SLOW)
    say(board, DEAF, at=9, problem=SLOW)
    assert trouble(board) == PastTrouble(problem=SLOW, since=after(5))
    say(board, DEAF, at=20, problem=WRONG)
    assert trouble(board) == PastTrouble(problem=WRONG, since=after(5))
    say(board, LISTENING, at=30)
    board.changed(health(SUPPORT, LISTENING, since=after(30), problem=WRONG).health, after(50))
    assert trouble(board) == PastTrouble(problem=WRONG, since=after(50))
