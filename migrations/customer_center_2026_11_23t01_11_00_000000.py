"""How old the newest news of a customer at Stripe is. The column has a constant default: the version before reads on."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

import database

ID = "2026-11-23T01:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Age of what is known of Stripe's customers"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="customer_center", description=DESCRIPTION)

    async def change() -> None:
        await database.engine.run_ddl("ALTER TABLE stripe_customers ADD COLUMN version VARCHAR(160) NOT NULL DEFAULT ''")

    manager.add_raw(change)
    return manager
