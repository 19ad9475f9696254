// A board follows what is found without being loaded again, its figures open what they count, and an
// institution's points lead to their evidence.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WIDTHS, withPage } from './browser.mjs';
import { lookAround, officerOf, openInstitution, shown, signIn } from './people.mjs';
import { newKey, noteSource, sendRows, until, visit } from './sending.mjs';

/** The first number of the board: how many findings stand. */
const sum = async (page) => {
  const text = await page.locator('[data-live="sums"]').innerText();
  return Number(/\d+/.exec(text)[0]);
};

/** How many findings a list has on all its pages. */
async function listed(page, address) {
  let count = 0;
  for (let next = address; next; ) {
    await page.goto(next);
    count += await page.locator('main table').last().locator('tbody tr').count();
    next = await page.locator('main a[href*="after="]').first().getAttribute('href', { timeout: 500 }).catch(() => null);
  }
  return count;
}

test('a board shows within seconds what was found, and its figures open what they count', () =>
  withPage({ language: 'zh' }, async (page) => {
    await signIn(page, officerOf('health', '11'));
    const [source, key] = [`his-${Date.now()}`, newKey()];
    await noteSource(page, source, key);
    const institution = `board-${Date.now()}`;
    const late = (name) => visit(name, { 'checked-in': 'none', institution });
    const to = { source, feed: 'nursing-visits', key };
    await page.goto('/zh/board');
    assert.match(new URL(page.url()).pathname, /\/zh\/board\/online-care$/);
    const before = await sum(page);
    await page.evaluate(() => (window.untouched = true));
    const link = page.locator('[data-live="sums"] a').first();
    if (before > 0) await link.focus();
    assert.equal((await sendRows(page, { ...to, rows: [late('v1'), late('v2')] })).status(), 200);
    await page.waitForFunction(
      (wanted) => Number(/\d+/.exec(document.querySelector('[data-live="sums"]').innerText)[0]) === wanted,
      before + 2,
      { timeout: 15000 },
    );
    assert.ok(await page.evaluate(() => window.untouched), 'the page was not loaded again');
    assert.match(await page.locator('[data-board] [role="status"]').innerText(), new RegExp(`${before + 2}`));
    if (before > 0) assert.match(await page.evaluate(() => document.activeElement.getAttribute('href')), /findings/);
    await lookAround(page, 'board');
    assert.equal(await listed(page, await link.getAttribute('href')), before + 2);

    // Stopped, it stays as it is.
    await page.goto('/zh/board/online-care?division=all');
    await page.locator('[data-board] input').uncheck();
    assert.equal((await sendRows(page, { ...to, rows: [late('v3')] })).status(), 200);
    await page.waitForTimeout(4500);
    assert.equal(await sum(page), before + 2);
    await page.locator('[data-board] input').check();
    await page.waitForFunction(
      (wanted) => Number(/\d+/.exec(document.querySelector('[data-live="sums"]').innerText)[0]) === wanted,
      before + 3,
      { timeout: 15000 },
    );

    // The same institution's points, and the findings that they are of.
    await page.goto(`/zh/risk/medical-institution/${institution}`);
    assert.match(await shown(page), /共 15 分/);
    await lookAround(page, 'rated');
    const line = page.locator('main table a[href*="/findings?"]').first();
    assert.equal(await line.innerText(), '3');
    assert.equal(await listed(page, await line.getAttribute('href')), 3);
    await page.goto('/zh/risk');
    await lookAround(page, 'risk');
    assert.match(await shown(page), new RegExp(institution));
  }));

for (const [width, { viewport }] of Object.entries(WIDTHS)) {
  test(`a board and points are no wider than the ${width}`, () =>
    withPage({ language: 'en', width }, async (page) => {
      await signIn(page, officerOf('health', '11'), 'en');
      for (const path of ['/en/board/online-care', '/en/risk']) {
        await page.goto(path);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= viewport.width, `${path}: ${wide}`);
      }
    }));
}

test('an officer of a district begins with that district, which is shaded on the map', () =>
  withPage({ language: 'zh' }, async (page) => {
    const { key: institution, fields } = await openInstitution(page);
    const district = fields.division.slice(0, 6);
    await signIn(page, officerOf('health', '11'));
    const [source, key] = [`his-${Date.now()}`, newKey()];
    await noteSource(page, source, key);
    const moment = new Date().toISOString();
    const late = (name) => visit(name, { 'checked-in': 'none', institution, 'started-at': moment });
    const rows = ['a', 'b', 'c'].map(late);
    assert.equal((await sendRows(page, { source, feed: 'nursing-visits', key, rows })).status(), 200);
    await until(page, `/zh/findings?rule=visit-unchecked&subject=${encodeURIComponent(institution)}`, /上门护理未签到/);

    await signIn(page, officerOf('health', district));
    await page.goto('/zh/board/online-care');
    assert.doesNotMatch(await page.locator('h1').innerText(), /全市/);
    const figure = page.locator(`svg a[href*="division=${district}"]`);
    const count = Number(await figure.locator('text').textContent());
    assert.ok(count >= 3, `${count}`);
    assert.equal(await sum(page), count);
    await lookAround(page, 'board-district');
    assert.equal(await listed(page, await figure.getAttribute('href')), count);
    await page.goto('/zh/board/online-care?division=all');
    assert.match(await page.locator('h1').innerText(), /全市/);

    // The register leads an officer to the points of an institution.
    await page.goto(`/zh/registers/medical-institution/${encodeURIComponent(institution)}`);
    await page.getByRole('link', { name: '医疗机构风险' }).click();
    assert.match(await shown(page), /共 \d+ 分/);
  }));
