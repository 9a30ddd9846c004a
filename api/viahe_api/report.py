"""One report, ready to be shown or written: its figures, its forms, its list of cases."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from viahe_api.case_lines import CaseLine
from viahe_api.cell_lists import Counted
from viahe_api.cells import Cell
from viahe_api.figures import Figures
from viahe_api.forms.adjusted import cases_adjusted, figures_adjusted
from viahe_api.forms.agreement import agreeing, check_figures, check_totals
from viahe_api.forms.by_act import by_act
from viahe_api.forms.by_basis import by_basis
from viahe_api.forms.by_camera import by_camera
from viahe_api.forms.by_hour import by_hour
from viahe_api.forms.by_kind import by_kind
from viahe_api.forms.by_place import by_place
from viahe_api.forms.by_reviewer import by_reviewer
from viahe_api.forms.case_list import case_list
from viahe_api.forms.form import Form
from viahe_api.forms.outcomes_by_ward import outcomes_by_ward
from viahe_api.language import Language
from viahe_api.measures import Reviewed
from viahe_api.period_address import write_period
from viahe_api.since_locked import SinceLocked
from viahe_api.summary_reading import SummaryReading
from viahe_api.vocabulary import Authority

Lines = Callable[[], Iterator[CaseLine]]
"""The cases of the report, from the first, each time it is asked."""
Reviews = Callable[[], tuple[Reviewed, ...]]
"""Who decided what in the period, as it stands now."""
Under = Callable[[Cell, int], Counted]
"""The cases a figure counts, the first so many of them."""


@dataclass(frozen=True, slots=True)
class Report:
    """`lines` and `under`, the cases a figure counts, are None for who may see counts alone.
    `locked_at` is None for a draft, whose numbers still change, and so is `since`, what changed
    beside the locked ones. `reviewed` is asked of `reviewers` alone. `authority` is whose document
    it is: the committee's where wards of both kinds are counted together.

    `reading` counts more of the same wards in the state of the database the report is of.
    `unmarked` are the same lines for forms, which do not say what repeats: None where `lines` are
    as quick. Who `looks_first` has neither before the second look at cases that are among
    them."""

    figures: Figures
    lines: Lines | None = None
    reviewers: bool = False
    locked_at: datetime | None = None
    locked_by: str | None = None
    under: Under | None = None
    since: SinceLocked | None = None
    reviewed: Reviews | None = None
    authority: Authority = Authority.COMMITTEE
    reading: SummaryReading | None = None
    unmarked: Lines | None = None
    looks_first: bool = False

    @property
    def subject(self) -> str:
        """What the audit chain calls it, of a whole city by its first wards."""
        wards = "+".join(sorted(ward.code for ward in self.figures.wards))
        return f"report:{wards[:100]}/{write_period(self.figures.period)}"

    def summaries(self, language: Language) -> tuple[Form, ...]:
        """Biểu 01, 01a, of several wards 01b, of sanctions 01c, and 02 to 04. Raises
        TotalsDisagree.

        A report locked before kinds were counted has no 01a, nor 01c one before provisions were.
        """
        check_figures(self.figures)
        kinds = (by_kind,) if self.figures.kinds or not self.figures.counts.recorded else ()
        wards = (outcomes_by_ward,) if self.figures.outcomes_by_ward else ()
        bases = (by_basis,) if self.figures.sanctions_by_basis else ()
        makers = (by_act, *kinds, *wards, *bases, by_place, by_camera, by_hour)
        forms = tuple(make(self.figures, language) for make in makers)
        check_totals(self.figures, forms)
        return forms

    def adjusted(self, language: Language) -> tuple[Form, ...]:
        """Biểu 06, and 07 for who may read cases; none of a draft."""
        if self.since is None:
            return ()
        figures = figures_adjusted(self.since, language)
        if self.lines is None:
            return (figures,)
        return (figures, cases_adjusted(self.since, language, reviewers=self.reviewers))

    def decided(self) -> tuple[Reviewed, ...] | None:
        """Who decided what, for approvers alone: None for anybody else."""
        return self.reviewed() if self.reviewers and self.reviewed else None

    def by_reviewer(self, language: Language) -> tuple[Form, ...]:
        """Biểu 08, for approvers alone."""
        decided = self.decided()
        return () if decided is None else (by_reviewer(decided, language),)

    def forms(self, language: Language) -> tuple[Form, ...]:
        """All forms this reader may have; the rows of Biểu 05 can be read once.

        Raises TotalsDisagree, for Biểu 05 after its last row.
        """
        forms = self.summaries(language)
        further = (*self.adjusted(language), *self.by_reviewer(language))
        if self.lines is None:
            return (*forms, *further)
        lines = agreeing((self.unmarked or self.lines)(), self.figures)
        listed = case_list(self.figures, lines, language, reviewers=self.reviewers)
        return (*forms, listed, *further)
