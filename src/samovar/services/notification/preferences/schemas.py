"""The shapes of preferences."""

from typing import Annotated

import msgspec
from msgspec import Meta

from samovar.services.notification.domain import CATEGORIES, Category


class CategoryPreference(msgspec.Struct, frozen=True, kw_only=True):
    """Whether one is told of a category.

    Attributes:
        inbox: In the inbox of the client.
        is_fixed: It cannot be muted.
    """

    category: Category
    inbox: bool
    is_fixed: bool


class NotificationPreferences(msgspec.Struct, frozen=True):
    """Of what one wants to be told; all categories."""

    categories: list[CategoryPreference]


class WantedCategory(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one wants of a category."""

    category: Category
    inbox: bool


class WantedPreferences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of what one wants to be told; a category that is not named is told."""

    categories: Annotated[list[WantedCategory], Meta(max_length=len(CATEGORIES))]
