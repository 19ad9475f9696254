// Every page, in both languages, full and in large type: nothing for axe to report, nothing wider
// than a phone, nothing heavier than 150 kB on the way.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { LANGUAGES, withPage } from './browser.mjs';
import { everyPage } from './pages.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WEIGHT_MAX = 150_000;

/** What axe finds wrong with the page, one line for each rule. */
async function found(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`,
  );
}

/** Counts what the page takes on the way, compressed, with its style and scripts. */
async function weighing(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  return () => {
    const taken = bytes;
    bytes = 0;
    return taken;
  };
}

for (const language of Object.keys(LANGUAGES))
  for (const large of [false, true])
    test(`every page in ${language}${large ? ' in large type' : ''} is for everybody`, () =>
      // One of the pages is that of an address where there is nothing, another of what is refused.
      withPage({ language, width: 'phone', forgive: /404|422/ }, async (page) => {
        const wrong = [];
        if (large) await page.goto(`/${language}/look?size=large&then=/${language}/`);
        const weigh = await weighing(page);
        // Large type is another look of the same bytes: they are loaded anew and weighed once.
        const weighed = async () => {
          if (large) return 0;
          weigh();
          await page.reload({ waitUntil: 'networkidle' });
          return weigh();
        };
        const look = async (path) => {
          const weight = await weighed();
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          for (const fault of await found(page)) wrong.push(`${path} ${fault}`);
          if (wide > 390) wrong.push(`${path} is ${wide} px wide`);
          if (weight > WEIGHT_MAX) wrong.push(`${path} weighs ${weight} bytes`);
        };
        const stopped = await everyPage(page, language, look).catch((fault) => fault);
        assert.deepEqual(wrong, []);
        if (stopped) throw stopped;
      }));
