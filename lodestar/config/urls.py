"""Every address there is."""

from django.urls import include, path

from lodestar.doors.api.urls import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("sign-in/", include("allauth.urls")),
    path("", include("lodestar.doors.web.urls")),
]
handler404 = "lodestar.doors.web.errors.not_found"
handler500 = "lodestar.doors.web.errors.went_wrong"
handler403 = "lodestar.doors.web.errors.forbidden"
