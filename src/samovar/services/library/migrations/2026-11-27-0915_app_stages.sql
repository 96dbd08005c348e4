-- Whether an app is out: what was bought in advance waits for that. Every copy is made anew within seconds; until then nothing is kept from anybody.
ALTER TABLE app_copies ADD COLUMN stage text;

UPDATE app_copies SET known_version = 0;
