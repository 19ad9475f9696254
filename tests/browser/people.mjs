// What the tests do as people: sign in, hand in papers, send, choose, answer.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LANGUAGES, WIDTHS } from './browser.mjs';

const OFFICERS = new URL('../../packs/beijing/demo/officers.csv', import.meta.url);

/** What the page says, without its frame. */
export const shown = (page) => page.locator('main').innerText();

/** A picture of the whole page where `$YIYANG_SHOTS` says so, to be looked at. */
export async function look(page, name) {
  const folder = process.env.YIYANG_SHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** Pictures of the address that a page shows, in both languages, on a desktop and on a phone; the page stays as it is. */
export async function lookAround(page, name) {
  if (!process.env.YIYANG_SHOTS) return;
  const other = await page.context().newPage();
  for (const language of Object.keys(LANGUAGES))
    for (const [width, { viewport }] of Object.entries(WIDTHS)) {
      await other.setViewportSize(viewport);
      await other.goto(page.url().replace(/\/(zh|en)\//, `/${language}/`));
      await look(other, `${name}.${language}.${width}`);
    }
  await other.close();
}

/** Signs in as a listed invented person; officers are listed by place, in folded lists. */
export async function signIn(page, person, language = 'zh') {
  await page.goto(`/${language}/sign-in`);
  await pick(page, person);
}

/** Picks a person on the page of the sign-in. */
export async function pick(page, person) {
  const button = page.locator(`button[name="person"][value="${person}"]`);
  const place = page.locator('details.place', { has: button });
  if (await place.count()) await place.locator('summary').click();
  await going(page, button);
}

/** The officers of a place by office, as the demonstration lists them. */
export async function officersOf(page, place) {
  await page.goto('/zh/sign-in');
  const rows = page.locator('details.place').filter({ hasText: place }).locator('li');
  const found = {};
  for (const row of await rows.all()) {
    const office = (await row.locator('.small').textContent()).trim();
    found[office] = await row.locator('button').getAttribute('value');
  }
  return found;
}

/** The officer of an office in a division, by its word and the division's code. */
export function officerOf(office, division) {
  const rows = readFileSync(OFFICERS, 'utf8').trim().split('\n');
  const own = rows.map((row) => row.split(',')).find((row) => row[3] === office && row[4] === division);
  if (!own) throw new Error(`no officer of ${office} in ${division}`);
  return own[0];
}

/** An institution of the public register that is open: its key and what the register says. What the
 * demonstration has depends on the day; where it has none, a clinic is opened. */
export async function openInstitution(page) {
  const answer = await page.request.get('/api/registers/medical-institution');
  const { entries } = await answer.json();
  const open = entries.find((entry) => entry.fields.status === 'open');
  return open ?? openClinic(page, '开门诊所（虚构）', '示例路 60 号（虚构）');
}

/** A clinic that is filed and accepted here, with a place on the map: its register, its key and what
 * the register says. Nobody is signed in afterwards. */
export async function openClinic(page, name, address) {
  await signIn(page, 'person-08');
  await page.goto('/zh/apply/clinic-filing/whole');
  await fillInClinic(page, name, address);
  await page.locator('[name="premises.point"]').fill('116.41, 39.92');
  await send(page);
  const filed = new URL(page.url()).pathname;
  await signIn(page, officerOf('health', '110101'));
  await page.goto(filed);
  await choose(page, 'accepted');
  await page.context().clearCookies({ name: 'session' });
  const found = await page.request.get(`/api/search?q=${encodeURIComponent(name)}`);
  const { hits } = await found.json();
  const opened = hits.find((hit) => hit.fields.name === name && hit.fields.point);
  if (!opened) throw new Error(`${name} is not found`);
  return opened;
}

/** Some paper of that name: one page that says it. */
export const paper = (name) => ({
  name: `${name}.pdf`,
  mimeType: 'application/pdf',
  buffer: pdf(name),
});

/** A PDF of one page with a line of Latin text. */
function pdf(text) {
  const drawn = `BT /F1 24 Tf 60 740 Td (${text}) Tj ET`;
  const parts = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R ' +
      '/Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let file = '%PDF-1.4\n';
  const places = parts.map((part, at) => {
    const place = file.length;
    file += `${at + 1} 0 obj\n${part}\nendobj\n`;
    return `${place}`.padStart(10, '0');
  });
  const table = places.map((place) => `${place} 00000 n \n`).join('');
  const size = parts.length + 1;
  const end = `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(`${file}xref\n0 ${size}\n0000000000 65535 f \n${table}${end}`);
}

/** Sends the page's last form. */
export const send = (page) => going(page, page.locator('main form').last().locator('button').last());

/** Clicks what leads to another page, or taps it, and waits until that page is there. A browser makes
 * a tap a click only later: the page before it is still there, and loaded, when `tap` returns. */
export async function going(page, button, touch = 'click') {
  const gone = page.waitForEvent('framenavigated');
  await button[touch]();
  await gone;
  await page.waitForLoadState();
}

/** Fills in one question, whatever it looks like. */
export async function answerTo(page, name, value) {
  const option = page.locator(`input[name="${name}"][value="${value}"]`);
  if ((await option.count()) > 0) return option.check();
  const field = page.locator(`[name="${name}"]`).first();
  if ((await field.evaluate((own) => own.tagName)) === 'SELECT') return field.selectOption(value);
  return field.fill(value);
}

/** Chooses an outcome at the stage a case is at. */
export async function choose(page, outcome, reasons) {
  await page.locator(`input[name="outcome"][value="${outcome}"]`).check();
  if (reasons) await page.locator('#reasons-choose').fill(reasons);
  await going(page, page.locator('form[action$="/choose"] p.act button'));
}

/** Answers the one thing that the signed-in officer's body is asked in a review. */
export async function answer(page, word, reasons) {
  const form = page.locator('form[action$="/answer"]');
  await form.locator(`input[name="answer"][value="${word}"]`).check();
  if (reasons) await form.locator('textarea').fill(reasons);
  await form.locator('button').click();
}

/** The papers of a clinic's filing. */
const CLINIC_PAPERS = [
  'floor-plan',
  'lease',
  'identity-and-certificates',
  'staff-list',
  'rules',
  'equipment-list',
  'drug-list',
  'waste-plan',
];

/** Fills in a clinic's filing by a person, all papers attached. */
export async function fillInClinic(page, name, address) {
  await page.locator('input[name="applicant:kind"][value="person"]').check();
  await page.locator('[name="clinic.name"]').fill(name);
  await page.locator('[name="clinic.ownership"][value="for-profit"]').check();
  await page.locator('[name="clinic.scope"][value="02"]').check();
  await page.locator('[name="premises.division"]').selectOption('110101001');
  await page.locator('[name="premises.address"]').fill(address);
  await page.locator('[name="lead-physician.name"]').fill('林青（虚构）');
  await page.locator('[name="lead-physician.resident-id"]').fill('110101190305170009');
  await page.locator('[name="lead-physician.certificate"]').fill('虚构-0001');
  await page.locator('[name="lead-physician.registered-on"]').fill('2012-05-01');
  for (const own of CLINIC_PAPERS)
    await page.locator(`input[type="file"][name="${own}"]`).setInputFiles(paper(own));
}
