import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { CORES } from './cores.ts';
import { pinned, runToEnd, SOURCE_FLAGS } from './launch.ts';
import { quantile } from './statistics.ts';

/** What the machine itself can do at this moment: looked at around each pass, to tell a disturbed pass from a good one. */
export type Probe = {
  /** One append of a record and its fdatasync, one after the other. Milliseconds. */
  syncP50Ms: number;
  syncP99Ms: number;
  /** A fixed piece of work of one core. Milliseconds. */
  workMs: number;
};

const BARE = join(import.meta.dirname, '../../sidecar/bench/bare-append.ts');
/** As long as our record of a benchmark event on disk: 40 bytes of head, 4 of headers, the body. */
const RECORD_BYTES = 602;
const HASHED = Buffer.alloc(8 * 2 ** 20, 'x');

export async function probe(folder: string, ms: number): Promise<Probe> {
  const { p50Ms, p99Ms } = await bareAppends(folder, ms);
  const fromMs = performance.now();
  for (let turn = 0; turn < 5; turn += 1) createHash('sha256').update(HASHED).digest();
  return { syncP50Ms: p50Ms, syncP99Ms: p99Ms, workMs: performance.now() - fromMs };
}

/** Appends with nothing around them; `perSecond` paces them. On the core of whoever is measured. */
export async function bareAppends(
  folder: string,
  ms: number,
  perSecond?: number,
): Promise<{ p50Ms: number; p99Ms: number }> {
  const args = [BARE, join(folder, 'bare'), String(RECORD_BYTES), String(ms)];
  if (perSecond !== undefined) args.push(String(perSecond));
  const command = { file: process.execPath, args: [...SOURCE_FLAGS, ...args] };
  const tookMs = JSON.parse(await runToEnd(pinned(command, CORES.measured), ms + 60_000)) as number[];
  return { p50Ms: quantile(tookMs, 0.5), p99Ms: quantile(tookMs, 0.99) };
}
