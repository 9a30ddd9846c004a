"""What an audit entry is about and what it notes, in words. A word that is none of the
program's own, such as a name or a reason somebody wrote, stays as it is."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from viahe_api.language import N_, Language
from viahe_api.photo_files import original_of
from viahe_api.vocabulary import FileKind
from viahe_api.web.case_facts import FILE_WORDS
from viahe_api.web.request_words import ANSWERED, ASKED
from viahe_api.web.retention_words import KEEPINGS
from viahe_api.web.role_words import AUTHORITIES
from viahe_api.web.wording import (
    ACTS,
    CASE_STATUS,
    FINDINGS,
    HANDLING_STATUS,
    REJECT_REASONS,
    ROLES,
    SOURCES,
    VERDICTS,
)

DETAILS: Mapping[str, str] = MappingProxyType(
    {
        "act": N_("act"),
        "after": N_("state after it"),
        "agrees": N_("same opinion"),
        "amount": N_("amount (đồng)"),
        "answer": N_("answer"),
        "asked": N_("asked"),
        "basis": N_("legal basis no."),
        "before": N_("state before it"),
        "by_cut_off": N_("by cut-off"),
        "cases": N_("cases"),
        "changed": N_("changed"),
        "code": N_("reason's code"),
        "day": N_("day"),
        "days": N_("days"),
        "decision": N_("decision no."),
        "file": N_("file"),
        "files": N_("files"),
        "finding": N_("finding"),
        "first": N_("first day"),
        "governed_by": N_("cameras answered for by"),
        "hold": N_("hold no."),
        "into": N_("into ward"),
        "keeping": N_("stage"),
        "key": N_("key"),
        "last": N_("last day"),
        "last_day": N_("last day kept"),
        "locked": N_("locked"),
        "meaning": N_("counts as"),
        "merged": N_("merged with ward"),
        "months": N_("months"),
        "name": N_("name"),
        "now": N_("state now"),
        "number": N_("number"),
        "offered": N_("roles in use"),
        "officer": N_("officer no."),
        "on": N_("on"),
        "reason": N_("reason"),
        "recorded": N_("recorded"),
        "rule": N_("retention rule no."),
        "second_holds": N_("second opinion holds"),
        "sha256": N_("hash"),
        "source": N_("source"),
        "step": N_("step no."),
        "sufficient": N_("sufficient grounds"),
        "task": N_("task no."),
        "undone": N_("taken back"),
        "until": N_("until"),
        "verdict": N_("decision"),
        "version": N_("version"),
        "wards": N_("wards"),
    }
)

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "name": N_("Name of the camera"),
        "address": N_("Address"),
        "street": N_("Street"),
        "group": N_("Residential group"),
        "owner": N_("Owner"),
        "device_kind": N_("Kind of device"),
        "notice_posted": N_("Recording notice posted"),
        "notice_on": N_("Day the notice was posted"),
        "model": N_("Model"),
        "certificate": N_("Certificate number (QCVN 135)"),
        "firmware": N_("Firmware"),
        "quiet": N_("Quiet hours"),
        "enabled": N_("In use"),
        "source": N_("Main stream, which is recorded"),
        "watch_source": N_("Smaller stream, which is watched (optional)"),
    }
)
"""The register's fields, as `changed` names them."""

VALUES: Mapping[str, Mapping[Any, str]] = MappingProxyType(
    {
        "act": ACTS,
        "after": {state: status.word for state, status in CASE_STATUS.items()},
        "answer": {answer: status.word for answer, status in ANSWERED.items()},
        "asked": ASKED,
        "before": {state: status.word for state, status in CASE_STATUS.items()},
        "changed": FIELDS,
        "finding": FINDINGS,
        "governed_by": AUTHORITIES,
        "keeping": KEEPINGS,
        "meaning": REJECT_REASONS,
        "now": {step: status.word for step, status in HANDLING_STATUS.items()},
        "offered": ROLES,
        "reason": REJECT_REASONS,
        "source": SOURCES,
        "undone": {step: status.word for step, status in HANDLING_STATUS.items()},
        "verdict": VERDICTS,
    }
)
"""Which of the program's own words stand where."""

