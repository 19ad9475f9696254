// An application as it is written, one topic a page: typed, the tab closed, opened again and
// finished on a phone; the same without scripts; a large file cut off in the middle and resumed;
// files that are not taken.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, openPage, withPage } from './browser.mjs';
import { asA, begin, fill, handInPapers, press, sign, toCheck } from './drafting.mjs';
import { look, shown, signIn } from './people.mjs';

const MEGABYTE = 1024 * 1024;

const WHO = asA('person');
const PREMISES = { 'premises.division': '110101001', 'premises.address': '示例路 8 号（虚构）' };
const LEAD = {
  'lead-physician.name': '林青（虚构）',
  'lead-physician.resident-id': '110101190305170009',
  'lead-physician.certificate': '虚构-0001',
  'lead-physician.registered-on': '2012-05-01',
};
const clinic = (name) => ({
  'clinic.name': name,
  'clinic.ownership': 'for-profit',
  'clinic.scope': '02',
});

/** From the papers to the case. */
async function finish(page, name) {
  await toCheck(page, name);
  await look(page, 'draft-check');
  const number = await sign(page, '林青', (picture) => look(page, picture));
  await look(page, 'draft-filed');
  return number;
}

test('typed, the tab closed, opened again and finished on a phone', async () => {
  const browser = await launch();
  try {
    const name = '草稿试验诊所（虚构）';
    const page = await openPage(browser, process.env.YIYANG_URL, { language: 'zh', width: 'phone' });
    await signIn(page, 'person-04');
    await page.goto('/zh/apply/clinic-filing');
    await look(page, 'draft-start');
    const draft = await begin(page, 'zh', 'clinic-filing');
    await look(page, 'draft-tasks');
    await page.goto(`${draft}/form-clinic`);
    await page.locator('[name="clinic.name"]').pressSequentially(name);
    await page.locator('[data-saved]').filter({ hasText: /\d\d:\d\d/ }).waitFor();
    await look(page, 'draft-saved-as-typed');
    // The last words are sent as the tab closes.
    await page.locator('[name="clinic.name"]').pressSequentially('二店');
    await page.close({ runBeforeUnload: true });

    const again = await page.context().newPage();
    await again.waitForTimeout(500);
    await again.goto(`${draft}/form-clinic`);
    const kept = await again.locator('[name="clinic.name"]').inputValue();
    assert.ok([name, `${name}二店`].includes(kept), kept);
    await fill(again, clinic(name));
    await press(again, 'continue');
    await fill(again, PREMISES);
    await press(again, 'continue');
    await fill(again, LEAD);
    await press(again, 'later');
    assert.equal(new URL(again.url()).pathname, draft);
    await again.goto(`${draft}/who`);
    await fill(again, WHO);
    await press(again, 'continue');
    await again.goto(`${draft}/form-lead-physician`);
    await press(again, 'continue');
    await handInPapers(again, true);
    const wide = await again.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `the page is ${wide} px wider than the phone`);
    const number = await finish(again, name);
    await again.goto('/zh/cases');
    assert.ok((await again.content()).includes(`/cases/${number}"`));
    // A double click made one case.
    await again.goto(`${draft}/filed`);
    assert.equal(await again.locator('.govuk-panel__body strong').count(), 1);
  } finally {
    await browser.close();
  }
});

