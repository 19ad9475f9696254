// A citizen complains about a hospital, from the finder to the answer: what was found and done is
// public, who complained and in what words is in nobody's view.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPage } from './browser.mjs';
import { asA, fill, press, sign, start, toCheck } from './drafting.mjs';
import { choose, going, look, officerOf, openInstitution, pick, shown, signIn } from './people.mjs';

const PERSON = 'person-09';
const NAME = '柳投诉（虚构）';
const PHONE = '13800000000';
const WORDS = '七月三日复诊时多收了一次挂号费，窗口不肯退还（虚构）。';
const REASONS = '收费记录与投诉人所述一致';
const DONE = '已责令退还多收的挂号费并公示价格（虚构）';

/** Some institution, with its name and district. */
async function someInstitution(page) {
  const { key, fields } = await openInstitution(page);
  return { key, name: fields.name, district: fields.division.slice(0, 6) };
}

/** From the first page to the first topic, signing in on the way. */
async function find(page) {
  await page.goto('/zh/');
  await page.getByRole('link', { name: '我要投诉医疗机构或养老机构' }).click();
  await page.getByRole('link', { name: '医疗机构投诉', exact: true }).click();
  assert.match(await shown(page), /您的姓名和原文不公开/);
  await look(page, 'complaint-guide');
  await page.locator('main a[href$="/apply/institution-complaint"]').first().click();
  await page.locator('main a[href*="/sign-in"]').click();
  await pick(page, PERSON);
  assert.match(page.url(), /\/zh\/apply\/institution-complaint$/);
  await look(page, 'complaint-start');
  return start(page);
}

async function write(page, institution) {
  const draft = await find(page);
  await page.goto(`${draft}/who`);
  await fill(page, asA('person'));
  await press(page, 'continue');
  await fill(page, { 'grievance-institution.institution': institution.key });
  await press(page, 'continue');
  await fill(page, {
    'grievance.topic': 'charges',
    'grievance.happened-on': '2026-07-03',
    'grievance.says': WORDS,
    'grievance.name': NAME,
    'grievance.phone': PHONE,
  });
  await look(page, 'complaint-words');
  await press(page, 'continue');
  await toCheck(page, WORDS);
  assert.ok((await shown(page)).includes(institution.name), 'the institution is not named');
  await look(page, 'complaint-check');
  return `/zh/cases/${await sign(page, '柳投诉')}`;
}

/** The officer takes it up, reads the words, looks into it and answers. */
async function settle(page, address, officer) {
  await signIn(page, officer);
  await page.goto('/zh/inbox');
  await page.locator(`main a[href="${address}"]`).first().click();
  assert.ok(!(await shown(page)).includes(WORDS), 'the words are shown unasked');
  const words = page.locator('.facts > div', { hasText: '事情经过' });
  await words.getByRole('button').click();
  await page.getByText(WORDS).waitFor();
  await page.goto(address);
  await choose(page, 'accepted');
  await fill(page, { 'complaint-answer.found': 'founded', 'complaint-answer.done': DONE });
  await look(page, 'complaint-officer');
  await choose(page, 'answer', REASONS);
}

/** Nothing of who complained, in a text or an answer to programs. */
function nobody(said, where) {
  for (const secret of [NAME, PHONE, WORDS, WORDS.slice(0, 8), REASONS])
    assert.ok(!said.includes(secret), `${where} tells ${secret}`);
}

async function published(page, number, institution) {
  await page.goto('/zh/registers/complaint');
  const entry = page.locator(`main a[href*="/registers/complaint/TS-"][href$="-${number}"]`);
  await entry.first().click();
  const said = await shown(page);
  for (const known of [institution.name, '收费', '属实', DONE])
    assert.ok(said.includes(known), `the register does not say ${known}: ${said}`);
  nobody(await page.content(), 'the register');
  await look(page, 'complaint-entry');
  const key = new URL(page.url()).pathname.split('/').at(-1);
  nobody(await (await page.request.get(`/api/registers/complaint/${key}`)).text(), 'the API');
  await page.goto(`/zh/search?q=${encodeURIComponent(NAME.slice(0, 3))}`);
  nobody(await page.locator('main ul').allInnerTexts().then(String), 'the search');
  // The case is nobody's but theirs.
  await page.goto(`/zh/cases/${number}`);
  assert.match(page.url(), /\/sign-in/);
}

test('a citizen complains, is answered, and stays unnamed', () =>
  withPage({ language: 'zh' }, async (page) => {
    const institution = await someInstitution(page);
    const address = await write(page, institution);
    const number = address.split('/').at(-1);
    await settle(page, address, officerOf('health', institution.district));

    await signIn(page, PERSON);
    await page.goto('/zh/messages');
    await page.locator('.moj-timeline__item').first().getByRole('button').click();
    await page.waitForURL(`**${address}`);
    const answered = await shown(page);
    for (const told of ['您的投诉已经查办', REASONS, DONE, '属实'])
      assert.ok(answered.includes(told), `the answer does not say ${told}`);
    await look(page, 'complaint-answered');
    await going(page, page.locator('form[action$="/sign-out"] button'));
    await published(page, number, institution);
  }));
