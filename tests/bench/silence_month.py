"""Simulated months of companies of three sizes: false questions, and hours of deafness found.

Nothing is measured in time: it is how many. Of broken delivery, which only a mail to ourselves can
find, the line "asked first" says how often the one question of a week came within the hour.
"""

from supportdesk.domain.settings import SilenceCheck
from tests.bench.figures import Figure
from tests.fakes.silent_month import Deafness, Month, SilentMonth

_COMPANIES = ((40, 12), (80, 25), (160, 60))
_MONTHS = 5
_WORDS = {SilenceCheck.MAIL: "a mail unasked", SilenceCheck.ASK: "asked first"}


def run() -> list[Figure]:
    return [
        figure
        for check in (SilenceCheck.MAIL, SilenceCheck.ASK)
        for mails, calls in _COMPANIES
        for figure in _figures(check, mails, calls)
    ]


def _figures(check: SilenceCheck, mails: int, calls: int) -> list[Figure]:
    months = [
        SilentMonth(seed, check, mails_a_day=mails, calls_a_day=calls).run()
        for seed in range(_MONTHS)
    ]
    company = f"{mails} mails and {calls} calls a day, {_WORDS[check]}"
    hours = [hour for month in months for hour in month.deaf_hours]
    found = [hour.found_after for hour in hours if hour.found_after is not None]
    slowest = max(found).total_seconds() / 60
    return [
        Figure(
            floor=None,
            what=f"{company}: false questions in the worst week",
            unit="",
            ours=max(month.most_false_questions_a_week() for month in months),
            wanted="at most 1",
        ),
        *(_share(company, kind, months, check) for kind in Deafness),
        Figure(
            floor=None, what=f"{company}: slowest find", unit="min", ours=slowest, wanted="under 60"
        ),
        Figure(
            floor=None,
            what=f"{company}: mails to ourselves a month",
            unit="",
            ours=sum(month.mails for month in months) / _MONTHS,
        ),
        Figure(
            floor=None,
            what=f"{company}: looks a month",
            unit="",
            ours=sum(month.looks for month in months) / _MONTHS,
        ),
    ]


def _share(company: str, kind: Deafness, months: list[Month], check: SilenceCheck) -> Figure:
    hours = [hour for month in months for hour in month.deaf_hours if hour.kind is kind]
    found = sum(1 for hour in hours if hour.found_after is not None)
    is_sure = check is SilenceCheck.MAIL or kind is not Deafness.DELIVERY
    return Figure(
        floor=None,
        what=f"{company}: {kind.value}, of {len(hours)} hours found",
        unit="",
        ours=found,
        wanted=f"{len(hours)}" if is_sure else "",
    )
