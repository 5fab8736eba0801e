import { createDecipheriv, type KeyObject, privateDecrypt } from 'node:crypto';

/** Opens ciphertext as the controller does, for one namespace and name. @throws when it was sealed for another place. */
export function unseal(
  ciphertext: string,
  { privateKey, namespace, name }: { privateKey: KeyObject; namespace: string; name: string },
): string {
  const bytes = Buffer.from(ciphertext, 'base64');
  const end = 2 + bytes.readUInt16BE(0);
  const oaepLabel = Buffer.from(`${namespace}/${name}`);
  const sessionKey = privateDecrypt(
    { key: privateKey, oaepHash: 'sha256', oaepLabel },
    bytes.subarray(2, end),
  );
  const decipher = createDecipheriv('aes-256-gcm', sessionKey, Buffer.alloc(12));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(end, -16)), decipher.final()]).toString('utf8');
}
