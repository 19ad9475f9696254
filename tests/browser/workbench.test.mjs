// An officer at a case: given to a colleague there, read beside its papers, a supplement put together
// from items with what is wrong with each, and a refusal with reasons picked from the rules.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPage } from './browser.mjs';
import { fillInClinic, going, look, send, shown, signIn } from './people.mjs';

const OFFICER = 'officer-02';
const COLLEAGUE = '胡素华';

/** Files a clinic with a paper; the address of its case. */
async function filed(page, name) {
  await signIn(page, 'person-08');
  await page.goto('/zh/apply/clinic-filing/whole');
  await fillInClinic(page, name, `示例路 ${name.length} 号（虚构）`);
  await send(page);
  return new URL(page.url()).pathname;
}

test('a case is given away, read beside its papers and sent back with a notice made of items', () =>
  withPage({ language: 'zh' }, async (page) => {
    const address = await filed(page, '对照诊所（虚构）');
    await signIn(page, OFFICER);
    await page.goto(address);
    await page.locator('#officer').selectOption({ label: COLLEAGUE });
    await going(page, page.getByRole('button', { name: '交办' }));
    assert.equal(new URL(page.url()).pathname, address);
    assert.equal(await page.locator('#officer option:checked').innerText(), COLLEAGUE);

    await going(page, page.getByRole('link', { name: '申报内容与材料对照' }));
    assert.ok((await shown(page)).includes('对照诊所（虚构）'));
    const frame = page.locator('iframe');
    const src = await frame.getAttribute('src');
    const answer = await page.request.get(src);
    assert.equal(answer.status(), 200);
    assert.match(answer.headers()['content-disposition'], /^inline/);
    assert.match(answer.headers()['content-security-policy'], /frame-ancestors 'self'/);
    const alone = await page.request.get(src.split('?')[0]);
    assert.match(alone.headers()['content-disposition'], /^attachment/);
    assert.match(alone.headers()['content-security-policy'], /frame-ancestors 'none'/);
    const [left, right] = await Promise.all([
      page.locator('.app-beside__states').boundingBox(),
      page.locator('.app-beside__paper').boundingBox(),
    ]);
    assert.ok(right.x >= left.x + left.width, 'one stands beside the other');
    await look(page, 'workbench-beside');

    await page.goto(address);
    await page.locator('input[name="outcome"][value="incomplete"]').check();
    await page.locator('details:has(#items-choose) summary').click();
    const note = page.locator('#note-lease');
    assert.equal(await note.isVisible(), false);
    await page.locator('input[name="items"][value="lease"]').check();
    await note.fill('缺少出租方签字');
    await page.locator('#reasons-choose').fill('请在十日内补正');
    await look(page, 'workbench-supplement');
    await going(page, page.locator('form[action$="/choose"] button'));
    assert.match(await shown(page), /请在十日内补正；[^；]*：缺少出租方签字/);
    await look(page, 'workbench-notice');
  }));

test('on a phone a paper is opened by itself, and is not fetched before', () =>
  withPage({ language: 'zh', width: 'phone' }, async (page) => {
    const address = await filed(page, '手机对照诊所（虚构）');
    await signIn(page, OFFICER);
    const fetched = [];
    page.on('request', (request) => fetched.push(request.url()));
    await page.goto(`${address}/beside`, { waitUntil: 'networkidle' });
    assert.equal(await page.locator('iframe').isVisible(), false);
    assert.ok(await page.getByRole('link', { name: /^单独打开：/ }).isVisible());
    assert.deepEqual(fetched.filter((url) => url.includes('/papers/')), []);
    await look(page, 'workbench-beside-phone');
  }));

test('reasons are picked from the rules and kept when the form comes back', () =>
  withPage({ language: 'zh', forgive: /422/ }, async (page) => {
    const address = await filed(page, '理由诊所（虚构）');
    await signIn(page, OFFICER);
    await page.goto(address);
    await page.locator('input[name="outcome"][value="not-accepted"]').check();
    // Nothing said: sent back to the reasons.
    await going(page, page.locator('form[action$="/choose"] button'));
    assert.match(await page.locator('.govuk-error-summary').innerText(), /理由/);
    await page.getByText('从规则中选取理由').click();
    // What the filing states meets this condition: no reason by itself, but one with what was found.
    const met = page.locator('label.pick', { has: page.locator('input[name="rule"]') });
    const rule = met.filter({ hasText: '满足' }).first();
    assert.ok((await shown(page)).includes('以下条件按申报内容已经满足'), await shown(page));
    await rule.locator('input').check();
    const value = await rule.locator('input').getAttribute('value');
    await look(page, 'workbench-grounds');
    await going(page, page.locator('form[action$="/choose"] button'));
    const wrong = await page.locator('.govuk-error-summary').innerText();
    assert.match(wrong, /“.+”按申报内容已经满足；请用自己的话写明查明的不同事实/);
    assert.ok(await page.locator(`input[name="rule"][value="${value}"]`).isChecked());
    await look(page, 'workbench-grounds-met');
    await page.locator('#reasons-choose').fill('现场核查与申报不符');
    await going(page, page.locator('form[action$="/choose"] button'));
    const said = await shown(page);
    assert.match(said, /依据.+：.+；现场核查与申报不符/, said);
    await look(page, 'workbench-refused');
  }));
