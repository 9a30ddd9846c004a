"""How often what was raised was right, and the zones that people say are drawn wrong."""

from fastapi import APIRouter
from fastapi.responses import Response

from viahe_api.precision import DAYS, precision, zone_tasks
from viahe_api.routes.visit import Person
from viahe_api.web.camera_words import share_said
from viahe_api.web.wording import ACTS

router = APIRouter()


@router.get("/precision")
def page(visit: Person) -> Response:
    """Cameras, their zones and rules, over reviewed cases alone."""
    with visit.database.reading() as session:
        lines = precision(session, visit.viewer, now=visit.now)
        tasks = zone_tasks(session, visit.viewer)
    language = visit.language
    rows = [
        {
            "camera": line.camera,
            "zone": line.zone_name if line.zone else language.gettext("All zones"),
            "act": language.gettext(ACTS[line.act]) if line.act else language.gettext("All rules"),
            "reviewed": language.number(line.share.whole),
            "share": share_said(language, line.share),
            "level": "rule" if line.act else "zone" if line.zone else "camera",
        }
        for line in lines
    ]
    shown = [
        {
            "address": f"/cameras/{task.camera_id}/zones/{task.zone}",
            "name": f"{task.camera}, {task.zone_name}",
            "said": language.ngettext(
                "%(n)s rejection as drawn wrong, the newest %(at)s",
                "%(n)s rejections as drawn wrong, the newest %(at)s",
                task.rejections,
                at=language.moment(task.newest_at),
            ),
        }
        for task in tasks
    ]
    return visit.page("precision.html", rows=rows, tasks=shown, days=DAYS)
