// A clinic that is penalised, to the end: told, it defends itself at a hearing, is penalised all the
// same, takes the penalty to the government, which lets it stand, and after three months has put right
// what was wrong and is published no more. Days pass by a server of our own that starts again, as many
// days ahead as have passed.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { withPage } from './browser.mjs';
import {
  answerTo,
  choose,
  going,
  lookAround,
  officerOf,
  openClinic,
  paper,
  send,
  shown,
  signIn,
} from './people.mjs';
import { startDays } from './server.mjs';

const HOLDER = 'person-08';
const OFFICER = officerOf('health', '110101');
const GOVERNMENT = officerOf('government', '110101');
const DEFENCE = '设备当日送修，记录另有留存（虚构）';

let server;
before(async () => (server = await startDays(['demo', '--scale', '0.003'])));
after(() => server?.stop());

const pass = (days) => server.pass(days);
const day = (ahead) => server.day(ahead);

/** Somebody opens a case that is there. */
async function opens(page, person, address) {
  await signIn(page, person);
  await page.goto(address);
}

/** What somebody chooses in a case, with what it asks. */
async function chooses(page, person, address, outcome, { reasons, answers = {} } = {}) {
  await opens(page, person, address);
  for (const [name, value] of Object.entries(answers)) await answerTo(page, name, value);
  await choose(page, outcome, reasons);
}

/** Somebody hands in a form of one page; the address of the case. */
async function files(page, person, procedure, answers, papers = []) {
  await opens(page, person, `/zh/apply/${procedure}/whole`);
  for (const [name, value] of Object.entries(answers)) await answerTo(page, name, value);
  for (const name of papers)
    await page.locator(`input[type="file"][name="${name}"]`).setInputFiles(paper(name));
  await send(page);
  const { pathname } = new URL(page.url());
  assert.match(pathname, /\/zh\/cases\/\d+$/, await shown(page));
  return pathname;
}

/** The penalties that anybody reads of a clinic. */
async function published(page, name) {
  await page.context().clearCookies({ name: 'session' });
  const answer = await page.request.get(`/api/registers/penalty?q=${encodeURIComponent(name)}`);
  const { entries } = await answer.json();
  return entries.filter((own) => own.fields.name === name);
}

/** Notice, defence at a hearing, and the penalty: the case. */
async function penalised(page, key) {
  const address = await files(page, OFFICER, 'violation-case', {
    'violation.institution': key,
    'violation.findings': '来电举报，尚无监管发现（虚构）',
    'violation.facts': '消毒记录缺失（虚构）',
  });
  await chooses(page, OFFICER, address, 'penalise', { reasons: '证据充分（虚构）' });
  await opens(page, HOLDER, address);
  assert.match(await shown(page), /听证/);
  await lookAround(page, 'sanction-told');
  await choose(page, 'hearing');
  const called = { 'hearing.day': day(14), 'hearing.place': '听证室（虚构）' };
  await chooses(page, OFFICER, address, 'called', { answers: called });
  // Seven working days lie between the call and the hearing, with the longest holidays.
  await pass(20);
  await chooses(page, OFFICER, address, 'held', { reasons: `当事人陈述：${DEFENCE}` });
  await opens(page, HOLDER, address);
  assert.ok((await shown(page)).includes(DEFENCE), 'what was said at the hearing is on record');
  await chooses(page, OFFICER, address, 'penalise', {
    reasons: '申辩不影响事实（虚构）',
    answers: {
      'penalty.kind': 'fine',
      'penalty.gravity': 'ordinary',
      'penalty.amount': '5000',
      'penalty.clause': '虚构条款',
    },
  });
  assert.match(await shown(page), /已处罚/);
  return address;
}

/** The holder takes the penalty to the government, which lets it stand. */
async function reviewed(page, address) {
  await opens(page, HOLDER, address);
  await page.locator('details[id^="do-appeal-"] > summary').click();
  const form = page.locator('form[action$="/appeal"]');
  await form.locator('input[name="remedy"][value="administrative-review"]').check();
  await form.locator('textarea').fill('处罚过重（虚构）');
  await going(page, form.locator('button').last());
  await opens(page, GOVERNMENT, address);
  await lookAround(page, 'sanction-appealed');
  const rule = page.locator('form[action$="/rule"]');
  await rule.locator('input[name="upheld"][value="no"]').check();
  await rule.locator('textarea').fill('认定事实清楚，处罚适当（虚构）');
  await going(page, rule.locator('button').last());
  await opens(page, HOLDER, address);
  assert.match(await shown(page), /维持/);
}

/** Too early it is not repaired; after three months it is. */
async function repaired(page, name, penalty) {
  const asked = () => ({
    'applicant:kind': 'person',
    'penalty-repair.penalty': penalty,
    'penalty-repair.corrected-on': day(-1),
    'penalty-repair.done': '已补齐消毒记录，罚款已缴（虚构）',
    'penalty-repair.pledged': 'yes',
  });
  const early = await files(page, HOLDER, 'penalty-repair', asked(), ['proof']);
  await opens(page, OFFICER, early);
  await choose(page, 'good');
  assert.match(await shown(page), /1106[^]*公示须满最短期限/);
  await chooses(page, OFFICER, early, 'bad', { reasons: '公示未满三个月（虚构）' });
  await pass(95);
  assert.equal((await published(page, name)).length, 1, 'three months later it is still published');
  const repair = await files(page, HOLDER, 'penalty-repair', asked(), ['proof']);
  await chooses(page, OFFICER, repair, 'good');
  assert.match(await shown(page), /已停止公示/);
  await opens(page, HOLDER, repair);
  await lookAround(page, 'sanction-repaired');
}

test('a clinic is told, heard, penalised, reviewed in vain, and repaired', () =>
  withPage({ language: 'zh', url: server.url, forgive: /404|422/ }, async (page) => {
    const name = `处罚诊所${Date.now() % 100000}（虚构）`;
    const { key } = await openClinic(page, name, '示例路 66 号（虚构）');
    const address = await penalised(page, key);
    const [penalty] = await published(page, name);
    assert.equal(penalty.fields.gravity, 'ordinary');
    await reviewed(page, address);
    await repaired(page, name, penalty.key);
    assert.deepEqual(await published(page, name), [], 'nobody reads it any more');
    const own = `/zh/registers/penalty/${encodeURIComponent(penalty.key)}`;
    assert.equal((await page.goto(own)).status(), 404);
    await opens(page, OFFICER, own);
    assert.ok((await shown(page)).includes('虚构条款'), 'officers still do');
    await lookAround(page, 'sanction-officer');
  }));
