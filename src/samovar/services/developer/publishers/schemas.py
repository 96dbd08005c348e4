"""Publishers as doors show and take them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

TOKEN_LENGTH_MAX = 16_384
PUBLISHERS_PER_APP_MAX = 20

Repository = Annotated[
    str, Meta(min_length=3, max_length=200, pattern=r"^[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+\Z")
]
Workflow = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_./-]+\.ya?ml\Z")]
Ref = Annotated[
    str, Meta(min_length=1, max_length=200, pattern=r"^refs/(?:heads|tags)/[^\s\x00-\x1f*]*\*?\Z")
]
Environment = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^\S(?:[^\x00-\x1f\x7f]*\S)?\Z")]


class NewPublisher(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pipeline to be trusted.

    Attributes:
        issuer: Who vouches for it: one of those that this platform knows.
        repository: `owner/name`, or the path of a project.
        workflow: The file that says what the pipeline does, from the root of the repository.
        ref: `refs/heads/main`, or with `*` at its end whatever begins so: `refs/tags/v*`; none: any.
        environment: The environment of deployment that the pipeline must run in; none: any, or none.
        scope: What its keys may do, of what the caller may.
    """

    issuer: Annotated[str, Meta(min_length=8, max_length=200, pattern=r"^https?://[^\s]+\Z")]
    repository: Repository
    workflow: Workflow
    ref: Ref | None = None
    environment: Environment | None = None
    scope: Annotated[str, Meta(min_length=1, max_length=512, pattern=r"^[a-z0-9_.* ]+\Z")]


class Publisher(msgspec.Struct, frozen=True, kw_only=True):
    """A pipeline that is trusted to publish an app.

    Attributes:
        account_id: Who trusts it: its keys do no more than they may, and end with their role.
        repository_id: What the issuer calls the repository for ever, since the first use; a repository of the same name with another id is another one.
    """

    id: UUID
    app_id: UUID
    organisation_id: UUID
    account_id: UUID
    issuer: str
    repository: str
    workflow: str
    ref: str | None
    environment: str | None
    scope: str
    repository_id: str | None
    created_at: datetime
    last_used_at: datetime | None


class PipelineToken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The token of a pipeline, as its issuer made it for this platform.

    Attributes:
        app_id: The app that is to be published.
    """

    token: Annotated[str, Meta(min_length=1, max_length=TOKEN_LENGTH_MAX)]
    app_id: UUID

    def __repr__(self) -> str:
        return f"PipelineToken({self.app_id}, …)"


class PipelineKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key of minutes.

    Attributes:
        key: Send it as `X-API-Key`.
    """

    key: str
    scope: str
    expires_at: datetime

    def __repr__(self) -> str:
        return f"PipelineKey({self.scope}, …)"
