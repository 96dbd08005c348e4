"""What a reader sees of a line."""

import pytest

from samovar.kit.text.visible import is_visible_line


@pytest.mark.parametrize("line", ["Анна", "🐻 👨‍👩‍👧", "Zoë", "é" + "\u0301\u0302", "7", "$"])
def test_a_line_with_something_to_see_is_taken(line: str) -> None:
    assert is_visible_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        " ",
        "\u200d",
        "\u200b",
        "\u3164",
        "\u2800\u115f",
        "\u0301",
        "a\u202eb",
        "a\nb",
        "a\u2028b",
        "z" + "\u0335" * 3,
    ],
    ids=ascii,
)
def test_a_line_that_hides_or_disturbs_is_refused(line: str) -> None:
    assert not is_visible_line(line)
