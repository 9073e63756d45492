"""A locked run stays as it is: refused by the database itself, whoever asks.

Statement triggers with transition tables cost one look-up a statement, so that copying 85,000 rows stays cheap. The
look-up takes a share lock on the run, so that a run cannot be locked between the look and the commit.
"""

from django.db import migrations

ROWS = ("allowances_runinput", "allowances_line")
TABLES = ("allowances_run", *ROWS)

FUNCTIONS = """
CREATE FUNCTION allowances_refuse_locked_rows() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE found_state text;
BEGIN
    FOR found_state IN
        SELECT state FROM allowances_run WHERE id IN (SELECT DISTINCT run_id FROM touched) FOR SHARE
    LOOP
        IF found_state IN ('locked', 'paid') THEN
            RAISE EXCEPTION 'Perhitungan sudah dikunci; selisih dibayar lewat rapel (%)', TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END $body$;

CREATE FUNCTION allowances_refuse_moved_rows() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE found_state text;
BEGIN
    FOR found_state IN
        SELECT state FROM allowances_run
        WHERE id IN (SELECT run_id FROM touched UNION SELECT run_id FROM touched_after) FOR SHARE
    LOOP
        IF found_state IN ('locked', 'paid') THEN
            RAISE EXCEPTION 'Perhitungan sudah dikunci; selisih dibayar lewat rapel (%)', TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END $body$;

CREATE FUNCTION allowances_refuse_locked_run() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE allowed allowances_run;
BEGIN
    IF OLD.state NOT IN ('locked', 'paid') THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state = 'locked' AND NEW.state = 'paid' THEN
        allowed := OLD;
        allowed.state := NEW.state;
        allowed.treasury_order := NEW.treasury_order;
        allowed.paid_on := NEW.paid_on;
        IF allowed = NEW THEN
            RETURN NEW;
        END IF;
    ELSIF TG_OP = 'UPDATE' AND OLD = NEW THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Perhitungan sudah dikunci; hanya pembayaran yang masih dapat dicatat'
        USING ERRCODE = 'integrity_constraint_violation';
END $body$;

CREATE FUNCTION allowances_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'Tabel perhitungan tidak boleh dikosongkan (%)', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $body$;

CREATE TRIGGER allowances_run_locked BEFORE UPDATE OR DELETE ON allowances_run
    FOR EACH ROW EXECUTE FUNCTION allowances_refuse_locked_run();
"""

DROP = """
DROP FUNCTION IF EXISTS allowances_refuse_locked_rows, allowances_refuse_moved_rows, allowances_refuse_locked_run,
    allowances_refuse_truncate CASCADE;
"""


def _row_triggers(table: str) -> str:
    return f"""
CREATE TRIGGER {table}_locked_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION allowances_refuse_locked_rows();
CREATE TRIGGER {table}_locked_update AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS touched NEW TABLE AS touched_after
    FOR EACH STATEMENT EXECUTE FUNCTION allowances_refuse_moved_rows();
CREATE TRIGGER {table}_locked_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION allowances_refuse_locked_rows();
"""


def _truncate_trigger(table: str) -> str:
    return f"""
CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION allowances_refuse_truncate();
"""


SQL = FUNCTIONS + "".join(map(_row_triggers, ROWS)) + "".join(map(_truncate_trigger, TABLES))


class Migration(migrations.Migration):
    dependencies = [("allowances", "0001_initial")]
    operations = [migrations.RunSQL(SQL, DROP)]
