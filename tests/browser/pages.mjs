// Every page that a browser can ask for, as those who may see it: what the tests of all pages and
// the pictures go through. An address may be found on another page, where it names an entry or a case.

import { fillInClinic, send, signIn } from './people.mjs';

/** The first link on a page that leads below an address. */
async function linked(page, language, from, below) {
  await page.goto(`/${language}${from}`);
  const links = page.locator(`main a[href^="/${language}${below}"]`);
  const href = await links.first().getAttribute('href');
  return href.replace(/^\/(zh|en)/, '');
}

/** Addresses behind the language; a function finds one. */
const NOBODY = [
  '/',
  '/services',
  '/services/clinic-filing',
  '/life-events/open-a-clinic',
  '/services/institution-licence',
  '/registers',
  '/registers/medical-institution',
  (page, language) =>
    linked(page, language, '/registers/medical-institution', '/registers/medical-institution/'),
  async (page, language) => {
    const entry = await linked(page, language, '/registers/medical-institution', '/registers/medical-institution/');
    return linked(page, language, entry, '/certificates/');
  },
  '/plan',
  (page, language) => linked(page, language, '/plan', '/plan/BJ'),
  '/plan/coverage',
  '/published',
  '/published?kind=burdens',
  '/verify',
  '/access',
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
const OFFICER = ['/inbox', (page, language) => linked(page, language, '/inbox', '/cases/')];

/** Who reads which pages. */
export const READERS = [
  { person: '', paths: NOBODY },
  { person: 'person-01', paths: APPLICANT },
  { person: 'officer-02', paths: OFFICER },
];

/** A case that waits for an officer, so that there is one to look at. */
async function fileClinic(page) {
  const mark = `${Date.now()}`.slice(-7);
  await signIn(page, 'person-01');
  await page.goto('/zh/apply/clinic-filing/whole');
  await fillInClinic(page, `样页诊所${mark}（虚构）`, `样页路 ${mark} 号（虚构）`);
  await send(page);
  await page.locator('form[action$="/sign-out"] button').click();
}

/** Goes through every page in one language, signed in as each reader in turn. */
export async function everyPage(page, language, look) {
  await fileClinic(page);
  for (const { person, paths } of READERS) {
    if (person) await signIn(page, person);
    for (const path of paths) {
      const found = typeof path === 'string' ? path : await path(page, language);
      await page.goto(`/${language}${found}`);
      await look(found);
    }
  }
}
