-- Apps that came out, while something that was bought before that waits to be delivered.
CREATE TABLE released_apps (
    app_id      uuid        PRIMARY KEY,
    released_at timestamptz NOT NULL
);

-- When library was asked last for the licence of a line, because it had not come by itself.
CREATE TABLE licence_requests (
    line_id  uuid        PRIMARY KEY REFERENCES order_lines,
    asked_at timestamptz NOT NULL
);
