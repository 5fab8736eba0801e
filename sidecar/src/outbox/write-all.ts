/** One write call: takes buffer[from, from + length) to `position` and answers how many bytes it took. */
export type WriteSome = (buffer: Buffer, from: number, length: number, position: number) => Promise<number>;

/** A write may take fewer bytes than it was given (POSIX write, "shall return the number of bytes actually written"): the rest is written, too. */
export async function writeAll(
  writeSome: WriteSome,
  buffer: Buffer,
  length: number,
  position: number,
): Promise<void> {
  let done = 0;
  while (done < length) {
    const written = await writeSome(buffer, done, length - done, position + done);
    if (written === 0) throw Object.assign(new Error('the disk took no bytes'), { code: 'EIO' });
    done += written;
  }
}
