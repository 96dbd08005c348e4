-- What library told of each licence. `owned_apps` follows from these rows: an app is owned while any licence that is not over opens it.
CREATE TABLE held_licences (
    licence_id uuid        PRIMARY KEY,
    account_id uuid        NOT NULL,
    app_ids    uuid[]      NOT NULL,
    granted_at timestamptz NOT NULL,
    -- Revoked, or its time is over; it never comes back, so that a grant that is heard of later changes nothing.
    is_over    boolean     NOT NULL
);

CREATE INDEX held_licences_by_account ON held_licences (account_id) WHERE NOT is_over;
