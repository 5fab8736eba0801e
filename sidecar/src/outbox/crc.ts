import { crc32 } from 'node:zlib';

/**
 * Where the CRC of a record starts from. It depends on the file and on the place in it, so that a page of another
 * segment, a page of zeroes, or a record copied to another offset never passes: CRC-32 over equal bytes from two
 * different starting values always differs, and odd multipliers keep two offsets of one file apart.
 */
export const crcSalt = (fileId: number, offset: number): number =>
  (Math.imul(fileId ^ Math.floor(fileId / 0x1_0000_0000), 0x9e37_79b1) +
    Math.imul(offset, 0x85eb_ca77) +
    1) >>>
  0;

/** CRC-32 (IEEE, as in zlib; node computes it natively) of bytes[from, to), salted. */
export const saltedCrc = (bytes: Buffer, range: { from: number; to: number; salt: number }): number =>
  crc32(bytes.subarray(range.from, range.to), range.salt);
