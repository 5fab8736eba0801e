import { closeSync, constants, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * `bare-append.ts FILE BYTES MS [PER_SECOND]`: appends records to a file, each followed by fdatasync, one after the other,
 * with nothing around it: the floor of every acknowledgement here. Prints the time of each in milliseconds, as JSON.
 */
const [file = '', bytes = '600', ms = '1000', perSecond] = process.argv.slice(2);
const record = Buffer.alloc(Number(bytes), 'x');
const fd = openSync(file, constants.O_CREAT | constants.O_WRONLY | constants.O_TRUNC | constants.O_APPEND);
const tookMs: number[] = [];
const pauseMs = perSecond === undefined ? undefined : 1_000 / Number(perSecond);
const startMs = performance.now();
for (let count = 0; performance.now() - startMs < Number(ms); count += 1) {
  while (pauseMs !== undefined && performance.now() < startMs + count * pauseMs) await sleep(0);
  const fromMs = performance.now();
  writeSync(fd, record);
  fdatasyncSync(fd);
  tookMs.push(performance.now() - fromMs);
}
closeSync(fd);
process.stdout.write(`${JSON.stringify(tookMs)}\n`);
