"""The paths of the service; clients learn all but the first one from the manifest."""

from __future__ import annotations

from server.api.operation import BASE

PATH = f"{BASE}/reconcile"
SUGGEST_ENTITY, SUGGEST_TYPE, SUGGEST_PROPERTY = (f"{PATH}/suggest/{one}" for one in ("entity", "type", "property"))
PROPERTIES, PREVIEW = f"{PATH}/properties", f"{PATH}/preview"
