"""The table behind the limits on guessing: unlogged, so that the write-ahead log and copies made from it lack it.

The site's own backups leave its rows out. A plain pg_dump, or the files of a server that was stopped, hold them: so a
row knows no second, and means nothing without the key of its day.
"""

from django.db import migrations

CREATE = """
CREATE UNLOGGED TABLE accounts_limit (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX accounts_limit_expires ON accounts_limit (expires);
"""
# The planner's samples would hold what people wrote, and keep it longer than the tables do. No query asks for these by
# what is in them.
SAMPLES = """
ALTER TABLE accounts_user
    ALTER COLUMN handle SET STATISTICS 0,
    ALTER COLUMN password SET STATISTICS 0,
    ALTER COLUMN owner_secret SET STATISTICS 0;
ALTER INDEX user_handle_unique ALTER COLUMN 1 SET STATISTICS 0;
"""
SAMPLES_BACK = """
ALTER TABLE accounts_user
    ALTER COLUMN handle SET STATISTICS -1,
    ALTER COLUMN password SET STATISTICS -1,
    ALTER COLUMN owner_secret SET STATISTICS -1;
ALTER INDEX user_handle_unique ALTER COLUMN 1 SET STATISTICS -1;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(CREATE, "DROP TABLE accounts_limit;"),
        migrations.RunSQL(SAMPLES, SAMPLES_BACK),
    ]
