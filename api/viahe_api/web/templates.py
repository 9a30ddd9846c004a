"""The templates, once for each language, and the addresses of what they are styled with."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from types import CodeType

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from viahe_api.cases import new_form_id
from viahe_api.language import Language

WEB = Path(__file__).parent
STATIC = WEB / "static"
TEMPLATES = WEB / "templates"
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
NOTHING = dict.fromkeys((0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))


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


def static_prefix(folder: Path = STATIC) -> str:
    """The address static files are served under.

    Modules import each other by bare file names, so the version that lets browsers keep them
    is a folder of the address: one hash over all files.
    """
    version = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        version.update(path.name.encode() + path.read_bytes())
    return f"/static/{version.hexdigest()[:12]}"


def _without_direction(value: object) -> object:
    """What a page is filled with, without marks that turn the direction of what follows: a name
    that carries one would have the rest of its line read backwards."""
    if isinstance(value, str) and TURNING.search(value):
        return value.translate(NOTHING)
    return value


def _environment(
    language: Language, prefix: str, folder: Path, compiled: BytecodeCache
) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        bytecode_cache=compiled,
        auto_reload=False,
        autoescape=True,
        finalize=_without_direction,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        _=language.gettext,
        ngettext=language.ngettext,
        say=language,
        static=lambda name: f"{prefix}/{name}",
        form_id=new_form_id,
    )
    return environment
