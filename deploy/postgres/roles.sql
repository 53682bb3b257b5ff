-- Roles with least rights for an Ovoo store. Run as the store's owner, in its database, after `ovoo init` or `ovoo move`
-- and again after an upgrade:   psql "$OWNER_URL" -v ON_ERROR_STOP=1 -1 -f roles.sql
-- The owner alone migrates. The server works as ovoo_app; reports and GIS programs read as ovoo_read.
-- Then give them passwords:     ALTER ROLE ovoo_app LOGIN PASSWORD '…';  (or certificates, in pg_hba.conf)
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ovoo_app') THEN CREATE ROLE ovoo_app; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ovoo_read') THEN CREATE ROLE ovoo_read; END IF;
END
$$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO ovoo_app, ovoo_read;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ovoo_app, ovoo_read;

-- The server: records, but no schema, no triggers.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ovoo_app;
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO ovoo_app;
-- What is derived from the register may be emptied to be made anew.
GRANT TRUNCATE ON search_term, search_form, name_tally, name_year, place_fact TO ovoo_app;
-- The journal is only added to; a marker's record is ended, never deleted; the schema's version is the owner's.
REVOKE UPDATE, DELETE ON journal, reading FROM ovoo_app;
REVOKE DELETE ON marker FROM ovoo_app;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM ovoo_app;

-- Readers: what the register holds, also what is not released to the public: for staff. Nothing of accounts, of those who
-- reported problems, of the journal, no files as they were sent. The public reads through the server.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO ovoo_read;
DO $$
DECLARE
    hidden text;
BEGIN
    FOR hidden IN
        SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND (tablename ~ '^account' OR tablename ~ '^problem_report' OR tablename IN ('journal', 'reading', 'stored_file', 'store_meta', 'kept_answer'))
    LOOP
        EXECUTE format('REVOKE ALL ON %I FROM ovoo_read', hidden);
    END LOOP;
END
$$;

-- The views through which each reader sees what is released to him are the server's own: it makes them when they are wanted.
DROP SCHEMA IF EXISTS ovoo_public CASCADE;
DROP SCHEMA IF EXISTS ovoo_member CASCADE;
DROP SCHEMA IF EXISTS ovoo_exact CASCADE;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO ovoo_app', current_database()); END $$;
