import type { AppLabel } from '@scholar/contract';
import {
  createHttpStub,
  createTestIdentity,
  type FaultProxy,
  type HarnessOptions,
  type ServiceHarness,
  startFaultProxy,
  type TestIdentity,
} from '@scholar/runtime/testing';
import { A8StandIn } from '../../sidecar/src/testing/a8-stand-in.ts';
import { startForwarder, stopForwarder } from '../../sidecar/src/testing/start-forwarder.ts';
import { neighbour } from './neighbours.ts';
import type { Dependency } from './table.ts';

export type Reply = { status: number; text: string; retryAfter: string | null; tookMs: number };

/** One request to the service under test, as its users make it. */
export type Ask = {
  send: (rig: Rig) => Promise<Response>;
  /** The status on a good day. */
  status: number;
  /** The type of the event that it leaves on a good day. */
  event?: string;
};

/** A service, and what is asked of it. */
export type Subject = {
  label: AppLabel;
  start: (options: HarnessOptions) => Promise<ServiceHarness>;
  /** Settings beside the addresses of the others. */
  env?: Record<string, string>;
  /** What has to be true before anything is broken: an account, a copy of the catalogue. */
  prepare?: (rig: Rig) => Promise<unknown>;
  asks: Readonly<Record<string, Ask>>;
};

export type Rig = {
  harness: ServiceHarness;
  identity: TestIdentity;
  proxies: Readonly<Record<Dependency, FaultProxy>>;
  /** A place for what `prepare` found out. */
  known: Map<string, string>;
  /** Ids of the events of a type that A8 has. */
  arrived(type: string): Set<string>;
  close(): Promise<void>;
};

/**
 * A service over a real database with its real emitter, a real forwarder and real servers in the places of the others;
 * the way to each of them leads through a proxy that can be broken.
 */
export async function startRig(subject: Subject): Promise<Rig> {
  const identity = await createTestIdentity();
  const others = await createHttpStub((request) => neighbour(request, identity));
  const a8 = await new A8StandIn().start();
  const a8Proxy = await startFaultProxy(a8.url);
  const { forwarder, intakeUrl } = await startForwarder({
    label: subject.label,
    url: a8Proxy.url,
    pacing: { retryBaseMs: 5, retryCapMs: 200, holdProbeMs: 200, drainMs: 1_000, attemptTimeoutMs: 3_000 },
  });
  const [A1, A2, A3, A4, forwarderProxy] = await Promise.all(
    [others.url, others.url, others.url, others.url, intakeUrl].map(startFaultProxy),
  );
  if (!A1 || !A2 || !A3 || !A4 || !forwarderProxy) throw new Error('a proxy did not start');
  let database: FaultProxy | undefined;
  const harness = await subject.start({
    sends: true,
    async databaseBy(url) {
      database = await startFaultProxy(url);
      return database.url;
    },
    env: {
      A1_URL: A1.url,
      A2_URL: A2.url,
      A3_URL: A3.url,
      A4_URL: A4.url,
      FORWARDER_URL: forwarderProxy.url,
      ...subject.env,
    },
  });
  if (!database) throw new Error('the service asked for no database');
  const proxies = { database, A1, A2, A3, A4, forwarder: forwarderProxy, A8: a8Proxy };
  const rig: Rig = {
    harness,
    identity,
    proxies,
    known: new Map(),
    arrived(type) {
      const named = `"event_type":"${type}"`;
      return new Set(a8.received.filter(({ body }) => body.includes(named)).map(({ id }) => id));
    },
    async close() {
      for (const proxy of Object.values(proxies)) proxy.heal();
      await harness.stop();
      await stopForwarder(forwarder);
      for (const proxy of Object.values(proxies)) await proxy.close();
      await a8.stop();
      await others.close();
      await identity.close();
    },
  };
  await subject.prepare?.(rig);
  return rig;
}

/** Sends an ask and reads the whole answer. */
export async function reply(rig: Rig, ask: Ask): Promise<Reply> {
  const sinceMs = performance.now();
  const response = await ask.send(rig);
  const text = await response.text();
  return {
    status: response.status,
    text,
    retryAfter: response.headers.get('retry-after'),
    tookMs: performance.now() - sinceMs,
  };
}
