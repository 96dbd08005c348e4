-- The wordings that people were asked to agree to. A published version never changes: its hash is the proof of what it said.
CREATE TABLE consent_texts (
    purpose      text        NOT NULL,
    version      text        NOT NULL,
    -- By language.
    texts        jsonb       NOT NULL,
    hash         bytea       NOT NULL,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (purpose, version)
);

-- Each yes and each no, for ever: 152-ФЗ, article 9, part 3, lays the proof of a consent on the operator.
CREATE TABLE consents (
    seq          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id   uuid        NOT NULL,
    purpose      text        NOT NULL,
    is_given     boolean     NOT NULL,
    -- None where the client did not say what was shown.
    text_version text,
    text_hash    bytea,
    -- Where it was said: `registration`, `account`, `erasure`.
    channel      text        NOT NULL,
    -- From which network address; forgotten with the person.
    address      text,
    happened_at  timestamptz NOT NULL
);
CREATE INDEX consents_by_account ON consents (account_id, purpose, seq DESC);

CREATE FUNCTION refuse_to_change_a_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.address IS NULL AND row(NEW.seq, NEW.account_id, NEW.purpose, NEW.is_given,
        NEW.text_version, NEW.text_hash, NEW.channel, NEW.happened_at) IS NOT DISTINCT FROM row(OLD.seq, OLD.account_id,
        OLD.purpose, OLD.is_given, OLD.text_version, OLD.text_hash, OLD.channel, OLD.happened_at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the ledger of consents is only added to';
END $$;
CREATE TRIGGER consents_are_only_added_to BEFORE UPDATE OR DELETE ON consents
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_a_consent();
