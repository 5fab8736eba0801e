import { randomUUID } from 'node:crypto';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { KubeApi, ObjectMeta, Resource } from './api-call.ts';
import { microTime } from './lease.ts';

const EVENTS: Resource = { group: 'events.k8s.io', version: 'v1', plural: 'events', kind: 'Event' };

/** What an Event regards. */
export type Regarding = { resource: Resource; metadata: Pick<ObjectMeta, 'name' | 'namespace' | 'uid'> };

export interface Said {
  type: 'Normal' | 'Warning';
  /** One word for machines. */
  reason: string;
  /** What we were doing. */
  action: string;
  /** A sentence for people; cut at the 1,024 bytes that the API server takes. */
  note: string;
}

/** Tells people in the cluster what changed. Never throws and never waits for long: an Event is no evidence. */
export interface EventRecorder {
  record: (regarding: Regarding, said: Said) => Promise<void>;
}

export interface RecorderOptions {
  api: KubeApi;
  /** Who reports, e.g. `scholar.dev/operator`. */
  controller: string;
  /** Which of them, e.g. the pod's name. */
  instance: string;
  clock: Clock;
  log: Logger;
  /** Called for an Event that was not written: `refused` by the server, `suppressed` since the object has said enough. */
  onDropped?: (why: 'refused' | 'suppressed') => void;
}

/** The same again within this time makes one Event a series. */
const SERIES_MS = 360_000;
/** An object may say so much at once, and one more each time of the second number, as in client-go. */
const BURST = 25;
const REFILL_MS = 300_000;
/** Objects and series that are remembered; the longest unheard of are forgotten first. */
const REMEMBERED = 4_096;

interface Series {
  name: string;
  count: number;
  lastAt: number;
}

export function createEventRecorder(options: RecorderOptions): EventRecorder {
  const { api, clock, log, onDropped = () => undefined } = options;
  const series = new Map<string, Series>();
  const budgets = new Map<string, { left: number; at: number }>();

  async function record(regarding: Regarding, said: Said): Promise<void> {
    const key = [
      regarding.metadata.uid ?? regarding.metadata.name,
      said.type,
      said.reason,
      said.action,
      said.note,
    ].join('\n');
    const now = clock.monotonic();
    const known = series.get(key);
    const runs = known !== undefined && now - known.lastAt < SERIES_MS;
    if (!maySpeak(regarding, now)) return onDropped('suppressed');
    try {
      if (runs) await again(regarding, known);
      const name = runs ? known.name : await create(regarding, said);
      remember(series, key, { name, count: runs ? known.count + 1 : 1, lastAt: now });
    } catch (err) {
      // The Event of a series may have expired meanwhile: the next one begins anew.
      series.delete(key);
      log.warn({ err, reason: said.reason }, 'an Event could not be written');
      onDropped('refused');
    }
  }

  function maySpeak({ metadata }: Regarding, now: number): boolean {
    const key = metadata.uid ?? metadata.name;
    const { left, at } = budgets.get(key) ?? { left: BURST, at: now };
    const refilled = Math.min(BURST, left + (now - at) / REFILL_MS);
    const may = refilled >= 1;
    remember(budgets, key, { left: may ? refilled - 1 : refilled, at: now });
    return may;
  }

  async function create({ resource, metadata }: Regarding, said: Said): Promise<string> {
    const { group, version, kind } = resource;
    const namespace = metadata.namespace ?? 'default';
    const name = `${metadata.name.slice(0, 200)}.${randomUUID().slice(0, 13)}`;
    const body = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name, namespace },
      eventTime: microTime(clock.now()),
      reportingController: options.controller,
      reportingInstance: options.instance.slice(0, 128),
      regarding: { apiVersion: group === '' ? version : `${group}/${version}`, kind, ...metadata, namespace },
      ...said,
      note: cut(said.note),
    };
    await api.request({ verb: 'create', resource: EVENTS, namespace, body });
    return name;
  }

  async function again({ metadata }: Regarding, known: Series): Promise<void> {
    const body = { series: { count: known.count + 1, lastObservedTime: microTime(clock.now()) } };
    await api.request({
      verb: 'patch',
      resource: EVENTS,
      namespace: metadata.namespace ?? 'default',
      name: known.name,
      contentType: 'application/merge-patch+json',
      body,
    });
  }

  return { record };
}

/** The newest last, so that the first is the one to forget. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > REMEMBERED) map.delete(map.keys().next().value ?? key);
}

function cut(note: string): string {
  const bytes = Buffer.from(note);
  return bytes.length <= 1_024
    ? note
    : `${bytes
        .subarray(0, 1_020)
        .toString('utf8')
        .replace(/\uFFFD+$/u, '')}…`;
}
