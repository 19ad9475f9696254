// A second opinion on credentials: the libraries of Digital Bazaar verify what we sign, and we verify
// what they sign. No browser: this is what wallets and verifiers run.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import * as bitstring from '@digitalbazaar/vc-bitstring-status-list';
import { contexts as statusContexts } from '@digitalbazaar/vc-bitstring-status-list-context';
import { contexts } from '@digitalbazaar/credentials-context';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as eddsa from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';

const run = promisify(execFile);
const base = () => process.env.YIYANG_URL;

let folder;
let credential;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yiyang-credential-'));
  credential = await firstCredential();
});
after(() => rm(folder, { recursive: true, force: true }));

/** Registers whose entries have certificates; a small demonstration has entries in some of them. */
const REGISTERS = ['medical-institution', 'large-equipment', 'social-service-organisation', 'device-registrant'];

/** The credential of the first certificate in force. */
async function firstCredential() {
  for (const register of REGISTERS) {
    const listed = await (await fetch(`${base()}/api/registers/${register}`)).json();
    for (const { key } of listed.entries) {
      const answer = await fetch(`${base()}/zh/certificates/${register}/${key}/credential.json`);
      if (!answer.ok) continue;
      assert.equal(answer.headers.get('content-type'), 'application/vc');
      return answer.json();
    }
  }
  throw new Error('the demonstration has no certificate in force');
}

/** What a verifier has offline: contexts of W3C and keys that tell themselves. */
async function documentLoader(url) {
  const known = contexts.get(url) ?? statusContexts.get(url);
  if (known) return { contextUrl: null, documentUrl: url, document: structuredClone(known) };
  if (url.startsWith('did:key:')) return { contextUrl: null, documentUrl: url, document: ofKey(url) };
  const answer = url.startsWith(`${base()}/credentials/status/`) && (await fetch(url));
  if (!answer?.ok) throw new Error(`nobody asks for ${url}`);
  return { contextUrl: null, documentUrl: url, document: await answer.json() };
}

function ofKey(url) {
  const [did, fragment] = url.split('#');
  const key = did.slice('did:key:'.length);
  const method = {
    '@context': 'https://w3id.org/security/multikey/v1',
    id: `${did}#${key}`,
    type: 'Multikey',
    controller: did,
    publicKeyMultibase: key,
  };
  if (fragment) return method;
  const id = [method.id];
  return { '@context': 'https://www.w3.org/ns/did/v1', id: did, verificationMethod: [method], assertionMethod: id };
}

const suite = () => new DataIntegrityProof({ cryptosuite: eddsa.createVerifyCryptosuite() });

function verified(text, options = {}) {
  return vc.verifyCredential({ credential: text, suite: suite(), documentLoader, ...options });
}

const statusOptions = () => ({
  checkStatus: (asked) =>
    bitstring.checkStatus({ ...asked, suite: suite(), documentLoader, verifyBitstringStatusListCredential: true }),
});

test('others verify what we sign, with its status', async () => {
  const verdict = await verified(structuredClone(credential), statusOptions());
  assert.equal(verdict.verified, true, String(verdict.error?.errors ?? verdict.error));
});

test('others find what was changed', async () => {
  const changed = structuredClone(credential);
  changed.credentialSubject.holder += '（改）';
  assert.equal((await verified(changed)).verified, false);
});

/** What the shell says, with its status. */
async function shell(words) {
  const program = resolve(process.env.YIYANG_BIN);
  const done = await run(program, ['--language', 'en', 'credential', 'verify', ...words]).catch((fault) => fault);
  return { code: done.code ?? 0, said: done.stdout };
}

async function kept(name, value) {
  const file = join(folder, name);
  await writeFile(file, JSON.stringify(value));
  return file;
}

test('we verify what others sign', async () => {
  const pair = await Ed25519Multikey.generate();
  const did = `did:key:${pair.publicKeyMultibase}`;
  Object.assign(pair, { id: `${did}#${pair.publicKeyMultibase}`, controller: did });
  const { proof, ...unsigned } = structuredClone(credential);
  assert.equal(proof.cryptosuite, 'eddsa-jcs-2022');
  unsigned.issuer = did;
  const signing = new DataIntegrityProof({ signer: pair.signer(), cryptosuite: eddsa.createSignCryptosuite() });
  const signed = await vc.issue({ credential: unsigned, suite: signing, documentLoader });
  const { code, said } = await shell([await kept('theirs.json', signed), '--issuer', did]);
  assert.deepEqual([code, said.split('\n')[0]], [0, `key trusted: signed by ${did}`]);
  signed.credentialSubject.number += '0';
  const forged = await shell([await kept('forged.json', signed), '--issuer', did]);
  assert.equal(forged.code, 1);
  assert.match(forged.said, /^1467 /);
});

test('our shell and our page say the same of our own', async () => {
  const file = await kept('ours.json', credential);
  const list = await (await fetch(credential.credentialStatus.statusListCredential)).json();
  const status = await kept('list.json', list);
  const { code, said } = await shell([file, '--issuer', credential.issuer, '--status', status]);
  assert.equal(code, 0, said);
  const answer = await fetch(`${base()}/api/licences/verify`, { method: 'POST', body: JSON.stringify(credential) });
  const verdict = await answer.json();
  assert.deepEqual([verdict.sound, verdict.trusted, verdict.today], [true, true, 'in-force']);
});
