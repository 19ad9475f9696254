// An agent files for somebody, an officer stands aside, the decision is posted with its proof, and the
// time to challenge runs from that day: through the pages, in English, on a phone.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { withPage } from './browser.mjs';
import { choose, fillInClinic, paper, send, signIn } from './people.mjs';

const NAME = '代办草木诊所（虚构）';

/** A picture where `$YIYANG_SHOTS` says so, to be looked at. */
async function look(page, name) {
  const folder = process.env.YIYANG_SHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

const shown = (page) => page.locator('main').innerText();

test('an agent files, an officer stands aside, and the refusal is posted', () =>
  withPage({ language: 'en', width: 'phone' }, async (page) => {
    await signIn(page, 'person-03');
    await page.goto('/en/apply/clinic-filing/whole');
    await page.getByText('I apply for somebody else').click();
    await page.locator('input[name="for:as"][value="agent"]').check();
    await page.locator('[name="for:name"]').fill('远道（虚构）');
    await page.locator('[name="for:kind"]').selectOption('passport');
    await page.locator('[name="for:number"]').fill('E00000042');
    await page.locator('input[type="file"][name="for:paper"]').setInputFiles(paper('power'));
    await fillInClinic(page, NAME, '示例路 9 号 301 室（虚构）');
    await page.locator('input[name="service:on-paper"][value="yes"]').check();
    await look(page, 'apply-as-agent');
    await send(page);
    assert.match(page.url(), /\/en\/cases\/\d+/);
    const address = new URL(page.url()).pathname;
    const agents = await shown(page);
    assert.ok(agents.includes('agent:'), 'who speaks is not said');
    assert.ok(!agents.includes('E00000042'), 'a number is shown unasked');
    await look(page, 'case-of-agent');

    // The case is among the agent's own.
    await page.goto('/en/cases');
    assert.ok((await page.content()).includes(`${address}"`));

    await signIn(page, 'officer-02');
    await page.goto(address);
    await choose(page, 'not-accepted', 'The papers are of another clinic');
    const decided = await shown(page);
    assert.ok(decided.includes('To be served by'), 'what is owed is not said');
    await look(page, 'case-to-serve');
    await page.goto('/en/inbox');
    assert.ok((await shown(page)).includes('the decision is to be served'));

    await page.goto(address);
    await page.locator('input[name="way"][value="posted"]').check();
    await page.locator('[name="proof"]').fill('EMS 7 (invented)');
    await page.getByRole('button', { name: 'Record the service' }).first().click();
    await page.getByText('EMS 7 (invented)').first().waitFor();
    const served = await shown(page);
    assert.ok(served.includes('EMS 7 (invented)'), 'the proof is not shown');
    assert.ok(/Served on \d{4}-\d\d-\d\d \(Posted\)/.test(served), served);

    // The agent asks that the officer stand aside, and challenges; the officer then stands aside.
    await signIn(page, 'person-03');
    await page.goto(address);
    await page.getByText('Challenge the decision').first().click();
    await page.locator('textarea[name="grounds"]').first().fill('They are ours');
    await page.getByRole('button', { name: 'Challenge', exact: true }).first().click();
    await page.getByText('Ask that an officer stand aside').click();
    await page.locator('input[name="officer"]').first().check();
    await page.locator('#recusal-grounds').fill('The clinic next door is the officer’s');
    await page.getByRole('button', { name: 'Ask for it' }).click();
    await page.getByText('The party asks for it; not decided').waitFor();
    await look(page, 'case-recusal-asked');
    await signIn(page, 'officer-02');
    await page.goto(address);
    await page.getByText('I must stand aside in this case').click();
    await page.locator('details[open] textarea[name="reasons"]').fill('So it is');
    await page.getByRole('button', { name: 'Stand aside', exact: true }).click();
    await page.getByText('Stands aside').first().waitFor();
    await look(page, 'case-stands-aside');
    assert.equal(await page.locator('form.do').count(), 0, 'who stands aside is offered acts');
  }));

test('at the counter there is no agreement to the portal until the officer says so', () =>
  withPage({ language: 'zh' }, async (page) => {
    await signIn(page, 'officer-02');
    await page.goto('/zh/apply/clinic-filing/whole');
    assert.ok((await shown(page)).includes('窗口代录'));
    assert.ok(await page.locator('input[name="service:on-paper"][value="yes"]').isChecked());
    await look(page, 'counter');
  }));
