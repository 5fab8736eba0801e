-- Each change of a scholarship has the next revision: what If-Match names, and by which whoever keeps a copy finds what changed
-- since it looked. There is one writer at a time, until its COMMIT, so revisions become visible in their order: who has
-- seen one has seen all before it.
CREATE SEQUENCE scholarship_revisions;
ALTER TABLE scholarships ADD COLUMN revision bigint NOT NULL DEFAULT nextval('scholarship_revisions');
ALTER SEQUENCE scholarship_revisions OWNED BY scholarships.revision;
CREATE UNIQUE INDEX scholarships_revision ON scholarships (revision);

CREATE FUNCTION one_writer_of_scholarships() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Before any row is locked, so that two writers cannot wait for each other.
  PERFORM pg_advisory_xact_lock(hashtext('scholarships'), TG_RELID::int);
  RETURN NULL;
END $$;
CREATE TRIGGER scholarships_one_writer BEFORE INSERT OR UPDATE OR DELETE ON scholarships
  FOR EACH STATEMENT EXECUTE FUNCTION one_writer_of_scholarships();

CREATE FUNCTION next_scholarship_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.revision := nextval('scholarship_revisions');
  RETURN NEW;
END $$;
CREATE TRIGGER scholarships_revised BEFORE UPDATE ON scholarships
  FOR EACH ROW EXECUTE FUNCTION next_scholarship_revision();

-- The API deletes drafts alone, which nobody has a copy of; what was public can go by hand, and is noted for those who have.
CREATE TABLE scholarships_gone (
  revision bigint PRIMARY KEY DEFAULT nextval('scholarship_revisions'),
  id       uuid   NOT NULL
);
CREATE FUNCTION note_gone_scholarship() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO scholarships_gone (id) VALUES (OLD.id);
  RETURN NULL;
END $$;
CREATE TRIGGER scholarships_went AFTER DELETE ON scholarships
  FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION note_gone_scholarship();
CREATE FUNCTION note_gone_scholarships() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO scholarships_gone (id) SELECT id FROM scholarships WHERE status <> 'draft';
  RETURN NULL;
END $$;
CREATE TRIGGER scholarships_emptied BEFORE TRUNCATE ON scholarships
  FOR EACH STATEMENT EXECUTE FUNCTION note_gone_scholarships();
