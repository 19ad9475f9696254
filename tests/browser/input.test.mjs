// Bad input on every form: too long, of the wrong kind or script, a hostile file, a page of an older
// session, a double click. What was typed is kept, the field is pointed at, and what to do is said.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPage } from './browser.mjs';
import { asA, begin, fill, handInPapers, press, sign, toCheck } from './drafting.mjs';
import {
  choose,
  fillInClinic,
  going,
  look,
  officerOf,
  openInstitution,
  paper,
  send,
  shown,
  signIn,
} from './people.mjs';
import { withServer } from './server.mjs';

const MEGABYTE = 1024 * 1024;
/** A browser notes on its console that an answer refused something; that is what is tested here. */
const REFUSED = /40[0139]|413|422/;

const PROGRAM = {
  name: 'lease.pdf',
  mimeType: 'application/pdf',
  buffer: Buffer.from('MZ\x90\0\x03 a program that calls itself a paper'),
};
const HUGE = {
  name: 'plan.pdf',
  mimeType: 'application/pdf',
  buffer: Buffer.concat([Buffer.from('%PDF-1.4 huge\n'), Buffer.alloc(11 * MEGABYTE, 'p')]),
};

/** Types what a browser would not let through: neither its limits nor its kinds of field hold. */
async function force(page, name, value) {
  const field = page.locator(`[name="${name}"]`).first();
  await field.evaluate((node) => {
    node.removeAttribute('maxlength');
    node.required = false;
  });
  await field.fill(value);
}

/**
 * The summary of errors is there and each of its links leads the focus to its field; the field of
 * that name keeps what was typed, and beside it stands what is wrong with it.
 */
async function pointed(page, name, value, says) {
  const summary = page.locator('.govuk-error-summary');
  await summary.waitFor();
  const links = summary.locator('a[href^="#"]');
  assert.ok((await links.count()) > 0, `nothing is pointed at: ${await summary.innerText()}`);
  for (const link of await links.all()) {
    const target = decodeURIComponent((await link.getAttribute('href')).slice(1));
    await link.click();
    const found = await page.evaluate((id) => {
      const node = document.getElementById(id);
      return Boolean(node?.contains(document.activeElement)) && node.checkVisibility();
    }, target);
    assert.ok(found, `#${target} is not focused`);
  }
  const field = page.locator(`[name="${name}"]`).first();
  if (value !== undefined) assert.equal(await field.inputValue(), value, `${name} was not kept`);
  const group = page.locator('.govuk-form-group--error, .wrong').filter({ has: field });
  const message = await group.locator('.govuk-error-message, .error').first().innerText();
  assert.match(message, says);
}

/** Sends a draft's topic with one wrong answer after the other. */
async function topic(page, address, good, rows) {
  await page.goto(address);
  await fill(page, good);
  for (const [name, value, says] of rows) {
    await force(page, name, value);
    await press(page, 'continue');
    await pointed(page, name, value, says);
    for (const [other, kept] of Object.entries(good).filter(([other]) => other !== name)) {
      const field = page.locator(`[name="${other}"]`).first();
      if ((await field.getAttribute('type')) === 'radio')
        assert.ok(await page.locator(`[name="${other}"][value="${kept}"]`).isChecked(), other);
    }
    await force(page, name, good[name] ?? '');
  }
}

const LEAD = {
  'lead-physician.name': '林青（虚构）',
  'lead-physician.resident-id': '110101190305170009',
  'lead-physician.certificate': '虚构-0001',
  'lead-physician.registered-on': '2012-05-01',
};

test('a topic with answers too long, of the wrong kind and script', () =>
  withPage({ language: 'en', forgive: REFUSED }, async (page) => {
    await signIn(page, 'person-10');
    const draft = await begin(page, 'en', 'clinic-filing');
    const clinic = {
      'clinic.name': 'Good (invented)',
      'clinic.ownership': 'for-profit',
      'clinic.scope': '02',
    };
    await topic(page, `${draft}/form-clinic`, clinic, [
      ['clinic.name', 'long '.repeat(13), /60/],
      ['clinic.credit-code', 'not a code', /18/],
      ['clinic.credit-code', '统一社会信用代码', /18/],
    ]);
    await look(page, 'input-topic');
    const premises = { 'premises.division': '110101001', 'premises.address': 'No. 1 (invented)' };
    await topic(page, `${draft}/form-premises`, premises, [
      ['premises.point', 'here', /longitude/i],
      ['premises.point', '39.908, 116.397', /longitude|latitude/i],
      ['premises.address', '路'.repeat(121), /120/],
    ]);
    await topic(page, `${draft}/form-lead-physician`, LEAD, [
      ['lead-physician.resident-id', '11010119030517000Ω', /./],
      ['lead-physician.resident-id', '110101190305170001', /./],
    ]);
  }));

