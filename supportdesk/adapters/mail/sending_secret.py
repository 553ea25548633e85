"""The secret that an account sends with: one of its own, else that of its inbox."""

from collections.abc import Sequence

from supportdesk.domain.errors import SecretsUnavailable
from supportdesk.services.ports import SecretStore


def first_secret(secrets: SecretStore, names: Sequence[str]) -> str | None:
    """The first that is kept. Raises SecretsUnavailable when none is, and one could not be asked.

    A service that systemd hands its secrets to has files for some names and no key store for the
    others: what cannot be asked for one name may be there for the next.
    """
    failure: SecretsUnavailable | None = None
    for name in names:
        try:
            found = secrets.get(name)
        except SecretsUnavailable as error:
            failure = error
        else:
            if found is not None:
                return found
    if failure is not None:
        raise failure
    return None
