-- How a person wants the platform to look and speak; an account without a row has the defaults. Language and country are
-- columns of `accounts`.
CREATE TABLE preferences (
    account_id        uuid    PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    time_zone         text    NOT NULL,
    theme             text    NOT NULL,
    hidden_content    text[]  NOT NULL,
    is_motion_reduced boolean NOT NULL,
    version           bigint  NOT NULL
);
