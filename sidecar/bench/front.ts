import { mkdirSync } from 'node:fs';
import { systemClock } from '@scholar/runtime/clock';
import { staticSecret } from '@scholar/runtime/config';
import { silentLogger } from '@scholar/runtime/log';
import { createForwarder } from '../src/app.ts';
import type { Outbox } from '../src/outbox/index.ts';
import type { Engine } from './engines/engine.ts';
import { lmdbEngine } from './engines/lmdb.ts';
import { memoryEngine } from './engines/memory.ts';
import { sqliteEngine } from './engines/sqlite.ts';

/**
 * The forwarder's own server with another store behind it: `front.ts ENGINE FOLDER PORT LABEL [MODULES]`. Same listener,
 * same checks of the contract, same answers and metrics; delivery has nothing to do. It is there to be killed.
 */
const [name = '', folder = '', port = '0', label = '', modules = ''] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const forwarder = createForwarder({
  label: label as 'scholar_auth',
  environment: 'staging',
  outbox: standIn(openEngine()),
  url: staticSecret(undefined),
  key: staticSecret(undefined),
  controlToken: staticSecret(undefined),
  canaryKey: staticSecret(undefined),
  clock: systemClock,
  log: silentLogger(),
});
await forwarder.start({ host: '127.0.0.1', port: Number(port) });

function openEngine(): Engine {
  if (name === 'lmdb') return lmdbEngine(folder, modules);
  if (name === 'sqlite') return sqliteEngine(folder);
  if (name === 'memory') return memoryEngine();
  throw new Error(`no engine is called ${name}`);
}

function standIn(engine: Engine): Outbox {
  const unused = (): never => {
    throw new Error('this store only takes events in');
  };
  return {
    forwarderId: `${label}@bench`,
    lastDelivery: undefined,
    append: (event) => engine.append(event),
    takeNew: () => [],
    takeBacklog: () => Promise.resolve([]),
    release: () => undefined,
    onQueued: () => () => undefined,
    health: () => ({ ok: true }),
    close: () => Promise.resolve(),
    ...{ settle: unused, bury: unused, discard: unused, replay: unused, get: unused, read: unused },
    ...{
      deadLetter: unused,
      list: unused,
      stats: unused,
      acknowledged: unused,
      acknowledgedIds: unused,
      erase: unused,
    },
  };
}
