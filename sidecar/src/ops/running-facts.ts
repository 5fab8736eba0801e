import { maskUrl, type SecretSource } from '@scholar/runtime/config';
import type { createRunning } from '@scholar/runtime/running';
import type { Destination } from '../delivery/destination.ts';
import type { DestinationSource } from '../delivery/destination-source.ts';

/** What a process may say about itself that changes while it runs. */
export type RunningFacts = ReturnType<NonNullable<Parameters<typeof createRunning>[0]['now']>>;

type RunningSetting = NonNullable<RunningFacts['settings']>[string];

/** A file that is not there, or holds nothing: the value is missing, and that is all there is to say. */
const ABSENT = /\(ENOENT\)| is empty:/;

type Sources = Record<'url' | 'key' | 'controlToken' | 'canaryKey', SecretSource>;

/** What `/running` says beyond the settings of the start: the URL and the keys of this moment, never a key itself. */
export function runningFacts(sources: Sources, destination: DestinationSource): RunningFacts {
  const { url, key, controlToken, canaryKey } = sources;
  const current = destination.current();
  const missing = [...(url.current() ? [] : ['A8_URL']), ...(key.current() ? [] : ['A8_KEY'])];
  return {
    endpoint: current.url ?? null,
    sends_authorization: current.ok,
    missing,
    findings: findingsOf(sources, current),
    settings: {
      A8_URL: { set: url.current() !== undefined, source: url.source, ...shownUrl(url.current()) },
      A8_KEY: shownKey(key),
      CONTROL_TOKEN: shownKey(controlToken),
      CANARY_KEY: shownKey(canaryKey),
    },
  };
}

/** What `missing` does not tell already: a file that cannot be read, a value that cannot be used. */
function findingsOf(sources: Sources, current: Destination): string[] {
  const { url, key, controlToken, canaryKey } = sources;
  const unreadable = [url, key, controlToken, canaryKey]
    .map((source) => source.problem())
    .filter((problem) => problem !== undefined && !ABSENT.test(problem));
  const isSet = current.ok || (current.reason === 'no_url' ? url : key).current() !== undefined;
  const unusable = current.ok || !isSet ? [] : [current.detail];
  return [...unreadable, ...unusable].filter((finding) => finding !== undefined);
}

function shownUrl(url: string | undefined): { value?: string } {
  return url === undefined ? {} : { value: maskUrl(url).shown };
}

function shownKey(key: SecretSource): RunningSetting {
  const fingerprint = key.fingerprint();
  const set = fingerprint !== undefined;
  return { set, source: key.source, ...(set ? { fingerprint } : {}) };
}
