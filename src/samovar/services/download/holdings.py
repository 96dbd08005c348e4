"""What download says of the personal data in its tables."""

from samovar.kit.personal_data import PersonalData, Table

_WHO = "who did what in the name of an organisation"

HOLDINGS = PersonalData(
    tables=(
        # Ids alone: whoever is erased is nobody there.
        Table(name="build_keys", person=("added_by", "revoked_by"), kept_because=_WHO),
        Table(name="builds", person=("made_by",), kept_because=_WHO),
        Table(name="branch_versions", person=("account_id",), kept_because=_WHO),
    ),
)
