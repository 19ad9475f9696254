// Every page that a browser can ask for, as those who may see it: what the tests of all pages and
// the pictures go through. An address may be found on another page, where it names an entry or a case.

import { asA, begin, fill, press } from './drafting.mjs';
import { fillInClinic, going, officerOf, send, signIn } from './people.mjs';
import { faulty, staged, titled, uploaded } from './proposing.mjs';
import { plansCity, putsOnFile, searches } from './planning.mjs';
import { newKey, noteSource, sendRows, until, visit } from './sending.mjs';

/** The first link on a page that leads below an address. */
async function linked(page, language, from, below) {
  await page.goto(`/${language}${from}`);
  const links = page.locator(`main a[href^="/${language}${below}"]`);
  const href = await links.first().getAttribute('href');
  return href.replace(/^\/(zh|en)/, '');
}

/** An institution of the public register, and its certificate. */
const INSTITUTIONS = '/registers/medical-institution';
const entry = (page, language) => linked(page, language, INSTITUTIONS, `${INSTITUTIONS}/`);
const certificate = async (page, language) =>
  linked(page, language, await entry(page, language), '/certificates/');

/** Addresses behind the language; a function finds one. */
const NOBODY = [
  '/',
  '/search',
  '/search?q=zhensuo',
  '/search?q=%E9%BE%98%E9%BE%98',
  '/search?near=116.397,39.908',
  '/services',
  '/services/clinic-filing',
  '/life-events/open-a-clinic',
  '/services/institution-licence',
  '/registers',
  '/registers/medical-institution',
  entry,
  certificate,
  async (page, language) => linked(page, language, await certificate(page, language), '/verify/'),
  '/registers/complaint',
  '/plan',
  (page, language) => linked(page, language, '/plan', '/plan/BJ'),
  '/plan/coverage',
  '/published',
  '/published?kind=burdens',
  '/verify',
  '/access',
  '/for-programs',
  '/faults',
  '/faults/1204',
  '/packs',
  (page, language) => linked(page, language, '/packs', '/packs/'),
  async (page, language) => `${await linked(page, language, '/packs', '/packs/')}/facts?unverified=yes`,
  '/accessibility',
  '/components',
  '/sign-in',
  '/sign-in/account',
  '/sign-up',
  '/no-such-page',
];
const APPLICANT = [
  '/cases',
  '/apply/clinic-filing',
  '/apply/clinic-filing/whole',
  '/drafts',
  '/messages',
  '/messages/settings',
  (page, language) => linked(page, language, '/cases', '/cases/'),
  async (page, language) => `${await linked(page, language, '/cases', '/cases/')}/days`,
];
const OFFICER = [
  '/inbox',
  '/inbox?due=late',
  '/inbox/away',
  '/load',
  '/load/cases?due=late',
  (page, language) => linked(page, language, '/inbox', '/cases/'),
  async (page, language) => `${await linked(page, language, '/inbox', '/cases/')}/beside`,
  '/apply/clinic-filing/whole',
  '/counter/identify',
];
const HOLDER = [
  '/account',
  '/account/password',
  '/account/app',
  '/account/passkeys',
  '/account/agents',
  '/account/tokens',
  '/account/reads',
  '/cases',
  '/drafts',
  '/messages',
];

/** The pages of a draft: its topics, one of them with faults, its answers, and its end. */
async function draftPages(page, language) {
  const draft = await begin(page, language, 'clinic-filing');
  const links = await page.locator('.govuk-task-list__link').all();
  const topics = await Promise.all(links.map((link) => link.getAttribute('href')));
  await page.goto(`${draft}/who`);
  await fill(page, asA('person'));
  await press(page, 'continue');
  await fill(page, { 'clinic.name': '样页草稿（虚构）', 'clinic.credit-code': '0' });
  await press(page, 'later');
  const all = [draft, ...topics, `${draft}/check`, `${draft}/delete`];
  return all.map((address) => address.replace(/^\/(zh|en)/, ''));
}

/** A pack with a fault and one that is staged: their addresses, made once for all languages. */
async function propose(page) {
  const bad = await uploaded(page, faulty);
  const good = await uploaded(page, titled('诊所备案（样页）', 'Clinic filing (sample page)'));
  await staged(page);
  return [bad, good].map((address) => address.replace('/zh', ''));
}
let proposed;

/** What the officers who keep the pack see: what is in force, what is proposed, and its parts. */
async function packPages(page) {
  proposed ??= propose(page);
  const [bad, good] = await proposed;
  const parts = ['', '/diff', '/rules', '/pack', '/facts?unverified=yes', '/services/clinic-filing'];
  return ['/packs', bad, ...parts.map((part) => `${good}${part}`)];
}

