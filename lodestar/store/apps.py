"""The one Django app that remembers."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "lodestar.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
