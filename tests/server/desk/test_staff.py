"""One's own account, and the staff: invited, changed, sent away, each by those alone who may."""

import html
import re

import pyotp
import pytest

from server.parts import utc_now
from staff import Act, Member, Role, links, members
from staff.audit import Deed
from staff.tables import staff_audit
from tests.server.desk.desk_house import Browser, DeskHouse
from tests.server.desk.test_entering import AWA, PASSWORD, joined


async def test_somebody_is_invited_joins_and_sees_their_pages_alone(desk_house: DeskHouse) -> None:
    admin = await desk_house.as_role(Role.ADMIN)
    kimia = await desk_house.business("kimia")

    answer = await admin.post("/staff/invitations", {"email": "Jean@example.com", f"role-{kimia}": "agent"})

    link = address_in(answer.text)
    jean = desk_house.stranger()
    shown = await jean.get(link)
    assert 'value="jean@example.com" readonly' in re.sub(r"\s+", " ", shown.text)
    await jean.post(link, {"name": "Jean Malonga", "password": "une longue phrase", "email": "other@example.com"})
    made = await member_of(desk_house, "jean@example.com")
    assert made.roles == {kimia: Role.AGENT}
    assert (await jean.get("/staff")).status_code == 403
    assert "/desk/staff" not in (await jean.get("/account")).text, "nor does the menu name it"


async def test_an_administrator_of_one_business_has_no_say_in_another(desk_house: DeskHouse) -> None:
    jasmin = await desk_house.business("jasmin")
    theirs = await desk_house.as_role(Role.ADMIN, "kimia")
    colleague = await desk_house.member(Role.AGENT, "kimia", "Jean Malonga")
    others = [
        await desk_house.member(Role.ADMIN, None, "Chief of All"),
        await desk_house.member(Role.AGENT, "jasmin", "Sami Trabelsi"),
    ]

    page = (await theirs.get("/staff")).text
    assert "Jean Malonga" in page
    assert (await theirs.get(f"/staff/{colleague.id}")).status_code == 200
    for other in others:
        assert other.name not in page
        for act in ("", "/roles", "/reset", "/disable", "/enable"):
            path = f"/staff/{other.id}{act}"
            assert (await (theirs.post(path) if act else theirs.get(path))).status_code == 403
    for place in (jasmin, "house"):
        invited = await theirs.post("/staff/invitations", {"email": "new@example.com", f"role-{place}": "agent"})
        assert invited.status_code == 403
        assert (await theirs.post(f"/staff/{colleague.id}/roles", {f"role-{place}": "admin"})).status_code == 403


async def test_a_role_that_changes_holds_at_the_next_click(desk_house: DeskHouse) -> None:
    admin = await desk_house.as_role(Role.ADMIN)
    jean = await desk_house.as_role(Role.AGENT, "kimia")
    kimia = await desk_house.business("kimia")
    assert jean.member is not None
    assert (await jean.get("/health")).status_code == 403

    await admin.post(f"/staff/{jean.member.id}/roles", {f"role-{kimia}": "manager"})
    assert (await jean.get("/health")).status_code == 200

    await admin.post(f"/staff/{jean.member.id}/disable")
    assert (await jean.get("/health")).headers["location"].startswith("/desk/login")
    deeds = [row.deed for row in await desk_house.house.rows(staff_audit)]
    assert deeds == [Deed.ROLES_CHANGED, Deed.DISABLED]


async def test_the_last_administrator_cannot_be_taken_away(desk_house: DeskHouse) -> None:
    admin = await desk_house.as_role(Role.ADMIN)
    assert admin.member is not None
    for path, form in (("roles", {"role-house": "agent"}), ("disable", {})):
        answer = await admin.post(f"/staff/{admin.member.id}/{path}", form)
        assert answer.status_code == 422
        assert "Nobody would be left" in answer.text
    assert (await member_of(desk_house, admin.member.email)).may(Act.STAFF)


async def test_a_link_for_a_new_password_is_shown_once_and_may_clear_the_second_factor(desk_house: DeskHouse) -> None:
    awa = await joined(desk_house)
    await turned_on(awa)
    admin = await desk_house.as_role(Role.ADMIN)
    member = await member_of(desk_house, "awa@example.com")
    assert member.has_second_factor

    answer = await admin.post(f"/staff/{member.id}/reset", {"second_factor": "true"})
    await desk_house.stranger().post(address_in(answer.text), {"password": "un autre parapluie"})

    assert not (await member_of(desk_house, "awa@example.com")).has_second_factor


async def test_one_turns_the_second_factor_on_by_its_page_and_off_with_the_password(desk_house: DeskHouse) -> None:
    awa = await joined(desk_house)

    codes = await turned_on(awa)

    assert len(codes) == 8
    assert "8 recovery codes left" in (await awa.get("/account")).text
    assert (await awa.post("/account/second-factor/off", {"password": "wrong"})).status_code == 422
    assert (await awa.post("/account/second-factor/off", {"password": PASSWORD})).status_code == 303
    assert not (await member_of(desk_house, "awa@example.com")).has_second_factor


