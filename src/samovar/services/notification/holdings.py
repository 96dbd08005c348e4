"""What notification says of the personal data in its tables; a table with `account_id` alone needs no word here."""

from samovar.kit.personal_data import PersonalData, Table

HOLDINGS = PersonalData(
    tables=(
        # An id alone stands there for whom a notification is about besides its reader: whoever is erased is nobody there.
        Table(name="notifications", exported_from="shown_notifications"),
    ),
    impersonal=("forgotten",),
)
