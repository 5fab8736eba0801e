import type { AppLabel } from '@scholar/contract';
import { stats } from '@scholar/runtime/outbox';
import {
  type FaultProxy,
  type HarnessOptions,
  type ServiceHarness,
  startFaultProxy,
  waitFor,
} from '@scholar/runtime/testing';
import { KEYS } from '../../services/auto_com_center/src/testing/start-hub.ts';
import { startForwarder, stopForwarder } from '../../sidecar/src/testing/start-forwarder.ts';
import type { Dependency } from './outcome.ts';
import type { World } from './world.ts';

export type Reply = { status: number; text: string; retryAfter: string | null; tookMs: number };

/** What a request leaves beside events: a mail to the address that `prepare` noted as `email`. */
export const MAIL = 'a mail';

/** One request to the service under test, as its users make it. */
export type Ask = {
  send: (rig: Rig) => Promise<Response>;
  /** The status on a good day. */
  status: number;
  /** What the answer contains on a good day, where the status does not say it. */
  shows?: string;
  /** What it leaves on a good day: an event of this type in A8, or MAIL. */
  leaves?: string;
};

type Start = (options: HarnessOptions) => Promise<ServiceHarness>;

/** A service, and what is asked of it. */
export type Subject = {
  label: AppLabel;
  start: Start;
  /** A neighbour that is the real one, over a database of its own. */
  behind?: { at: 'A2' | 'A3'; start: Start; env: Record<string, string> };
  /** Settings beside the addresses of the others. */
  env?: Record<string, string>;
  /** What has to be true before anything is broken: an account, a copy of the catalogue. */
  prepare?: (rig: Rig) => Promise<unknown>;
  asks: Readonly<Record<string, Ask>>;
  /** What it has still to do, beside events. */
  unfinished?: (rig: Rig) => Promise<number>;
  /** What has to be true in the end, whatever was broken in between. */
  inTheEnd?: (rig: Rig) => Promise<unknown>;
};

export type Rig = {
  harness: ServiceHarness;
  world: World;
  /** The way to something that the service rests on. */
  way(to: Dependency): FaultProxy;
  /** A place for what `prepare` and the requests found out. */
  known: Map<string, string>;
  /** How many of these are beyond every fault: rows in A8, or mails that arrived. */
  arrived(trace: string): Promise<number>;
  /** Events that the service wrote and has not handed over, and whatever else it has still to do. */
  waiting(): Promise<number>;
  close(): Promise<void>;
};

/**
 * A service over a real database with its real emitter, a real forwarder and a real A8, and real servers in the places of
 * the others; the way to each of them leads through a proxy that can be broken.
 */
export async function startRig(subject: Subject, world: World): Promise<Rig> {
  const { label, behind } = subject;
  const { others, stripe, mail } = world.urls;
  const proxies = new Map<Dependency, FaultProxy>();
  const by = async (name: Dependency, target: string): Promise<string> => {
    const proxy = await startFaultProxy(target);
    proxies.set(name, proxy);
    return proxy.url;
  };
  const { forwarder, intakeUrl } = await startForwarder({
    label,
    url: await by('A8', world.urls.A8),
    key: KEYS.emit,
    pacing: { retryBaseMs: 5, retryCapMs: 200, holdProbeMs: 200, drainMs: 1_000, attemptTimeoutMs: 3_000 },
  });
  const env = {
    A1_URL: await by('A1', others),
    A4_URL: await by('A4', others),
    LLM_URL: await by('llm', others),
    STRIPE_API_URL: await by('stripe', stripe),
    SMTP_URL: await by('mail', mail),
    FORWARDER_URL: await by('forwarder', intakeUrl),
  };
  const real = await behind?.start({
    databaseBy: (url) => by(`${behind.at}database`, url),
    env: { ...env, A2_URL: others, ...behind.env },
  });
  const urlOf = (name: 'A2' | 'A3') => by(name, (behind?.at === name && real?.url) || others);
  const harness = await subject.start({
    sends: true,
    databaseBy: (url) => by('database', url),
    env: { ...env, A2_URL: await urlOf('A2'), A3_URL: await urlOf('A3'), ...subject.env },
  });
  const known = new Map<string, string>();
  const rig: Rig = {
    harness,
    world,
    known,
    way(to) {
      const proxy = proxies.get(to);
      if (!proxy) throw new Error(`${label} has no way to ${to} here`);
      return proxy;
    },
    arrived: async (trace) =>
      trace === MAIL ? world.mailsTo(known.get('email') ?? '') : world.rows(label, trace),
    waiting: async () => (await stats(harness.pool)).waiting + ((await subject.unfinished?.(rig)) ?? 0),
    async close() {
      for (const proxy of proxies.values()) proxy.heal();
      await harness.stop();
      await real?.stop();
      await stopForwarder(forwarder);
      await Promise.all([...proxies.values()].map((proxy) => proxy.close()));
    },
  };
  try {
    await subject.prepare?.(rig);
    await waitFor(async () => (await rig.waiting()) === 0, { what: `a quiet ${label}` });
    return rig;
  } catch (error) {
    await rig.close();
    throw error;
  }
}

/** Whether an answer is that of a good day. */
export function isGood({ status, shows = '' }: Ask, got: Pick<Reply, 'status' | 'text'>): boolean {
  return got.status === status && got.text.includes(shows);
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
