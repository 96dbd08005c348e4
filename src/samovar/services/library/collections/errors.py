"""What can go wrong in collections.

NotFound
└── CollectionNotFound   404  library.collection_not_found   the caller has no such collection
Conflict
├── CollectionNameTaken  409  library.collection_name_taken  another one of the caller's reads so
├── CollectionsFull      409  library.collections_full       together they hold as many games as they may
└── TooManyCollections   409  library.too_many_collections   the caller has as many as one may have
"""

from samovar.kit.errors import Conflict, NotFound


class CollectionNotFound(NotFound):
    """The caller has no such collection."""

    code = "library.collection_not_found"


class CollectionNameTaken(Conflict):
    """Another collection of the caller's reads so, but for case, accents and punctuation."""

    code = "library.collection_name_taken"


class CollectionsFull(Conflict):
    """All collections of the caller together hold as many games as they may."""

    code = "library.collections_full"


class TooManyCollections(Conflict):
    """The caller has as many collections as one may have."""

    code = "library.too_many_collections"
