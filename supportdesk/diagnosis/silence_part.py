"""How quiet it is, on "Is it working?": since when, whether that was looked into, what it is."""

from collections.abc import Iterator

from supportdesk.adapters.week_locale import to_local
from supportdesk.core import Core
from supportdesk.domain.health import CheckState, PartCheck, PartHealth
from supportdesk.domain.settings import SilenceCheck
from supportdesk.domain.silence import FAULTS, Verdict
from supportdesk.services.wording import duration, time_of_day

_UNKNOWN = "What is usual is learned from two weeks of mail and calls."
_QUALITY = {
    Verdict.ASKED: CheckState.UNKNOWN,
    Verdict.NOT_SENT: CheckState.UNKNOWN,
    Verdict.QUIET: CheckState.GOOD,
}


def silence_health(core: Core) -> tuple[PartHealth, ...]:
    """Nothing where nobody wants it, or nothing is connected."""
    settings = core.settings
    if settings.ritual.silence is SilenceCheck.OFF or not (settings.mail or settings.phone):
        return ()
    checks = tuple(_checks(core))
    if not checks:
        return (PartHealth(name="Silence", is_good=True, words=_UNKNOWN),)
    faults = [
        one.found for one in core.silence_tests.findings().values() if one.found.verdict in FAULTS
    ]
    return (
        PartHealth(
            name="Silence",
            is_good=not faults,
            words=faults[0].words if faults else "Nothing speaks for being deaf.",
            problem=faults[0].problem if faults else None,
            checks=checks,
        ),
    )


def _checks(core: Core) -> Iterator[PartCheck]:
    now = core.clock.now()
    findings = core.silence_tests.findings()
    for source, since in core.silence_tests.quiet_since().items():
        words = f"quiet for {duration(now - since)}"
        finding = findings.get(source)
        state = CheckState.GOOD
        if source in core.silence_tests.awaited():
            state, words = CheckState.TRYING, f"{words}. A test mail is on its way."
        elif finding is not None:
            state = _QUALITY.get(finding.found.verdict, CheckState.BROKEN)
            at = time_of_day(finding.at, now, to_local)
            words += f". {finding.found.words} That was found at {at}."
        yield PartCheck(name=source, state=state, words=words)
