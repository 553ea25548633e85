"""The test button and `doctor` for softphones: looks whether one can be watched, and disturbs none.

baresip is not connected to: its control port serves the program that came last, and that would
take it from the supportdesk that runs.
"""

from pathlib import Path

from supportdesk.adapters.phone.baresip_link import is_served, not_there, on_this_desk
from supportdesk.adapters.phone.linphone import missing_history, unreadable_history
from supportdesk.adapters.phone.linphone_database import (
    HistoryMissing,
    HistoryUnsettled,
    history_folder,
    read_history,
)
from supportdesk.adapters.phone.phone_problems import peer_of
from supportdesk.domain.settings import PhoneKind, PhoneSettings
from supportdesk.services.wording import count


def check_softphone(settings: PhoneSettings) -> str:
    """A sentence without a full stop on what was found; may take long on a slow disk.

    Raises SupportDeskError.
    """
    if settings.kind is PhoneKind.BARESIP:
        return _check_baresip(settings)
    return _check_linphone(history_folder(settings))


def _check_baresip(settings: PhoneSettings) -> str:
    local = on_this_desk(settings)
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
    number = len(found.rows)
    calls = f"{count(number, 'call', 'calls')} read" if number else "no call yet"
    return f"Linphone's history in {folder}, {form}; {calls}"