test('a number in another script, and one that is none', () =>
  withPage({ language: 'zh', width: 'phone', forgive: REFUSED }, async (page) => {
    await signIn(page, 'person-10');
    const draft = await begin(page, 'zh', 'institution-licence');
    const good = { 'institution.name': '好医院（虚构）', 'institution.kind': 'general-hospital' };
    const rows = [
      ['institution.beds', '一百二十', /整数|数字/],
      ['institution.beds', '12.5', /整数|数字/],
      ['institution.beds', '9'.repeat(40), /./],
    ];
    await topic(page, `${draft}/form-institution`, good, rows);
    await look(page, 'input-number');
  }));

test('the whole form keeps everything when a file is a program', () =>
  withPage({ language: 'en', forgive: REFUSED }, async (page) => {
    await signIn(page, 'person-10');
    await page.goto('/en/apply/clinic-filing/whole');
    await fillInClinic(page, 'Hostile file (invented)', 'No. 2 (invented)');
    await page.locator('input[name="lease"]').setInputFiles(PROGRAM);
    await force(page, 'lead-physician.resident-id', '123');
    await send(page);
    await pointed(page, 'lease', undefined, /is a program/);
    await pointed(page, 'lead-physician.resident-id', '123', /./);
    assert.equal(await page.locator('[name="clinic.name"]').inputValue(), 'Hostile file (invented)');
    // Papers that are taken need not be chosen again.
    assert.equal(await page.locator('input[name^="kept:"]').count(), 7);
    // What turns the order of reading, and what nobody sees.
    await force(page, 'clinic.name', 'A\u202egnp.exe');
    await send(page);
    await pointed(page, 'clinic.name', 'A\u202egnp.exe', /cannot be shown/);
    await look(page, 'input-whole');
  }));

test('the whole form keeps everything when a file is over the limit', () =>
  withPage({ language: 'en', forgive: REFUSED }, async (page) => {
    await signIn(page, 'person-10');
    await page.goto('/en/apply/clinic-filing/whole');
    await fillInClinic(page, 'Large file (invented)', 'No. 3 (invented)');
    await page.locator('input[name="floor-plan"]').setInputFiles(HUGE);
    await send(page);
    await look(page, 'input-large');
    assert.equal(await page.locator('[name="clinic.name"]').inputValue(), 'Large file (invented)');
    await pointed(page, 'floor-plan', undefined, /./);
  }));

test('a form of an older session comes back with what was typed', () =>
  withPage({ language: 'en', forgive: REFUSED }, async (page) => {
    await signIn(page, 'person-10');
    const draft = await begin(page, 'en', 'clinic-filing');
    await page.goto(`${draft}/form-clinic`);
    const other = await page.context().newPage();
    const whole = await page.context().newPage();
    await whole.goto('/en/apply/clinic-filing/whole');
    await whole.locator('[name="clinic.name"]').fill('Typed in the old whole form');
    // The same person signs in anew in another window.
    await signIn(other, 'person-10');
    await page.locator('[name="clinic.name"]').fill('Typed in the old page');
    await press(page, 'continue');
    assert.ok((await shown(page)).includes('The page is of an earlier session'));
    assert.equal(await page.locator('[name="clinic.name"]').inputValue(), 'Typed in the old page');
    await look(page, 'input-old-topic');
    await press(page, 'later');
    await page.goto(`${draft}/form-clinic`);
    assert.equal(await page.locator('[name="clinic.name"]').inputValue(), 'Typed in the old page');
    await send(whole);
    await look(whole, 'input-old-whole');
    const kept = whole.getByRole('button', { name: 'Go on with the form' });
    if (await kept.count()) await going(whole, kept);
    assert.equal(await whole.locator('[name="clinic.name"]').inputValue(), 'Typed in the old whole form');
  }));

test('a draft that is saved after signing out goes on after signing in', () =>
  withPage({ language: 'en', forgive: REFUSED }, async (page) => {
    await signIn(page, 'person-10');
    const draft = await begin(page, 'en', 'clinic-filing');
    await page.goto(`${draft}/form-clinic`);
    const other = await page.context().newPage();
    await other.goto('/en/');
    await going(other, other.locator('form[action$="/sign-out"] button'));
    await page.locator('[name="clinic.name"]').fill('Typed after signing out');
    await press(page, 'continue');
    assert.ok((await shown(page)).includes('You have been signed out'), await shown(page));
    await look(page, 'input-expired');
    await signIn(other, 'person-10');
    await going(page, page.getByRole('button', { name: 'I have signed in: go on' }));
    assert.equal(await page.locator('[name="clinic.name"]').inputValue(), 'Typed after signing out');
    await press(page, 'later');
    await page.goto(`${draft}/form-clinic`);
    assert.equal(await page.locator('[name="clinic.name"]').inputValue(), 'Typed after signing out');
  }));

