"""On whose account a request is, from what it claims and what was found good before."""

from tenants.base.claims import Claim, claim_of, claimed_asker, claiming, know_actor, know_host
from tenants.base.fair_line import Asker


def claim(host: str, *credentials: str, address: str = "10.0.0.1") -> Claim:
    return claim_of(
        host=host, credentials=tuple(each.encode() for each in credentials), address=address
    )


def asker(wanted: Claim) -> Asker:
    with claiming(wanted):
        return claimed_asker()


def test_unknown_hosts_are_one_tenant_and_persons_their_addresses() -> None:
    assert asker(claim("one.example", "cookie")) == Asker("", "address:10.0.0.1")
    assert asker(claim("two.example", address="10.0.0.2")) == Asker("", "address:10.0.0.2")


def test_a_known_host_is_its_tenant() -> None:
    know_host("known.example", "tenant_known")

    assert asker(claim("known.example")) == Asker("tenant_known", "address:10.0.0.1")


def test_a_credential_is_its_person_once_it_was_found_good() -> None:
    know_host("people.example", "tenant_people")
    first, second = claim("people.example", "one", ""), claim("people.example", "", "two")
    for each in (first, second):
        assert asker(each).person == "address:10.0.0.1"
        with claiming(each):
            know_actor("tenant_people", "PERSON:7")

    assert asker(first) == asker(second) == Asker("tenant_people", "PERSON:7")
    assert asker(claim("people.example", "two", "")).person == "address:10.0.0.1"


def test_a_credential_found_good_at_one_tenant_is_nothing_at_another() -> None:
    know_host("home.example", "tenant_home")
    know_host("abroad.example", "tenant_abroad")
    with claiming(claim("home.example", "key")):
        know_actor("tenant_home", "PERSON:7")

    assert asker(claim("abroad.example", "key")).person == "address:10.0.0.1"


def test_nobody_is_known_by_showing_nothing() -> None:
    know_host("empty.example", "tenant_empty")
    with claiming(claim("empty.example", "", "")):
        know_actor("tenant_empty", "PERSON:7")

    assert asker(claim("empty.example", "", "")).person == "address:10.0.0.1"


def test_without_a_request_there_is_a_share_too() -> None:
    assert claimed_asker() == Asker("", "")
