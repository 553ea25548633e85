"""The hook that everybody has, whether the settings name one or not."""

from supportdesk.adapters.phone.hook import HOOK, all_phones
from supportdesk.domain.health import SourceName
from supportdesk.domain.settings import PhoneKind, PhoneSettings
from tests.fakes.happenings import PHONE_SETTINGS, settings_with


def test_the_hook_is_among_the_phones_once() -> None:
    hook = PhoneSettings(name=HOOK, kind=PhoneKind.HOOK)
    assert all_phones(settings_with()) == (PHONE_SETTINGS, hook)
    desk = PhoneSettings(name=SourceName("Front desk"), kind=PhoneKind.HOOK)
    assert all_phones(settings_with(phone=(desk, PHONE_SETTINGS))) == (desk, PHONE_SETTINGS)
