from dataclasses import replace
from datetime import timedelta

import pytest

from supportdesk.domain.alerts import Alert, AlertKind, Decision, Reason, Verdict
from supportdesk.services.alert_decisions import (
    AT_ONCE_AT_MOST,
    KEPT_AT_MOST,
    KEPT_FOR,
    AlertDecisions,
    decision_line,
)
from tests.fakes.happenings import SUPPORT, T0, after, as_utc
from tests.fakes.stores import MemoryDeskStore

MAIL = Alert(
    key="mail/1",
    kind=AlertKind.MAIL,
    title="Ingrid",
    body="Flour order.",
    actions=(),
    source=SUPPORT,
    at=T0,
    covers=("mail/1",),
)


def verdicts(store: MemoryDeskStore) -> list[tuple[str, Verdict, Reason]]:
    return [(one.key, one.verdict, one.reason) for one in store.decided]


def silent(decisions: AlertDecisions, *keys: str, reason: Reason = Reason.NO_CUSTOMER) -> None:
    decisions.note(keys, Verdict.SILENT, reason, kind=AlertKind.MAIL, source=SUPPORT, at=T0)


def test_a_decision_is_kept_once_until_it_changes() -> None:
    store = MemoryDeskStore()
    decisions = AlertDecisions(store)
    assert not decisions.is_known("a")
    silent(decisions, "a", "b")
    silent(decisions, "a")
    silent(decisions, "a", reason=Reason.RULE_NEVER)
    silent(decisions, "a")
    assert decisions.is_known("a")
    assert [key for key, _, _ in verdicts(store)] == ["a", "b", "a", "a"]


@pytest.mark.parametrize(
    ("reason", "verdict", "times"),
    [
        (Reason.NEW, Verdict.TOLD, 1),
        (Reason.BURST, Verdict.FOLDED, 1),
        (Reason.STILL_WAITS, Verdict.REPEATED, 2),
    ],
)
def test_the_reason_says_what_kind_of_telling_it_is(
    reason: Reason, verdict: Verdict, times: int
) -> None:
    store = MemoryDeskStore()
    decisions = AlertDecisions(store)
    for _ in range(2):
        decisions.told(MAIL, ["mail/1"], reason)
    assert verdicts(store) == [("mail/1", verdict, reason)] * times
    [told, *_] = store.decided
    assert (told.alert_key, told.words, told.source, told.at) == ("mail/1", "Ingrid", SUPPORT, T0)


def test_taken_back_or_put_off() -> None:
    store = MemoryDeskStore()
    decisions = AlertDecisions(store)
    decisions.taken_back(MAIL, after(5), Reason.OVER, "answered by Anna")
    decisions.taken_back(replace(MAIL, covers=()), after(6), Reason.CLOSED_HERE, "closed here")
    decisions.put_off(MAIL, after(1800), after(7))
    assert [(one.verdict, one.words, one.until) for one in store.decided] == [
        (Verdict.WITHDRAWN, "Ingrid: answered by Anna", None),
        (Verdict.WITHDRAWN, "Ingrid", None),
        (Verdict.HELD, "Ingrid", after(1800)),
    ]


def test_each_is_named_by_whom_it_is_from() -> None:
    known = {"mail/1": "Ingrid", "mail/2": "Pavel"}
    store = MemoryDeskStore()
    decisions = AlertDecisions(store, lambda key: known.get(key, ""))
    silent(decisions, "mail/2")
    several = replace(MAIL, title="2 people wrote", covers=("mail/1", "mail/2", "mail/3"))
    decisions.told(several, several.covers, Reason.BURST)
    decisions.taken_back(several, after(5), Reason.OVER, "all handled")
    assert [one.words for one in store.decided] == [
        "Pavel",
        "Ingrid, in “2 people wrote”",
        "Pavel, in “2 people wrote”",
        "2 people wrote",
        "Ingrid, in “2 people wrote”: all handled",
        "Pavel, in “2 people wrote”: all handled",
        "2 people wrote: all handled",
    ]


def test_of_very_many_at_once_not_each_has_a_row() -> None:
    store = MemoryDeskStore()
    silent(AlertDecisions(store), *(f"mail/{number}" for number in range(20_000)))
    assert len(store.decided) == AT_ONCE_AT_MOST


def test_what_is_remembered_in_memory_has_an_end() -> None:
    store = MemoryDeskStore()
    decisions = AlertDecisions(store)
    for number in range(2_001):
        silent(decisions, f"mail/{number}")
    assert not decisions.is_known("mail/0")
    assert decisions.is_known("mail/2000")


def test_what_is_old_is_forgotten_at_the_start() -> None:
    store = MemoryDeskStore()
    silent(AlertDecisions(store), *(f"mail/{number}" for number in range(9)))
    AlertDecisions(store).restore(T0 + KEPT_FOR)
    assert len(store.decided) == 9 <= KEPT_AT_MOST
    AlertDecisions(store).restore(T0 + KEPT_FOR + timedelta(seconds=1))
    assert store.decided == []


def test_in_a_long_run_they_do_not_become_more_and_more() -> None:
    store = MemoryDeskStore()
    decisions = AlertDecisions(store)
    for _ in range(KEPT_AT_MOST + 2_500):
        decisions.told(MAIL, ["mail/1"], Reason.STILL_WAITS)
    assert KEPT_AT_MOST <= len(store.decided) < KEPT_AT_MOST + 1_000


HELD = Decision(
    key="mail/1",
    alert_key="",
    kind=AlertKind.MAIL,
    source=SUPPORT,
    at=T0,
    verdict=Verdict.HELD,
    reason=Reason.PAUSED,
    until=after(3600),
    words="Ingrid",
)


def test_a_decision_as_a_line() -> None:
    assert decision_line(HELD, after(60), as_utc) == (
        "09:00  Held back: Ingrid. Alerts were paused. Looked at again 10:00."
    )
    told = replace(HELD, verdict=Verdict.TOLD, reason=Reason.NEW, until=None, words="")
    assert decision_line(told, after(86_400), as_utc) == "Sat 09:00  Told. It was new."
