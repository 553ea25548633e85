from supportdesk.domain.lifts import Lift, LiftWay
from supportdesk.services.lift_store import UnkeptLiftStore
from tests.fakes.happenings import T0


def test_a_desk_without_a_home_keeps_no_lift() -> None:
    store = UnkeptLiftStore()
    store.save_lift(Lift(key="k", item="i", way=LiftWay.FLAG, at=T0))
    assert store.lifts() == []
