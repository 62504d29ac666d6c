"""Messages that run out go first: an index by which the outbox finds them among any number of others.

Only an index: the version before still reads this schema.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

import database

ID = "2026-11-23T00:75:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Messages that run out go first"

URGENT = "CREATE INDEX mails_urgent ON mails (next_try_at) WHERE state = 'queued' AND expires_at IS NOT NULL"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="customer_center", description=DESCRIPTION)

    async def change() -> None:
        await database.engine.run_ddl(URGENT)

    manager.add_raw(change)
    return manager
