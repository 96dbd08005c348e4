"""A studio."""

import pytest

from samovar.testing.hosting import Running
from tests.services.library.achievements.studio import Studio


@pytest.fixture
async def studio(library: Running) -> Studio:
    made = Studio(library)
    await made.found(made.organisation_id)
    return made
