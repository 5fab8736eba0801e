/**
 * `make load-job NAMESPACE=scholar PROFILE=smoke`: the same as `make load`, played inside of the cluster that kubectl is set to, by a Job
 * in the namespace of a release. Waits for it, writes report.html and summary.json here, prints the verdict as one line, and takes the Job away.
 * Exits as `make load` does: 0, 1 when a bound broke or something is lost, 2 when it could not run.
 *
 * IMAGE=<ours; by default A8's>   K6_IMAGE=<k6's own, which then plays>   LASTS=<seconds>   WRITE_P95_MS=<bound>   OUT=<folder>   KEEP=1 leaves the Job
 * K6_PROMETHEUS_RW_SERVER_URL   PROMETHEUS_NAMESPACE=monitoring
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { processEnv } from '@scholar/runtime/config';
import { knownProfile } from '../known-profile.ts';
import { OUTCOME_LINE, type Outcome } from '../verdict.ts';
import { writeReport } from '../write-report.ts';
import { CONTAINER, loadObjects } from './job.ts';
import { type Kubectl, kubectlIn } from './kubectl.ts';
import { likeA8 } from './like-a8.ts';
import { NAME } from './pod.ts';
import { untilEnded, untilStarted } from './watch.ts';

const COULD_NOT_RUN = 2;

const env = processEnv();
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = COULD_NOT_RUN;
}

async function main(): Promise<number> {
  const profile = knownProfile(env['PROFILE'] || 'smoke');
  const namespace = env['NAMESPACE'] || 'scholar';
  const kubectl = kubectlIn(namespace);
  const a8 = likeA8(await kubectl(['get', 'deployment', 'auto-com-center', '-o', 'json']));
  const objects = loadObjects({
    ...{ ...a8, profile, image: env['IMAGE'] || a8.image },
    ...{ k6Image: env['K6_IMAGE'] || undefined, lasts: env['LASTS'] || undefined },
    writeP95Ms: env['WRITE_P95_MS'] || undefined,
    remoteWriteUrl: env['K6_PROMETHEUS_RW_SERVER_URL'] || undefined,
    prometheusNamespace: env['PROMETHEUS_NAMESPACE'] || 'monitoring',
  });
  await takeAway(kubectl);
  try {
    await kubectl(['apply', '--server-side', '-f', '-'], {
      stdin: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
    });
    console.error(`The Job ${namespace}/${NAME} plays ${profile} …`);
    return await judged(kubectl);
  } finally {
    if (!env['KEEP']) await takeAway(kubectl);
  }
}

async function judged(kubectl: Kubectl): Promise<number> {
  const pod = await untilStarted(kubectl, stop.signal);
  const logs = ['logs', pod, '-c', CONTAINER];
  // Only for who watches; a connection that ends early is no news of the run.
  const onLine = (text: string) => text.startsWith(OUTCOME_LINE) || console.error(text);
  const shown = kubectl([...logs, '-f'], { onLine }).catch(() => undefined);
  const code = await untilEnded(kubectl, stop.signal);
  await shown;
  const line = (await kubectl(logs)).split('\n').find((each) => each.startsWith(OUTCOME_LINE));
  if (line === undefined) return code === 0 ? COULD_NOT_RUN : code;
  const outcome = JSON.parse(line.slice(OUTCOME_LINE.length)) as Outcome;
  const out = resolve(env['OUT'] || join(import.meta.dirname, '..', '..', 'out'));
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'summary.json'), JSON.stringify(outcome.summary));
  return writeReport(outcome, out) ? 0 : 1;
}

/** The Job, its pod and its policy. What is not there is no fault. */
async function takeAway(kubectl: Kubectl): Promise<void> {
  const kinds = 'jobs.batch,networkpolicies.networking.k8s.io';
  const wait = ['--ignore-not-found', '--wait', '--timeout=120s', '--cascade=foreground'];
  await kubectl(['delete', kinds, '-l', `app.kubernetes.io/name=${NAME}`, ...wait]);
}
