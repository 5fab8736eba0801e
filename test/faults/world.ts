import type { AppLabel } from '@scholar/contract';
import { loadSettings, staticSecret } from '@scholar/runtime/config';
import { silentLogger } from '@scholar/runtime/log';
import {
  createHttpStub,
  createTestDatabase,
  createTestIdentity,
  type TestIdentity,
  tempDir,
} from '@scholar/runtime/testing';
import { startHub } from '../../services/auto_com_center/src/testing/start-hub.ts';
import { createSandbox } from '../../services/stripe_sandbox/src/sandbox.ts';
import { SANDBOX_SETTINGS } from '../../services/stripe_sandbox/src/settings.ts';
import { startMailServer } from './mail-server.ts';
import { neighbour } from './neighbours.ts';

const A8_MIGRATIONS = new URL('../../services/auto_com_center/migrations/', import.meta.url);

/** What lies beyond the services under test and their forwarders; the same for all of them. */
export type World = {
  identity: TestIdentity;
  /** Base addresses, none of which is ever broken itself. */
  urls: { others: string; stripe: string; mail: string; A8: string };
  /** How many events of a type, from one service, are rows in A8's database. */
  rows(label: AppLabel, type: string): Promise<number>;
  /** How many mails to this address arrived. */
  mailsTo(address: string): number;
  close(): Promise<void>;
};

/** A real A8 over its database, the payment sandbox in Stripe's place, a mail server, and a stub for every other service. */
export async function startWorld(): Promise<World> {
  const identity = await createTestIdentity();
  const others = await createHttpStub((request) => neighbour(request, identity));
  const database = await createTestDatabase({ migrations: A8_MIGRATIONS });
  const [hub, stripe, mail] = await Promise.all([
    startHub({ databaseUrl: database.url }),
    startStripe(),
    startMailServer(),
  ]);
  return {
    identity,
    urls: { others: others.url, stripe: `http://127.0.0.1:${stripe.port()}`, mail: mail.url, A8: hub.url },
    async rows(label, type) {
      const { rows } = await database.pool.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM events WHERE app_label = $1 AND event_type = $2',
        [label, type],
      );
      return rows[0]?.count ?? 0;
    },
    mailsTo: mail.received,
    async close() {
      await hub.stop();
      await stripe.stop?.();
      await mail.close();
      await others.close();
      await identity.close();
      await database.drop();
    },
  };
}

async function startStripe() {
  const settings = loadSettings(SANDBOX_SETTINGS, { SANDBOX_DIR: await tempDir('sandbox'), PORT: '0' });
  const sandbox = createSandbox({ settings, secret: staticSecret(undefined), log: silentLogger() });
  await sandbox.start?.();
  return sandbox;
}
