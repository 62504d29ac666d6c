"""Names the tables and the migrations folder to Piccolo."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from tables import TABLES

APP_CONFIG = AppConfig(
    app_name="customer_center",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=TABLES,
)
