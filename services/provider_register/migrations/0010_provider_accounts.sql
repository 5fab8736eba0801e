-- The account at scholar_auth that manages the scholarships of a provider. Providers that programs register have none.
ALTER TABLE providers ADD COLUMN user_id text;
CREATE UNIQUE INDEX providers_user ON providers (user_id) WHERE user_id IS NOT NULL;
