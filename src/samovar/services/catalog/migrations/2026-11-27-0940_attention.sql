-- How wishlists changed, by app and day of Moscow. A row is divided into shards, so that a game that everybody wants at once is not one lock.
CREATE TABLE wish_days (
    app_id  uuid     NOT NULL,
    day     date     NOT NULL,
    shard   smallint NOT NULL,
    added   bigint   NOT NULL DEFAULT 0,
    removed bigint   NOT NULL DEFAULT 0,
    -- Left the list because its owner has got the game.
    bought  bigint   NOT NULL DEFAULT 0,
    PRIMARY KEY (app_id, day, shard)
);

-- What is wanted by now counts as added when it was; what left lists before today nobody has counted.
INSERT INTO wish_days (app_id, day, shard, added)
SELECT app_id, (added_at AT TIME ZONE INTERVAL '3 hours')::date, 0, count(*) FROM wishes GROUP BY 1, 2;

-- How often pages were looked at, by app, day of Moscow and where from.
CREATE TABLE view_days (
    app_id   uuid   NOT NULL,
    day      date   NOT NULL,
    source   text   NOT NULL,
    views    bigint NOT NULL,
    visitors bigint NOT NULL,
    PRIMARY KEY (app_id, day, source)
);