/** How many cases a person has. */
async function cases(page) {
  await page.goto('/en/cases');
  return page.locator('table.stack tbody tr').count();
}

test('a double click files one case and makes one choice', () =>
  withPage({ language: 'en', forgive: REFUSED }, async (page) => {
    await signIn(page, 'person-11');
    const before = await cases(page);
    await page.goto('/en/apply/clinic-filing/whole');
    await fillInClinic(page, 'Clicked twice (invented)', 'No. 4 (invented)');
    await page.locator('main form button').last().dblclick();
    await page.waitForURL(/\/cases\/\d+/);
    const address = new URL(page.url()).pathname;
    assert.equal(await cases(page), before + 1);
    await signIn(page, 'officer-02');
    await page.goto(address);
    await page.locator('input[name="outcome"][value="accepted"]').check();
    await page.locator('form[action$="/choose"] button').dblclick();
    await page.waitForURL(/done=/);
    const said = await shown(page);
    assert.equal(said.match(/Receipt: Filed|Accepted/gi)?.length, 1, said);
  }));

test('an officer is told what a choice lacks, and nothing written is lost', () =>
  withPage({ language: 'en', forgive: REFUSED }, async (page) => {
    const { key, fields } = await openInstitution(page);
    await signIn(page, 'person-12');
    await page.goto('/en/apply/institution-complaint/whole');
    await fill(page, {
      'applicant:kind': 'person',
      'grievance-institution.institution': key,
      'grievance.topic': 'manner',
      'grievance.happened-on': '2026-06-01',
      'grievance.name': '马（虚构）',
    });
    await force(page, 'grievance.says', '话'.repeat(1001));
    await send(page);
    await pointed(page, 'grievance.says', '话'.repeat(1001), /1,?000/);
    await look(page, 'input-complaint');
    await fill(page, { 'grievance.says': '窗口推诿（虚构）' });
    await send(page);
    const address = new URL(page.url()).pathname;
    assert.match(address, /\/en\/cases\/\d+$/);

    await signIn(page, officerOf('health', fields.division.slice(0, 6)));
    await page.goto(address);
    await choose(page, 'incomplete');
    await look(page, 'input-officer-reasons');
    await pointed(page, 'reasons', '', /reasons must be given/);
    await choose(page, 'incomplete', 'Say more of it');
    await pointed(page, 'items', undefined, /./);
    assert.equal(await page.locator('#reasons-choose').inputValue(), 'Say more of it');
    assert.ok(await page.locator('input[name="outcome"][value="incomplete"]').isChecked());
    await look(page, 'input-officer-items');
    await choose(page, 'accepted');
    await fill(page, { 'complaint-answer.found': 'founded' });
    await force(page, 'complaint-answer.done', '做'.repeat(501));
    await choose(page, 'answer', 'As it was found');
    await look(page, 'input-officer-long');
    await pointed(page, 'complaint-answer.done', '做'.repeat(501), /500/);
    assert.equal(await page.locator('#reasons-choose').inputValue(), 'As it was found');
    assert.ok(await page.locator('input[name="outcome"][value="answer"]').isChecked());
  }));

test('a supplement of a hostile file, and of none, is explained', () =>
  withPage({ language: 'en', width: 'phone', forgive: REFUSED }, async (page) => {
    await signIn(page, 'person-12');
    await page.goto('/en/apply/clinic-filing/whole');
    await fillInClinic(page, 'Supplemented (invented)', 'No. 5 (invented)');
    await send(page);
    const address = new URL(page.url()).pathname;
    await signIn(page, 'officer-02');
    await page.goto(address);
    await page.locator('form[action$="/choose"] details:has(#items-choose) summary').click();
    await page.locator('input[name="items"][value="lease"]').check();
    await choose(page, 'incomplete', 'The lease is unsigned');
    await signIn(page, 'person-12');
    const supply = async (file) => {
      const form = page.locator('#do-supply');
      if (file) await form.locator('input[type="file"]').setInputFiles(file);
      await going(page, form.locator('button').last());
    };
    await page.goto(address);
    await supply(PROGRAM);
    await pointed(page, 'lease', undefined, /is a program/);
    await look(page, 'input-supply');
    await supply();
    await look(page, 'input-supply-none');
    await pointed(page, 'lease', undefined, /./);
    await supply(HUGE);
    await look(page, 'input-supply-large');
    await pointed(page, 'lease', undefined, /./);
    await supply(paper('lease'));
    assert.equal(await page.locator('#do-supply').count(), 0);
  }));

