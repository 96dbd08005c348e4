-- What the adults of a family let a child do; a child without a row has the defaults.
CREATE TABLE child_limits (
    account_id         uuid        PRIMARY KEY REFERENCES family_members ON DELETE CASCADE,
    -- Games of a higher age mark are kept away; none where the child's own age decides alone.
    age_max            smallint    CHECK (age_max IN (0, 6, 12, 16, 18)),
    -- From Monday to Sunday; none where time is not limited.
    minutes_by_weekday smallint[]  CHECK (cardinality(minutes_by_weekday) = 7),
    -- The part of a day in which the child may play, in minutes since midnight.
    opens_minute       smallint    CHECK (opens_minute BETWEEN 0 AND 1439),
    closes_minute      smallint    CHECK (closes_minute BETWEEN 1 AND 1440),
    time_zone          text        NOT NULL,
    may_open_store     boolean     NOT NULL,
    chat               text        NOT NULL CHECK (chat IN ('nobody', 'friends', 'everyone')),
    purchases          text        NOT NULL CHECK (purchases IN ('never', 'approval', 'free')),
    changed_by         uuid        NOT NULL,
    changed_at         timestamptz NOT NULL,
    CHECK ((opens_minute IS NULL) = (closes_minute IS NULL)),
    CHECK (opens_minute < closes_minute)
);

-- More time for one day, that an adult gave.
CREATE TABLE child_extra_time (
    account_id uuid     NOT NULL REFERENCES family_members ON DELETE CASCADE,
    -- The day where the child is.
    day        date     NOT NULL,
    minutes    smallint NOT NULL CHECK (minutes > 0),
    PRIMARY KEY (account_id, day)
);

CREATE INDEX child_extra_time_by_day ON child_extra_time (day);
