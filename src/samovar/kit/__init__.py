"""What every service stands on. The kit names no service and imports nothing else of ours."""

import sys

# structlog imports rich where it is installed, for tracebacks that are not printed here: 5 MB and 40 ms a process. So it
# is imported before any module of the kit asks for it, while rich is out of sight.
_rich = sys.modules.get("rich")
sys.modules["rich"] = None  # type: ignore[assignment]
import structlog  # noqa: E402, F401

del sys.modules["rich"]
if _rich is not None:
    sys.modules["rich"] = _rich
