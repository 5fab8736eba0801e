import { createCipheriv, publicEncrypt, randomBytes, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';

/**
 * As much of kubeseal as `scholar seal` uses, for machines without Go: the same flags, the same input, and the same
 * hybrid encryption (its docs/developer/crypto.md): two bytes of length, an RSA-OAEP session key labelled
 * `namespace/name`, AES-GCM under a zero nonce. The real one is tried in test/cluster/production.
 */
const { values } = parseArgs({
  options: { cert: { type: 'string' }, scope: { type: 'string' }, format: { type: 'string' } },
});
if (values.cert === undefined || values.scope !== 'strict' || values.format !== 'json') {
  process.stderr.write('this stand-in knows --cert FILE --scope strict --format json only\n');
  process.exit(1);
}
const { publicKey } = new X509Certificate(readFileSync(values.cert, 'utf8'));
const { metadata, data } = JSON.parse(await text(process.stdin)) as {
  metadata: { name: string; namespace: string };
  data: Record<string, string>;
};
const label = Buffer.from(`${metadata.namespace}/${metadata.name}`);
const encryptedData = Object.fromEntries(
  Object.entries(data).map(([key, value]) => [key, encrypt(Buffer.from(value, 'base64'))]),
);
process.stdout.write(JSON.stringify({ metadata, spec: { encryptedData } }));

function encrypt(plain: Buffer): string {
  const sessionKey = randomBytes(32);
  const wrapped = publicEncrypt({ key: publicKey, oaepHash: 'sha256', oaepLabel: label }, sessionKey);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(wrapped.length);
  const cipher = createCipheriv('aes-256-gcm', sessionKey, Buffer.alloc(12));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return Buffer.concat([length, wrapped, sealed]).toString('base64');
}
