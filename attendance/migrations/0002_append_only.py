"""A punch is evidence: nobody, not even the owner, changes or deletes one in an ordinary session."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION attendance_punch_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'attendance_punch is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER attendance_punch_append_only BEFORE UPDATE OR DELETE ON attendance_punch
    FOR EACH ROW EXECUTE FUNCTION attendance_punch_refuse();
CREATE TRIGGER attendance_punch_no_truncate BEFORE TRUNCATE ON attendance_punch
    FOR EACH STATEMENT EXECUTE FUNCTION attendance_punch_refuse();
"""
ALLOW = """
DROP TRIGGER attendance_punch_append_only ON attendance_punch;
DROP TRIGGER attendance_punch_no_truncate ON attendance_punch;
DROP FUNCTION attendance_punch_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("attendance", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
