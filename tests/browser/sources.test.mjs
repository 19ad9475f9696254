// Rows that a system sends: its source noted by an officer, rows signed and taken, one held for what
// is wrong with it, put right on the page, another given up with a reason.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPage } from './browser.mjs';
import { going, look, lookAround, officerOf, shown, signIn } from './people.mjs';
import { newKey, noteSource, sendRows, until, untilThere, visit } from './sending.mjs';

test('a source is noted, its rows are taken, and those that do not fit are put right or given up', () =>
  withPage({ language: 'zh' }, async (page) => {
    const source = `his-${Date.now()}`;
    await signIn(page, officerOf('health', '11'));
    await page.getByRole('link', { name: '数据来源' }).first().click();
    // Wrong at first: what is wrong stands beside its field, and what was typed stays.
    await page.locator('#title').fill('某医院信息系统（虚构）');
    await page.locator('#public').fill('not a key');
    await going(page, page.locator('form[action$="/sources"] button'));
    assert.match(await shown(page), /这不是 Ed25519 公钥/);
    assert.equal(await page.locator('#title').inputValue(), '某医院信息系统（虚构）');
    await look(page, 'sources-wrong-zh');
    const key = newKey();
    await noteSource(page, source, key);
    assert.equal(new URL(page.url()).pathname, `/zh/sources/${source}`);
    await lookAround(page, 'source');

    const rows = [visit('v1'), visit('v2', { 'metres-off': 'near' }), visit('v3', { colour: 'red' })];
    const to = { source, feed: 'nursing-visits', key, rows };
    const taken = await sendRows(page, to);
    assert.equal(taken.status(), 200, await taken.text());
    const { held, bad } = await taken.json();
    assert.deepEqual([held, bad.length], [2, 2]);
    const other = await sendRows(page, { ...to, key: newKey() });
    assert.deepEqual([other.status(), (await other.json()).number], [401, 1336]);

    const [first, second] = bad.map(({ number }) => `/zh/held/${number}`);
    // A row is held once it is gathered; its number alone would be found in any day.
    await untilThere(page, '/zh/held', `main a[href$="${first}"]`);
    await lookAround(page, 'held');
    await page.goto(first);
    await page.locator('[name="c.metres-off"]').fill('八十');
    await going(page, page.getByRole('button', { name: '更正并收下' }));
    assert.match(await shown(page), /不是该列要求的数字/);
    await look(page, 'held-row-zh');
    await page.locator('[name="c.metres-off"]').fill('80');
    await going(page, page.getByRole('button', { name: '更正并收下' }));
    assert.match(await shown(page), /更正并收下，编号 \d+/);

    await page.goto(second.replace('/zh/', '/en/'));
    await page.locator('#because').fill('A test of the line');
    await going(page, page.getByRole('button', { name: 'Give the row up' }));
    assert.match(await shown(page), /Given up on .* because:\s+A test of the line/);
    await until(page, `/en/sources/${source}`, /Visits to nurse|nursing|visits/i);
    assert.match(await shown(page), /Rows taken/);

    await page.goto(`/zh/sources/${source}`);
    await going(page, page.getByRole('button', { name: '停用来源' }));
    assert.match(await shown(page), /已停用/);
    const late = await sendRows(page, to);
    assert.deepEqual([late.status(), (await late.json()).number], [401, 1335]);
  }));
