"""Hands the engine to Piccolo (its command line looks for this file)."""

from piccolo.conf.apps import AppRegistry

from database import engine

DB = engine

APP_REGISTRY = AppRegistry(apps=["piccolo_app"])
