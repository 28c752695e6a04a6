"""A socket for a server of ours."""

import os
import socket

LOOPBACK = "127.0.0.1"


def bound(port: int, host: str = LOOPBACK) -> socket.socket:
    """A socket on the port, of this machine only or of others too; OSError in words where another program has it."""
    own = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":  # elsewhere it means that two may share a port
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        own.bind((host, port))
    except OSError:
        own.close()
        raise OSError(f"port {port} is taken by another program; choose one with --port") from None
    return own
