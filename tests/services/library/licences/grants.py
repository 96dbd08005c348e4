"""Licences to be granted, for tests."""

from typing import Any
from uuid import uuid4

from samovar.kit.ids import new_id
from samovar.services.library.licences.domain import Wanted


def wanted(**said: Any) -> Wanted:
    """Return a purchase of one app by somebody new; `said` are fields of `Wanted`."""
    return Wanted(
        **{
            "account_id": uuid4(),
            "app_ids": (new_id(),),
            "kind": "purchase",
            "source": "order",
            "source_id": new_id().hex,
            **said,
        }
    )
