"""What can go wrong with pictures.

NotFound
└── ImageNotFound  404  catalog.image_not_found  there is no such picture
RateLimited
└── MediaBusy      429  catalog.media_busy       too many others wait for theirs to be painted
"""

from samovar.kit.errors import NotFound, RateLimited


class ImageNotFound(NotFound):
    """There is no such picture, or no longer."""

    code = "catalog.image_not_found"


class MediaBusy(RateLimited):
    """Too many pictures wait to be painted; try again in a few seconds."""

    code = "catalog.media_busy"
