"""How the outbox does, on "Is it working?": each message that has not gone out, by name."""

from supportdesk.adapters.week_locale import to_local
from supportdesk.core import Core
from supportdesk.domain.health import CheckState, PartCheck, PartHealth
from supportdesk.services.health_alerts import OUTBOX
from supportdesk.services.wording import count, fit, time_of_day

_ROOM = 60


def outbox_health(core: Core) -> tuple[PartHealth, ...]:
    """Nothing where no account can send and nothing waits."""
    unsent = core.answering.unsent()
    problem = core.problems.get(OUTBOX)
    if not unsent and problem is None:
        if all(account.smtp is None for account in core.settings.mail):
            return ()
        return (PartHealth(name="Outbox", is_good=True, words="Nothing waits to be sent."),)
    now = core.clock.now()
    words = "Nothing waits to be sent."
    if unsent:
        since = time_of_day(unsent[0].since, now, to_local)
        words = f"{count(len(unsent), 'message', 'messages')} not sent yet, the oldest of {since}."
    checks = tuple(
        PartCheck(
            name=fit(f"To {one.to}: {one.subject}", _ROOM),
            state=CheckState.BROKEN if one.needs_founder else CheckState.TRYING,
            words=f"{one.problem.title}." if one.problem is not None else "On its way.",
        )
        for one in unsent
    )
    is_good = problem is None and not any(one.needs_founder for one in unsent)
    return (
        PartHealth(name="Outbox", is_good=is_good, words=words, problem=problem, checks=checks),
    )
