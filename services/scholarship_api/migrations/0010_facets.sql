-- What the facets of a search filter by, beside field and region.
CREATE INDEX scholarships_degrees ON scholarships USING gin (degree_levels);
CREATE INDEX scholarships_citizenships ON scholarships USING gin (citizenships);
