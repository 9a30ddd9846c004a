"""The templates, once for each language, and the addresses of what they are styled with."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from viahe_api.cases import new_form_id
from viahe_api.language import Language

WEB = Path(__file__).parent
STATIC = WEB / "static"
TEMPLATES = WEB / "templates"


class Templates:
    """Renders a template in a language. A name the page was not given is an error, not a gap.

    `static_prefix` is the address of the folder of styles and modules.
    """

    def __init__(self, languages: Mapping[str, Language], static_prefix: str) -> None:
        self._environments = {
            code: _environment(language, static_prefix) for code, language in languages.items()
        }

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


def _environment(language: Language, prefix: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
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
