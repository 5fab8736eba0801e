/** What one Argon2id hash costs: memory in KiB, passes over it, parallel lanes. */
export type Argon2Cost = { memoryKib: number; passes: number; lanes: number };

export type PhcHash = { cost: Argon2Cost; salt: Buffer; hash: Buffer };

const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,4}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,171})$/;

/**
 * Writes an Argon2id hash as a PHC string, `$argon2id$v=19$m=…,t=…,p=…$salt$hash` (base64 without padding),
 * the form that every Argon2 implementation reads. Source: P-H-C string format, section "Specification".
 */
export function formatPhc({ cost, salt, hash }: PhcHash): string {
  const parameters = `m=${cost.memoryKib},t=${cost.passes},p=${cost.lanes}`;
  return `$argon2id$v=19$${parameters}$${unpadded(salt)}$${unpadded(hash)}`;
}

/** Reads a PHC string of Argon2id version 19; undefined for every other algorithm, version or shape. */
export function parsePhc(text: string): PhcHash | undefined {
  const [, memory, passes, lanes, salt, hash] = PHC.exec(text) ?? [];
  if (salt === undefined || hash === undefined) return undefined;
  return {
    cost: { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
