-- What children ask the adults of their family for.
CREATE TABLE family_requests (
    id         uuid        PRIMARY KEY,
    family_id  uuid        NOT NULL REFERENCES families ON DELETE CASCADE,
    account_id uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    kind       text        NOT NULL CHECK (kind IN ('purchase', 'play_time')),
    package_id uuid,
    -- More time to play on a day where the child is; what was given, once it is approved.
    minutes    smallint,
    day        date,
    note       text,
    state      text        NOT NULL CHECK (state IN ('pending', 'approved', 'declined', 'canceled', 'expired')),
    decided_by uuid,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    decided_at timestamptz,
    CHECK ((kind = 'purchase') = (package_id IS NOT NULL)),
    CHECK ((kind = 'play_time') = (minutes IS NOT NULL AND day IS NOT NULL)),
    CHECK ((state = 'pending') = (decided_at IS NULL))
);

CREATE UNIQUE INDEX open_purchase_requests ON family_requests (account_id, package_id)
    WHERE state = 'pending' AND kind = 'purchase';
CREATE UNIQUE INDEX open_play_time_requests ON family_requests (account_id)
    WHERE state = 'pending' AND kind = 'play_time';
CREATE INDEX family_requests_by_family ON family_requests (family_id, kind, id);
CREATE INDEX family_requests_by_account ON family_requests (account_id, kind, id);
CREATE INDEX open_family_requests_by_expiry ON family_requests (expires_at) WHERE state = 'pending';
CREATE INDEX closed_family_requests_by_age ON family_requests (decided_at) WHERE state <> 'pending';