test('signing up and signing in with what does not fit', () =>
  withPage({ language: 'en', forgive: REFUSED }, async (page) => {
    const up = async (name, login, password) => {
      await force(page, 'name', name);
      await force(page, 'login', login);
      await force(page, 'password', password);
      await going(page, page.locator('main form button.govuk-button:not([type="button"])'));
    };
    await page.goto('/en/sign-up');
    await up('N'.repeat(101), 'good@example.cn', 'seven grey herons at dusk');
    await pointed(page, 'name', 'N'.repeat(101), /100/);
    await up('Good', 'no login \u0007 at all', 'seven grey herons at dusk');
    await pointed(page, 'login', undefined, /./);
    await up('Good', 'good@example.cn', 'short');
    await pointed(page, 'password', undefined, /./);
    assert.equal(await page.locator('[name="name"]').inputValue(), 'Good');
    assert.equal(await page.locator('[name="login"]').inputValue(), 'good@example.cn');
    await look(page, 'input-sign-up');
    await up('Good', 'good@example.cn', 'seven grey herons at dusk');
    assert.match(page.url(), /\/cases$/);
    await going(page, page.locator('form[action$="/sign-out"] button'));
    await page.goto('/en/sign-up');
    await up('Another', 'good@example.cn', 'seven grey herons at dawn');
    await look(page, 'input-taken');
    await pointed(page, 'login', 'good@example.cn', /./);
  }));

test('an address for messages that is none', () =>
  withServer(
    (url) =>
      withPage({ language: 'en', url, forgive: REFUSED }, async (page) => {
        await signIn(page, 'person-10');
        await page.goto('/en/messages/settings');
        const add = async (field, text) => {
          await page.locator(field).evaluate((node) => node.removeAttribute('maxlength'));
          await page.locator(field).fill(text);
          await going(page, page.locator('form').filter({ has: page.locator(field) }).locator('button'));
        };
        for (const wrong of ['nobody', '邮箱@', `${'a'.repeat(300)}@example.cn`]) {
          await add('#mail', wrong);
          await pointed(page, 'address', wrong, /./);
          assert.equal(await page.locator('#mail').inputValue(), wrong);
        }
        await look(page, 'input-mail');
        const long = `https://e.cn/${'a'.repeat(1200)}`;
        for (const wrong of ['not an address', 'ftp://example.cn/', 'http://127.0.0.1/', long]) {
          await add('#hook', wrong);
          assert.equal(await page.locator('#hook').inputValue(), wrong);
          await page.locator('#hook-error').waitFor();
        }
        await look(page, 'input-hook');
      }),
    ['--smtp', 'smtp://127.0.0.1:9', '--mail-from', '医养通知（虚构） <notice@yiyang.example>'],
  ));

test('a search for what cannot be sought', () =>
  withPage({ language: 'en', width: 'phone', forgive: REFUSED }, async (page) => {
    for (const [q, near, field, says] of [
      ['x', '', 'q', /two letters/],
      ['诊'.repeat(300), '', 'q', /too long/],
      ['\u202e', '', 'q', /./],
      ['', 'beyond the hills', 'near', /./],
      ['', '39.9, 116.4', 'near', /./],
    ]) {
      await page.goto(`/en/search?q=${encodeURIComponent(q)}&near=${encodeURIComponent(near)}`);
      await pointed(page, field, { q, near }[field].trim(), says);
    }
    await look(page, 'input-search');
  }));

test('a signature that is left open is asked for again', () =>
  withPage({ language: 'en', forgive: REFUSED }, async (page) => {
    await signIn(page, 'person-10');
    const name = 'Signed (invented)';
    const draft = await begin(page, 'en', 'clinic-filing');
    await page.goto(`${draft}/who`);
    await fill(page, asA('person'));
    await press(page, 'continue');
    await fill(page, { 'clinic.name': name, 'clinic.ownership': 'for-profit', 'clinic.scope': '02' });
    await press(page, 'continue');
    await fill(page, { 'premises.division': '110101001', 'premises.address': 'No. 6 (invented)' });
    await press(page, 'continue');
    await fill(page, LEAD);
    await press(page, 'continue');
    await handInPapers(page, true);
    await toCheck(page, name);
    await page.goto(`${draft}/sign`);
    await page.locator('#sign-name').fill('Lin Qing');
    await going(page, page.locator('main form button'));
    await look(page, 'input-sign');
    await pointed(page, 'agree', undefined, /Tick/);
    assert.equal(await page.locator('#sign-name').inputValue(), 'Lin Qing');
    await page.goto(`${draft}/check`);
    await sign(page, 'Lin Qing');
  }));