SUBJECTS: Mapping[str, str] = MappingProxyType(
    {
        "account": N_("account %(name)s"),
        "camera": N_("camera %(name)s"),
        "case": N_("case %(name)s"),
        "key": N_("access key %(name)s"),
        "permit": N_("permit %(name)s"),
        "report": N_("report %(name)s"),
        "request": N_("request %(name)s"),
        "round": N_("inspection round %(name)s"),
        "ward": N_("ward %(name)s"),
        "zone": N_("zone %(name)s"),
    }
)

PARTS: Mapping[str, str] = MappingProxyType(
    {
        "nobody's account": N_("no known account"),
        "notice": N_("photo of the recording notice"),
        "paper": N_("paper of the permit"),
        "pictures": N_("pictures"),
        "reasons": N_("reasons for rejecting"),
        "retention": N_("retention periods"),
        "closing": N_("closing of the months"),
        "still": N_("latest still"),
        "test": N_("picture of a connection test"),
    }
)

FILES: Mapping[str, FileKind] = MappingProxyType(
    {
        "clip.mp4": FileKind.CLIP,
        "preview.mp4": FileKind.PREVIEW,
        "still_before.jpg": FileKind.STILL_BEFORE,
        "still_onset.jpg": FileKind.STILL_ONSET,
        "still_act.jpg": FileKind.STILL_ACT,
        "still_after.jpg": FileKind.STILL_AFTER,
        "overlay.json": FileKind.OVERLAY,
        "manifest.json": FileKind.MANIFEST,
        "manifest.sig": FileKind.SIGNATURE,
    }
)
"""What the files of a case are called on its page."""


PHOTO = re.compile(r"[a-z]+(?:_[0-9]+)?_([0-9]+)_[0-9a-f]{8}(?:_shown)?\.")
"""The name of a photo: what it is of, its number, its hash."""


def subject_said(language: Language, subject: str) -> str:
    """camera:1/zone:zone-2 as "camera 1, zone zone-2"."""
    parts: list[str] = []
    for part in subject.split("/"):
        if parts and parts[-1].startswith("permit:") and part not in PARTS:
            parts[-1] += f"/{part}"  # an office's number has strokes of its own
        else:
            parts.append(part)
    return ", ".join(_part_said(language, part) for part in parts)


def detail_said(language: Language, detail: Mapping[str, Any]) -> Iterator[str]:
    """A detail's values, of hashes their first twelve digits and of lists of them their names;
    what was left empty is left out."""
    for key, value in detail.items():
        if value is None or value == "":
            continue
        name = language.gettext(DETAILS[key]) if key in DETAILS else key
        yield f"{name}: {_value_said(language, key, value)}"


def _part_said(language: Language, part: str) -> str:
    kind, colon, name = part.partition(":")
    if colon and kind in SUBJECTS:
        return language.gettext(SUBJECTS[kind], name=name)
    return _file_said(language, part)


def _file_said(language: Language, name: str) -> str:
    word = PARTS.get(name) or (FILE_WORDS[FILES[name]] if name in FILES else None)
    photo = PHOTO.match(name)
    if photo is not None:
        shown = N_("photo %(n)s, as shown") if original_of(name) != name else N_("photo %(n)s")
        return language.gettext(shown, n=photo.group(1))
    return name if word is None else language.gettext(word)


def _value_said(language: Language, key: str, value: object) -> str:
    if isinstance(value, Mapping | list):
        return ", ".join(_value_said(language, key, one) for one in value)
    if isinstance(value, bool):
        return language.gettext("yes") if value else language.gettext("no")
    return _text_said(language, key, value) if isinstance(value, str) else str(value)


def _text_said(language: Language, key: str, text: str) -> str:
    if text in VALUES.get(key, ()):
        return language.gettext(VALUES[key][text])
    if key in {"file", "files"}:
        return _file_said(language, text)
    if len(text) in (32, 64) and text.isalnum():
        return text[:12]
    return _day_said(language, text)


def _day_said(language: Language, value: str) -> str:
    """A day or a moment as people write it; anything else as it is."""
    try:
        if len(value) == len("2026-11-22"):
            return language.day(date.fromisoformat(value))
        return language.moment(datetime.fromisoformat(value))
    except ValueError:
        return value
