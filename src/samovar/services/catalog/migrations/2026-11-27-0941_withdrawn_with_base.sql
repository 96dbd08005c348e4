-- What left the store because its game did: it comes back with that. What somebody took out by itself is not here.
CREATE TABLE withdrawn_with_base (
    app_id      uuid PRIMARY KEY REFERENCES apps ON DELETE CASCADE,
    base_app_id uuid NOT NULL REFERENCES apps ON DELETE CASCADE
);

CREATE INDEX withdrawn_with_base_by_base ON withdrawn_with_base (base_app_id);
