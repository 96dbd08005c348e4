"""Ports of the loopback address: held until the server behind them listens, dies and is started again; and who has one."""

import socket
import sys
from pathlib import Path

LOOPBACK = "127.0.0.1"
_LISTEN = "0A"


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


def listener_of(port: int) -> str:
    """Name who listens on a TCP port: `nginx (process 812)`, or `another program` when that cannot be seen."""
    sockets = {f"socket:[{inode}]" for inode in _listening(port)}
    for process in Path("/proc").glob("[0-9]*") if sockets else ():
        try:
            if any(str(handle.readlink()) in sockets for handle in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text('utf-8').strip()} (process {process.name})"
        except OSError:  # It is gone, or somebody else's.
            continue
    return "another program"


def _listening(port: int) -> list[str]:
    """Return the inodes of listening sockets from the kernel's tables (proc_pid_net(5))."""
    inodes = []
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        for row in table.read_text("ascii").splitlines()[1:] if table.exists() else ():
            _, local, _, state, *_, inode = row.split()[:10]
            if state == _LISTEN and int(local.rpartition(":")[2], 16) == port:
                inodes.append(inode)
    return inodes
