// A system that sends rows: its key, and batches signed as the platform asks.

import { generateKeyPairSync, sign } from 'node:crypto';
import assert from 'node:assert/strict';
import { going, shown } from './people.mjs';

/** A new key: what signs, and what is noted of it. */
export function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x } = publicKey.export({ format: 'jwk' });
  return { privateKey, noted: Buffer.from(x, 'base64url').toString('base64') };
}

/** Sends a batch of rows; the answer. */
export async function sendRows(page, { source, feed, key, rows }) {
  const body = rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n');
  const [id, at] = [`msg_${Math.random()}`, String(Math.floor(Date.now() / 1000))];
  const signature = sign(null, Buffer.from(`${id}.${at}.${body}`), key.privateKey);
  const headers = {
    'content-type': 'application/x-ndjson',
    'webhook-id': id,
    'webhook-timestamp': at,
    'webhook-signature': `v1a,${signature.toString('base64')}`,
  };
  return page.request.post(`/api/sources/${source}/feeds/${feed}`, { headers, data: Buffer.from(body) });
}

/** A home nursing visit. Who is visited is invented. */
export const visit = (name, more = {}) => ({
  visit: name,
  'started-at': '2026-01-05T09:00:00+08:00',
  institution: 'an-institution',
  nurse: 'a-nurse',
  patient: '110101190305170009',
  district: '110101',
  service: '静脉采血',
  'checked-in': 'position',
  ...more,
});

/** Notes a source whose system sends visits and stays. */
export async function noteSource(page, name, key) {
  await page.goto('/zh/sources');
  await page.locator('#name').fill(name);
  await page.locator('#title').fill('某医院信息系统（虚构）');
  await page.locator('#public').fill(key.noted);
  for (const feed of ['nursing-visits', 'stays']) await page.locator(`input[value="${feed}"]`).check();
  await going(page, page.locator('form[action$="/sources"] button'));
}

/** Opens the page until it says something: rows are gathered, and rules asked, beside the requests. */
export async function until(page, address, says) {
  for (let tries = 0; ; tries += 1) {
    await page.goto(address);
    const text = await shown(page);
    if (says.test(text) || tries >= 50) return assert.match(text, says);
    await page.waitForTimeout(200);
  }
}

/** Opens the page until something is on it. */
export async function untilThere(page, address, selector) {
  for (let tries = 0; ; tries += 1) {
    await page.goto(address);
    const there = await page.locator(selector).count();
    if (there > 0 || tries >= 50) return assert.ok(there > 0, `${selector} is not on ${address}`);
    await page.waitForTimeout(200);
  }
}
