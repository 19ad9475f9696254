// A physician from abroad opens a clinic, in English: from the service finder by way of the guide and
// a draft to the certificate, its credential, and the page that says what holds today.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { withPage } from './browser.mjs';
import { fill, handInPapers, press, sign, start, toCheck } from './drafting.mjs';
import {
  choose,
  going,
  look,
  openInstitution,
  paper,
  pick,
  send,
  shown,
  signIn,
} from './people.mjs';

const PERSON = 'person-07';
const PHYSICIAN = 'Anna Berg (invented)';
const CLINIC = 'Berg Clinic (invented)';
const CITY = 'officer-01';
const DISTRICT = 'officer-02';

/** The day so many days from now, in the city's time. */
function day(ahead) {
  const then = new Date(Date.now() + ahead * 24 * 3600 * 1000);
  return then.toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
}

/** Registers the physician, on the whole form; returns the subject of practice. */
async function register(page) {
  const { key, fields } = await openInstitution(page);
  const subject = fields.scope[0];
  await signIn(page, PERSON, 'en');
  await page.goto('/en/apply/physician-registration/whole');
  await fill(page, {
    'physician.name': PHYSICIAN,
    'physician.origin': 'foreign',
    'physician.category': 'clinical',
    'physician.subject': subject,
    'physician.qualified-since': '2010-07-01',
    'physician.barred': 'no',
    'main-place.institution': key,
    'main-place.from': day(1),
    'main-place.until': day(300),
  });
  for (const name of ['qualification', 'health', 'agreement'])
    await page.locator(`input[type="file"][name="${name}"]`).setInputFiles(paper(name));
  await send(page);
  const address = new URL(page.url()).pathname;
  assert.match(address, /\/en\/cases\/\d+$/);
  await signIn(page, CITY, 'en');
  await page.goto(address);
  await choose(page, 'good');
  assert.ok((await shown(page)).includes('You are registered.'), await shown(page));
  await going(page, page.locator('form[action$="/sign-out"] button'));
  return subject;
}

/** From the first page to the start of the application, as somebody who has not signed in. */
async function find(page) {
  await page.goto('/en/');
  await page.getByRole('link', { name: 'I want to open a clinic' }).click();
  await look(page, 'foreign-life-event');
  await page.getByRole('link', { name: /Clinic filing by a physician from outside/ }).click();
  const flow = page.locator('.app-flow img');
  await flow.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.querySelector('.app-flow img').naturalWidth > 300);
  const guide = await shown(page);
  for (const said of ['Title or lease of the premises', 'Floor plan', 'Filed', 'Time promised'])
    assert.ok(guide.includes(said), `the guide does not say: ${said}`);
  await look(page, 'foreign-guide');
  await page.getByRole('link', { name: 'Apply online' }).first().click();
  await page.getByText('Sign in to fill in the application.').waitFor();
  await page.locator('main').getByRole('button', { name: 'Sign in', exact: true }).click();
  await pick(page, PERSON);
  assert.match(page.url(), /\/en\/apply\/overseas-clinic$/, 'not back to the application');
}

/** A lease printed by the browser, and a floor plan taken as a picture. */
async function realPaper(page, name) {
  if (name === 'floor-plan') {
    const buffer = await page.screenshot();
    return { name: 'floor plan.png', mimeType: 'image/png', buffer };
  }
  const buffer = await page.pdf({ format: 'A4' });
  return { name: `${name}.pdf`, mimeType: 'application/pdf', buffer };
}

async function write(page, subject) {
  const draft = await start(page);
  await look(page, 'foreign-tasks');
  await page.goto(`${draft}/who`);
  await fill(page, { 'for:as': 'own' });
  await press(page, 'continue');
  await fill(page, {
    'clinic.name': CLINIC,
    'clinic.ownership': 'for-profit',
    'clinic.scope': subject,
  });
  await look(page, 'foreign-topic');
  await press(page, 'continue');
  await fill(page, {
    'premises.division': '110101001',
    'premises.address': 'No. 98 Example Road, room 101 (invented)',
    'premises.point': '116.397, 39.908',
  });
  await press(page, 'continue');
  // The physician's own entry stands among those to choose from.
  const own = page.locator('[name="overseas-lead.physician"] option', { hasText: PHYSICIAN });
  await fill(page, { 'overseas-lead.physician': await own.getAttribute('value') });
  await press(page, 'continue');
  await handInPapers(page, true, (name) => realPaper(page, name));
  await toCheck(page, CLINIC);
  const answers = await shown(page);
  for (const said of ['For profit', 'No. 98 Example Road', 'lease.pdf', 'floor plan.png'])
    assert.ok(answers.includes(said), `the answers do not say: ${said}`);
  await look(page, 'foreign-check');
  const number = await sign(page, 'Anna Berg', (name) => look(page, `foreign-${name}`));
  await look(page, 'foreign-filed');
  return `/en/cases/${number}`;
}

