// Runs every *.test.mjs beside this file against one server. The last line counts the tests.
// usage: YIYANG_BIN=path/to/yiyang node run.mjs [NAME…]

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { withServer } from './server.mjs';

// A file draws every procedure in both languages; a guard against hanging, not a measure.
const TEST_SECONDS = 1800;

function testFiles(names) {
  const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
  const wanted = (file) => names.length === 0 || names.some((name) => file.startsWith(`${name}.`));
  const files = readdirSync(here).filter((file) => file.endsWith('.test.mjs') && wanted(file));
  if (files.length === 0) throw new Error(`no test is called \`${names.join(' ')}\``);
  return files.sort().map((file) => join(here, file));
}

/** Runs the files one after another; returns how many tests passed and how many did not. */
function runTests(files) {
  const tally = { pass: 0, fail: 0, cancelled: 0 };
  const events = run({ files, concurrency: 1, timeout: TEST_SECONDS * 1000 });
  events.on('test:diagnostic', ({ nesting, message }) => {
    const [, kind, count] = /^(pass|fail|cancelled) (\d+)$/.exec(message) ?? [];
    if (nesting === 0 && kind) tally[kind] = Number(count);
  });
  const report = events.compose(new spec());
  report.pipe(process.stdout, { end: false });
  return new Promise((tell, fail) => {
    report.once('end', () => tell({ passed: tally.pass, failed: tally.fail + tally.cancelled }));
    report.once('error', fail);
  });
}

const files = testFiles(process.argv.slice(2));
const { passed, failed } = await withServer((url) => {
  process.env.YIYANG_URL = url;
  return runTests(files);
});
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
