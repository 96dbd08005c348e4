"""Merge patches as RFC 7396 has them; what one side alone has changed is never lost, what both have is never chosen for them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.services.catalog.editing.domain import DEPTH_MAX, TooDeep, differences, patched, three_way

_LEAVES = st.one_of(st.integers(0, 3), st.sampled_from(["a", "b"]), st.lists(st.integers(0, 2), max_size=2))
_PAGES = st.dictionaries(
    st.sampled_from("xyz"),
    st.one_of(_LEAVES, st.dictionaries(st.sampled_from("pq"), _LEAVES, min_size=1)),
    max_size=3,
)


# RFC 7396, appendix A, as far as objects go.
@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_patch_is_applied_as_the_rfc_has_it(target: Any, patch: Any, result: Any) -> None:
    assert patched(target, patch) == result


def test_a_patch_of_too_many_levels_is_refused() -> None:
    patch: Any = 1
    for _ in range(DEPTH_MAX + 1):
        patch = {"a": patch}
    with pytest.raises(TooDeep):
        patched({}, patch)


@given(_PAGES, _PAGES)
def test_there_is_a_difference_where_pages_differ_and_nowhere_else(before: Any, after: Any) -> None:
    assert bool(differences(before, after)) == (before != after)


@given(_PAGES, _PAGES)
def test_what_one_alone_has_changed_holds(base: Any, changed: Any) -> None:
    for mine, theirs in ((changed, base), (base, changed), (changed, changed)):
        merged = three_way(base, mine, theirs, {})
        assert (merged.document, merged.clashes) == (changed, [])


@given(_PAGES, _PAGES, _PAGES)
def test_what_both_have_changed_is_chosen_by_people(base: Any, mine: Any, theirs: Any) -> None:
    undecided = three_way(base, mine, theirs, {})
    paths = [clash.path for clash in undecided.clashes]
    assert len(paths) == len(set(paths))
    for clash in undecided.clashes:
        assert clash.mine != clash.theirs
    for choice, side in (("mine", mine), ("theirs", theirs)):
        decided = three_way(base, mine, theirs, dict.fromkeys(paths, choice))
        assert decided.clashes == []
        if paths:
            # What was chosen reads as it does on that side.
            unlike = {one.path for one in differences(side, decided.document)}
            assert unlike.isdisjoint(paths)
