// What a joint meeting decided, from the call to long after it was due (measure 24 of the plan).
// The city's civil affairs bureau calls the meeting; some members answer, others let their days
// pass. The minutes are entered, and a department is given a task of them. It says nothing by its
// day, and nobody has to find that out. The task is pressed for, let lie again, reported late, and
// accepted. Days pass by a server of our own that starts again, as many days ahead as have passed.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { withPage } from './browser.mjs';
import { fill } from './drafting.mjs';
import { answer, choose, going, lookAround, officerOf, send, shown, signIn } from './people.mjs';
import { startDays } from './server.mjs';

const CITY = '11';
const LEAD = officerOf('civil-affairs', CITY);
const HEALTH = officerOf('health', CITY);
const MEETING = '养老服务综合监管第一次联席会议（虚构）';
const OPINION = '建议先通报医养结合机构的诊疗范围（虚构）';
const DECIDED = '由卫生健康部门核查养老机构内设医疗机构（虚构）';
const TASK = '核查养老机构内设医疗机构的诊疗范围（虚构）';
const PRESSED = '请于十个工作日内办结并说明逾期原因（虚构）';
const RESULT = '已逐家核查，三家超范围的已督促改正（虚构）';

/** Who says that they will come, besides the department with an opinion. */
const COMING = ['market', 'housing', 'environment', 'planning'];
/** Who never answers: most of them have no officer in the invented city. */
const SILENT = ['发展改革', '公安', '财政', '人力资源', '农业农村', '金融管理'];
const ATTENDED = ['civil-affairs', 'health', 'development-reform', ...COMING];

let server;
before(async () => (server = await startDays(['demo', '--scale', '0.003'])));
after(() => server?.stop());

const pass = (days) => server.pass(days);
const day = (ahead) => server.day(ahead);

/** What is shown says each of these. */
function says(said, ...words) {
  for (const word of words) {
    const there = word instanceof RegExp ? word.test(said) : said.includes(word);
    assert.ok(there, `${word} is not said: ${said}`);
  }
}

/** The page that is open, in English; the page stays as it is. */
async function inEnglish(page) {
  const other = await page.context().newPage();
  await other.goto(page.url().replace('/zh/', '/en/'));
  const said = await shown(other);
  await other.close();
  return said;
}

/** Where the case that is open stands. */
const standing = (page) => page.locator('.standing').innerText();

/** The lead starts something from its own queue; the address of the case. */
async function open(page, procedure, answers) {
  await signIn(page, LEAD);
  await page.goto('/zh/inbox');
  await going(page, page.locator(`main a[href$="/services/${procedure}"]`));
  await going(page, page.locator(`main a[href$="/apply/${procedure}"]`).first());
  const settled = typeof answers === 'function' ? await answers() : answers;
  await fill(page, settled);
  await lookAround(page, `meeting-form-${procedure}`);
  await send(page);
  const { pathname } = new URL(page.url());
  assert.match(pathname, /\/zh\/cases\/\d+$/, await shown(page));
  return pathname;
}

/** Somebody opens a case from a view of their body's queue; what the queue says of it. */
async function fromQueue(page, person, address, view = '') {
  await signIn(page, person);
  await page.goto(`/zh/inbox${view}`);
  const row = page.locator('#cases tbody tr', { has: page.locator(`a[href="${address}"]`) });
  const said = await row.innerText();
  await going(page, row.locator('a').first());
  return said;
}

/** Who of the members has not answered, as the case shows it, by the word for it. */
async function unanswered(page, word) {
  const rows = await page.locator('#opinions + table tbody tr').allInnerTexts();
  assert.equal(rows.length, 11, 'all members but the lead are asked');
  const without = rows.filter((row) => row.split('\t').includes(word));
  assert.equal(without.length, SILENT.length, without.join('\n'));
  for (const name of SILENT) assert.ok(without.some((row) => row.includes(name)), name);
}

/** The meeting is called for a day three weeks ahead, and members answer or do not. */
async function call(page) {
  const address = await open(page, 'joint-meeting', {
    'joint-meeting.name': MEETING,
    'joint-meeting.division': CITY,
    'joint-meeting.planned-on': day(21),
    'joint-meeting.items': 'medical-care',
    'joint-meeting.agenda': '研究医养结合机构的监管（虚构）',
  });
  await choose(page, 'called');
  says(await fromQueue(page, HEALTH, address), MEETING, '成员单位确认出席并提出意见');
  await lookAround(page, 'meeting-asked');
  await answer(page, 'attends-with-opinion', OPINION);
  for (const office of COMING) {
    await fromQueue(page, officerOf(office, CITY), address);
    await answer(page, 'attends');
  }
  await signIn(page, LEAD);
  await page.goto(address);
  says(await shown(page), OPINION);
  await unanswered(page, '尚未答复');
  return address;
}

