"""What can be wrong with a phone system, in the founder's words; `peer` is host and port."""

from collections.abc import Sequence

from supportdesk.domain.errors import AuthRejected, ConnectionLost, Problem
from supportdesk.protocols.ami_calls import PhoneIdentity
from supportdesk.protocols.ami_snapshot import Lists


def refused(peer: str, user: str, message: str) -> AuthRejected:
    """Wrong secret, unknown user and a deny line are one answer of Asterisk."""
    return AuthRejected(
        f"{peer} refuses the phone user “{user}”" + (f" ({message})" if message else ""),
        "Check user and secret, and the permit and deny lines of that user in manager.conf."
        " supportdesk does not try again until you ask.",
    )


def shut_down(peer: str) -> ConnectionLost:
    return ConnectionLost(
        f"The phone system {peer} has shut down",
        "supportdesk connects again as soon as it is back.",
    )


def closed_without_greeting(peer: str) -> ConnectionLost:
    return ConnectionLost(
        f"{peer} closed the connection without a greeting",
        'It may expect TLS (`security = "tls"`) or be another service: AMI is port 5038, or 5039'
        " with TLS, unless manager.conf says otherwise. supportdesk tries again by itself.",
    )


def closed_during_login(peer: str) -> ConnectionLost:
    return ConnectionLost(
        f"{peer} closed the connection during login",
        "It may allow only a few logins at a time (authlimit in manager.conf)."
        " supportdesk tries again by itself.",
    )


def lost(peer: str, how: str = "closed the connection") -> ConnectionLost:
    return ConnectionLost(
        f"The phone system {peer} {how}",
        "supportdesk tries again by itself.",
    )


def does_not_answer(peer: str) -> ConnectionLost:
    return ConnectionLost(
        f"The phone system {peer} does not answer",
        "The machine or Asterisk may be frozen, or the network is cut."
        " supportdesk tries again by itself.",
    )


def missing_queue(peer: str, lists: Lists, identity: PhoneIdentity) -> Problem | None:
    """Return the problem of queues that are watched but not there."""
    if lists.queues is None:
        return Problem(
            title=f"The phone system {peer} has no queues",
            advice="supportdesk sees direct calls only. Load app_queue in Asterisk to see who"
            " waits.",
            is_for_founder=True,
        )
    there = sorted({item.get("Queue") for item in lists.queues if item.event == "QueueParams"})
    missing = [queue for queue in identity.queues if queue not in there]
    if not missing:
        return None
    names = ", ".join(f"“{queue}”" for queue in missing)
    return Problem(
        title=f"The phone system {peer} has no queue {names}",
        advice=f"Correct `queues` in the settings. Queues there: {', '.join(there) or 'none'}.",
        is_for_founder=True,
    )


def missing_rights(
    peer: str, user: str, read: Sequence[str], write: Sequence[str]
) -> Problem | None:
    """Return the problem of rights that manager.conf does not give, each by its name there."""
    lines = [
        f"`{'`, `'.join(rights)}` to the `{kind}` line"
        for kind, rights in (("read", read), ("write", write))
        if rights
    ]
    if not lines:
        return None
    losses = []
    if "agent" in read:
        losses.append("who waits is seen some seconds late")
    if "call" in read:
        losses.append("direct calls are not seen and missed calls are told late")
    if "user" in read:
        losses.append("a call that one of the team lifts to you by a code is not seen")
    if "reporting" in write:
        losses.append("calls from before supportdesk connected may be unclear")
    if "originate" in write or "call" in write:
        losses.append("Take call or Call back does not work")
    return Problem(
        title=f"The phone user “{user}” has too few rights on {peer}",
        advice=f"In manager.conf add {' and '.join(lines)} of that user, then `manager reload`."
        f" Until then {', and '.join(losses)}.",
        is_for_founder=True,
    )
