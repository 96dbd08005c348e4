"""What stands on the bell."""

import pytest

from samovar.client.state.bell import Bell


@pytest.mark.parametrize(("unread", "badge"), [(0, None), (1, "1"), (99, "99"), (100, "99+")])
def test_the_bell_counts_as_far_as_there_is_room(unread: int, badge: str | None) -> None:
    assert Bell(unread=unread).badge == badge