/** What the applicant sees once it is decided. */
async function follow(page, address) {
  await signIn(page, PERSON, 'en');
  await page.goto('/en/messages');
  const number = address.split('/').at(-1);
  const decided = `A decision was made in your case (case ${number})`;
  const told = page.locator('.moj-timeline__item', { hasText: decided });
  assert.equal(await told.count(), 1, decided);
  await look(page, 'foreign-messages');
  await told.getByRole('button', { name: /Open the case/ }).click();
  await page.waitForURL(`**${address}`);
  assert.ok((await shown(page)).includes('Your clinic has been filed and may open today.'));
  const timeline = await page.locator('.moj-timeline').innerText();
  assert.ok(timeline.includes('Filed'), timeline);
  await look(page, 'foreign-case');
  await page.getByRole('link', { name: /account of days/ }).click();
  await page.locator('summary', { hasText: 'Time of the step: Receipt' }).click();
  const days = await shown(page);
  for (const said of ['To be done on the spot', 'It ended on'])
    assert.ok(days.includes(said), `${said} is not said: ${days}`);
  await look(page, 'foreign-days');
  await page.goto(address);
}

/** The certificate: printed, by its code, and as a credential. */
async function certificate(page) {
  await page.locator('main a[href*="/registers/medical-institution/"]').first().click();
  assert.ok((await shown(page)).includes(CLINIC));
  await page.locator('svg[role="img"]').waitFor();
  await look(page, 'foreign-entry');
  await page.locator('main a[href*="/certificates/"]').first().click();
  await look(page, 'foreign-certificate');

  const saved = await downloaded(page, 'certificate.pdf');
  assert.equal(saved.subarray(0, 5).toString(), '%PDF-');
  const text = saved.toString('latin1');
  assert.match(text, /pdfaid:part(="|>)2/);
  assert.match(text, /pdfaid:conformance(="|>)A/);

  const code = page.locator('.app-check img');
  assert.ok(await code.evaluate((drawn) => drawn.complete && drawn.naturalWidth > 60));
  const credential = await downloaded(page, 'credential.json');
  await page.locator('.app-check a').click();
  await page.getByText('the entry is in force today').waitFor();
  assert.ok((await shown(page)).includes('A print bears no seal'));
  await look(page, 'foreign-verify-print');
  return JSON.parse(credential);
}

async function downloaded(page, file) {
  const coming = page.waitForEvent('download');
  await page.locator(`main a[href*="${file}"]`).click();
  return readFile(await (await coming).path());
}

/** Hands a credential in to be verified. */
async function verify(page, credential) {
  await page.goto('/en/verify');
  await page.locator('#file').setInputFiles({
    name: 'credential.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(credential)),
  });
  await send(page);
}

test('a physician from abroad opens a clinic, from the finder to the credential', () =>
  // What was changed is refused, which the browser notes on its console.
  withPage({ language: 'en', forgive: /422/ }, async (page) => {
    const subject = await register(page);
    await find(page);
    const address = await write(page, subject);

    await signIn(page, DISTRICT, 'en');
    await page.goto('/en/inbox');
    await page.locator(`main a[href="${address}"]`).first().click();
    await look(page, 'foreign-officer');
    await choose(page, 'accepted');

    await follow(page, address);
    const credential = await certificate(page);
    await verify(page, credential);
    assert.match(await shown(page), /The proof is valid: signed by did:/);
    await page.getByText('the entry is in force today').waitFor();
    await look(page, 'foreign-verify-credential');
    credential.credentialSubject.holder += ' and others';
    await verify(page, credential);
    await page.getByText('Do not rely on this file.').waitFor();
  }));
