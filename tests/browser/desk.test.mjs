// Order inside a body: cases given to a colleague from the queue, a colleague who stands in, views
// that are kept, keys instead of a mouse; and a chief who follows a figure to a case that is late.

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

test('a view is kept under a name and gone when it is no longer wanted', () =>
  withPage({ language: 'zh', forgive: REFUSED }, async (page) => {
    await signIn(page, CHIEF);
    await page.goto('/zh/inbox?due=late');
    await page.getByText('保存此视图').click();
    const keep = page.locator('form[action$="/inbox/views"]').first();
    await going(page, keep.getByRole('button'));
    assert.match(await page.locator('.govuk-error-summary').innerText(), /请给视图起个名称/);
    assert.equal(await page.locator('#due').inputValue(), 'late');
    await page.locator('#name').fill('昨天以前');
    await going(page, keep.getByRole('button'));
    await page.goto('/zh/inbox');
    await going(page, page.getByRole('link', { name: '昨天以前' }));
    assert.match(page.url(), /inbox\?due=late$/);
    assert.equal(await page.locator('nav [aria-current="page"]', { hasText: '昨天以前' }).count(), 1);
    await look(page, 'desk-kept-view');

    // Nobody else has it.
    await signIn(page, ONE.id);
    await page.goto('/zh/inbox');
    assert.equal(await page.getByRole('link', { name: '昨天以前' }).count(), 0);

    await signIn(page, CHIEF);
    await page.goto('/zh/inbox?due=late');
    await page.getByText('保存此视图').click();
    await going(page, page.getByRole('button', { name: '不再保存“昨天以前”' }));
    assert.equal(await page.getByRole('link', { name: '昨天以前' }).count(), 0);
  }));

test('the queue is worked through by keys, which can be turned off', () =>
  withPage({ language: 'zh' }, async (page) => {
    await signIn(page, CHIEF);
    await page.goto('/zh/inbox');
    const links = await page.locator('#cases tbody a').evaluateAll((all) => all.map((one) => one.href));
    const at = () => page.evaluate(() => document.activeElement?.href ?? '');
    await page.keyboard.press('j');
    assert.equal(await at(), links[0]);
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    assert.equal(await at(), links[1]);
    assert.equal(await page.locator('#cases tbody input:checked').count(), 1);
    await page.keyboard.press('k');
    assert.equal(await at(), links[0]);
    await page.keyboard.press('f');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'whose');
    // In a list to choose from, letters choose.
    await page.keyboard.press('l');
    assert.match(page.url(), /\/inbox$/);
    await page.locator('h1').click();
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: '快捷键' });
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /办件量[^]*将所选办件交给/);
    await look(page, 'desk-keys');
    await dialog.getByRole('checkbox').uncheck();
    await dialog.getByRole('button').click();
    await page.keyboard.press('l');
    assert.match(page.url(), /\/inbox$/);
    await page.getByRole('button', { name: '快捷键' }).click();
    await dialog.getByRole('checkbox').check();
    await dialog.getByRole('button').click();
    await page.keyboard.press('l');
    await page.waitForURL(/\/load$/);
  }));

test('a chief follows a figure to a case that is late', () =>
  withPage({ language: 'zh' }, async (page) => {
    // The commission of the whole city: it sees what its districts are late with.
    await signIn(page, 'officer-01');
    await page.goto('/zh/load');
    await look(page, 'desk-load');
    const rows = page.locator('#by-district tbody tr');
    const figures = await rows.evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll('td.number')].map((cell) => Number(cell.innerText))),
    );
    assert.ok(figures.length > 1);
    for (const [late, soon, later, all] of figures) assert.equal(late + soon + later, all);
    assert.ok(figures[0][0] > 0, 'the district with the most late cases comes first');
    // Each line has its bar: as many parts as it has figures that are not nought.
    const parts = await rows.first().locator('rect').count();
    assert.equal(parts, figures[0].slice(0, 3).filter((count) => count > 0).length);

    const below = page.locator('#by-district tbody tr', {
      hasNot: page.getByRole('rowheader', { name: '北京市', exact: true }),
    });
    const district = await below.first().locator('th').innerText();
    const behind = Number(await below.first().locator('td.number').first().innerText());
    await going(page, below.first().locator('td.number a').first());
    assert.match(page.url(), /\/load\/cases\?division=\d+&due=late$/);
    const said = await shown(page);
    assert.ok(said.includes(district) && said.includes('已逾期'), said);
    const late = await page.locator('tbody tr').count();
    assert.equal(late, Math.min(behind, 50));
    assert.equal(await page.locator('tbody tr.late').count(), late);
    await look(page, 'desk-load-late');

    await going(page, page.locator('tbody tr a').first());
    assert.match(await page.locator('.standing').innerText(), /逾期/);
    // Whoever is above looks on; acting is for the body that handles the case.
    assert.equal(await page.locator('form.do').count(), 0);
    assert.equal(await page.locator('.papers a').count(), 0);
  }));
