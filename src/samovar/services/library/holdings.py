"""What library says of the personal data in its tables; a table with `account_id` alone needs no word here."""

from samovar.kit.personal_data import PersonalData, Table

HOLDINGS = PersonalData(
    tables=(
        Table(name="activation_keys", becomes={"account_id": None}),
        # One row a game: an export hands over a limited number of them.
        Table(name="player_achievements", exported_from="player_achievements_by_game"),
        Table(name="player_stats", exported_from="player_stats_by_game"),
        Table(name="played_spans", exported_from="played_spans_by_game"),
        Table(name="save_files", exported_from="saves_by_game"),
        Table(name="save_versions", exported_from="save_sizes_by_game"),
        # Ids alone: whoever is erased is nobody there.
        Table(name="key_batches", person=("created_by",), kept_because="whose keys others have redeemed"),
    ),
)
