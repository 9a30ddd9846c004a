"""A queue is narrowed by the streets and tổ dân phố people reported of, of one's own wards."""

from tests.api.by_hand import a_draft, a_group, enter
from tests.api.house import House
from viahe_api.reported_places import ReportedPlaces, reported_places


def offered(house: House, login: str) -> ReportedPlaces:
    with house.database.reading() as session:
        return reported_places(session, house.viewer(login))


def report(house: House, street: str, group: str = "", ward: str = "tay-ho") -> None:
    group_id = a_group(house, group, ward) if group else None
    login = "lan" if ward == "tay-ho" else "hoa"
    enter(house, login, a_draft(house, ward, street=street, group_id=group_id))


def test_every_street_and_group_is_offered_once_and_in_order(house: House) -> None:
    report(house, "Xuân Diệu", "TDP 2")
    report(house, "Âu Cơ", "TDP 1")
    report(house, "Xuân Diệu")
    report(house, "")
    a_group(house, "TDP 3")  # nobody reported of it
    assert offered(house, "lan") == ReportedPlaces(("TDP 1", "TDP 2"), ("Xuân Diệu", "Âu Cơ"))


def test_a_ward_is_offered_its_own_and_who_reads_several_those_of_all(house: House) -> None:
    report(house, "Xuân Diệu", "TDP 2")
    report(house, "Bạch Đằng", "TDP 9", "hong-ha")
    assert offered(house, "hoa") == ReportedPlaces(("TDP 9",), ("Bạch Đằng",))
    assert offered(house, "binh").streets == ("Bạch Đằng", "Xuân Diệu")
    assert offered(house, "thu") == ReportedPlaces((), ())
