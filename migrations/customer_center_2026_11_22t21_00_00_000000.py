"""What customers do about themselves: passwords, devices, mailed proofs, exports, single sign-on.

Only new tables, and columns that are nullable or have a constant default: the version before still reads this schema.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

import database

ID = "2026-11-22T21:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "What customers do about themselves"

COLUMNS = {
    "vendors": """
        clickfunnels_host VARCHAR(253)
        sso_secret TEXT
        sso_previous_secret TEXT
        sso_rotated_at TIMESTAMPTZ
    """,
    "customers": """
        password_hash TEXT
        password_set_at TIMESTAMPTZ
        password_failures INTEGER NOT NULL DEFAULT 0
        language VARCHAR(20)
        default_phone BIGINT
        phone_proven_at TIMESTAMPTZ
        show_gravatar BOOLEAN NOT NULL DEFAULT true
        avatar VARCHAR(80)
        avatar_due_at TIMESTAMPTZ
        closes_at TIMESTAMPTZ
        closed_at TIMESTAMPTZ
        merged_into BIGINT
    """,
    "contacts": """
        erased_at TIMESTAMPTZ
    """,
    "sessions": """
        public_id VARCHAR(22)
        device_id BIGINT
    """,
    "mails": """
        secrets TEXT
        channel VARCHAR(10) NOT NULL DEFAULT 'mail'
    """,
    "addresses": """
        district VARCHAR(120) NOT NULL DEFAULT ''
        sorting_code VARCHAR(40) NOT NULL DEFAULT ''
        phone_number VARCHAR(40) NOT NULL DEFAULT ''
        edited_at TIMESTAMPTZ
        deleted_at TIMESTAMPTZ
    """,
    "phone_numbers": """
        label VARCHAR(60) NOT NULL DEFAULT ''
        created_at TIMESTAMPTZ
        deleted_at TIMESTAMPTZ
    """,
}

TABLES = """
CREATE TABLE devices (
    id {serial},
    vendor_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    name VARCHAR(200) NOT NULL,
    created_at TIMESTAMPTZ,
    last_used_at TIMESTAMPTZ,
    forgotten_at TIMESTAMPTZ,
    UNIQUE (vendor_id, id),
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id)
);

CREATE TABLE mailed_links (
    id {serial},
    vendor_id BIGINT NOT NULL,
    customer_id BIGINT,
    purpose VARCHAR(20) NOT NULL,
    email VARCHAR(254) NOT NULL,
    token_hash VARCHAR(64) NOT NULL UNIQUE,
    detail TEXT NOT NULL,
    tries INTEGER NOT NULL,
    expires_at TIMESTAMPTZ,
    used_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id)
);

CREATE TABLE kept_forms (
    id {serial},
    vendor_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    public_id VARCHAR(22) NOT NULL,
    path VARCHAR(512) NOT NULL,
    fields TEXT NOT NULL,
    expires_at TIMESTAMPTZ,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id)
);

CREATE TABLE exports (
    id {serial},
    vendor_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    public_id VARCHAR(22) NOT NULL,
    state VARCHAR(12) NOT NULL,
    size BIGINT,
    tries INTEGER NOT NULL,
    next_try_at TIMESTAMPTZ,
    requested_at TIMESTAMPTZ,
    ready_at TIMESTAMPTZ,
    expires_at TIMESTAMPTZ,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id),
    FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id)
);

CREATE TABLE spent_tokens (
    id {serial},
    vendor_id BIGINT NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    expires_at TIMESTAMPTZ,
    FOREIGN KEY (vendor_id) REFERENCES vendors (id)
)
"""

IDS = {
    "sqlite": "UPDATE sessions SET public_id = lower(hex(randomblob(11))) WHERE public_id IS NULL",
    "postgres": "UPDATE sessions SET public_id = left(md5(random()::text || token_hash), 22) WHERE public_id IS NULL",
}

INDEXES = """
CREATE UNIQUE INDEX sessions_public_id ON sessions (vendor_id, public_id)
CREATE UNIQUE INDEX devices_token ON devices (vendor_id, customer_id, token_hash)
CREATE INDEX mailed_links_customer ON mailed_links (vendor_id, customer_id, purpose)
CREATE INDEX mailed_links_expiry ON mailed_links (expires_at)
CREATE UNIQUE INDEX kept_forms_public_id ON kept_forms (vendor_id, public_id)
CREATE INDEX kept_forms_expiry ON kept_forms (expires_at)
CREATE UNIQUE INDEX exports_public_id ON exports (vendor_id, public_id)
CREATE INDEX exports_customer ON exports (vendor_id, customer_id, id)
CREATE INDEX exports_due ON exports (state, next_try_at)
CREATE UNIQUE INDEX spent_tokens_hash ON spent_tokens (vendor_id, token_hash)
CREATE INDEX spent_tokens_expiry ON spent_tokens (expires_at)
CREATE INDEX customers_avatar_due ON customers (avatar_due_at) WHERE avatar_due_at IS NOT NULL
CREATE INDEX customers_avatar ON customers (avatar) WHERE avatar IS NOT NULL
CREATE INDEX webhook_events_bodies ON webhook_events (processed_at) WHERE body <> ''
CREATE INDEX customers_closing ON customers (closes_at) WHERE closes_at IS NOT NULL
CREATE INDEX orders_of_status ON orders (vendor_id, customer_id, billing_status, placed_at DESC, id DESC)
CREATE INDEX addresses_customer ON addresses (vendor_id, customer_id, id)
CREATE INDEX phone_numbers_customer ON phone_numbers (vendor_id, customer_id, id)
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="customer_center", description=DESCRIPTION)

    async def change() -> None:
        sqlite = database.engine.engine_type == "sqlite"
        serial = (
            "INTEGER PRIMARY KEY AUTOINCREMENT" if sqlite else "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
        )
        for table, columns in COLUMNS.items():
            for column in columns.strip().splitlines():
                await database.engine.run_ddl(f"ALTER TABLE {table} ADD COLUMN {column.strip()}")
        for statement in TABLES.replace("{serial}", serial).split(";"):
            await database.engine.run_ddl(statement.strip())
        await database.engine.run_ddl(IDS["sqlite" if sqlite else "postgres"])
        for statement in INDEXES.strip().splitlines():
            await database.engine.run_ddl(statement)

    manager.add_raw(change)
    return manager
