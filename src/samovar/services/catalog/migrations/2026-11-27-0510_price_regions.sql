-- Where a price holds: a country of its own currency, or a group of countries. A region has one currency.
CREATE TABLE price_regions (
    code     text PRIMARY KEY CHECK (code ~ '^[A-Z]{2,10}$'),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$')
);

-- Every country there is (ISO 3166-1), and in which order its price is looked for. None found: it is not on sale there.
CREATE TABLE price_countries (
    country text   PRIMARY KEY CHECK (country ~ '^[A-Z]{2}$'),
    regions text[] NOT NULL
);

INSERT INTO price_regions (code, currency) VALUES
    ('RU', 'RUB'), ('BY', 'BYN'), ('KZ', 'KZT'), ('UZ', 'UZS'), ('AM', 'AMD'), ('AZ', 'AZN'),
    ('GE', 'GEL'), ('KG', 'KGS'), ('US', 'USD'), ('GB', 'GBP'), ('BR', 'BRL'), ('CN', 'CNY'),
    ('IN', 'INR'), ('JP', 'JPY'), ('TR', 'TRY'), ('AE', 'AED'), ('RS', 'RSD'), ('KR', 'KRW'),
    ('VN', 'VND'),
    ('CIS', 'USD'), ('EU', 'EUR'), ('LATAM', 'USD'), ('MENA', 'USD'), ('SASIA', 'USD'), ('WORLD', 'USD');

INSERT INTO price_countries (country, regions)
SELECT country, CASE WHEN own.code IS NULL THEN shared.regions ELSE array_prepend(own.code, shared.regions) END
FROM (VALUES
    (ARRAY[]::text[], 'RU'),
    (ARRAY['CIS', 'WORLD'], 'AM AZ BY GE KG KZ MD TJ TM UZ'),
    (ARRAY['EU', 'WORLD'], 'AD AT AX BE BG BL CY DE EE ES FI FR GF GP GR HR IE IT LT LU LV MC ME
        MF MQ MT NL PM PT RE SI SK SM TF VA YT'),
    (ARRAY['LATAM', 'WORLD'], 'AR BO CL CO CR CU DO EC GT HN HT MX NI PA PE PY SV UY VE'),
    (ARRAY['MENA', 'WORLD'], 'AE BH DZ EG IL IQ IR JO KW LB LY MA OM PS QA SA SD SY TN TR YE'),
    (ARRAY['SASIA', 'WORLD'], 'AF BD BT LK MV NP PK'),
    (ARRAY['WORLD'], 'AG AI AL AO AQ AS AU AW BA BB BF BI BJ BM BN BQ BR BS BV BW BZ CA CC CD CF CG CH CI CK CM CN CV CW CX CZ DJ DK
        DM EH ER ET FJ FK FM FO GA GB GD GG GH GI GL GM GN GQ GS GU GW GY HK HM HU ID IM IN IO IS JE JM JP KE KH KI KM
        KN KP KR KY LA LC LI LR LS MG MH MK ML MM MN MO MP MR MS MU MW MY MZ NA NC NE NF NG NO NR NU NZ PF PG PH PL PN
        PR PW RO RS RW SB SC SE SG SH SJ SL SN SO SR SS ST SX SZ TC TD TG TH TK TL TO TT TV TW TZ UA UG UM US VC VG
        VI VN VU WF WS ZA ZM ZW')
) AS shared (regions, countries)
CROSS JOIN LATERAL regexp_split_to_table(countries, '\s+') AS country
LEFT JOIN price_regions own ON own.code = country;
