"""A shelf."""

import pytest

from samovar.kit.database import Database
from tests.services.library.shelf.bookshelf import Bookshelf


@pytest.fixture
def books(own_database: Database) -> Bookshelf:
    return Bookshelf(own_database)
