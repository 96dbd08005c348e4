-- Who is paid, as they are now.
CREATE TABLE payees (
    organisation_id uuid        PRIMARY KEY,
    version         int         NOT NULL CHECK (version > 0),
    legal_form      text        NOT NULL CHECK (legal_form IN ('company', 'entrepreneur', 'self_employed')),
    -- As the register has it.
    name            text        NOT NULL CHECK (length(name) BETWEEN 1 AND 300),
    inn             text        NOT NULL CHECK (inn ~ '^(\d{10}|\d{12})$'),
    kpp             text        CHECK (kpp ~ '^\d{4}[0-9A-Z]{2}\d{3}$'),
    -- ОГРН of a company, ОГРНИП of an entrepreneur.
    ogrn            text        CHECK (ogrn ~ '^(\d{13}|\d{15})$'),
    legal_address   text        CHECK (length(legal_address) BETWEEN 1 AND 500),
    contract_number text        NOT NULL CHECK (length(contract_number) BETWEEN 1 AND 64),
    contract_date   date        NOT NULL,
    tax_regime      text        NOT NULL CHECK (tax_regime IN ('general', 'simplified', 'patent', 'professional')),
    vat_regime      text        NOT NULL CHECK (vat_regime IN ('none', 'exempt', 'vat_5', 'vat_7', 'general')),
    bik             text        NOT NULL CHECK (bik ~ '^\d{9}$'),
    bank_name       text        NOT NULL CHECK (length(bank_name) BETWEEN 1 AND 300),
    bank_number     text        NOT NULL CHECK (bank_number ~ '^\d{20}$'),
    -- Frozen by staff: nothing is paid out.
    frozen_reason   text        CHECK (length(frozen_reason) BETWEEN 1 AND 500),
    -- Whoever wrote these bank details: while their account is held, nothing is paid out.
    keeper_id       uuid        NOT NULL,
    -- Until then nothing is paid out after new bank details: a thief who changed them waits, and the owner hears of it meanwhile.
    waits_until     timestamptz,
    changed_at      timestamptz NOT NULL,
    CHECK (length(inn) = CASE legal_form WHEN 'company' THEN 10 ELSE 12 END),
    CHECK ((kpp IS NOT NULL) = (legal_form = 'company')),
    CHECK ((ogrn IS NULL) = (legal_form = 'self_employed'))
);

CREATE INDEX payees_by_inn ON payees (inn);

-- As they were, each version with who made it and why.
CREATE TABLE payee_versions (
    organisation_id uuid        NOT NULL REFERENCES payees,
    version         int         NOT NULL,
    details         jsonb       NOT NULL,
    frozen_reason   text,
    actor_id        uuid        NOT NULL,
    reason          text        CHECK (length(reason) BETWEEN 1 AND 500),
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, version)
);

-- The regimes of VAT, each from a moment on: a sale is taxed by the one that held when it was delivered.
CREATE TABLE payee_regimes (
    organisation_id uuid        NOT NULL,
    valid_from      timestamptz NOT NULL,
    vat_regime      text        NOT NULL,
    PRIMARY KEY (organisation_id, valid_from)
);
