// A second opinion on the directory: fhir-kit-client finds, reads and follows what it serves, and the
// models of fhir.resources (Python) read every resource of it. No browser: this is what programs run.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { Client } from 'fhir-kit-client';

import { startServer } from './server.mjs';

const run = promisify(execFile);
const fhir = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../fhir');

// A small demonstration has no physicians; this one has some.
const SCALE = '0.3';

let server;
let client;
before(async () => {
  server = await startServer({ words: ['demo', '--scale', SCALE] });
  client = new Client({ baseUrl: `${server.url}/fhir` });
});
after(() => server?.stop());

const resources = (bundle) => (bundle.entry ?? []).map(({ resource }) => resource);

test('fhir-kit-client finds what the directory says that it has', async () => {
  const statement = await client.capabilityStatement();
  assert.equal(statement.fhirVersion, '4.0.1');
  for (const { type } of statement.rest[0].resource) {
    const found = await client.search({ resourceType: type, searchParams: { _count: 3 } });
    const [first] = resources(found);
    assert.ok(first, type);
    const read = await client.read({ resourceType: type, id: first.id });
    assert.deepEqual(read, first);
    const version = read.meta.versionId;
    assert.deepEqual(await client.vread({ resourceType: type, id: first.id, version }), first);
    const posted = await client.search({
      resourceType: type,
      searchParams: { _id: first.id },
      options: { postSearch: true },
    });
    assert.deepEqual(resources(posted), [first]);
    const history = await client.history({ resourceType: type, id: first.id });
    assert.deepEqual(resources(history)[0], first);
  }
});

test('fhir-kit-client follows pages and references', async () => {
  const searchParams = { _count: 4, _total: 'accurate' };
  let page = await client.search({ resourceType: 'Organization', searchParams });
  const { total } = page;
  const ids = new Set();
  while (page) {
    resources(page).forEach(({ id }) => ids.add(id));
    page = await client.nextPage({ bundle: page });
  }
  assert.equal(ids.size, total);
  const found = await client.search({
    resourceType: 'PractitionerRole',
    searchParams: { 'practitioner:missing': 'false', _include: 'PractitionerRole:organization' },
  });
  const role = resources(found).find(({ resourceType }) => resourceType === 'PractitionerRole');
  const organisation = await client.resolve({ reference: role.organization.reference });
  assert.ok(resources(found).some(({ id }) => id === organisation.id));
});

test('fhir.resources reads every resource, and JSON and XML say the same', async () => {
  const python = join(fhir, '.venv/bin/python');
  const { stdout } = await run(python, [join(fhir, 'validate.py'), `${server.url}/fhir`]);
  assert.match(stdout, /^read by fhir\.resources \(R4B\): /);
});
