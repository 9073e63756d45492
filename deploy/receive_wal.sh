#!/usr/bin/env bash
# Streams the WAL into BACKUP_FOLDER/wal while it is written, and goes on where it stopped after any interruption.
# The server is named by PGHOST, PGPORT, PGUSER and PGPASSWORD; the user may replicate. It keeps, in its slot
# portal_wal, what has not arrived here.
set -euo pipefail
umask 077

receive=${POSTGRESQL_BIN:+$POSTGRESQL_BIN/}pg_receivewal
mkdir -p "$BACKUP_FOLDER/wal"
until "$receive" --create-slot --if-not-exists --slot=portal_wal --no-password; do
  sleep 5
done
# --synchronous: on this disk as soon as it arrives, not only when a file of 16 MB is full.
exec "$receive" --directory="$BACKUP_FOLDER/wal" --slot=portal_wal --synchronous --no-password
