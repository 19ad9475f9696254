// A pack that an officer proposes: zipped with one of its texts changed, uploaded, staged.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { going, shown } from './people.mjs';

const PACK = new URL('../../packs/beijing', import.meta.url).pathname;
/** The text that is changed. */
export const PROCEDURE = 'procedures/clinic-filing.yaml';

/** Changes of that text: a fault at its end, and another title of the service. */
export const faulty = (text) => `${text}nonsense: 1\n`;
export const titled = (zh, en) => (text) =>
  text.replace(/^title: .*$/m, `title: { zh: ${zh}, en: ${en} }`);

/** How many lines the text has. */
export const lines = () => readFileSync(join(PACK, PROCEDURE), 'utf8').split('\n').length;

/** Uploads the pack with that text changed, as whoever is signed in; the address of the proposal. */
export async function uploaded(page, change) {
  const folder = mkdtempSync(join(tmpdir(), 'yiyang-pack-'));
  try {
    cpSync(PACK, join(folder, 'beijing'), { recursive: true });
    const text = join(folder, 'beijing', PROCEDURE);
    writeFileSync(text, change(readFileSync(text, 'utf8')));
    const zip = join(folder, 'pack.zip');
    execFileSync('python3', ['-m', 'zipfile', '-c', zip, join(folder, 'beijing')]);
    await page.goto('/zh/packs');
    await page.locator('#pack').setInputFiles(zip);
    await going(page, page.getByRole('button', { name: '上传并检查' }));
    return new URL(page.url()).pathname;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Stages the proposal that is open and waits until every scenario was played. */
export async function staged(page) {
  await going(page, page.getByRole('button', { name: '试行', exact: true }));
  for (let tries = 0; tries < 240 && /正在试行/.test(await shown(page)); tries += 1) {
    await pause(500);
    await page.reload();
  }
}
