"""The name of this machine at the platform: one for installing, playing and saves, made once."""

import os
from pathlib import Path

from samovar.sdk.names import new_id

FILE = "device"


def device(data: Path) -> str:
    """Return the name of this machine.

    Args:
        data: The folder in which the launcher keeps what is this machine's own; it is made where it is not there.
    """
    file = data / FILE
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = file.with_suffix(f".{os.getpid()}")
        part.write_text(f"pc-{new_id()}", "utf-8")
        # Whoever comes second finds the first one's.
        try:
            os.link(part, file)
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return file.read_text("utf-8").strip()