async def test_a_wrong_first_code_turns_nothing_on_and_keeps_the_drawing(small_desk: DeskHouse) -> None:
    awa = await joined(small_desk)
    secret = secret_in((await awa.get("/account/second-factor")).text)

    answer = await awa.post("/account/second-factor", {"secret": secret, "code": "000000"})

    assert answer.status_code == 422
    assert secret_in(answer.text) == secret
    assert not (await member_of(small_desk, "awa@example.com")).has_second_factor


async def test_changing_the_password_ends_the_other_sessions(desk_house: DeskHouse) -> None:
    here = await joined(desk_house)
    there = desk_house.stranger()
    await there.post("/login", AWA)

    wrong = await here.post("/account/password", {"old": "not this", "new": "un autre parapluie"})
    assert "This is not your password" in wrong.text
    assert (await here.post("/account/password", {"old": PASSWORD, "new": "short"})).status_code == 422
    assert (await here.post("/account/password", {"old": PASSWORD, "new": "un autre parapluie"})).status_code == 303

    assert (await here.get("/account")).status_code == 200
    assert (await there.get("/account")).headers["location"].startswith("/desk/login")


async def test_one_ends_ones_own_sessions_and_nobody_elses(desk_house: DeskHouse) -> None:
    here = await desk_house.as_role(Role.AGENT)
    assert here.member is not None
    there = await desk_house.as_member(here.member)
    stranger = await desk_house.as_role(Role.AGENT)
    (session,) = re.findall(r"/account/sessions/([\w-]{36})/end", (await here.get("/account")).text)

    await stranger.post(f"/account/sessions/{session}/end")
    assert (await there.get("/account")).status_code == 200
    await here.post(f"/account/sessions/{session}/end")
    assert (await there.get("/account")).headers["location"].startswith("/desk/login")


async def test_the_desk_reads_as_its_member_wishes(desk_house: DeskHouse) -> None:
    browser = await desk_house.as_role(Role.ADMIN)
    assert 'lang="en"' in (await browser.get("/account")).text

    done = await browser.post("/account", {"name": "Awa D.", "language": "fr", "theme": "dark"})

    assert done.headers["location"] == "/desk/account?done=access.done.kept"
    page = (await browser.get("/account?done=access.done.kept")).text
    assert 'lang="fr" data-theme="dark"' in page
    assert "C’est gardé." in page
    assert "Awa D." in page
    assert (await browser.post("/account", {"theme": "pink"})).status_code == 422


@pytest.mark.parametrize("path", ["/account/password", "/account/second-factor", "/account/second-factor/off"])
async def test_the_demos_member_has_no_password_to_change(small_desk: DeskHouse, path: str) -> None:
    demo = await small_desk.as_member(await small_desk.parts.database.write(members.demo_member, utc_now()))
    assert (await demo.post(path)).status_code == 403


async def test_the_audit_says_who_did_what_a_page_at_a_time(desk_house: DeskHouse) -> None:
    admin = await desk_house.as_role(Role.ADMIN, name="Chief")
    for count in range(60):
        await admin.post("/staff/invitations", {"email": f"n{count}@example.com", "role-house": "agent"})

    first = (await admin.get("/audit")).text
    assert first.count("invited somebody") == 50
    following = html.unescape(re.findall(r'href="/desk(/audit\?before=[^"]+)"', first)[0])
    assert (await admin.get(following)).text.count("invited somebody") == 10
    assert "n1@example.com" not in first, "the audit names nobody but the staff"


async def test_an_invitation_is_refused_with_what_is_wrong(small_desk: DeskHouse) -> None:
    admin = await small_desk.as_role(Role.ADMIN)
    assert admin.member is not None
    for form, told in (
        ({"email": "nobody", "role-house": "agent"}, "such as awa@example.com"),
        ({"email": "a@example.com"}, "Choose a role"),
        ({"email": admin.member.email, "role-house": "agent"}, "already"),
    ):
        answer = await admin.post("/staff/invitations", form)
        assert answer.status_code == 422
        assert told in answer.text


async def test_an_invitation_ends_with_its_time(small_desk: DeskHouse) -> None:
    token = await small_desk.parts.database.write(
        links.invite,
        email="late@example.com",
        roles={None: Role.AGENT},
        made_by=None,
        now=utc_now() - links.INVITATION_LASTS,
    )
    assert (await small_desk.stranger().get(f"/links/{token}")).status_code == 404


def address_in(page: str) -> str:
    """The path of the link that a page shows."""
    (address,) = re.findall(r"http://127\.0\.0\.1:8081/desk(/links/[\w-]+)", page)
    return str(address)


def secret_in(page: str) -> str:
    (secret,) = re.findall(r'name="secret" value="(\w+)"', page)
    return str(secret)


async def turned_on(browser: Browser) -> list[str]:
    """Turn the second factor on as a person would; the recovery codes."""
    secret = secret_in((await browser.get("/account/second-factor")).text)
    answer = await browser.post("/account/second-factor", {"secret": secret, "code": pyotp.TOTP(secret).now()})
    assert answer.status_code == 200
    return re.findall(r"<li>(\w{4}-\w{4}-\w{4})", answer.text)


async def member_of(desk: DeskHouse, email: str) -> Member:
    found: Member | None = await desk.parts.database.read(members.find_by_email, email)
    assert found is not None
    return found
