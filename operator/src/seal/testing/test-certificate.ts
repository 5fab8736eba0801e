import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A self-signed RSA certificate as a sealed-secrets controller has one, and the key that opens what it sealed. */
export interface TestCertificate {
  pem: string;
  privateKey: KeyObject;
}

const SHA256_WITH_RSA = Buffer.from('300d06092a864886f70d01010b0500', 'hex');
/** One name: CN=test (2.5.4.3, UTF8String). */
const NAME = sequence(
  tagged(0x31, sequence(Buffer.from('0603550403', 'hex'), tagged(0x0c, Buffer.from('test')))),
);

/** @param notAfter the last instant of its validity; it begins ten years before. */
export function makeTestCertificate(notAfter: Date): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const notBefore = new Date(notAfter.getTime() - 10 * 365 * 86_400_000);
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.from([1])),
    SHA256_WITH_RSA,
    NAME,
    sequence(time(notBefore), time(notAfter)),
    NAME,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', body, privateKey);
  const der = sequence(body, SHA256_WITH_RSA, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  const pem = ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
  return { pem, privateKey };
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

/** DER: tag, length, content. */
function tagged(tag: number, content: Buffer): Buffer {
  const size = content.length;
  if (size < 0x80) return Buffer.concat([Buffer.from([tag, size]), content]);
  const bytes = size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...bytes]), content]);
}

/** GeneralizedTime. */
function time(date: Date): Buffer {
  const text = `${date.toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
  return tagged(0x18, Buffer.from(text));
}
