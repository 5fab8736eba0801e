import { maskUrl, type SecretSource } from '@scholar/runtime/config';
import type { createRunning } from '@scholar/runtime/running';
import type { DestinationSource } from '../delivery/destination-source.ts';

/** What a process may say about itself that changes while it runs. */
export type RunningFacts = ReturnType<NonNullable<Parameters<typeof createRunning>[0]['now']>>;

type Sources = { url: SecretSource; key: SecretSource };

/** What `/running` says beyond the settings of the start: the URL and the key of this moment, never the key itself. */
export function runningFacts(sources: Sources, destination: DestinationSource): RunningFacts {
  const { url, key } = sources;
  const current = destination.current();
  const endpoint = current.ok ? current.url : null;
  const missing = [...(url.current() ? [] : ['A8_URL']), ...(key.current() ? [] : ['A8_KEY'])];
  const problems = [url.problem(), key.problem(), current.ok ? undefined : current.detail];
  return {
    endpoint,
    sends_authorization: current.ok,
    missing,
    findings: problems.filter((problem) => problem !== undefined),
    settings: {
      A8_URL: { set: url.current() !== undefined, source: url.source, ...shownUrl(url.current()) },
      A8_KEY: { set: key.current() !== undefined, source: key.source, ...shownKey(key.fingerprint()) },
    },
  };
}

function shownUrl(url: string | undefined): { value?: string } {
  return url === undefined ? {} : { value: maskUrl(url).shown };
}

function shownKey(fingerprint: string | undefined): { fingerprint?: string } {
  return fingerprint === undefined ? {} : { fingerprint };
}
