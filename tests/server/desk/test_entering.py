"""One gets into the desk with a link, a password, a code, or where there is one the demo; and out again."""

import re

import pyotp
import pytest
import sqlalchemy as sa

from server.desk.door import COOKIE
from server.parts import utc_now
from staff import Role, attempts, links, members, second_factor
from staff.attempts import MOST_PER_ACCOUNT
from staff.tables import staff_sessions
from tests.house import SECRET
from tests.server.desk.desk_house import Browser, DeskHouse, open_desk

PASSWORD = "trois mangues mûres"
AWA = {"name": "Awa Diallo", "email": "awa@example.com", "password": PASSWORD}


async def first_link(desk: DeskHouse) -> str:
    token = await desk.parts.database.write(links.first, utc_now())
    assert token is not None
    return f"/links/{token}"


async def joined(desk: DeskHouse) -> Browser:
    """Awa, who used the first link."""
    browser = desk.stranger()
    answer = await browser.post(await first_link(desk), AWA)
    assert answer.status_code == 303
    return browser


async def test_the_first_link_makes_an_admin_and_opens_once(desk_house: DeskHouse) -> None:
    link = await first_link(desk_house)
    browser = desk_house.stranger()
    assert "Welcome to Relais" in (await browser.get(link)).text

    answer = await browser.post(link, AWA)

    assert answer.headers["location"].startswith("/desk/account/second-factor")
    assert (await browser.get("/health")).status_code == 200
    made = await desk_house.parts.database.read(members.find_by_email, "AWA@example.com")
    assert made is not None
    assert made.roles == {None: Role.ADMIN}
    assert (await desk_house.stranger().get(link)).status_code == 404
    assert await desk_house.parts.database.write(links.first, utc_now()) is None


async def test_a_first_link_that_was_printed_before_opens_nothing_once_another_was(desk_house: DeskHouse) -> None:
    older = await first_link(desk_house)
    await first_link(desk_house)

    assert (await desk_house.stranger().get(older)).status_code == 404


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"password": "mangue"}, "12 to 256 characters"),
        ({"password": "aaaaaaaaaaaaaaaa"}, "more different characters"),
        ({"password": "12345678901234"}, "more different characters"),
        ({"password": "awa diallo1234"}, "your own name"),
        ({"password": "PasswordPassword"}, "your own name"),
        ({"name": "  "}, "how you are called"),
        ({"email": "awa"}, "such as awa@example.com"),
    ],
)
async def test_what_does_not_do_is_said_and_the_link_stays(
    small_desk: DeskHouse, changed: dict[str, str], told: str
) -> None:
    link = await first_link(small_desk)

    answer = await small_desk.stranger().post(link, {**AWA, **changed})

    assert answer.status_code == 422
    assert told in answer.text
    assert changed.get("password", PASSWORD) not in answer.text
    assert (await small_desk.stranger().get(link)).status_code == 200


async def test_a_right_password_opens_the_page_that_was_asked_for(desk_house: DeskHouse) -> None:
    await joined(desk_house)
    browser = desk_house.stranger()
    asked = await browser.get("/health")
    assert asked.headers["location"] == "/desk/login?next=%2Fhealth"

    answer = await browser.post("/login", {"email": "Awa@Example.com ", "password": PASSWORD, "next": "/health"})

    assert answer.headers["location"] == "/desk/health"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/desk" in cookie
    kept = await desk_house.house.rows(staff_sessions)
    assert browser.client.cookies[COOKIE] not in {row.token_hash for row in kept}
    assert (await browser.get("/health")).status_code == 200


@pytest.mark.parametrize("elsewhere", ["//evil.example", "evil"])
async def test_one_is_never_led_out_of_the_desk(small_desk: DeskHouse, elsewhere: str) -> None:
    await joined(small_desk)
    answer = await small_desk.stranger().post("/login", {**AWA, "next": elsewhere})
    assert answer.headers["location"].startswith("/desk/")


async def test_a_wrong_password_and_an_unknown_address_read_alike(small_desk: DeskHouse) -> None:
    await joined(small_desk)
    wrong = await small_desk.stranger().post("/login", {"email": "awa@example.com", "password": "something else"})
    unknown = await small_desk.stranger().post("/login", {"email": "eve@example.com", "password": "something else"})

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("awa@", "eve@") == unknown.text
    assert "something else" not in wrong.text


async def test_whoever_guesses_is_made_to_wait_with_the_right_password_too(desk_house: DeskHouse) -> None:
    await joined(desk_house)
    guesser = desk_house.stranger()
    for _ in range(MOST_PER_ACCOUNT - 1):
        await desk_house.parts.database.write(attempts.failed, "awa@example.com", "192.0.2.1", utc_now())
    assert (await guesser.post("/login", {"email": "awa@example.com", "password": "guess"})).status_code == 401

    answer = await guesser.post("/login", {"email": "AWA@example.com", "password": PASSWORD})

    assert answer.status_code == 429
    assert "Try again in" in answer.text
    assert COOKIE not in guesser.client.cookies


