"""What fields of requests hold is read or refused by name."""

from uuid import uuid4

import pytest

from samovar.kit.errors import InvalidInput
from samovar.kit.rpc.fields import read_id, read_ids, require_at_most


def test_ids_are_read() -> None:
    ids = [uuid4(), uuid4()]
    assert read_id("app_id", str(ids[0])) == ids[0]
    assert read_ids("app_ids", [str(one) for one in ids], most=2) == ids
    assert read_ids("app_ids", [], most=2) == []


@pytest.mark.parametrize("text", ["", "7", "не id", "g" * 36])
def test_what_is_no_id_is_refused_by_the_name_of_its_field(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_ids("app_ids", [str(uuid4()), text], most=2)
    assert [(fault.field, fault.code) for fault in refused.value.fields] == [("app_ids", "invalid")]


def test_a_list_that_is_too_long_is_refused_with_its_limit() -> None:
    require_at_most("items", 2, 2)
    with pytest.raises(InvalidInput) as refused:
        read_ids("app_ids", ["not", "even", "ids"], most=2)
    assert [(fault.field, fault.code, fault.limit) for fault in refused.value.fields] == [
        ("app_ids", "too_long", "2")
    ]
