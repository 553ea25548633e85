"""What all our TCP links have in common: names, sockets, and why a certificate proves nothing."""

import errno
import ipaddress
import socket

CONNECT_GOES_ON = (errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", -1))
"""What `connect_ex` of a non-blocking socket says that has begun and not ended."""

# Numbers of X509_V_ERR_* in OpenSSL; Python passes them through as `verify_code`.
NOT_YET_VALID = 9
EXPIRED = 10
SELF_SIGNED = (18, 19)
UNKNOWN_ISSUER = (2, 20, 21, 27)
WRONG_NAME = (62, 64)


def wire_name(host: str) -> bytes:
    """A host as it is looked up.

    From a `str` Python makes it with its own tables of Unicode, 0.5 MB, which few names need.
    """
    return host.encode("ascii" if host.isascii() else "idna")


def tune(new: socket.socket) -> None:
    """Send at once, and let the system notice a peer that is gone."""
    # Without this, commands of several packets wait for acknowledgements: 23/s instead of 1,400.
    new.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    new.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3)):
        option = getattr(socket, name, None)
        if option is not None:
            new.setsockopt(socket.IPPROTO_TCP, option, value)


def is_loopback(host: str) -> bool:
    """Does what is sent there stay on this computer?"""
    return host.lower() in ("localhost", "localhost.") or (
        is_numeric(host) and ipaddress.ip_address(host).is_loopback
    )


def is_numeric(host: str) -> bool:
    """Is it an address, which needs no looking up?"""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
