"""What is open to a member of an organisation, and what is not shown because it would only be refused."""

import pytest

from samovar.client.state.console.levels import APP_PARTS, ORGANISATION_PARTS, may_change, open_parts


@pytest.mark.parametrize(
    ("levels", "app", "organisation", "changes"),
    [
        (["owner"], [*APP_PARTS], [*ORGANISATION_PARTS], True),
        (["editor"], ["release", "page", "prices", "builds"], ["apps", "members"], True),
        (["finance"], ["prices", "reports"], ["apps", "members", "legal"], False),
        (["viewer"], ["builds"], ["apps", "members"], False),
        (["viewer", "finance"], ["prices", "builds", "reports"], ["apps", "members", "legal"], False),
        ([], [*APP_PARTS], [*ORGANISATION_PARTS], True),
    ],
)
def test_a_level_opens_its_parts(
    levels: list[str], app: list[str], organisation: list[str], *, changes: bool
) -> None:
    assert open_parts(APP_PARTS, levels) == app
    assert open_parts(ORGANISATION_PARTS, levels) == organisation
    assert may_change(levels) is changes