/** The layout plan of the city: itself, what a search has found, and a draft on file, made once. */
async function planPages(page) {
  drafted ??= draft(page);
  return drafted;
}
let drafted;
async function draft(page) {
  const plan = `/layouts/${await plansCity(page)}`;
  await page.goto(`/zh${plan}`);
  await searches(page, { 'year-1': '2027', 'money-1': '20000', until: '2033', seconds: '10' });
  const found = new URL(page.url()).pathname.replace('/zh', '');
  await putsOnFile(page);
  const of = [`${plan}/standards`, `${plan}/drafts/1`, `${plan}/access?measure=raam&then=1-2027`];
  return [plan, found, ...of];
}

/** What the officers who keep sources see: a source, and a row that was not taken. */
async function lakePages(page) {
  const [source, key] = [`his-${Date.now()}`, newKey()];
  await noteSource(page, source, key);
  const rows = [visit('a', { 'metres-off': 'near' }), visit('b', { 'checked-in': 'none' })];
  const taken = await sendRows(page, { source, feed: 'nursing-visits', key, rows });
  const { number } = (await taken.json()).bad[0];
  for (let tries = 0; tries < 50; tries += 1) {
    const there = await page.goto(`/zh/held/${number}`);
    if (there.status() === 200) break;
    await page.waitForTimeout(200);
  }
  await until(page, '/zh/findings?rule=visit-unchecked', /2026-01-05/);
  const finding = await page.locator('main table th a').first().getAttribute('href');
  const found = ['/findings', finding.replace('/zh', ''), `${finding.replace('/zh', '')}/again`];
  const rules = ['/findings/rules', '/findings/rules/visit-unchecked', '/findings/rules/readmission'];
  const rated = await linked(page, 'zh', '/risk?division=all', '/risk/medical-institution/');
  const institution = await entry(page, 'zh');
  const credit = institution.replace('/registers/', '/credit/');
  const picture = institution.replace('/registers/', '/pictures/biomedicine/');
  const risk = ['/risk', rated, credit, picture, '/board/online-care', '/board/online-care?division=110101'];
  return ['/sources', `/sources/${source}`, '/held', `/held/${number}`, ...found, ...rules, ...risk];
}

/** Makes an account with a token and a system that is told of changes, and is signed in with it. */
async function signUp(page) {
  await page.goto('/zh/sign-up');
  await page.locator('#name').fill('样页（虚构）');
  await page.locator('#login').fill(`pages-${Date.now()}@example.cn`);
  await page.locator('#password').fill('seven grey herons at dusk');
  await going(page, page.locator('main form button.govuk-button:not([type="button"])'));
  await page.goto('/zh/account/tokens');
  await page.locator('#title').fill('样页系统（虚构）');
  await going(page, page.locator('form[action$="/account/tokens"] button').last());
  const token = await page.locator('#made').inputValue();
  const headers = { authorization: `Bearer ${token}`, 'idempotency-key': token.slice(-16) };
  const data = { title: '样页平台（虚构）', url: 'https://hooks.example.org/changes' };
  const made = await page.request.post('/api/subscriptions', { headers, data });
  if (made.status() !== 201) throw new Error(`no subscription: ${await made.text()}`);
}

/** Who reads which pages. */
const READERS = [
  { enter: () => {}, paths: () => NOBODY },
  { enter: (page) => signIn(page, 'person-01'), paths: () => APPLICANT },
  { enter: (page) => signIn(page, 'person-01'), paths: draftPages },
  { enter: (page) => signIn(page, 'officer-02'), paths: () => OFFICER },
  { enter: (page) => signIn(page, 'officer-01'), paths: packPages },
  { enter: (page) => signIn(page, officerOf('health', '11')), paths: lakePages },
  { enter: (page) => signIn(page, officerOf('planning', '11')), paths: planPages },
  { enter: signUp, paths: () => HOLDER },
];

/** A case that waits for an officer, so that there is one to look at. */
async function fileClinic(page) {
  const mark = `${Date.now()}`.slice(-7);
  await signIn(page, 'person-01');
  await page.goto('/zh/apply/clinic-filing/whole');
  await fillInClinic(page, `样页诊所${mark}（虚构）`, `样页路 ${mark} 号（虚构）`);
  await send(page);
  await going(page, page.locator('form[action$="/sign-out"] button'));
}

/** Goes through every page in one language, signed in as each reader in turn. */
export async function everyPage(page, language, look) {
  await fileClinic(page);
  for (const { enter, paths } of READERS) {
    await enter(page);
    for (const path of await paths(page, language)) {
      const found = typeof path === 'string' ? path : await path(page, language);
      await page.goto(`/${language}${found}`);
      await look(found);
    }
  }
}
