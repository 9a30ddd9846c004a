"""The furnished house with people in it: a quarter of a year that a report counts."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.api.crowd import settle
from tests.api.house import House
from viahe_api.tables import Account, Case, HandlingStep, HandReport, LegalBasis, ResidentialGroup
from viahe_api.vocabulary import Handling, Source


@pytest.fixture
def peopled(house: House) -> House:
    """Two wards' cases of three months: from cameras, citizens and patrols, some handled."""
    settle(house, cases=600, cameras=3, days=80, first=datetime(2026, 9, 1, tzinfo=UTC))
    chance = random.Random(7)
    with house.database.writing() as session:
        groups = {
            ward: session.scalars(
                select(ResidentialGroup.id).where(ResidentialGroup.ward_id == ward)
            ).all()
            for ward in session.scalars(select(Case.ward_id).distinct())
        }
        reporter = session.scalars(select(Account.id)).first()
        assert reporter is not None
        for case_id, ward, camera in session.execute(
            select(Case.id, Case.ward_id, Case.camera_id).order_by(Case.id)
        ).all():
            if chance.random() < 0.2:
                source = chance.choice([Source.CITIZEN, Source.PATROL])
                near = camera if chance.random() < 0.5 else None
                changed = update(Case).where(Case.id == case_id)
                session.execute(changed.values(source=source, camera_id=near, zone="", label=""))
                session.add(
                    HandReport(
                        case_id=case_id,
                        ward_id=ward,
                        entered_by_id=reporter,
                        group_id=chance.choice([*groups[ward], None]),
                        address="Trước số 9",
                        street=chance.choice(["Phố 1", "Phố mới", ""]),
                        searched="",
                        description="",
                    )
                )
            if chance.random() < 0.4:
                _handle(session, ward, case_id, reporter, chance)
    return house


def _handle(
    session: Session, ward_id: int, case_id: int, account: int, chance: random.Random
) -> None:
    bases = [None, *session.scalars(select(LegalBasis.id).order_by(LegalBasis.id).limit(3))]
    for number in range(chance.randint(1, 3)):
        session.add(
            HandlingStep(
                ward_id=ward_id,
                case_id=case_id,
                account_id=account,
                form_id=f"{case_id}-{number}",
                step=chance.choice(
                    [Handling.REMINDED, Handling.RECORDED, Handling.SANCTIONED, Handling.COMPLIED]
                ),
                number="",
                day=date(2026, 9, 20) + timedelta(days=chance.randint(0, 60)),
                amount=None,
                basis_id=chance.choice(bases),
                note="",
                at=datetime(2026, 11, 1, tzinfo=UTC),
            )
        )
