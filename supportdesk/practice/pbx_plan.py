"""How the practice PBX is set up, and what its callers are going to do."""

from dataclasses import dataclass

from supportdesk.practice.pbx_switch import Party

TRUNK = "PJSIP/trunk"
FROM_TRUNK = "from-trunk"
FROM_INTERNAL = "from-internal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A phone on somebody's desk."""

    name: str
    extension: str

    @property
    def interface(self) -> str:
        return f"PJSIP/{self.extension}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxPlan:
    """One queue, its members, and a founder whose phone stands beside it."""

    queue_name: str
    members: tuple[Desk, ...]
    founder: Desk
    queue_extension: str = "800"
    ring_seconds: float = 15.0
    retry_seconds: float = 5.0
    direct_ring_seconds: float = 24.0
    # Nobody holds a receiver in a practice: the founder's phone is picked up by itself.
    founder_answer_seconds: float | None = 4.0
    customer_answer_seconds: float = 5.0
    default_talk_seconds: float = 60.0
    # Numbers that are engaged when they are called back.
    busy_numbers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingCall:
    """What a caller will do; `answer_seconds` is None when nobody picks up."""

    caller: Party
    patience_seconds: float = 60.0
    answer_seconds: float | None = 3.0
    answered_by: str = ""
    talk_seconds: float = 90.0
    member_hangs_up: bool = False
