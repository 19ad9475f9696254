// A clinic that did wrong: points after notice and statement, a penalty after the hearing was given up, the list, and what its
// holder can do about each. Officers and the holder see the points; nobody else does.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPage } from './browser.mjs';
import {
  answerTo,
  choose,
  going,
  lookAround,
  officerOf,
  openClinic,
  send,
  shown,
  signIn,
} from './people.mjs';

const HOLDER = 'person-08';
const OFFICER = officerOf('health', '110101');
const GOVERNMENT = officerOf('government', '110101');

/** Opens a case of the officer's body; the address of the case. */
async function open(page, procedure, answers) {
  await signIn(page, OFFICER);
  await page.goto(`/zh/apply/${procedure}/whole`);
  for (const [name, value] of Object.entries(answers)) await answerTo(page, name, value);
  await send(page);
  const { pathname } = new URL(page.url());
  assert.match(pathname, /\/zh\/cases\/\d+$/, await shown(page));
  return pathname;
}

/** What somebody chooses in a case, with what it asks. */
async function chooses(page, person, address, outcome, { reasons, answers = {} } = {}) {
  await signIn(page, person);
  await page.goto(address);
  for (const [name, value] of Object.entries(answers)) await answerTo(page, name, value);
  await choose(page, outcome, reasons);
}

/** The key of the entry of a register by which something is known. */
async function entryOf(page, register, name) {
  const answer = await page.request.get(`/api/registers/${register}?q=${encodeURIComponent(name)}`);
  const { entries } = await answer.json();
  return entries.find((own) => own.fields.name === name)?.key;
}

const today = () => new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 10);

test('a clinic is told, states its case, has points, is penalised and listed, and has the list set aside', () =>
  // One page is looked for by somebody who may not see it.
  withPage({ language: 'zh', forgive: /404/ }, async (page) => {
    const name = `记分诊所${Date.now() % 100000}（虚构）`;
    const { key } = await openClinic(page, name, `示例路 ${Date.now() % 10000} 号（虚构）`);

    // Points: notice, statement, decision.
    const points = await open(page, 'practice-points', {
      'practice-points.institution': key,
      'practice-points.points': '12',
      'practice-points.matter-on': today(),
      'practice-points.clause': '虚构标准第一条',
      'practice-points.facts': '处方未经审核（虚构）',
    });
    await chooses(page, HOLDER, points, 'stated', { reasons: '药师当日请假（虚构）' });
    await chooses(page, OFFICER, points, 'record', { reasons: '请假不影响事实' });
    assert.match(await shown(page), /已记分/);
    const account = `/zh/credit/medical-institution/${encodeURIComponent(key)}`;
    await page.goto(`/zh/registers/medical-institution/${encodeURIComponent(key)}`);
    await going(page, page.getByRole('link', { name: '不良执业记分' }));
    const text = await shown(page);
    assert.match(text, /没有找到规定本地记分后果的文本/);
    assert.match(text, /上海市.*\n?.*暂缓校验/s);
    assert.match(text, /12 分（满 12 分）/);
    await lookAround(page, 'credit');
    await page.goto(`${account}?on=2020-01-01`);
    assert.match(await shown(page), /截至这一天没有记分/);
    await signIn(page, HOLDER);
    await page.goto(account);
    assert.match(await shown(page), /暂缓校验/);
    await signIn(page, 'person-09');
    assert.equal((await page.goto(account)).status(), 404);

    // A penalty: told, a hearing asked for and given up.
    const violation = await open(page, 'violation-case', {
      'violation.institution': key,
      'violation.findings': '来电举报，尚无监管发现（虚构）',
      'violation.facts': '同一追溯码售出两次（虚构）',
    });
    await chooses(page, OFFICER, violation, 'penalise', { reasons: '证据充分' });
    await chooses(page, HOLDER, violation, 'hearing');
    const hearing = { 'hearing.day': today(), 'hearing.place': '听证室（虚构）' };
    await chooses(page, OFFICER, violation, 'called', { answers: hearing });
    await chooses(page, HOLDER, violation, 'given-up');
    const penalty = {
      'penalty.kind': 'suspension',
      'penalty.gravity': 'serious',
      'penalty.amount': '50000',
      'penalty.clause': '虚构条款',
    };
    await chooses(page, OFFICER, violation, 'penalise', { reasons: '拒不改正', answers: penalty });
    assert.match(await shown(page), /已处罚/);

    // The list: told, stated, decided; then challenged, and set aside.
    const listing = await open(page, 'dishonesty-listing', {
      'listing.institution': key,
      'listing.penalty': await entryOf(page, 'penalty', name),
      'listing.ground': '拒不改正（虚构）',
    });
    await chooses(page, OFFICER, listing, 'intend', { reasons: '严重失信' });
    await chooses(page, HOLDER, listing, 'stated', { reasons: '正在改正（虚构）' });
    await chooses(page, OFFICER, listing, 'list', { reasons: '申辩不影响事实' });
    const listed = await entryOf(page, 'dishonesty-list', name);
    assert.ok(listed, 'it is on the list');
    await page.goto(`/zh/registers/dishonesty-list/${encodeURIComponent(listed)}`);
    assert.match(await shown(page), /在列/);
    await lookAround(page, 'listed');
    await signIn(page, HOLDER);
    await page.goto(listing);
    await page.locator('details[id^="do-appeal-"] > summary').click();
    const form = page.locator('form[action$="/appeal"]');
    await form.locator('input[name="remedy"][value="administrative-review"]').check();
    await form.locator('textarea').fill('已经改正（虚构）');
    await going(page, form.locator('button').last());
    await signIn(page, GOVERNMENT);
    await page.goto(listing);
    const rule = page.locator('form[action$="/rule"]');
    await rule.locator('input[name="upheld"][value="yes"]').check();
    await rule.locator('textarea').fill('改正情况未予审查');
    await going(page, rule.locator('button').last());
    assert.equal(await entryOf(page, 'dishonesty-list', name), undefined, 'nobody was listed');
  }));
