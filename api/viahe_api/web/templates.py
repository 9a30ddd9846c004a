"""The templates, once for each language, and the addresses of what they are styled with."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import CodeType

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from viahe_api.cases import new_form_id
from viahe_api.language import Language
from viahe_api.web.directions import json_without_direction, without_direction
from viahe_api.web.style_sheets import StyleSheets

WEB = Path(__file__).parent
STATIC = WEB / "static"
TEMPLATES = WEB / "templates"


class _Compiled(BytecodeCache):
    """The code of each template, which is the same in every language."""

    def __init__(self) -> None:
        self._code: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._code[bucket.key] = bucket.code


class Templates:
    """Renders a template in a language. A name the page was not given is an error, not a gap.

    `static_prefix` is the address of the folder of styles and modules. A template is read once:
    a program that runs goes on with the pages it was started with.
    """

    def __init__(
        self, languages: Mapping[str, Language], static_prefix: str, folder: Path = TEMPLATES
    ) -> None:
        compiled = _Compiled()
        self._environments = {
            code: _environment(language, static_prefix, folder, compiled)
            for code, language in languages.items()
        }

    def compile_all(self) -> None:
        """Read every template now, and not when it is first shown."""
        for environment in self._environments.values():
            for name in environment.list_templates():
                environment.get_template(name)

    def render(self, name: str, language: Language, **context: object) -> str:
        """The page as HTML."""
        return self._environments[language.code].get_template(name).render(**context)


@cache
def static_prefix(folder: Path = STATIC) -> str:
    """The address static files are served under: one for a program, whatever becomes of them.

    Modules import each other by bare file names, so the version that lets browsers keep them
    is a folder of the address: one hash over all files.
    """
    version = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        version.update(path.name.encode() + path.read_bytes())
    return f"/static/{version.hexdigest()[:12]}"


@cache
def style_sheets() -> StyleSheets:
    """Those of every page: read once for a program, as its templates are."""
    return StyleSheets(STATIC)


def _environment(
    language: Language, prefix: str, folder: Path, compiled: BytecodeCache
) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        bytecode_cache=compiled,
        auto_reload=False,
        autoescape=True,
        finalize=without_direction,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_function"] = json_without_direction
    environment.globals.update(
        _=language.gettext,
        ngettext=language.ngettext,
        say=language,
        static=lambda name: f"{prefix}/{name}",
        style_sheet=lambda names: f"{prefix}/{style_sheets().joined_name(names)}",
        form_id=new_form_id,
    )
    return environment