async def test_with_a_second_factor_the_password_alone_opens_nothing(desk_house: DeskHouse) -> None:
    browser = await joined(desk_house)
    secret, recovery = await second_factor_of(desk_house, browser)
    late = desk_house.stranger()

    answer = await late.post("/login", AWA)
    assert answer.headers["location"] == "/desk/login/code"
    assert (await late.get("/health")).headers["location"].startswith("/desk/login")
    assert (await late.post("/login/code", {"code": "000000"})).status_code == 401

    # The code that turned it on was taken: the next period's is the first that is new.
    now = utc_now().timestamp() + second_factor.PERIOD_SECONDS
    code = pyotp.TOTP(secret).at(int(now))
    assert (await late.post("/login/code", {"code": f"{code[:3]} {code[3:]}"})).status_code == 303
    assert (await late.get("/health")).status_code == 200

    again = desk_house.stranger()
    await again.post("/login", AWA)
    assert (await again.post("/login/code", {"code": code})).status_code == 401, "a code is taken once"
    assert (await again.post("/login/code", {"code": recovery[0].upper()})).status_code == 303
    once_more = desk_house.stranger()
    await once_more.post("/login", AWA)
    assert (await once_more.post("/login/code", {"code": recovery[0]})).status_code == 401


async def test_where_the_house_wants_it_nothing_opens_before_the_second_factor(
    sqlite_address: sa.URL, tmp_path: object
) -> None:
    desk = open_desk(sqlite_address, tmp_path, desk_second_factor="required")  # type: ignore[arg-type]
    browser = await joined(desk)
    assert (await browser.get("/health")).headers["location"] == "/desk/account/second-factor"
    await second_factor_of(desk, browser)
    assert (await browser.get("/health")).status_code == 200
    await desk.close()


async def test_one_logs_out_and_the_session_is_over(desk_house: DeskHouse) -> None:
    browser = await desk_house.as_role(Role.AGENT)
    stolen = await desk_house.as_member(browser.member)  # type: ignore[arg-type]
    stolen.client.cookies.set(COOKIE, browser.token)

    assert (await browser.post("/logout")).headers["location"].startswith("/desk/login")

    assert (await stolen.get("/")).headers["location"].startswith("/desk/login")


async def test_the_demo_is_entered_with_one_button(desk_house: DeskHouse) -> None:
    browser = desk_house.stranger()
    assert "Enter the demo" in (await browser.get("/login")).text
    assert (await browser.post("/demo")).headers["location"] == "/desk/"
    assert "You are in the demo" in (await browser.get("/health")).text
    assert await desk_house.parts.database.write(links.first, utc_now()), "it is no admin of flesh and blood"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "relais.example.com"},
        {"Host": "127.0.0.1.example.com"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-Host": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
        {"CF-Connecting-IP": "127.0.0.1"},
        {"Via": "1.1 proxy"},
    ],
)
async def test_the_demo_is_not_there_for_anybody_from_outside(small_desk: DeskHouse, headers: dict[str, str]) -> None:
    inside = small_desk.stranger()
    await inside.post("/demo")
    outside = small_desk.stranger(**headers)

    assert "Enter the demo" not in (await outside.get("/login")).text
    assert (await outside.post("/demo")).status_code == 404
    answer = await inside.get("/health", headers=headers)
    assert answer.headers["location"].startswith("/desk/login"), "nor does its session go through"


async def test_with_the_real_whatsapp_there_is_no_demo(sqlite_address: sa.URL, tmp_path: object) -> None:
    desk = open_desk(sqlite_address, tmp_path, whatsapp_base_url="https://graph.facebook.com")  # type: ignore[arg-type]
    browser = desk.stranger()
    assert "Enter the demo" not in (await browser.get("/login")).text
    assert (await browser.post("/demo")).status_code == 404
    demo = await desk.parts.database.write(members.demo_member, utc_now())
    assert (await (await desk.as_member(demo)).get("/health")).headers["location"].startswith("/desk/login")
    await desk.close()


async def test_another_site_cannot_log_anybody_in(small_desk: DeskHouse) -> None:
    await joined(small_desk)
    forged = small_desk.stranger(Origin="https://evil.example")
    for path in ("/login", "/demo", await reset_link(small_desk)):
        assert (await forged.post(path, AWA)).status_code == 403


async def test_a_new_password_by_link_ends_every_session(desk_house: DeskHouse) -> None:
    browser = await joined(desk_house)
    link = await reset_link(desk_house)

    answer = await desk_house.stranger().post(link, {"password": "un autre parapluie"})

    assert answer.status_code == 303
    assert (await browser.get("/health")).headers["location"].startswith("/desk/login")
    fresh = desk_house.stranger()
    assert (await fresh.post("/login", AWA)).status_code == 401
    assert (await fresh.post("/login", {**AWA, "password": "un autre parapluie"})).status_code == 303


async def test_the_desk_is_found_without_the_slash_too(small_desk: DeskHouse) -> None:
    assert (await small_desk.stranger().get("")).headers["location"] == "/desk/"


async def test_pages_are_kept_by_nobody_and_run_nothing_foreign(small_desk: DeskHouse) -> None:
    answer = await small_desk.stranger().get("/login")
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=", answer.text)
    (sheet,) = re.findall(r'href="(/desk/static/\w+/desk\.css)"', answer.text)
    assert "immutable" in (await small_desk.stranger().client.get(sheet)).headers["cache-control"]


async def reset_link(desk: DeskHouse) -> str:
    awa = await desk.parts.database.read(members.find_by_email, "awa@example.com")
    assert awa is not None
    token = await desk.parts.database.write(
        links.reset, awa.id, clears_second_factor=False, made_by=None, now=utc_now()
    )
    return f"/links/{token}"


async def second_factor_of(desk: DeskHouse, browser: Browser) -> tuple[str, list[str]]:
    """Turn it on; the secret and the recovery codes."""
    awa = await desk.parts.database.read(members.find_by_email, "awa@example.com")
    assert awa is not None
    secret, now = second_factor.new_secret(), utc_now()
    code = pyotp.TOTP(secret).at(now)
    recovery = await desk.parts.database.write(second_factor.turn_on, awa.id, SECRET, secret, code, now)
    assert recovery is not None
    return secret, recovery
