// What the tests do as people: sign in, hand in papers, send, choose, answer.

/** Signs in as a listed invented person; officers are listed by place, in folded lists. */
export async function signIn(page, person) {
  await page.goto('/zh/sign-in');
  const button = page.locator(`button[name="person"][value="${person}"]`);
  const place = page.locator('details.place', { has: button });
  if (await place.count()) await place.locator('summary').click();
  await button.click();
}

/** Some paper of that name; its bytes are what counts. */
export const paper = (name) => ({
  name: `${name}.pdf`,
  mimeType: 'application/pdf',
  buffer: Buffer.from(`%PDF-1.4 ${name}`),
});

/** Sends the page's last form. */
export const send = (page) => going(page, page.locator('main form').last().locator('button').last());

/** Clicks what leads to another page, and waits until that page is there. */
async function going(page, button) {
  const gone = page.waitForEvent('framenavigated');
  await button.click();
  await gone;
  await page.waitForLoadState();
}

/** Chooses an outcome at the stage a case is at. */
export async function choose(page, outcome, reasons) {
  await page.locator(`input[name="outcome"][value="${outcome}"]`).check();
  if (reasons) await page.locator('#reasons-choose').fill(reasons);
  await going(page, page.locator('form[action$="/choose"] button'));
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
