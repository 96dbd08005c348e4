"""REST: saves of games."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from samovar.kit.errors import InvalidInput, TooLarge, Unavailable
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.answers import Answer, AnswerOf
from samovar.kit.rest.etags import IfMatch, IfNoneMatch, client_has
from samovar.kit.rest.parameters import header
from samovar.kit.routes import RateLimit, delete, get, put
from samovar.services.library.errors import GameNotFound
from samovar.services.library.saves.domain import FILE_BYTES_MAX
from samovar.services.library.saves.errors import (
    SaveConflict,
    SaveNameTaken,
    SaveNotFound,
    SavePreconditionMissing,
    SaveQuotaExceeded,
    SaveRangeInvalid,
    SaveShrunk,
    SaveVersionNotFound,
    TooManySaveConflicts,
)
from samovar.services.library.saves.schemas import Choice, DeviceId, SaveFile, SaveVersion
from samovar.services.library.saves.use_cases import Saves, Wish

BODY_BYTES_MAX = 4_096
TIMEOUT_MS = 30_000
# Of a client that does not say which device it is on; versions are told apart all the same.
UNNAMED_DEVICE = "unnamed"
BYTES = "application/octet-stream"
_SAVES = "/v1/library/{game_id:uuid}/saves"
_SAVE = _SAVES + "/{path:str}"
_READ = RateLimit(1_200, per_s=60, by="account")
_WRITTEN = RateLimit(600, per_s=60, by="account")

Path = Annotated[
    str, Meta(max_length=255, description="The name of the file; `:` divides its folders from each other.")
]
Range = Annotated[
    Annotated[str, Meta(max_length=64, description="One span of bytes: `bytes=0-1023`.")] | None,
    header("Range"),
]


@get(_SAVES, auth="player", rate_limit=_READ, raises=(InvalidInput,))
async def list_saves(
    game_id: UUID, caller: Caller, saves: Saves, cursor: str | None = None, limit: Limit = LIMIT_DEFAULT
) -> Page[SaveFile]:
    """List the files of a game by name, deleted ones too, and where devices have gone apart."""
    return await saves.list_files(caller.account_id, game_id, cursor, limit)


@put(
    _SAVE,
    auth="player",
    status=201,
    rate_limit=_WRITTEN,
    timeout_ms=TIMEOUT_MS,
    body_bytes_max=FILE_BYTES_MAX,
    body="bytes",
    may_be_empty=True,
    raises=(
        InvalidInput,
        SavePreconditionMissing,
        GameNotFound,
        SaveConflict,
        SaveShrunk,
        SaveNameTaken,
        SaveQuotaExceeded,
        TooManySaveConflicts,
        TooLarge,
        Unavailable,
    ),
)
async def put_save(
    game_id: UUID,
    path: Path,
    data: bytes,
    caller: Caller,
    saves: Saves,
    device_id: DeviceId = UNNAMED_DEVICE,
    *,
    confirm: bool = False,
    if_match: IfMatch = None,
    if_none_match: IfNoneMatch = None,
) -> AnswerOf[SaveVersion]:
    """Keep a file: `If-Match` names the version that the device had, `If-None-Match: *` says that it had none.

    When another device was first, the upload is kept all the same: 412 `save.conflict` names it as `yours` beside `current`. An upload
    that is ten times smaller than the current version is refused until it comes with `confirm=true`. Sent again, nothing changes.
    """
    wish = Wish(device_id=device_id, if_match=if_match, if_none_match=if_none_match, is_confirmed=confirm)
    version = await saves.put(caller.account_id, game_id, path, data, wish)
    return AnswerOf(version, status=201, headers={"ETag": f'"{version.version_id}"'})


@get(
    _SAVE,
    auth="player",
    rate_limit=_READ,
    timeout_ms=TIMEOUT_MS,
    media_type=BYTES,
    raises=(InvalidInput, SaveNotFound, SaveVersionNotFound, SaveRangeInvalid, Unavailable),
)
async def get_save(
    game_id: UUID,
    path: Path,
    caller: Caller,
    saves: Saves,
    version_id: UUID | None = None,
    span: Range = None,
    if_none_match: IfNoneMatch = None,
) -> Answer:
    """Return the content of a file, of its current version or of another; its `ETag` is the id of the version."""
    version = await saves.find(caller.account_id, game_id, path, version_id)
    etag = f'"{version.version_id}"'
    headers = {
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": "attachment",
    }
    if client_has(if_none_match, etag):
        return Answer(status=304, headers=headers)
    content = await saves.read(version, span)
    if not content.is_part:
        return Answer(content.data, media_type=BYTES, headers=headers)
    last = content.begin + len(content.data) - 1
    headers["Content-Range"] = f"bytes {content.begin}-{last}/{version.size_bytes}"
    return Answer(content.data, status=206, media_type=BYTES, headers=headers)


@delete(
    _SAVE,
    auth="player",
    rate_limit=_WRITTEN,
    # Told again, the file is gone already, which would be answered 404.
    idempotent=False,
    raises=(InvalidInput, SaveNotFound, SaveConflict),
)
async def delete_save(
    game_id: UUID,
    path: Path,
    caller: Caller,
    saves: Saves,
    device_id: DeviceId = UNNAMED_DEVICE,
    if_match: IfMatch = None,
) -> None:
    """Delete a file: its versions stay for a while, and choosing one restores it."""
    await saves.delete(caller.account_id, game_id, path, if_match, device_id)


@get(_SAVE + "/versions", auth="player", rate_limit=_READ, raises=(InvalidInput, SaveNotFound))
async def list_save_versions(
    game_id: UUID,
    path: Path,
    caller: Caller,
    saves: Saves,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[SaveVersion]:
    """List the versions of a file, the newest first."""
    return await saves.list_versions(caller.account_id, game_id, path, cursor, limit)


@put(
    _SAVE + "/current",
    auth="player",
    rate_limit=_WRITTEN,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, SaveVersionNotFound, SaveConflict),
)
async def choose_save(
    game_id: UUID, path: Path, data: Choice, caller: Caller, saves: Saves, if_match: IfMatch = None
) -> SaveVersion:
    """Let a version be the current one: settles the conflict of a file, or restores an older version; the others stay in its history."""
    return await saves.choose(caller.account_id, game_id, path, data, if_match)
