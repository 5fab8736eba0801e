import { createLoop } from '@scholar/runtime/background';
import { fullJitter } from '@scholar/runtime/backoff';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import { type KubeApi, type KubeObject, keyOf, type Resource } from './api-call.ts';
import { KubeError } from './kube-error.ts';
import { ObjectStore, type OnChange } from './object-store.ts';
import { WatchRefused, watchOnce } from './watch-stream.ts';

/**
 * Knows every object of a kind: all of them once, then watches, each from the version where the last one ended.
 *
 *   All of them: the first watch is asked to begin with what is there, one object after the other, which the server has
 *   in its cache. A server that cannot do that (before Kubernetes 1.34) is listed page by page.
 *   A watch ends (the server ends it every few minutes), fails in any way, or falls silent: it begins again from the last
 *   version, after a jittered backoff where it failed. No list.
 *   410, the server no longer has what came after our version: all of them anew.
 *
 * There is no periodic list. What it would guard against is a watch that is dead and looks alive; here each watch asks
 * for bookmarks, so that silence means death, and a bookmark also keeps the version fresh enough that a quiet kind is
 * not listed again after an interruption. Whatever throws while it is handled ends the watch; nothing is skipped.
 */
export interface Informer<T> {
  start: () => void;
  stop: () => Promise<void>;
  /** Resolves when the first list is complete. */
  synced: Promise<void>;
  isSynced: () => boolean;
  get: (key: string) => T | undefined;
  keys: () => IterableIterator<string>;
  size: () => number;
  /** Failures since the server was last heard of; 0 in good times. */
  failures: () => number;
}

export interface InformerOptions<T> {
  api: KubeApi;
  resource: Resource;
  /** undefined = every namespace. */
  namespace?: string | undefined;
  labelSelector?: string;
  /** What is kept of an object: everything else is garbage as soon as it was parsed. */
  keep: (object: KubeObject) => T;
  onChange: OnChange<T>;
  clock: Clock;
  random: () => number;
  log: Logger;
  /** Silence after which a watch counts as dead; 130 s by default, two bookmarks and a bit. */
  idleMs?: number;
}

const PAGE = 500;
const RETRY = { baseMs: 500, capMs: 30_000 };
/** A watch that held so long was a good one, though nothing was said on it. */
const GOOD_WATCH_MS = 5_000;

export function createInformer<T>(options: InformerOptions<T>): Informer<T> {
  const { api, resource, namespace, labelSelector, keep, onChange, clock, random, log } = options;
  const { idleMs = 130_000 } = options;
  const store = new ObjectStore<T>(keep, onChange);
  const synced = Promise.withResolvers<void>();
  const target = { resource, namespace };
  let version: string | undefined;
  let isSynced = false;
  /** Whether the server begins a watch with what is there; true until it refuses. */
  let streams = true;
  let failures = 0;

  async function list(signal: AbortSignal): Promise<void> {
    const listed = new Set<string>();
    let next: string | undefined;
    let listVersion: string;
    do {
      const page: ObjectList = await api.request({
        ...target,
        verb: 'list',
        query: { limit: PAGE, continue: next, labelSelector },
        signal,
      });
      for (const item of page.items) listed.add(store.set(item));
      next = page.metadata.continue || undefined;
      listVersion = page.metadata.resourceVersion;
    } while (next !== undefined);
    hasAll(listed, listVersion);
  }

  function hasAll(listed: ReadonlySet<string>, at: string): void {
    store.keepOnly(listed);
    version = at;
    isSynced = true;
    synced.resolve();
    log.debug({ resource: resource.plural, objects: store.size }, 'every object is known');
  }

  /** From `version` on, or, where there is none, from what is there. */
  async function watch(signal: AbortSignal): Promise<void> {
    // Until the server says that this was all, an interruption must begin anew.
    let listed = version === undefined ? new Set<string>() : undefined;
    const from =
      version === undefined
        ? { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' }
        : { resourceVersion: version };
    const query = {
      ...from,
      watch: true,
      allowWatchBookmarks: true,
      labelSelector,
      // Five to ten minutes, so that connections move on to new servers, and never all at once.
      timeoutSeconds: Math.round(300 * (1 + random())),
    };
    await watchOnce({
      api,
      call: { ...target, query },
      idleMs,
      clock,
      signal,
      onEvent: ({ type, object }) => {
        // The first half of everything, again and again, is no success.
        if (listed === undefined) failures = 0;
        const { resourceVersion, annotations } = object.metadata;
        if (type === 'DELETED') store.delete(keyOf(object.metadata));
        else if (type !== 'BOOKMARK') {
          const key = store.set(object);
          listed?.add(key);
        }
        if (listed === undefined) {
          version = resourceVersion ?? version;
        } else if (annotations?.['k8s.io/initial-events-end'] === 'true') {
          hasAll(listed, resourceVersion ?? '');
          listed = undefined;
          failures = 0;
        }
      },
    });
  }

  async function pass(signal: AbortSignal): Promise<number | undefined> {
    const began = clock.monotonic();
    try {
      if (version === undefined && !streams) await list(signal);
      await watch(signal);
      if (clock.monotonic() - began >= GOOD_WATCH_MS) {
        failures = 0;
        return 0;
      }
    } catch (cause) {
      if (signal.aborted) return undefined;
      if (isGone(cause)) version = undefined;
      if (version === undefined && isRefused(cause) && streams) {
        streams = false;
        return 0;
      }
      if (failures === 0) log.warn({ err: cause, resource: resource.plural }, 'the watch is begun again');
    }
    const waitMs = 50 + fullJitter({ attempt: failures, random, ...RETRY });
    failures += 1;
    return waitMs;
  }

  const loop = createLoop({ pass, clock });
  return {
    start: loop.start,
    stop: loop.stop,
    synced: synced.promise,
    isSynced: () => isSynced,
    get: (key) => store.get(key),
    keys: () => store.keys(),
    size: () => store.size,
    failures: () => failures,
  };
}

interface ObjectList {
  metadata: { resourceVersion: string; continue?: string };
  items: KubeObject[];
}

/** What a server says to a parameter that it does not know, or whose feature is off. */
function isRefused(cause: unknown): boolean {
  return cause instanceof KubeError && (cause.status === 400 || cause.status === 422);
}

function isGone(cause: unknown): boolean {
  return (cause instanceof WatchRefused || cause instanceof KubeError) && cause.status === 410;
}