test('everything works without scripts', async () => {
  const browser = await launch();
  try {
    const context = await browser.newContext({
      baseURL: process.env.YIYANG_URL,
      javaScriptEnabled: false,
      locale: 'en-GB',
    });
    const page = await context.newPage();
    await signIn(page, 'person-05');
    const draft = await begin(page, 'en', 'clinic-filing');
    await page.goto(`${draft}/who`);
    await fill(page, WHO);
    await press(page, 'continue');
    // Bad input is kept, pointed at and explained.
    await fill(page, { 'clinic.name': '无脚本诊所（虚构）' });
    await press(page, 'continue');
    const summary = page.locator('.govuk-error-summary');
    assert.ok(await summary.isVisible());
    const first = await summary.locator('a').first().getAttribute('href');
    assert.equal(await page.locator(first.replaceAll(':', '\\:')).count(), 1, first);
    assert.equal(await page.locator('[name="clinic.name"]').inputValue(), '无脚本诊所（虚构）');
    await look(page, 'draft-errors');
    await fill(page, clinic('无脚本诊所（虚构）'));
    await press(page, 'continue');
    await fill(page, PREMISES);
    await press(page, 'continue');
    await fill(page, LEAD);
    await press(page, 'continue');
    await page.locator('input[type="file"]').setInputFiles({
      name: 'plan.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('<html><script>alert(1)</script></html>'),
    });
    await press(page, 'continue');
    assert.ok((await shown(page)).includes('may carry a script'));
    await handInPapers(page, false);
    await finish(page, '无脚本诊所（虚构）');
  } finally {
    await browser.close();
  }
});

test('a large file that is cut off goes on where it was', () =>
  withPage({ language: 'en' }, async (page) => {
    await signIn(page, 'person-06');
    const draft = await begin(page, 'en', 'clinic-filing');
    await page.goto(`${draft}/paper-floor-plan`);
    const file = {
      name: 'large plan.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.concat([Buffer.from('%PDF-1.4 large\n'), Buffer.alloc(12 * MEGABYTE, 'p')]),
    };
    // After five pieces the line is dead, and the page is left; offsets are watched on the way.
    const offsets = [];
    let dead = true;
    const at = (request) =>
      request.method() === 'PATCH' ? Number(request.headers()['upload-offset']) : -1;
    page.on('request', (request) => at(request) >= 0 && offsets.push(at(request)));
    await page.route('**/uploads/*', (route) => {
      if (!dead || at(route.request()) < 5 * MEGABYTE) return route.continue();
    });
    const enough = page.waitForRequest((request) => at(request) === 5 * MEGABYTE);
    await page.locator('input[type="file"]').setInputFiles(file);
    await enough;
    const address = await page.evaluate(() => Object.values(localStorage)[0]);
    await page.goto('/en/services');
    assert.match(address, /^\/uploads\/[0-9a-f]{32}$/);
    assert.equal(Math.max(...offsets), 5 * MEGABYTE);
    dead = false;

    // The same file is chosen again. Its date is not what it was, so its address is put there.
    await page.goto(`${draft}/paper-floor-plan`);
    offsets.length = 0;
    await page.evaluate((address) => {
      const get = Storage.prototype.getItem;
      Storage.prototype.getItem = function (name) {
        return get.call(this, name) ?? (name.startsWith('upload ') ? address : null);
      };
    }, address);
    await page.locator('input[type="file"]').setInputFiles(file);
    await page.locator('.govuk-summary-list__value a').waitFor();
    assert.equal(offsets[0], 5 * MEGABYTE, 'it did not go on where it was');
    const text = await shown(page);
    assert.ok(text.includes('large plan.pdf') && text.includes('12.0 MB'), text);
    await look(page, 'draft-upload');
  }));

test('two windows: the older is told, and both texts are there', () =>
  withPage({ language: 'en' }, async (page) => {
    await signIn(page, 'person-06');
    const draft = await begin(page, 'en', 'clinic-filing');
    const other = await page.context().newPage();
    await page.goto(`${draft}/form-clinic`);
    await other.goto(`${draft}/form-clinic`);
    await page.locator('[name="clinic.name"]').fill('The first window');
    await page.locator('[data-saved]').filter({ hasText: /\d\d:\d\d/ }).waitFor();
    await other.locator('[name="clinic.name"]').fill('The second window');
    await other.locator('[data-saved]').filter({ hasText: 'changed elsewhere' }).waitFor();
    await press(other, 'continue');
    assert.ok((await shown(other)).includes('The first window'));
    assert.equal(await other.locator('[name="clinic.name"]').inputValue(), 'The second window');
    await look(other, 'draft-stale');
  }));
