-- Up to six accounts that belong together. Its row is the lock of all that happens in it.
CREATE TABLE families (
    id         uuid        PRIMARY KEY,
    -- Counts the events about the family.
    version    bigint      NOT NULL,
    created_at timestamptz NOT NULL
);

-- Nobody belongs to two families: the key is the account.
CREATE TABLE family_members (
    account_id uuid        PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    family_id  uuid        NOT NULL REFERENCES families ON DELETE CASCADE,
    role       text        NOT NULL CHECK (role IN ('adult', 'child')),
    joined_at  timestamptz NOT NULL
);

CREATE INDEX family_members_by_family ON family_members (family_id);

-- Who left, while their place stays taken and they may have to wait. The family itself may be no more.
CREATE TABLE family_departures (
    account_id uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    family_id  uuid        NOT NULL,
    left_at    timestamptz NOT NULL,
    -- Whether the account may not join another family meanwhile.
    waits      boolean     NOT NULL,
    PRIMARY KEY (account_id, family_id)
);

CREATE INDEX family_departures_by_family ON family_departures (family_id);
CREATE INDEX family_departures_by_age ON family_departures (left_at);

CREATE TABLE family_invites (
    id         uuid        PRIMARY KEY,
    family_id  uuid        NOT NULL REFERENCES families ON DELETE CASCADE,
    account_id uuid        NOT NULL REFERENCES accounts ON DELETE CASCADE,
    invited_by uuid        NOT NULL,
    role       text        NOT NULL CHECK (role IN ('adult', 'child')),
    state      text        NOT NULL CHECK (state IN ('pending', 'accepted', 'declined', 'canceled', 'expired')),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE UNIQUE INDEX pending_invites_by_account ON family_invites (account_id, family_id) WHERE state = 'pending';
CREATE INDEX family_invites_by_family ON family_invites (family_id, id);
CREATE INDEX family_invites_by_account ON family_invites (account_id, id);
CREATE INDEX pending_invites_by_expiry ON family_invites (expires_at) WHERE state = 'pending';
CREATE INDEX closed_invites_by_age ON family_invites (created_at) WHERE state <> 'pending';
