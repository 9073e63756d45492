#!/usr/bin/env bash
# Runs once, when the database is new: the owner makes tables, the application reads and writes rows, the third role
# copies the whole server for backups.
set -euo pipefail

psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set=owner_password="$OWNER_PASSWORD" --set=application_password="$APPLICATION_PASSWORD" \
  --set=backup_password="$BACKUP_PASSWORD" <<'SQL'
CREATE ROLE portal_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE portal_app LOGIN PASSWORD :'application_password';
CREATE ROLE portal_backup LOGIN REPLICATION PASSWORD :'backup_password';
ALTER DATABASE portal OWNER TO portal_owner;
ALTER SCHEMA public OWNER TO portal_owner;
SQL
echo "host replication portal_backup all scram-sha-256" >> "$PGDATA/pg_hba.conf"
