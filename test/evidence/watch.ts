import { type AppLabel, HUB_LABEL } from '@scholar/contract';
import { portsFrom } from '@scholar/operator/target/local/layout';
import { systemClock } from '@scholar/runtime/clock';
import type { LocalSystem } from '../harness/local-system.ts';
import { forwarderSample, type HubSample, hubSample, type QueueSample } from './samples.ts';

const TIMEOUT_MS = 2_000;

/** Where a system shows its metrics. */
export interface Shown {
  hub: string;
  forwarders: readonly { label: AppLabel; url: string }[];
}

export async function shownBy(system: LocalSystem, labels: readonly AppLabel[]): Promise<Shown> {
  const { a8, apps } = await system.status();
  const ports = portsFrom(Number(new URL(a8.url).port) - portsFrom(0).public(HUB_LABEL));
  return {
    hub: `http://127.0.0.1:${ports.ops(HUB_LABEL)}`,
    forwarders: labels.flatMap((label) => {
      const url = apps.find((app) => app.label === label)?.forwarder.ops;
      return url === undefined ? [] : [{ label, url }];
    }),
  };
}

/** A8's histogram until the signal, so often; a moment in which A8 does not answer has no sample. */
export async function watchHub({ hub }: Shown, everyMs: number, signal: AbortSignal): Promise<HubSample[]> {
  const samples: HubSample[] = [];
  const take = async (): Promise<void> => {
    const page = await metricsOf(hub);
    if (page !== undefined) samples.push(hubSample(page, Date.now()));
  };
  await again(take, everyMs, signal);
  return samples;
}

/** Forwarders until the signal, so often. */
export async function watchQueues(
  { hub, forwarders }: Shown,
  everyMs: number,
  signal: AbortSignal,
): Promise<QueueSample[]> {
  const samples: QueueSample[] = [];
  const take = async (): Promise<void> => {
    const [hubPage, ...pages] = await Promise.all([hub, ...forwarders.map(({ url }) => url)].map(metricsOf));
    const apps = forwarders.flatMap(({ label }, index) => {
      const page = pages[index];
      return page === undefined ? [] : [[label, forwarderSample(page)] as const];
    });
    samples.push({ atMs: Date.now(), hubAnswers: hubPage !== undefined, apps: Object.fromEntries(apps) });
  };
  await again(take, everyMs, signal);
  return samples;
}

/** Once more after the signal, so that the end is seen too. */
async function again(take: () => Promise<void>, everyMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await take();
    await systemClock.sleep(everyMs, signal);
  }
  await take();
}

async function metricsOf(url: string): Promise<string | undefined> {
  try {
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return answer.ok ? await answer.text() : undefined;
  } catch {
    return undefined;
  }
}
