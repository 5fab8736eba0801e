-- The catalogue. `deadline` 'infinity' means that applications are taken at any time, so that one index serves both
-- the order of the list and its keyset cursor. Arrays that are empty mean "no restriction".
CREATE TABLE scholarships (
  id                uuid PRIMARY KEY,
  owner_provider_id text,
  status            text NOT NULL CHECK (status IN ('draft', 'published', 'expired')),
  title             text NOT NULL,
  description       text NOT NULL,
  url               text,
  degree_levels     text[] NOT NULL DEFAULT '{}',
  fields_of_study   text[] NOT NULL DEFAULT '{}',
  regions           text[] NOT NULL DEFAULT '{}',
  citizenships      text[] NOT NULL DEFAULT '{}',
  min_gpa           double precision,
  max_income_band   smallint CHECK (max_income_band BETWEEN 1 AND 5),
  min_age           smallint,
  max_age           smallint,
  amount_cents      bigint NOT NULL CHECK (amount_cents >= 0),
  currency          text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  deadline          date NOT NULL DEFAULT 'infinity',
  sample            boolean NOT NULL DEFAULT false,
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now(),
  search            tsvector NOT NULL GENERATED ALWAYS AS (
                      setweight(to_tsvector('english'::regconfig, title), 'A')
                      || setweight(array_to_tsvector(fields_of_study), 'B')
                      || setweight(to_tsvector('english'::regconfig, description), 'C')
                    ) STORED
);
CREATE INDEX scholarships_search ON scholarships USING gin (search);
CREATE INDEX scholarships_fields ON scholarships USING gin (fields_of_study);
CREATE INDEX scholarships_regions ON scholarships USING gin (regions);
CREATE INDEX scholarships_published ON scholarships (deadline, id) WHERE status = 'published';
CREATE INDEX scholarships_owner ON scholarships (owner_provider_id) WHERE owner_provider_id IS NOT NULL;

-- One row per order of a requester. Everything that Stripe is told about it is kept, so that a repetition of an attempt
-- sends the same parameters under the same idempotency key.
CREATE TABLE checkout_orders (
  id              uuid PRIMARY KEY,
  requested_by    text NOT NULL,
  purpose         text NOT NULL,
  reference       text NOT NULL,
  provider_id     text,
  amount_cents    bigint NOT NULL CHECK (amount_cents >= 0),
  currency        text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  success_url     text NOT NULL,
  cancel_url      text NOT NULL,
  canary          text,
  attempt         integer NOT NULL DEFAULT 1,
  session_id      text,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  UNIQUE (requested_by, purpose, reference)
);
