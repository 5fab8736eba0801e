import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@scholar/runtime/testing';
import { repositoryRoot } from '../target/local/layout.ts';
import { readCertificate } from './certificate.ts';
import { EXAMPLE_CERTIFICATE } from './example-certificate.ts';
import { makeTestCertificate } from './testing/test-certificate.ts';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-11-29T00:00:00Z');

async function fileWith(text: string): Promise<string> {
  const path = join(await tempDir('cert'), 'staging.crt');
  await writeFile(path, text);
  return path;
}

test('a certificate is known by its public key and says until when it is good', async () => {
  const path = await fileWith(makeTestCertificate(new Date(NOW + DAY_MS)).pem);
  const certificate = await readCertificate(path, NOW);
  expect(certificate.notAfter).toBe(NOW + DAY_MS);
  expect(certificate.fingerprint).toMatch(/^sha256:[0-9a-f]{64}$/);
});

test('a missing, an expired and a wrong certificate are refused with how to get one', async () => {
  const fetchIt = 'kubeseal --fetch-cert';
  await expect(readCertificate('/nowhere/staging.crt', NOW)).rejects.toThrow(/is missing/);
  await expect(readCertificate('/nowhere/staging.crt', NOW)).rejects.toThrow(fetchIt);
  const expired = await fileWith(makeTestCertificate(new Date(NOW - DAY_MS)).pem);
  await expect(readCertificate(expired, NOW)).rejects.toThrow(/has expired \(2026-11-28T00:00:00.000Z\)/);
  await expect(readCertificate(await fileWith('no certificate'), NOW)).rejects.toThrow(/no RSA certificate/);
});

test('the charts and the command know the example certificate by the file that is committed', async () => {
  const root = repositoryRoot();
  const { fingerprint } = await readCertificate(join(root, 'k8s', 'sealed-secrets', 'example.crt'), NOW);
  expect(fingerprint).toBe(EXAMPLE_CERTIFICATE);
  const template = readFileSync(join(root, 'charts', 'service', 'templates', '_shared.tpl'), 'utf8');
  expect(template).toContain(`"${EXAMPLE_CERTIFICATE}"`);
});
