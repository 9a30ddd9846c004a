"""A person before a browser: signs in, opens cases, presses keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, expect

from tests.browser.ward import PASSWORD, Ward

AWAKE_MS = 710
"""Decision keys sleep 700 ms after a case is painted."""
WAIT_UNTIL_PAINTED = """() => new Promise((painted) =>
  requestAnimationFrame(() => requestAnimationFrame(() => painted())))"""


@dataclass(frozen=True, slots=True)
class Person:
    """One page of one browser profile; `errors` collects what scripts threw."""

    page: Page
    ward: Ward
    errors: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.ward.address + path)

    def open_case(self, code: str) -> None:
        """Open a case and wait until it plays and its keys are awake."""
        self.open(f"/cases/{code}")
        self.page.wait_for_selector("[data-player][data-ready]")
        self.waits_until_keys_wake()

    def confirms(self, code: str) -> None:
        """Open a case and confirm it by its key."""
        self.open_case(code)
        self.press("c")
        self.sees(f"Vừa quyết định {code}: Xác nhận đủ căn cứ.")

    def waits_until_keys_wake(self) -> None:
        wait_until_keys_wake(self.page)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def watches_until(self, second: float) -> float:
        """Wait until the clip has played to a second; returns where it is then."""
        video = self.page.locator("video")
        for _ in range(200):
            at = float(video.evaluate("video => video.currentTime"))
            if at >= second:
                return at
            self.page.wait_for_timeout(50)
        raise AssertionError(f"the clip does not play: it is still at {at} s")

    def sees(self, sentence: str) -> None:
        expect(self.page.locator("body")).to_contain_text(sentence)


def wait_until_keys_wake(page: Page) -> None:
    """From the frame on in which a person can first have seen the page, however late a busy
    machine paints it: what the page itself asked to be told of that frame, it is told before."""
    page.wait_for_load_state()
    page.evaluate(WAIT_UNTIL_PAINTED)
    page.wait_for_timeout(AWAKE_MS)


@contextmanager
def visiting(
    browser: Browser,
    ward: Ward,
    role: str | None = "operator",
    *,
    width: int = 1366,
    height: int = 768,
    dark: bool = False,
    language: str = "vi",
    script: bool = True,
) -> Iterator[Person]:
    """A person of a role, signed in, or nobody. No script may throw before the page closes.

    The session is asked for as the form asks for it, but without drawing two pages first: who
    signs in by the form itself is in `test_signing_in`.
    """
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        java_script_enabled=script,
        has_touch=width < 1200,
    )
    context.add_cookies([{"name": "language", "value": language, "url": ward.address}])
    context.set_default_timeout(15_000)
    person = Person(context.new_page(), ward)
    person.page.on("pageerror", lambda error: person.errors.append(str(error)))
    if role is not None:
        entry = {"login": role, "password": PASSWORD}
        answer = context.request.post(f"{ward.address}/sign-in", form=entry, max_redirects=0)
        assert answer.status == 303, answer.text()
    yield person
    context.close()
    assert person.errors == []
