"""How two processes share the whole run: a folder of tests stays in one of them, with the servers that it starts."""

import pytest
from xdist.scheduler import LoadScopeScheduling

# What looks at the whole platform: it is started in one of the processes alone.
_OF_PLATFORM = frozenset({"browser", "client", "journeys"})


class ByFolder(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types.
    """Give a process whole folders, in the order of their names."""

    def _split_scope(self, nodeid: str) -> str:
        area, below = nodeid.split("/")[1:3]
        if area in _OF_PLATFORM:
            return "platform"
        return f"{area}/{below}" if area == "services" else area


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFolder:
    """Share the tests `ByFolder`, whatever `--dist` says."""
    return ByFolder(config, log)
