"""The door that the server opens."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lodestar.config.settings")
application = get_asgi_application()
