"""The pages."""

from importlib import import_module

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "lodestar.doors.web"
    label = "web"

    def ready(self) -> None:
        import_module("lodestar.doors.web.signing_in")  # listens for people signing in; needs the models loaded
