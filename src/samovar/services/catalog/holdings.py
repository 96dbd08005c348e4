"""What catalog says of the personal data in its tables; a table with `account_id` alone needs no word here."""

from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Transaction
from samovar.kit.personal_data import PersonalData, Table
from samovar.services.catalog.apps.tags import weights
from samovar.services.catalog.reviews import erasing as reviews
from samovar.services.catalog.wishlist.following import erasing as following


async def forget(tx: Transaction, account_id: UUID, clock: Clock) -> None:
    """Take a person out of everything that counts people, before their rows go."""
    await weights.forget(tx, account_id)
    await reviews.forget(tx, account_id, clock)
    await following.forget(tx, account_id)


HOLDINGS = PersonalData(
    tables=(
        # The history of a page is the page's: it stays without the name of who edited it.
        Table(name="app_versions", becomes={"account_id": None}, hidden=("document",)),
        Table(name="app_drafts", becomes={"account_id": None}, hidden=("document",)),
        *(
            Table(name=name, becomes={"account_id": None})
            for name in (
                "creator_versions",
                "package_versions",
                "bundle_versions",
                "sale_versions",
                "discount_ends",
            )
        ),
        # What was charged stays on record, without who set it.
        Table(name="base_prices", becomes={"account_id": None}),
        Table(name="discounts", becomes={"account_id": None}),
        # The organisation wrote it.
        Table(name="news_posts", person=("author_id",), becomes={"author_id": None}),
        # The organisation answered, and the platform decided: what stays names nobody.
        Table(name="review_answers", person=("actor_id",), becomes={"actor_id": None}),
        Table(name="tag_decisions", person=("actor_id",), becomes={"actor_id": None}),
        Table(name="review_decisions", person=("actor_id",), becomes={"actor_id": None}),
    ),
    before_erasing=forget,
)
