// The pack editor: uploaded with a fault and refused with the line, mended, staged with every scenario,
// dated, published by a second officer; an old case stays under its old version.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPage } from './browser.mjs';
import { fillInClinic, going, look, send, shown, signIn } from './people.mjs';
import { PROCEDURE, faulty, lines, staged, titled, uploaded } from './proposing.mjs';

const FIRST = 'officer-01';
const SECOND = 'officer-207';

/** Files a clinic; the address of its case. */
async function filed(page, name) {
  await signIn(page, 'person-08');
  await page.goto('/zh/apply/clinic-filing/whole');
  await fillInClinic(page, name, `版本路 ${name.length} 号（虚构）`);
  await send(page);
  return new URL(page.url()).pathname;
}

/** From which day, in both languages, the version of a case is said to be in force. */
async function since(page, address) {
  const days = [];
  for (const [language, says] of [
    ['zh', /[0-9a-f]{12} 版\s+自 (\d{4}-\d\d-\d\d) 起施行/],
    ['en', /edition [0-9a-f]{12}\s+in force from (\d{4}-\d\d-\d\d)/],
  ]) {
    await page.goto(address.replace(/^\/zh/, `/${language}`));
    const said = await page.locator('.standing').innerText();
    assert.match(said, says);
    days.push(says.exec(said)[1]);
  }
  assert.equal(days[0], days[1]);
  return days[0];
}

/** Where the case says its version can be read. */
const version = (page) => page.locator('a[href*="/packs/"]', { hasText: '版' }).first();

test('a pack is refused for a fault, mended, staged and published, and an old case stays as it was', () =>
  withPage({ language: 'zh' }, async (page) => {
    const old = await filed(page, '旧版诊所（虚构）');
    const before = await version(page).getAttribute('href');

    await signIn(page, FIRST);
    await uploaded(page, faulty);
    assert.ok((await shown(page)).includes(`beijing/${PROCEDURE}:${lines()}`), await shown(page));
    assert.match(await shown(page), /有错误/);
    assert.equal(await page.getByRole('button', { name: '试行', exact: true }).count(), 0);
    await look(page, 'packs-faults-zh');

    const proposal = await uploaded(page, titled('诊所备案（新版）', 'Clinic filing (new)'));
    await staged(page);
    assert.match(await shown(page), /试行通过/);
    assert.match(await shown(page), /(\d+) 个演练中通过 \1 个/);
    await look(page, 'packs-staged-zh');
    for (const [language, name] of [['zh', '诊所备案（新版）'], ['en', 'Clinic filing (new)']]) {
      const own = proposal.replace(/^\/zh/, `/${language}`);
      await page.goto(own);
      await look(page, `packs-proposal-${language}`);
      await page.goto(`${own}/diff`);
      assert.ok((await shown(page)).includes(name), 'the new title is told');
      await look(page, `packs-diff-${language}`);
      await page.goto(`${own}/pack`);
      await look(page, `packs-read-${language}`);
      await page.goto(`${own}/services/clinic-filing`);
      assert.ok((await shown(page)).includes(name));
      const drawn = await page.request.get(await page.locator('main img').getAttribute('src'));
      assert.equal(drawn.status(), 200);
      await look(page, `packs-service-${language}`);
      await page.goto(`${own}/facts?unverified=yes`);
      await look(page, `packs-facts-${language}`);
    }

    await page.goto(proposal);
    await going(page, page.getByRole('button', { name: '定启用日' }));
    assert.match(await shown(page), /须由没有经办过的另一位工作人员发布/);
    assert.equal(await page.getByRole('button', { name: '发布', exact: true }).count(), 0);
    await signIn(page, SECOND);
    await page.goto(proposal);
    await going(page, page.getByRole('button', { name: '发布', exact: true }));
    assert.match(await shown(page), /由账目第 \d+ 号启用/);
    await look(page, 'packs-adopted-zh');
    for (const language of ['zh', 'en']) {
      await page.goto(`/${language}/packs`);
      await look(page, `packs-list-${language}`);
    }

    const fresh = await filed(page, '新版诊所（虚构）');
    assert.match(await shown(page), /诊所备案（新版）|新版诊所/);
    const after = await version(page).getAttribute('href');
    assert.notEqual(after, before);
    await page.goto(old);
    assert.equal(await version(page).getAttribute('href'), before);
    await look(page, 'packs-old-case-zh');
    await going(page, version(page));
    assert.match(await shown(page), /曾于 .* 施行；按它受理的办件仍按它办理/);
    const [first, second] = [await since(page, old), await since(page, fresh)];
    assert.ok(first < second, `${first} ${second}`);
    await page.goto(fresh);
    await going(page, version(page));
    assert.match(await shown(page), /现行有效/);
  }));
