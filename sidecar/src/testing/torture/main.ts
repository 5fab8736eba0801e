/**
 * `make torture`: what `make test` does for seconds, for as long as you like. TORTURE_SECONDS is shared by the lives of
 * the model, the kills against rows, and the kills of the bare log; the outage and the mutants have a size of their own. Prints
 * what it did; exits 1 when a promise was broken. The same SEED does the same things again; the moments of real processes differ.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { processEnv } from '@scholar/runtime/config';
import { tempDir } from '@scholar/runtime/testing';
import { killLog } from '../../outbox/testing/kill-log.ts';
import { simulateOutage } from '../outage/simulate-outage.ts';
import { randomFrom } from './random.ts';
import { realA8 } from './real-a8.ts';
import { killAgainstRows } from './rows.ts';

const FOUR_DAYS = 4 * 24 * 3600;
const env = processEnv();
const seconds = Number(env['TORTURE_SECONDS'] ?? 900);
const seed = Number(env['SEED'] ?? Date.now() % 1_000_000);
const outageEvents = Number(env['OUTAGE_EVENTS'] ?? FOUR_DAYS * 10);
const only = env['ONLY'];
const outbox = join(import.meta.dirname, '..', '..', 'outbox', 'testing');

type Part = (random: () => number) => Promise<{ ok: boolean; did: unknown }>;

const PARTS: Record<string, Part> = {
  async model() {
    const code = await program(join(outbox, 'model', 'explore-forever.ts'), seconds * 0.35, seed);
    return { ok: code === 0, did: 'lives of an outbox, all promises kept' };
  },
  async rows(random) {
    const folder = await tempDir('rows');
    await mkdir(folder, { recursive: true });
    const a8 = await realA8(folder);
    try {
      const untilMs = performance.now() + seconds * 500;
      const did = await killAgainstRows({ folder, a8, random, untilMs });
      const { lost, doubled, conserves, damage } = did;
      const ok = lost.length === 0 && doubled.length === 0 && conserves && damage === null;
      return { ok, did: { ...did, lost: lost.length, doubled: doubled.length } };
    } finally {
      await a8.end();
    }
  },
  async log(random) {
    const did = await killLog({ dir: await tempDir('log'), random, seconds: seconds * 0.15 });
    return {
      ok: did.lost.length === 0 && did.whole && did.conserves,
      did: { ...did, lost: did.lost.length },
    };
  },
  async outage(random) {
    const did = await simulateOutage({
      dir: await tempDir('outage'),
      events: outageEvents,
      kills: 5,
      random,
    });
    const { totals, depth, conserves } = did.end;
    const ok = did.lost === 0 && did.strange === 0 && depth === 0 && conserves;
    return { ok: ok && totals.appended === did.events && totals.delivered === did.events, did };
  },
  async mutants() {
    const code = await program(join(outbox, 'mutants', 'run.ts'), 240);
    return { ok: code === 0, did: 'mistakes made on purpose' };
  },
};

const chosen = only === undefined ? Object.keys(PARTS) : only.split(',');
say(
  `torture: SEED=${seed} TORTURE_SECONDS=${seconds} OUTAGE_EVENTS=${outageEvents} ONLY=${chosen.join(',')}`,
);
let broken = 0;
for (const name of chosen) {
  const part = PARTS[name];
  if (part === undefined) throw new Error(`ONLY: ${name} is none of ${Object.keys(PARTS).join(', ')}`);
  const began = performance.now();
  const { ok, did } = await part(randomFrom(seed)).catch((error: unknown) => ({
    ok: false,
    did: String(error),
  }));
  if (!ok) broken += 1;
  say(
    `${ok ? 'kept  ' : 'BROKEN'} ${name} (${Math.round((performance.now() - began) / 1000)} s): ${JSON.stringify(did)}`,
  );
}
say(
  broken === 0 ? 'no promise was broken' : `${broken} parts broke a promise; run it again with SEED=${seed}`,
);
process.exit(broken === 0 ? 0 : 1);

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function program(file: string, ...args: number[]): Promise<number | null> {
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, file, ...args.map(String)], { stdio: 'inherit' });
  const [code] = await once(child, 'close');
  return code;
}
