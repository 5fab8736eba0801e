import fc, { type Arbitrary } from 'fast-check';

/** How a request says where its body ends, and whether that is true. */
export type Framing = 'length' | 'chunked' | 'too short' | 'too long' | 'broken chunk' | 'both' | 'none';
export const framing: Arbitrary<Framing> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Framing>('length') },
  { weight: 2, arbitrary: fc.constant<Framing>('chunked') },
  { weight: 1, arbitrary: fc.constantFrom<Framing>('too short', 'too long', 'broken chunk', 'both', 'none') },
);

/** The headers that say it, and the bytes that follow. */
export function framed(how: Framing, bytes: Buffer): { header: string; bytes: Buffer } {
  const length = (count: number) => `content-length: ${count}\r\n`;
  const chunked = 'transfer-encoding: chunked\r\n';
  const chunks = (size: string) =>
    Buffer.concat([Buffer.from(`${size}\r\n`), bytes, Buffer.from('\r\n0\r\n\r\n')]);
  switch (how) {
    case 'length':
      return { header: length(bytes.length), bytes };
    case 'chunked':
      return { header: chunked, bytes: bytes.length === 0 ? Buffer.from('0\r\n\r\n') : chunks(hex(bytes)) };
    case 'too short':
      return { header: length(bytes.length >> 1), bytes };
    case 'too long':
      return { header: length(bytes.length + 10), bytes };
    case 'broken chunk':
      return { header: chunked, bytes: chunks('fffffffffffffffff') };
    case 'both':
      return { header: length(bytes.length) + chunked, bytes: chunks(hex(bytes)) };
    case 'none':
      return { header: '', bytes };
  }
}

const hex = (bytes: Buffer) => bytes.length.toString(16);
