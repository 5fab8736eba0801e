import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PROCESS = join(import.meta.dirname, 'outage-process.ts');

export interface OutageReport {
  events: number;
  kills: number;
  /** Attempts that the forwarder made while A8 was away, in the processes that lived to tell. */
  attemptsWhileAway: number;
  /** Acknowledged, and never committed by A8. */
  lost: number;
  /** Committed by A8, and never handed in. */
  strange: number;
  /** Committed more than once: after a kill the last receipts are forgotten, and A8 tells duplicates apart. */
  repeated: number;
  /** Age of the oldest event when A8 came back, by the simulated clock. */
  oldestAgeMs: number;
  /** What the outbox says of itself at the end. */
  end: Told;
}

interface Told {
  depth: number;
  totals: Record<'appended' | 'delivered' | 'discarded' | 'quarantined' | 'deadMissing', number>;
  attempts: number;
  oldestAgeMs: number;
  conserves: boolean;
}

/**
 * A8 is away for `events` events, ten a second of a simulated clock; the forwarder is killed with -9 at random moments of
 * the outage and of the way back. Compares ids, one by one, with what A8 committed.
 */
export async function simulateOutage(o: {
  dir: string;
  events: number;
  /** On the way out, and as many on the way back. */
  kills: number;
  random: () => number;
}): Promise<OutageReport> {
  const committed = new Uint8Array(o.events);
  let [acknowledged, strange, kills] = [0, 0, 0];
  let told: Told | undefined;
  const listen = (line: string): void => {
    const value = line.slice(2);
    if (line.startsWith('a ')) acknowledged = Number(value);
    else if (line.startsWith('s ')) told = JSON.parse(value);
    else if (line.startsWith('d ')) {
      const n = Number(value);
      if (n < o.events) committed[n] = Math.min(255, (committed[n] ?? 0) + 1);
      else strange += 1;
    } else throw new Error(`the outage said ${line}`);
  };
  const runToEnd = async (args: () => string[]): Promise<Told> => {
    for (let left = o.kills; left > 0; left -= 1) {
      // Somewhere in what is left of this part, by the lines that it prints.
      const after = Math.floor((o.random() * o.events) / (args()[0] === 'out' ? 100 : 1) / (o.kills + 1));
      if (!(await runProcess([o.dir, ...args()], listen, after))) break;
      kills += 1;
    }
    told = undefined;
    await runProcess([o.dir, ...args()], listen, undefined);
    if (told === undefined) throw new Error('the outage ended without a report');
    return told;
  };
  const away = await runToEnd(() => ['out', String(acknowledged), String(o.events)]);
  const end = await runToEnd(() => ['drain']);
  return {
    ...{ events: o.events, kills, strange, end },
    attemptsWhileAway: away.attempts,
    oldestAgeMs: away.oldestAgeMs,
    lost: committed.reduce((sum, times) => sum + (times === 0 ? 1 : 0), 0),
    repeated: committed.reduce((sum, times) => sum + (times > 1 ? 1 : 0), 0),
  };
}

/** @returns whether it was killed; false when it came to its end before. @throws Error when it failed */
async function runProcess(
  args: string[],
  listen: (line: string) => void,
  killAfterLines: number | undefined,
): Promise<boolean> {
  const said = await open(`${args[0]}.said`, 'w+');
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, PROCESS, ...args], {
    stdio: ['ignore', said.fd, 'inherit'],
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null }));
  const read = linesOf(said, listen);
  let lines = 0;
  for (;;) {
    const end = await Promise.race([ended, sleep(5)]);
    lines += await read();
    if (killAfterLines !== undefined && lines > killAfterLines) child.kill('SIGKILL');
    if (end === undefined) continue;
    await said.close();
    if (end.code !== null && end.code !== 0) throw new Error(`the outage process ended with ${end.code}`);
    return end.code === null;
  }
}

/** Each call hands over the lines that have come since the last one, and tells how many. */
function linesOf(file: FileHandle, listen: (line: string) => void): () => Promise<number> {
  const chunk = Buffer.allocUnsafe(1024 * 1024);
  let [position, rest] = [0, ''];
  return async () => {
    let lines = 0;
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
      if (bytesRead === 0) return lines;
      position += bytesRead;
      const parts = (rest + chunk.toString('latin1', 0, bytesRead)).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) listen(line);
      lines += parts.length;
    }
  };
}
