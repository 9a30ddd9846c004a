"""The camera's form: the register as typed, and back."""

from collections.abc import Mapping
from dataclasses import dataclass

from viahe_api.camera_register import Registered
from viahe_api.language import Language
from viahe_api.vocabulary import DeviceKind
from viahe_api.web.typed_times import read_day
from viahe_api.web.typed_windows import TypedWindow, typed_windows, windows_of


@dataclass(frozen=True, slots=True)
class CameraForm:
    """Fields by name, stripped; a box that is not ticked is absent."""

    said: Mapping[str, str]
    quiet: tuple[TypedWindow, ...] = ()

    def text(self, name: str) -> str:
        return self.said.get(name, "")


def shown_form(language: Language, held: Registered) -> CameraForm:
    """The form of a camera that is registered; its source is not in it."""
    said = {
        "name": held.name,
        "address": held.address,
        "street": held.street,
        "group": held.group,
        "owner": held.owner,
        "device_kind": held.device_kind.value,
        "notice_on": language.day(held.notice_on) if held.notice_on else "",
        "model": held.model,
        "certificate": held.certificate,
        "firmware": held.firmware,
    }
    if held.notice_posted:
        said["notice_posted"] = "on"
    if held.enabled:
        said["enabled"] = "on"
    return CameraForm(said, typed_windows(held.quiet))


def register_of(form: CameraForm) -> Registered:
    """What the form asks for. Raises FormFault."""
    kind = form.text("device_kind")
    notice_on = form.text("notice_on")
    return Registered(
        name=form.text("name"),
        address=form.text("address"),
        street=form.text("street"),
        group=form.text("group"),
        owner=form.text("owner"),
        device_kind=DeviceKind(kind) if kind in set(DeviceKind) else DeviceKind.PRIVATE,
        notice_posted="notice_posted" in form.said,
        notice_on=read_day(notice_on) if notice_on else None,
        model=form.text("model"),
        certificate=form.text("certificate"),
        firmware=form.text("firmware"),
        quiet=windows_of(form.quiet),
        enabled="enabled" in form.said,
    )
