-- Who may see what of an account; an account without a row has the defaults.
CREATE TABLE privacy (
    account_id  uuid    PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    profile     text    NOT NULL CHECK (profile IN ('everyone', 'friends', 'nobody')),
    library     text    NOT NULL CHECK (library IN ('everyone', 'friends', 'nobody')),
    friends     text    NOT NULL CHECK (friends IN ('everyone', 'friends', 'nobody')),
    activity    text    NOT NULL CHECK (activity IN ('everyone', 'friends', 'nobody')),
    is_findable boolean NOT NULL,
    version     bigint  NOT NULL
);

-- For one other person a section is open or closed whatever the rule says. `other_id` is an account that may be gone.
CREATE TABLE privacy_exceptions (
    account_id uuid    NOT NULL REFERENCES accounts ON DELETE CASCADE,
    other_id   uuid    NOT NULL,
    section    text    NOT NULL CHECK (section IN ('profile', 'library', 'friends', 'activity')),
    is_allowed boolean NOT NULL,
    PRIMARY KEY (account_id, other_id, section)
);

CREATE INDEX privacy_exceptions_by_other ON privacy_exceptions (other_id);
