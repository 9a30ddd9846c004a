"""People who go out, and what they enter by hand."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from starlette.testclient import TestClient

from tests.api.house import PASSWORD, House
from tests.api.photos import from_a_telephone
from viahe_api import hand_reports, seeding
from viahe_api.cases import new_form_id
from viahe_api.hand_reports import HandDraft
from viahe_api.language import local
from viahe_api.photo_files import PhotoFile, photo_files, store_photos
from viahe_api.photographs import read_photograph
from viahe_api.tables import ResidentialGroup
from viahe_api.vocabulary import Role, Source
from viahe_rules.domain import Act


def employ(house: House, login: str = "tuan", ward: str = "tay-ho") -> int:
    """A field officer of a ward; returns the account's id."""
    with house.database.writing() as session:
        name = {"tuan": "Ngô Tuấn", "nga": "Lý Nga"}.get(login, login)
        seeding.add_account(session, login, name, password=PASSWORD, now=house.now)
        seeding.grant(session, login, ward, Role.FIELD_OFFICER, now=house.now)
    return house.viewer(login).account_id


def a_draft(house: House, ward: str = "tay-ho", **changes: Any) -> HandDraft:
    """Rubbish that a citizen saw an hour ago, where no camera looks."""
    said: dict[str, Any] = {
        "ward_id": house.device(ward).ward_id,
        "act": Act.DUMPING,
        "source": Source.CITIZEN,
        "address": "Sau chợ Bưởi",
        "street": "Hoàng Hoa Thám",
        "group_id": None,
        "camera_id": None,
        "at": house.now - timedelta(hours=1),
        "description": "Nhiều bao rác để ở gốc cây",
    }
    return HandDraft(**said | changes)


def photos(*contents: bytes) -> tuple[PhotoFile, ...]:
    return photo_files([read_photograph(content) for content in contents], "photo")


def enter(
    house: House,
    login: str = "lan",
    draft: HandDraft | None = None,
    *,
    form_id: str | None = None,
    files: Sequence[PhotoFile] | None = None,
) -> str:
    """What a person enters, with a photo, put into the queue; returns its code."""
    draft = draft or a_draft(house)
    files = photos(from_a_telephone()) if files is None else files
    viewer, form_id = house.viewer(login), form_id or new_form_id()
    with house.database.writing() as session:
        entered = hand_reports.enter(session, viewer, draft, files, form_id=form_id, now=house.now)
    store_photos(house.store, entered.ward_code, entered.code, files)
    with house.database.writing() as session:
        hand_reports.complete(session, viewer, entered, files, now=house.now)
    return entered.code


def a_group(house: House, name: str, ward: str = "tay-ho") -> int:
    with house.database.writing() as session:
        group = ResidentialGroup(ward_id=house.device(ward).ward_id, name=name)
        session.add(group)
        session.flush()
        return group.id


def typed(house: House, client: TestClient, **changes: str) -> dict[str, str]:
    """The fields of the form as a browser sends them."""
    an_hour_ago = local(house.now - timedelta(hours=1))
    page = client.get("/cases/new").text
    csrf = page.split('name="csrf" value="')[1].split('"')[0]
    form_id = page.split('name="form_id" value="')[1].split('"')[0]
    return {
        "csrf": csrf,
        "form_id": form_id,
        "ward": str(house.device().ward_id),
        "act": "dumping",
        "source": "citizen",
        "address": "Sau chợ Bưởi",
        "street": "Hoàng Hoa Thám",
        "group": "",
        "camera": "",
        "day": an_hour_ago.strftime("%d/%m/%Y"),
        "time": an_hour_ago.strftime("%H:%M"),
        "description": "Nhiều bao rác để ở gốc cây",
    } | changes
