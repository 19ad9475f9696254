// Order inside a body: cases given to a colleague from the queue, and a colleague who stands in.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPage } from './browser.mjs';
import { fillInClinic, going, look, send, shown, signIn } from './people.mjs';

const CHIEF = 'officer-02';
const ONE = { id: 'officer-205', name: '胡素华' };
const OTHER = { id: 'officer-206', name: '郭梓卿' };
/** A browser notes on its console that an answer refused something; that is what is tested here. */
const REFUSED = /422/;

/** The day so many days from now, in the city's time. */
function day(ahead) {
  const then = new Date(Date.now() + ahead * 24 * 3600 * 1000);
  return then.toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
}

/** Files a clinic; the number of its case. */
async function file(page, name) {
  await signIn(page, 'person-08');
  await page.goto('/zh/apply/clinic-filing/whole');
  await fillInClinic(page, name, `示例路 ${name.length} 号（虚构）`);
  await send(page);
  return new URL(page.url()).pathname.split('/').at(-1);
}

/** The numbers of the cases that the queue shows. */
async function queued(page, view) {
  await page.goto(`/zh/inbox?${view}`);
  const boxes = page.locator('#cases tbody input[name="case"]');
  return boxes.evaluateAll((all) => all.map((box) => box.value));
}

test('cases are given to a colleague, and another stands in', () =>
  withPage({ language: 'zh', forgive: REFUSED }, async (page) => {
    const first = await file(page, '交办甲诊所（虚构）');
    const second = await file(page, '交办乙诊所（虚构）');
    await signIn(page, CHIEF);
    const view = 'whose=nobody&service=clinic-filing&due=week';
    const waiting = await queued(page, view);
    assert.ok(waiting.includes(first) && waiting.includes(second), `${waiting}`);
    await look(page, 'desk-queue');

    // Nothing chosen: pointed at, and the view stays.
    await going(page, page.locator('form[action$="/inbox/assign"] button'));
    const summary = page.locator('.govuk-error-summary');
    assert.match(await summary.innerText(), /请选择承办人[^]*请至少选择一个办件/);
    assert.equal(await page.locator('#whose').inputValue(), 'nobody');
    assert.equal(await page.locator('#service').inputValue(), 'clinic-filing');
    await look(page, 'desk-nothing-chosen');

    for (const number of [first, second]) await page.locator(`#case-${number}`).check();
    await page.locator('#officer').selectOption({ label: ONE.name });
    await going(page, page.locator('form[action$="/inbox/assign"] button'));
    assert.ok((await shown(page)).includes('已交办 2 件'), await shown(page));
    assert.match(page.url(), /whose=nobody.*service=clinic-filing.*due=week.*done=2/);
    const left = await queued(page, view);
    assert.ok(!left.includes(first) && !left.includes(second), `${left}`);

    // The case says who has it.
    await page.goto(`/zh/cases/${first}`);
    assert.ok((await shown(page)).match(/交由 .*胡素华 承办/), await shown(page));

    await signIn(page, ONE.id);
    assert.deepEqual((await queued(page, 'whose=mine')).sort(), [first, second].sort());
    await page.goto('/zh/inbox/away');
    await page.locator('#from').fill(day(0));
    await page.locator('#until').fill(day(-1));
    await page.locator('#cover').selectOption({ label: OTHER.name });
    const say = page.locator('form[action$="/inbox/away"]').last().locator('button');
    await going(page, say);
    assert.match(await summary.innerText(), /最后一天/);
    assert.equal(await page.locator('#from').inputValue(), day(0));
    await look(page, 'desk-away-wrong');
    await page.locator('#until').fill(day(3));
    await going(page, say);
    assert.ok((await shown(page)).includes(OTHER.name));
    await look(page, 'desk-away');

    await signIn(page, OTHER.id);
    assert.deepEqual((await queued(page, 'whose=mine')).sort(), [first, second].sort());
    assert.ok((await shown(page)).includes(`您代管${ONE.name}的办件`), await shown(page));
    await look(page, 'desk-covered');

    // Back, nobody stands in any more.
    await signIn(page, ONE.id);
    await page.goto('/zh/inbox/away');
    await going(page, page.getByRole('button', { name: '我已返岗' }));
    await signIn(page, OTHER.id);
    assert.deepEqual(await queued(page, 'whose=mine'), []);
  }));

test('on a phone the queue of one officer is told from the others', () =>
  withPage({ language: 'en', width: 'phone' }, async (page) => {
    await signIn(page, ONE.id, 'en');
    await page.goto('/en/inbox?whose=nobody&due=late');
    await look(page, 'desk-phone');
    assert.equal(await page.locator('#due').inputValue(), 'late');
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 390, `${wide} px wide`);
  }));
