"""Ports of the loopback address that stay ours until the server behind them listens, dies and is started again."""

import socket
import sys

LOOPBACK = "127.0.0.1"


class PortTaken(Exception):
    """Somebody else has the port."""


class ReservedPort:
    """A port held by a socket that is bound but never listens.

    Linux lets a server with SO_REUSEADDR (all of ours set it) listen beside such a socket once it is lent, but hands the
    port to nobody else: not to another `samovar up` that looks for a free one, not to an outgoing connection.

    Args:
        wanted: The port to hold; 0 takes any free one.

    Raises:
        PortTaken: The port wanted is in use.
    """

    def __init__(self, wanted: int = 0) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            self._bind(wanted)
        except OSError as error:
            self._socket.close()
            raise PortTaken(f"port {wanted} is in use") from error
        self.number: int = self._socket.getsockname()[1]

    def lend(self) -> None:
        """Let a server of ours listen on the port from now on."""
        if sys.platform == "linux":
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        else:
            self.release()

    def release(self) -> None:
        """Give the port back."""
        self._socket.close()

    def _bind(self, wanted: int) -> None:
        try:
            self._socket.bind((LOOPBACK, wanted))
        except OSError:
            if not wanted:
                raise
            # Connections of a server that stopped a moment ago (TIME_WAIT) are no reason to refuse its port.
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((LOOPBACK, wanted))
