"""Asks catalog about drafts, and has them published."""

from collections.abc import Awaitable
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from samovar.kit.errors import DeadlineExceeded, NotFound, Unavailable
from samovar.kit.rpc.client import Peers
from samovar.services.catalog.contract import v1_pb2
from samovar.services.catalog.contract.v1_pb2_grpc import EditingStub
from samovar.services.developer.errors import CatalogAway
from samovar.services.developer.submissions.errors import AppNotFound
from samovar.services.developer.submissions.schemas import Difference

TIMEOUT_S = 5.0

T = TypeVar("T")


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """The draft of a page, as catalog tells of it.

    Attributes:
        organisation_id: None for what was imported.
        state: `draft`, `published` or `withdrawn`, of the app.
        id: None where there is no draft; `version` is 0 then.
        lacking: Paths of what a page needs and this one has not, and codes of our own for it.
        clashes: Paths that draft and page have both changed.
        base_app_id: The game that it belongs to.
        needs_base: That is not in the store, or not out although this would be.
    """

    slug: str
    kind: str
    organisation_id: UUID | None
    state: str
    id: UUID | None
    version: int
    page_version: int
    page: Any
    differences: list[Difference]
    clashes: list[str]
    lacking: list[tuple[str, str]]
    base_app_id: UUID | None
    needs_base: bool


class Pages:
    """Asks catalog. Every method raises `CatalogAway` when it does not answer, and `AppNotFound` when there is no such app."""

    def __init__(self, peers: Peers) -> None:
        self._editing = EditingStub(peers.channel("catalog"))

    async def draft(self, app_id: UUID) -> Draft:
        """Return the draft of an app, or its page where there is none."""
        found = await _answered(
            self._editing.GetDraft(v1_pb2.GetDraftRequest(app_id=str(app_id)), timeout=TIMEOUT_S)
        )
        return Draft(
            slug=found.slug,
            kind=found.kind,
            organisation_id=UUID(found.organisation_id) if found.HasField("organisation_id") else None,
            state=found.state,
            id=UUID(found.draft_id) if found.HasField("draft_id") else None,
            version=found.draft_version,
            page_version=found.page_version,
            page=msgspec.json.decode(found.page_json),
            differences=[
                Difference(
                    path=one.path,
                    before=msgspec.json.decode(one.before_json) if one.HasField("before_json") else None,
                    after=msgspec.json.decode(one.after_json) if one.HasField("after_json") else None,
                )
                for one in found.differences
            ],
            clashes=list(found.clashes),
            lacking=[(need.field, f"page_{need.code}") for need in found.needed],
            base_app_id=UUID(found.base_app_id) if found.HasField("base_app_id") else None,
            needs_base=found.needs_base,
        )

    async def publish(
        self, app_id: UUID, *, account_id: UUID, reason: str, draft_id: UUID | None, draft_version: int
    ) -> int:
        """Make a draft the page, and return the version of that page; with the same account and reason once more, that it was.

        Raises:
            SamovarError: Catalog does not take it; nothing was changed.
        """
        done = await _answered(
            self._editing.PublishDraft(
                v1_pb2.PublishDraftRequest(
                    app_id=str(app_id),
                    account_id=str(account_id),
                    reason=reason,
                    draft_version=draft_version,
                    draft_id=str(draft_id) if draft_id else None,
                ),
                timeout=TIMEOUT_S,
            )
        )
        return done.page_version


async def _answered(call: Awaitable[T]) -> T:
    try:
        return await call
    except (Unavailable, DeadlineExceeded) as error:
        raise CatalogAway(f"catalog: {error}", retry_after_s=error.retry_after_s or 1.0) from error
    except NotFound as error:
        raise AppNotFound(str(error)) from error
