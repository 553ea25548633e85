"""The test button and `doctor` for softphones: looks whether one can be watched, and disturbs none.

baresip is not connected to: its control port serves the program that came last, and that would
take it from the supportdesk that runs.
"""

from dataclasses import replace
from pathlib import Path

from supportdesk.adapters.phone.baresip import LOOPBACK
from supportdesk.adapters.phone.baresip_link import is_served, not_there
from supportdesk.adapters.phone.linphone import missing_history, unreadable_history
from supportdesk.adapters.phone.linphone_database import (
    HistoryMissing,
    HistoryUnsettled,
    read_history,
    usual_folder,
)
from supportdesk.adapters.phone.phone_problems import peer_of
from supportdesk.domain.settings import PhoneKind, PhoneSettings


def check_softphone(settings: PhoneSettings) -> str:
    """A sentence without a full stop on what was found; may take long on a slow disk.

    Raises SupportDeskError.
    """
    if settings.kind is PhoneKind.BARESIP:
        return _check_baresip(settings)
    return _check_linphone(Path(settings.folder) if settings.folder else usual_folder())


def _check_baresip(settings: PhoneSettings) -> str:
    local = replace(settings, host=settings.host or LOOPBACK)
    if not is_served(local):
        raise not_there(local)
    return f"A program listens at {peer_of(local)}, baresip's control port as it seems"


def _check_linphone(folder: Path) -> str:
    try:
        found = read_history(folder, is_patient=False)
    except HistoryMissing as error:
        raise missing_history(folder) from error
    except HistoryUnsettled as error:
        raise unreadable_history(folder, str(error)) from error
    form = "with calls while they ring" if found.is_live else "with each call when it is over"
    count = len(found.rows)
    calls = "no call yet" if not count else f"{count} call{'' if count == 1 else 's'} read"
    return f"Linphone's history in {folder}, {form}; {calls}"
