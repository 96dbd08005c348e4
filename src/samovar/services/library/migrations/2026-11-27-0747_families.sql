-- Who belongs to which family, as account tells: the highest version of each family and account holds, whatever comes late.
CREATE TABLE family_members (
    family_id      uuid    NOT NULL,
    account_id     uuid    NOT NULL,
    family_version bigint  NOT NULL,
    is_member      boolean NOT NULL,
    PRIMARY KEY (family_id, account_id)
);

CREATE INDEX family_members_by_account ON family_members (account_id) WHERE is_member;
