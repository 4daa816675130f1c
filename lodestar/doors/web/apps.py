"""The pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "lodestar.doors.web"
    label = "web"