/** Who was silent holds nothing up; the meeting is held, and its minutes are entered. */
async function hold(page, address) {
  says(await fromQueue(page, LEAD, address), MEETING, '召开会议并形成纪要');
  await unanswered(page, '未答复');
  await lookAround(page, 'meeting-hold');
  await fill(page, { 'meeting-minutes.held-on': day(0), 'meeting-minutes.decided': DECIDED });
  for (const own of ATTENDED) await fill(page, { 'meeting-minutes.attended': own });
  await choose(page, 'held');
  says(await shown(page), '已办结：已召开', '会议纪要已载入名册，会议决定可以逐项交办');
  await lookAround(page, 'meeting-held');
  await entry(page, 'joint-meeting', MEETING);
  says(await shown(page), DECIDED, /会前未答复的部门数\s+6/, /会前提出异议的部门数\s+0/);
  says(await inEnglish(page), /did not answer beforehand\s+6/);
}

/** The lead gives out what was decided; the department takes it. */
async function give(page) {
  const task = await open(page, 'meeting-task', async () => {
    const held = page.locator('[name="meeting-task.meeting"] option', { hasText: MEETING });
    return {
      'meeting-task.meeting': await held.getAttribute('value'),
      'meeting-task.item': 'medical-care',
      'meeting-task.task': TASK,
      'meeting-task.responsible': 'SM-health',
      'meeting-task.due-on': day(10),
      'meeting-task.beyond-duty': 'no',
      'meeting-task.why': '会议决定第一项（虚构）',
    };
  });
  says(await fromQueue(page, HEALTH, task), TASK, '办理中：接收', '还有');
  await choose(page, 'taken');
  says(await standing(page), '办理中：办理并报告', day(10), '还有 10 天');
  await lookAround(page, 'meeting-task-taken');
  await entry(page, 'meeting-task', TASK);
  says(await shown(page), /状态\s+办理中/, /是否曾经逾期\s+否/);
  return task;
}

/** Its day is over: the register tells everybody, the case both sides; the lead presses for it. */
async function late(page, task) {
  const since = day(0);
  await page.context().clearCookies({ name: 'session' });
  const listed = await entry(page, 'meeting-task', TASK);
  says(listed, '逾期，督办中');
  says(await shown(page), /状态\s+逾期/, /是否曾经逾期\s+是/, new RegExp(`记为逾期日期\\s+${since}`));
  says(await inEnglish(page), 'Late, and pressed for', new RegExp(`Late since\\s+${since}`));
  await lookAround(page, 'meeting-task-late-entry');
  await signIn(page, HEALTH);
  await page.goto(task);
  says(await shown(page), '到期未报，记为逾期', '转入督办');
  says(await inEnglish(page), 'marked late and will be pressed for');
  await lookAround(page, 'meeting-task-late-department');
  says(await fromQueue(page, LEAD, task), TASK, '办理中：督办');
  says(await shown(page), '到期未报，记为逾期');
  await lookAround(page, 'meeting-task-late-lead');
  await choose(page, 'pressed', PRESSED);
}

/** It is let lie again: late in the department's queue, and in the figures that the lead sees. */
async function lateAgain(page, task) {
  await signIn(page, LEAD);
  await page.goto('/zh/load');
  const service = page.locator('#by-service tbody tr', { hasText: '联席会议交办事项' });
  await going(page, service.locator('td.number a').first());
  const row = page.locator('tbody tr.late', { has: page.locator(`a[href="${task}"]`) });
  says(await row.innerText(), /已逾期 \d+ 天/);
  await lookAround(page, 'meeting-task-load');
  const queued = await fromQueue(page, HEALTH, task, '?due=late');
  says(queued, TASK, '办理中：督办中办理并报告', /已逾期 \d+ 天/);
  says(await standing(page), /已逾期 \d+ 天/);
  says(await shown(page), PRESSED);
  says(await inEnglish(page), /[Oo]verdue/, 'To be done, late');
  await lookAround(page, 'meeting-task-late-again');
}

/** It is reported after all, and accepted; that it was late stays in the register. */
async function report(page, task) {
  await fill(page, { 'task-report.result': RESULT });
  await choose(page, 'done');
  says(await fromQueue(page, LEAD, task), '办理中：核对督办结果');
  says(await shown(page), RESULT);
  await choose(page, 'accepted');
  says(await standing(page), '已办结');
  await lookAround(page, 'meeting-task-done');
  says(await entry(page, 'meeting-task', TASK), '逾期后办结');
  says(await shown(page), RESULT, /状态\s+已办结/, /是否曾经逾期\s+是/);
  says(await inEnglish(page), 'Done after its day', /Was it late\s+Yes/i);
  await lookAround(page, 'meeting-task-done-entry');
}

/** Opens the public register's page of what a case entered; what the list says of it. */
async function entry(page, register, name) {
  await page.goto(`/zh/registers/${register}`);
  const row = page.locator('main tbody tr', { hasText: name });
  const said = await row.innerText();
  await lookAround(page, `meeting-register-${register}-${server.passed()}`);
  await going(page, row.locator('a').first());
  return said;
}

test('a joint meeting is held, and its task is late, pressed for and done', () =>
  withPage({ language: 'zh', url: server.url }, async (page) => {
    const meeting = await call(page);
    await pass(21);
    await hold(page, meeting);
    const task = await give(page);
    await pass(11);
    await late(page, task);
    // Ten working days and the longest holidays.
    await pass(30);
    await lateAgain(page, task);
    await report(page, task);
  }));
