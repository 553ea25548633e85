from supportdesk.services.claims import LASTS, ClaimAct, ClaimLost, Claims, ClaimWish
from tests.fakes.happenings import SUPPORT, T0, after
from tests.fakes.side_store import MemorySideStore

FIRST = "mail/Support/<1@x>"
NEWEST = "mail/Support/<2@x>"
BOTH = (FIRST, NEWEST)
ELSEWHERE = "mail/Sales/<3@x>"
END = LASTS.total_seconds()


def some(store: MemorySideStore | None = None, me: str = "Anna") -> Claims:
    claims = Claims(store or MemorySideStore())
    claims.configure(me)
    claims.restore()
    return claims


def who(claims: Claims, at: float = 0) -> str:
    held = claims.of(BOTH, after(at))
    return "" if held is None else held.who


def test_a_claim_is_wished_for_and_holds_once_the_server_has_it() -> None:
    claims = some()
    wish = claims.take(BOTH, T0)
    assert wish == ClaimWish(item=NEWEST, act=ClaimAct.TAKE, form="anna")
    assert who(claims) == ""
    assert claims.settled(NEWEST, ["anna"], T0, wished=True) == ()
    held = claims.of(BOTH, T0)
    assert held is not None
    assert claims.is_mine(held)
    assert claims.take(BOTH, T0) is None, "it is mine already"


def test_the_name_of_the_login_is_asked_for_once_it_is_needed() -> None:
    asked: list[str] = []

    def login() -> str:
        asked.append("login")
        return "Bo"

    claims = Claims(MemorySideStore())
    claims.configure("", login)
    assert asked == []
    assert (claims.me, claims.me) == ("bo", "bo")
    assert asked == ["login"]
    claims.configure("Anna", login)
    assert claims.me == "anna"
    assert asked == ["login"]


def test_whoever_is_nameless_claims_nothing() -> None:
    claims = some(me="")
    assert (claims.me, claims.take(BOTH, T0)) == ("", None)


def test_the_loser_of_a_race_is_told_who_has_it() -> None:
    claims = some(me="bob")
    assert claims.settled(NEWEST, ["anna"], T0, wished=True) == (
        ClaimLost(item=NEWEST, who="anna"),
    )
    assert claims.settled(NEWEST, ["anna"], T0, wished=False) == ()
    assert who(claims) == "anna"


def test_of_two_the_least_name_holds_and_the_other_is_told_later_too() -> None:
    claims = some(me="bob")
    claims.settled(NEWEST, ["bob"], T0, wished=True)
    lost = claims.seen(SUPPORT, [(NEWEST, "bob"), (NEWEST, "anna")], after(5))
    assert lost == (ClaimLost(item=NEWEST, who="anna"),)
    assert who(claims) == "anna"
    assert claims.let_go(BOTH) == (ClaimWish(item=NEWEST, act=ClaimAct.LET_GO, own=("bob",)),)


def test_somebody_elses_is_taken_over_only_when_it_was_asked() -> None:
    claims = some(me="bob")
    claims.seen(SUPPORT, [(FIRST, "anna")], T0)
    assert claims.take(BOTH, T0) is None
    assert claims.take(BOTH, T0, over=True) == ClaimWish(
        item=FIRST, act=ClaimAct.TAKE_OVER, form="bob", over=("anna",)
    )
    assert claims.settled(FIRST, ["bob"], after(1), wished=True) == ()
    assert who(claims) == "bob"


def test_a_claim_ends_two_hours_after_it_was_first_seen() -> None:
    store = MemorySideStore()
    claims = some(store, me="bob")
    claims.seen(SUPPORT, [(NEWEST, "anna")], T0)
    claims.seen(SUPPORT, [(NEWEST, "anna")], after(3600))
    assert claims.next_due(T0) == after(END)
    again = some(store, me="bob")
    assert (who(again, END - 1), who(again, END)) == ("anna", "")
    assert again.next_due(after(END)) is None
    assert again.take(BOTH, after(END)) == ClaimWish(
        item=NEWEST, act=ClaimAct.TAKE, form="bob", over=("anna",)
    )


def test_who_goes_on_writing_renews_it_and_others_see_that() -> None:
    claims, others = some(), some(me="bob")
    for one in (claims, others):
        one.seen(SUPPORT, [(NEWEST, "anna")], T0)
    assert claims.typed(BOTH, after(60)) is None
    assert others.typed(BOTH, after(3600)) is None
    assert claims.typed([FIRST], after(3600)) is None
    assert claims.typed(BOTH, after(3600)) == ClaimWish(
        item=NEWEST, act=ClaimAct.RENEW, form="anna--r", own=("anna",)
    )
    for one in (claims, others):
        assert one.seen(SUPPORT, [(NEWEST, "anna--r")], after(3600)) == ()
        assert who(one, END + 10) == "anna"


def test_my_own_that_has_expired_is_let_go_and_can_be_taken_anew() -> None:
    claims = some()
    claims.seen(SUPPORT, [(NEWEST, "anna"), (FIRST, "bob")], T0)
    assert claims.expired(after(END - 1)) == ()
    assert claims.expired(after(END)) == (
        ClaimWish(item=NEWEST, act=ClaimAct.LET_GO, own=("anna",)),
    )
    assert claims.take(BOTH, after(END)) == ClaimWish(
        item=NEWEST, act=ClaimAct.TAKE, form="anna--r", own=("anna",)
    )


def test_what_is_not_seen_any_more_is_let_go_of_that_account_alone() -> None:
    claims = some()
    claims.seen(SUPPORT, [(NEWEST, "bob")], T0)
    claims.settled(ELSEWHERE, ["bob"], T0, wished=False)
    assert claims.seen(SUPPORT, [], after(1)) == ()
    assert who(claims) == ""
    assert claims.of([ELSEWHERE], T0) is not None


def test_a_full_disk_costs_only_the_time_it_was_first_seen() -> None:
    store = MemorySideStore()
    claims = some(store)
    store.is_full = True
    claims.seen(SUPPORT, [(NEWEST, "bob")], T0)
    assert who(claims) == "bob"
    claims.seen(SUPPORT, [], T0)
    assert who(claims) == ""


def test_that_a_claim_expires_is_a_change_by_time_alone() -> None:
    claims = some()
    assert not claims.have_changed(T0)
    claims.seen(SUPPORT, [(NEWEST, "bob")], T0)
    assert [claims.have_changed(after(at)) for at in (0, 1, END, END + 1)] == [
        *(True, False),
        *(True, False),
    ]
