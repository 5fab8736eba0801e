-- Whether the first publication took up one of the listings that its owner had paid for. What staff published took none, nor do we
-- know of any that was published before this was noted: no listing is lost to those.
ALTER TABLE scholarships ADD COLUMN took_listing boolean NOT NULL DEFAULT false;
