// What a rule finds in rows: there within seconds, opened with its evidence, found again before one's
// eyes, and gone once the source says that the row was another one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPage } from './browser.mjs';
import { going, lookAround, officerOf, openInstitution, shown, signIn } from './people.mjs';
import { newKey, noteSource, sendRows, until, visit } from './sending.mjs';

test('a home visit without a check-in is found, shown with its row, and gone once it is mended', () =>
  withPage({ language: 'zh' }, async (page) => {
    const source = `his-${Date.now()}`;
    await signIn(page, officerOf('health', '11'));
    const key = newKey();
    await noteSource(page, source, key);
    const institution = `institution-${Date.now()}`;
    const late = visit('v1', { 'checked-in': 'none', institution });
    const to = { source, feed: 'nursing-visits', key };
    assert.equal((await sendRows(page, { ...to, rows: [late, visit('v2', { institution })] })).status(), 200);

    const about = `/zh/findings?subject=${institution}&rule=visit-unchecked`;
    await until(page, about, /2026-01-05/);
    await lookAround(page, 'findings');
    await page.locator('main table th a').first().click();
    await page.waitForURL(/\/findings\/[0-9a-f]{32}$/);
    const [address, text] = [new URL(page.url()).pathname, await shown(page)];
    assert.match(text, /明确违反/);
    assert.match(text, /未签到/);
    assert.ok(!text.includes('110101190305170009'), 'a person is shown as a digest');
    await lookAround(page, 'finding');
    await page.goto(`${address.replace('/zh/', '/en/')}/again`);
    assert.match(await shown(page), /the same finding/);
    await page.goto('/en/findings/rules/visit-unchecked');
    await lookAround(page, 'rule');

    const mended = { ...late, 'checked-in': 'beacon' };
    assert.equal((await sendRows(page, { ...to, rows: [mended] })).status(), 200);
    await until(page, address, /此项发现已不成立/);
    await page.goto(about);
    assert.match(await shown(page), /没有发现/);
    const told = await page.request.get(`/api/findings?subject=${institution}&rule=visit-unchecked`);
    assert.deepEqual((await told.json()).findings, []);
  }));

test('a district opens a case on what was found about one of its institutions', () =>
  withPage({ language: 'zh' }, async (page) => {
    const { key: institution, fields } = await openInstitution(page);
    await signIn(page, officerOf('health', '11'));
    const [source, key] = [`his-${Date.now()}`, newKey()];
    await noteSource(page, source, key);
    // The institution may have been opened a moment ago; before, no register knew it.
    const now = new Date();
    const late = visit(`c-${now.valueOf()}`, { 'checked-in': 'none', institution, 'started-at': now.toISOString() });
    assert.equal((await sendRows(page, { source, feed: 'nursing-visits', key, rows: [late] })).status(), 200);
    const about = `/zh/findings?subject=${encodeURIComponent(institution)}&rule=visit-unchecked`;
    // The rule is named above the list before there is anything in it.
    await until(page, about, /事件时刻/);
    // Its key may be of the city, which licenses the larger ones; where it stands is in its entry.
    await signIn(page, officerOf('health', fields.division.slice(0, 6)));
    await page.goto(about);
    await lookAround(page, 'findings-case');
    await page.getByRole('link', { name: '医疗机构违规案件' }).click();
    const field = (name) => page.locator(`[name="${name}"]`);
    assert.match(await field('violation.findings').inputValue(), /^[0-9a-f]{32}/);
    await field('violation.facts').fill('上门护理未签到（虚构）');
    await going(page, page.locator('main form button.govuk-button').last());
    const address = new URL(page.url()).pathname;
    assert.match(address, /\/zh\/cases\/\d+$/);
    assert.match(await shown(page), /核实/);

    // What is found while the case runs joins it: the list leads to it, and the numbers are filled in.
    const next = visit(`d-${now.valueOf()}`, { 'checked-in': 'none', institution, 'started-at': now.toISOString() });
    assert.equal((await sendRows(page, { source, feed: 'nursing-visits', key, rows: [next] })).status(), 200);
    await until(page, address, /另有 \d+ 项同类发现/);
    await page.goto(about);
    await page.getByRole('link', { name: '并入在办案件' }).first().click();
    await page.waitForURL(`**${address}`);
    await lookAround(page, 'case-further');
    // Each rule finds for itself: what another one finds in the same row may come a moment later.
    let more = 0;
    do {
      assert.match(await field('further.findings').inputValue(), /^[0-9a-f]{32}/);
      await page.locator('[name="outcome"][value="join"]').check();
      await going(page, page.locator('form[action$="/choose"] button.govuk-button').last());
      more += 1;
    } while (more < 4 && /另有 \d+ 项同类发现/.test(await shown(page)));
    assert.ok(!/另有 \d+ 项同类发现/.test(await shown(page)), 'all of it is in the case');
    assert.match(await shown(page), /并入新的发现/);
    await lookAround(page, 'case-joined');
  }));
