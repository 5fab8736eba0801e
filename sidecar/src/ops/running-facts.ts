import { maskUrl, type SecretSource } from '@scholar/runtime/config';
import type { createRunning } from '@scholar/runtime/running';
import type { Destination } from '../delivery/destination.ts';
import type { DestinationSource } from '../delivery/destination-source.ts';

/** What a process may say about itself that changes while it runs. */
export type RunningFacts = ReturnType<NonNullable<Parameters<typeof createRunning>[0]['now']>>;

/** A file that is not there, or holds nothing: the value is missing, and that is all there is to say. */
const ABSENT = /\(ENOENT\)| is empty:/;

type Sources = { url: SecretSource; key: SecretSource };

/** What `/running` says beyond the settings of the start: the URL and the key of this moment, never the key itself. */
export function runningFacts(sources: Sources, destination: DestinationSource): RunningFacts {
  const { url, key } = sources;
  const current = destination.current();
  const missing = [...(url.current() ? [] : ['A8_URL']), ...(key.current() ? [] : ['A8_KEY'])];
  return {
    endpoint: current.url ?? null,
    sends_authorization: current.ok,
    missing,
    findings: findingsOf(sources, current),
    settings: {
      A8_URL: { set: url.current() !== undefined, source: url.source, ...shownUrl(url.current()) },
      A8_KEY: { set: key.current() !== undefined, source: key.source, ...shownKey(key.fingerprint()) },
    },
  };
}

/** What `missing` does not tell already: a file that cannot be read, a value that cannot be used. */
function findingsOf({ url, key }: Sources, current: Destination): string[] {
  const unreadable = [url, key]
    .map((source) => source.problem())
    .filter((problem) => problem !== undefined && !ABSENT.test(problem));
  const isSet = current.ok || (current.reason === 'no_url' ? url : key).current() !== undefined;
  const unusable = current.ok || !isSet ? [] : [current.detail];
  return [...unreadable, ...unusable].filter((finding) => finding !== undefined);
}

function shownUrl(url: string | undefined): { value?: string } {
  return url === undefined ? {} : { value: maskUrl(url).shown };
}

function shownKey(fingerprint: string | undefined): { fingerprint?: string } {
  return fingerprint === undefined ? {} : { fingerprint };
}
