"""What account says of the personal data in its tables; a table with `account_id` alone needs no word here."""

from samovar.kit.personal_data import PersonalData, Table
from samovar.services.account.personal_data.archive import drop_exports

ERASED_NAME = "Удалённый игрок"


HOLDINGS = PersonalData(
    tables=(
        # Others' lists, reviews and messages go on pointing at the row.
        Table(
            name="accounts",
            person=("id",),
            becomes={
                "display_name": ERASED_NAME,
                "name": None,
                "name_key": None,
                "name_changed_at": None,
                "bio": "",
                "links": [],
                # The picture itself is deleted within two hours, as all are that nobody has.
                "avatar": None,
                "country": None,
                "is_country_shown": False,
                "birth_date": None,
                "age_source": None,
                "age_level": 0,
                "age_level_due": None,
                "display_key": "",
                "search_key": "",
                "is_listed": False,
                "is_erased": True,
            },
        ),
        Table(
            name="relations",
            person=("low_id", "high_id"),
            # Half of each row is the other one's: what they call this person, that they block or have declined them.
            exported_from="own_relations",
        ),
        # Whom others show more or less is theirs to know.
        Table(name="privacy_exceptions", person=("account_id", "other_id"), exported_by=("account_id",)),
        # An invite from somebody who is gone leads nowhere.
        Table(name="family_invites", person=("account_id", "invited_by")),
        Table(
            name="consents",
            becomes={"address": None},
            kept_because="152-ФЗ, article 9, part 3: the proof that there was a consent",
        ),
        Table(
            name="data_requests",
            hidden=("archive",),
            kept_because="152-ФЗ, article 14: the proof that the wish was met; its addresses are deleted when it is",
        ),
    ),
    before_erasing=drop_exports,
)
