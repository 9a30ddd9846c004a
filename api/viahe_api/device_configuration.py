"""What a detector fetches: plans, addresses and tests of its own cameras, under one hash."""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from viahe_api import connection_tests
from viahe_api.camera_sources import sources_of
from viahe_api.tables import Camera
from viahe_api.zones import plan_of
from viahe_rules.recorded import plan_to_json


def configuration(
    session: Session, device_id: int, secret: str, *, now: datetime
) -> dict[str, Any]:
    """The document of the contract, of the device's enabled cameras. It holds passwords."""
    cameras = session.scalars(
        select(Camera)
        .where(Camera.device_id == device_id, Camera.disabled_at.is_(None))
        .order_by(Camera.slug)
    ).all()
    told = {camera.slug: sources_of(camera, secret) for camera in cameras}
    document = {
        "plans": [plan_to_json(plan_of(session, camera)) for camera in cameras],
        "sources": [
            {"camera": slug, "watch": sources.watch, "record": sources.record}
            for slug, sources in told.items()
            if sources is not None
        ],
        "tests": connection_tests.asked_of(session, cameras, now=now),
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {"version": hashlib.sha256(text.encode()).hexdigest(), **document}
