// Every procedure of every pack, drawn by the shell, opens in a viewer without a warning, shows
// everything that was drawn, and every task's name fits its box. With YIYANG_PICTURES=FOLDER the
// pictures are kept there, to be looked at; with YIYANG_PACKS=FOLDER other packs are drawn.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { LANGUAGES, launch } from './browser.mjs';
import { drawn, openViewer, procedures, shown } from './drawing.mjs';

const folder = process.env.YIYANG_PICTURES;
let browser;

before(async () => {
  browser = await launch();
  if (folder) mkdirSync(folder, { recursive: true });
});
after(() => browser?.close());

const count = (xml, element) => xml.split(`<bpmndi:${element} `).length - 1;

for (const { pack, procedure } of procedures())
  for (const language of Object.keys(LANGUAGES))
    test(`${procedure} of ${pack} in ${language} opens in a viewer`, async () => {
      const xml = drawn({ pack, procedure }, language);
      const { page, faults } = await openViewer(browser, { width: 1600, height: 900 });
      const seen = await shown(page, xml);
      assert.deepEqual(seen.warnings, []);
      assert.deepEqual(faults, []);
      assert.deepEqual(seen.torn, []);
      assert.equal(seen.elements, count(xml, 'BPMNShape') + count(xml, 'BPMNEdge'));
      assert.ok(seen.width < 6000 && seen.height < 6000, `${seen.width} × ${seen.height}`);
      if (folder) await keep(page, xml, seen, `${procedure}.${pack}.${language}.png`);
      await page.close();
    });

/** Keeps a picture in which nothing is made smaller. */
async function keep(page, xml, { width, height }, name) {
  await page.setViewportSize({ width: Math.ceil(width) + 40, height: Math.ceil(height) + 40 });
  await shown(page, xml);
  await page.screenshot({ path: join(folder, name) });
}
