"""Why: off until asked for; then the reasons of what was heard lie over the spectrogram, in both themes."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.serving import choose, seek, until

PIXELS = """
    const canvas = document.getElementById('why-picture');
    const from = Math.round(canvas.width * part[0]), to = Math.round(canvas.width * part[1]);
    const copy = new OffscreenCanvas(to - from, canvas.height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, -from, 0);
    const data = copy.getImageData(0, 0, to - from, canvas.height).data;
"""
PAINTED = f"""(part) => {{ {PIXELS}
    const counts = {{ orange: 0, blue: 0 }};
    for (let at = 0; at < data.length; at += 4)
        if (data[at + 3] > 60) counts[data[at] > data[at + 2] ? 'orange' : 'blue'] += 1;
    return counts;
}}"""
DENSEST = f"""(part) => {{ {PIXELS}
    let best = 0;
    for (let at = 0; at < data.length; at += 4)
        if (data[at] > data[at + 2] && data[at + 3] > data[best + 3]) best = at;
    return [data[best], data[best + 1], data[best + 2]];
}}"""
SAME_WINDOW = "document.getElementById('why').dataset.end === document.getElementById('now').dataset.end"


def of_track(page: Page, start: float, end: float) -> list[float]:
    duration = page.evaluate("document.getElementById('audio').duration")
    return [start / duration, end / duration]


def test_nothing_is_asked_or_shown_until_someone_wants_to_know(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    seek(page, 20)
    until(page, "document.getElementById('now').dataset.end")
    expect(page.locator("#why-switch")).to_have_attribute("aria-checked", "false")
    expect(page.locator("#why")).to_be_hidden()
    page.wait_for_timeout(200)
    assert not [url for url in asked if "explanation" in url]


def test_the_reasons_lie_where_the_window_lies_and_no_further(page: Page) -> None:
    choose(page, "Jazz")
    seek(page, 30)
    until(page, "document.getElementById('now').dataset.end")
    page.keyboard.press("w")
    expect(page.locator("#why-switch")).to_have_attribute("aria-checked", "true")
    until(page, SAME_WINDOW)
    expect(page.locator("#why-words")).to_have_text("Orange speaks for Jazz, blue against it")
    end = int(page.get_attribute("#why", "data-end") or 0) / 22_050
    counts = page.evaluate(PAINTED, of_track(page, end - 3, end))
    assert min(counts.values()) > 20
    assert page.evaluate(PAINTED, of_track(page, end + 0.1, 50)) == {"orange": 0, "blue": 0}
    box, lane = page.locator("#why-window").bounding_box(), page.locator("#why").bounding_box()
    assert box is not None
    assert lane is not None
    left, right = of_track(page, end - 3, end)
    assert abs(box["x"] - lane["x"] - left * lane["width"]) < 2
    assert abs(box["width"] - (right - left) * lane["width"]) < 2


def test_any_genre_can_be_asked_about_and_the_choice_is_remembered(page: Page) -> None:
    seek(page, 20)
    page.click("#why-switch")
    until(page, SAME_WINDOW)
    page.click('#genre-legend [data-genre="rock"]')
    expect(page.locator("#why")).to_have_attribute("data-genre", "rock")
    expect(page.locator("#why-words")).to_have_text("Orange speaks for Rock, blue against it")
    page.locator('#bars [data-genre="metal"]').click()
    expect(page.locator("#why-words")).to_have_text("Orange speaks for Metal, blue against it")
    page.locator('#bars [data-genre="metal"]').click()
    expect(page.locator("#why-words")).to_have_text("Orange speaks for Jazz, blue against it")
    page.reload()
    page.wait_for_selector("#page[data-ready]", state="attached")
    expect(page.locator("#why-switch")).to_have_attribute("aria-checked", "true")
    expect(page.locator("#why")).to_be_visible()
    page.keyboard.press("w")
    expect(page.locator("#why")).to_be_hidden()


def test_the_table_and_the_timeline_ask_too(page: Page) -> None:
    seek(page, 20)
    page.click("#why-switch")
    until(page, SAME_WINDOW)
    page.locator('#overall-table [data-genre="disco"]').click()
    expect(page.locator("#why-words")).to_have_text("Orange speaks for Disco, blue against it")
    page.locator('#overall-table [data-genre="disco"]').click()
    until(page, "document.querySelector('#timeline .area-label') !== null")
    box = page.locator("#timeline-future").locator("..").bounding_box()
    assert box is not None
    x = box["x"] + of_track(page, 0, 20)[1] * box["width"] - 1
    leader = page.get_attribute("#why", "data-genre")
    index = page.evaluate("JSON.parse(document.getElementById('page').dataset.config).genres.map(({ id }) => id)")
    bars = [float(each) for each in page.locator("#bars .bar-value.of-first").all_inner_texts()]
    below = sum(bars[index.index(leader) + 1 :])
    level = below + bars[index.index(leader)] / 2
    page.mouse.click(x, box["y"] + (1 - level) * box["height"])
    expect(page.locator(f'#genre-legend [data-genre="{leader}"]')).to_have_attribute("aria-pressed", "true")


def test_the_reasons_follow_the_sound_and_the_theme(page: Page) -> None:
    page.keyboard.press("w")
    seek(page, 10)
    page.click("#play")
    until(page, f"document.getElementById('audio').currentTime > 12 && {SAME_WINDOW}")
    page.click("#play")
    page.keyboard.press("t")
    until(page, SAME_WINDOW)
    page.wait_for_timeout(300)
    colour = page.evaluate("getComputedStyle(document.getElementById('why')).getPropertyValue('--speaks-for').trim()")
    wanted = [*bytes.fromhex(colour[1:])]
    end = int(page.get_attribute("#why", "data-end") or 0) / 22_050
    found = page.evaluate(DENSEST, of_track(page, end - 3, end))
    assert max(abs(one - other) for one, other in zip(found, wanted, strict=True)) < 12
