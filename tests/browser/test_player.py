"""The clip as a person works it: over and over, from the act, by seconds, faster and slower."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.evidence import LEFT_AT, RUN_START, SECONDS, File
from tests.browser.person import Person
from tests.browser.ward import Ward

pytestmark = pytest.mark.browser
Visit = Callable[..., Person]

LOOP_FROM, LOOP_UNTIL = LEFT_AT - 2, LEFT_AT + 4 + 2
"""Clip seconds between which a clip is repeated: the act, and two seconds around it."""
SEEK = "(video, second) => { video.currentTime = second; }"
LOST_AT, LOST_S = 6.0, 3.0


def second_of(page: Page) -> float:
    return float(page.locator("video").evaluate("video => video.currentTime"))


def stand_still(operator: Person) -> float:
    """Pause the clip by its key; the second at which it stands."""
    operator.press(" ")
    expect(operator.page.locator("video")).to_have_js_property("paused", value=True)
    return second_of(operator.page)


def expect_near(page: Page, second: float) -> None:
    page.wait_for_function(
        "second => Math.abs(document.querySelector('video').currentTime - second) < 0.3",
        arg=second,
    )


def test_the_act_is_played_over_and_over_until_the_loop_is_switched_off(
    visit: Visit, case: str
) -> None:
    operator = visit()
    operator.open_case(case)
    page, video = operator.page, operator.page.locator("video")
    assert second_of(page) >= LOOP_FROM - 0.1
    video.evaluate(SEEK, LOOP_UNTIL - 0.3)
    page.wait_for_function(
        "until => document.querySelector('video').currentTime < until", arg=LOOP_UNTIL - 1
    )
    assert second_of(page) >= LOOP_FROM - 0.1
    operator.press("m")
    expect(page.locator("[data-does=loop]")).to_have_attribute("aria-pressed", "false")
    video.evaluate(SEEK, LOOP_UNTIL - 0.3)
    assert operator.watches_until(LOOP_UNTIL + 0.3) > LOOP_UNTIL


def test_p_plays_from_the_act_and_arrows_go_by_a_second(visit: Visit, case: str) -> None:
    operator = visit()
    operator.open_case(case)
    page, video = operator.page, operator.page.locator("video")
    stand_still(operator)
    video.evaluate(SEEK, 5)
    operator.press("ArrowRight")
    expect_near(page, 6)
    operator.press("ArrowLeft", "ArrowLeft")
    expect_near(page, 4)
    operator.press("p")
    expect(video).to_have_js_property("paused", value=False)
    operator.watches_until(LOOP_FROM)
    assert second_of(page) < 4


def test_speed_is_raised_and_lowered_and_set_back_and_is_written_there(
    visit: Visit, case: str
) -> None:
    operator = visit()
    operator.open_case(case)
    speed, video = operator.page.locator("[data-speed]"), operator.page.locator("video")
    for key, shown, rate in (
        (">", "2x", 2),
        (">", "4x", 4),
        (">", "4x", 4),
        ("<", "2x", 2),
        ("<", "1x", 1),
        ("<", "0,5x", 0.5),
    ):
        operator.press(key)
        expect(speed).to_have_text(shown)
        expect(video).to_have_js_property("playbackRate", rate)
    speed.click()
    expect(speed).to_have_text("1x")
    expect(video).to_have_js_property("playbackRate", 1)


def test_who_wants_no_motion_sees_the_clip_stand_until_it_is_played(
    visit: Visit, case: str
) -> None:
    operator = visit()
    operator.page.emulate_media(reduced_motion="reduce")
    operator.open_case(case)
    video = operator.page.locator("video")
    expect(video).to_have_js_property("paused", value=True)
    expect_near(operator.page, LOOP_FROM)
    expect(operator.page.locator("[data-does=play]")).to_contain_text("Phát")
    operator.press(" ")
    assert operator.watches_until(LOOP_FROM + 0.3) > LOOP_FROM


def test_where_pictures_are_missing_the_time_line_is_hatched(
    visit: Visit, ward: Ward, evidence: Mapping[str, File]
) -> None:
    operator = visit()
    operator.open_case(ward.report(uuid4().hex, with_a_gap(evidence)))
    gap = operator.page.locator("[data-act-bar] .gap")
    expect(gap).to_have_count(1)
    assert float(gap.get_attribute("x") or 0) == pytest.approx(1000 * LOST_AT / SECONDS, abs=10)
    assert "gap" in gap.evaluate("mark => getComputedStyle(mark).fill")
    act = operator.page.locator("[data-act-bar] .act")
    assert float(act.get_attribute("x") or 0) == pytest.approx(1000 * LEFT_AT / SECONDS, abs=10)


def with_a_gap(evidence: Mapping[str, File]) -> Mapping[str, File]:
    """The same clip, of a camera that was silent for some seconds in its middle."""
    manifest = json.loads(evidence["manifest.json"].content)
    silent, again = RUN_START + LOST_AT, RUN_START + LOST_AT + LOST_S
    end = RUN_START + SECONDS + LOST_S
    manifest["clip"]["segments"] = [
        {"clip_start_s": 0.0, "start": RUN_START, "end": silent},
        {"clip_start_s": LOST_AT, "start": again, "end": end},
    ]
    manifest["covered"] = [[RUN_START, silent], [again, end]]
    manifest["gaps"] = [[silent, again]]
    content = json.dumps(manifest).encode()
    return {**evidence, "manifest.json": replace(evidence["manifest.json"], content=content)}
