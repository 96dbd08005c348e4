-- How much an app was played by all in spans of time that are over, as it was counted once. Play that is told of later takes the sums that it touches
-- away, and they are counted anew. Nobody is named here.
CREATE TABLE play_sums (
    app_id   uuid        NOT NULL,
    since    timestamptz NOT NULL,
    until    timestamptz NOT NULL,
    players  bigint      NOT NULL,
    sessions bigint      NOT NULL,
    seconds  bigint      NOT NULL,
    median_s bigint      NOT NULL,
    PRIMARY KEY (app_id, since, until),
    CHECK (since < until)
);
