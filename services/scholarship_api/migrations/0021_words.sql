-- What the words of a search are looked up in, in place of `search`, which the release before still reads. Letters lose
-- their accents. Weights: A title, B fields, C description, each as English stems; D the words of title and fields as they stand,
-- for prefixes that a stem is shorter than.
CREATE FUNCTION unaccented(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT replace(replace(replace(translate(
    regexp_replace(normalize($1, NFD), '[\u0300-\u036f]', '', 'g'),
    'øØłŁđĐıðÐ', 'oOlLdDidD'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe')
$$;

-- Immutable as array_to_string is not: of text alone, it depends on no setting.
CREATE FUNCTION spoken_words(text[]) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(string_agg(replace(word, '-', ' '), ' '), '') FROM unnest($1) AS word
$$;

ALTER TABLE scholarships ADD COLUMN words tsvector NOT NULL GENERATED ALWAYS AS (
  setweight(to_tsvector('english'::regconfig, unaccented(title)), 'A')
  || setweight(to_tsvector('english'::regconfig, spoken_words(fields_of_study)), 'B')
  || setweight(to_tsvector('english'::regconfig, unaccented(description)), 'C')
  || setweight(to_tsvector('simple'::regconfig, unaccented(title) || ' ' || spoken_words(fields_of_study)), 'D')
) STORED;
CREATE INDEX scholarships_words ON scholarships USING gin (words);
