-- SHA-256 of the code with which an account takes over a provider that a program registered; none after that. The id of a
-- provider is no such secret: it is the actor of events, and stands in addresses.
ALTER TABLE providers ADD COLUMN claim_sha256 bytea;
