"""The developer service reads drafts, and has them published and pages withdrawn."""

from typing import Any
from uuid import uuid4

import msgspec
import pytest

from samovar.kit.errors import SamovarError
from samovar.services.catalog.contract import v1_pb2
from samovar.services.catalog.contract.v1_pb2_grpc import EditingStub
from samovar.testing.hosting import Running
from tests.services.catalog.editing.desk import TAGS, Desk


async def _call(catalog: Running, method: str, request: Any) -> Any:
    async with catalog.channel() as channel:
        return await getattr(EditingStub(channel), method)(request)


async def test_a_draft_is_read_published_and_withdrawn(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.whole()
    draft = await _call(catalog, "GetDraft", v1_pb2.GetDraftRequest(app_id=app_id))
    assert (draft.state, draft.draft_version, draft.organisation_id) == (
        "draft",
        1,
        str(desk.organisation_id),
    )
    assert msgspec.json.decode(draft.page_json)["tags"] == TAGS
    assert {one.path for one in draft.differences} >= {"tags", "licence", "texts.ru.description"}
    assert (list(draft.clashes), list(draft.needed)) == ([], [])
    account_id = str(uuid4())
    published = await _call(
        catalog,
        "PublishDraft",
        v1_pb2.PublishDraftRequest(app_id=app_id, account_id=account_id, reason="выпуск", draft_version=1),
    )
    assert (published.state, published.page_version) == ("published", 2)
    left = await _call(
        catalog,
        "WithdrawApp",
        v1_pb2.WithdrawAppRequest(app_id=app_id, account_id=account_id, reason="по просьбе"),
    )
    assert (left.state, left.page_version) == ("withdrawn", 3)
    history = (await desk.ask("GET", f"/{app_id}/history")).body["items"]
    assert [(one["reason"], one["account_id"]) for one in history[:2]] == [
        ("по просьбе", account_id), ("выпуск", account_id),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "request_", "code"),
    [
        ("GetDraft", v1_pb2.GetDraftRequest(app_id="x"), "request.invalid"),
        ("GetDraft", v1_pb2.GetDraftRequest(app_id=str(uuid4())), "catalog.app_not_found"),
        (
            "PublishDraft",
            v1_pb2.PublishDraftRequest(app_id=str(uuid4()), account_id=str(uuid4())),
            "request.invalid",
        ),
        (
            "WithdrawApp",
            v1_pb2.WithdrawAppRequest(app_id=str(uuid4()), account_id=str(uuid4()), reason="x" * 501),
            "request.invalid",
        ),
    ],
)
async def test_nonsense_is_refused(catalog: Running, method: str, request_: Any, code: str) -> None:
    with pytest.raises(SamovarError) as refused:
        await _call(catalog, method, request_)
    assert refused.value.code == code


async def test_what_a_draft_lacks_is_told_with_its_fields(catalog: Running) -> None:
    desk = Desk(catalog)
    app_id = await desk.new()
    draft = await _call(catalog, "GetDraft", v1_pb2.GetDraftRequest(app_id=app_id))
    assert [one.code for one in draft.needed] == ["text_needed", "capsule_needed"]
    with pytest.raises(SamovarError) as refused:
        await _call(
            catalog,
            "PublishDraft",
            v1_pb2.PublishDraftRequest(app_id=app_id, account_id=str(uuid4()), reason="x"),
        )
    assert refused.value.code == "catalog.page_incomplete"
    assert [field.field for field in refused.value.fields] == ["texts.ru.description", "media"]
