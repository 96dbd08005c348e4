"""What is copied of an app."""

from uuid import UUID

import msgspec


class AppCopy(msgspec.Struct, frozen=True, kw_only=True):
    """An app, as catalog tells of it.

    Attributes:
        sort_ru: By what it is ordered where titles are Russian, and so is `sort_en`.
        words: The words of both titles.
        stage: `coming_soon`, `early_access` or `released`.
        organisation_id: Who publishes it; none for what was imported.
        version: Counts the changes.
    """

    app_id: UUID
    slug: str
    title_ru: str
    title_en: str
    sort_ru: str
    sort_en: str
    words: str
    kind: str
    stage: str
    base_app_id: UUID | None
    capsule_url: str | None
    organisation_id: UUID | None
    version: int


class Behind(msgspec.Struct, frozen=True, kw_only=True):
    """An app whose copy is older than what was told of, and which version that was."""

    app_id: UUID
    told_version: int


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """Whose an app is.

    Attributes:
        organisation_id: None for what was imported.
        base_app_id: The game that it belongs to.
    """

    organisation_id: UUID | None
    base_app_id: UUID | None


class KnownStage(Owner, frozen=True, kw_only=True):
    """Whether an app is out, and whose it is.

    Attributes:
        stage: None where it is not copied yet.
    """

    stage: str | None
