/**
 * `node load/runner/main.ts run [-e NAME=value]… [--metrics-port [ADDRESS:]N] script.ts`: runs a script of load/scenarios where there is no k6.
 * README.md beside it lists the part of k6 that it knows. Exits as k6 does: 0, or 99 when a threshold failed.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { processEnv } from '@scholar/runtime/config';
import { pointsFile, writePoints } from './metrics/points.ts';
import { startMetricsServer } from './metrics/server.ts';
import { EXIT, type Finished, RunFailure, runScript } from './run.ts';
import { provideGlobals, provideModules } from './script.ts';
import { renderSummary } from './summary.ts';

const USAGE = 'usage: main.ts run [-e NAME=value]… [--metrics-port [ADDRESS:]N] SCRIPT';
/** After so many exceptions of a script, alike or not, further ones are only counted. */
const TOLD = 20;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  let told = 0;
  const complain = (error: unknown): void => {
    told += 1;
    if (told <= TOLD) console.error(error instanceof Error ? (error.stack ?? error.message) : error);
    if (told === TOLD) console.error('further exceptions of the script are only counted');
  };
  try {
    const { path, env, metricsAt, pointsAt } = argumentsOf(args);
    provideModules();
    provideGlobals(path, env);
    const server = metricsAt === undefined ? undefined : await serving(metricsAt);
    const points = pointsAt === undefined ? undefined : writePoints(pointsAt, Date.now);
    const tty = { stdout: process.stdout.isTTY ?? false, stderr: process.stderr.isTTY ?? false };
    const finished = await runScript({
      path,
      signal: stop.signal,
      complain,
      tty,
      onStart: (run) => server?.show(run),
      keepsSeries: server !== undefined,
      onSample: points?.onSample,
    });
    await server?.close();
    await points?.close();
    write(finished);
    if (told > TOLD) console.error(`${told} exceptions of the script`);
    return finished.code;
  } catch (error) {
    if (!(error instanceof RunFailure)) throw error;
    console.error(error.message);
    return error.code;
  }
}

/** @throws RunFailure where nobody can listen there */
async function serving(at: string) {
  try {
    return await startMetricsServer(at);
  } catch (error) {
    throw new RunFailure(EXIT.config, (error as Error).message);
  }
}

/** @throws RunFailure with the usage */
function argumentsOf(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        env: { type: 'string', short: 'e', multiple: true },
        'metrics-port': { type: 'string' },
        out: { type: 'string', short: 'o' },
      },
    });
    const [verb, path] = positionals;
    if (verb !== 'run' || path === undefined || positionals.length > 2) throw new Error(USAGE);
    const given = (values.env ?? []).map((pair): [string, string] => {
      const at = pair.indexOf('=');
      if (at < 1) throw new Error(`-e ${pair}: write NAME=value`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    });
    // k6 run gives a script the whole environment, and -e on top.
    const env = { ...(processEnv() as Record<string, string>), ...Object.fromEntries(given) };
    const pointsAt = values.out === undefined ? undefined : pointsFile(values.out);
    return { path, env, metricsAt: values['metrics-port'], pointsAt };
  } catch (error) {
    throw new RunFailure(EXIT.config, (error as Error).message);
  }
}

function write({ summary, verdicts, output }: Finished): void {
  for (const [name, text] of Object.entries(output ?? { stdout: renderSummary(summary) })) {
    if (name === 'stdout') process.stdout.write(text);
    else if (name === 'stderr') process.stderr.write(text);
    else writeFileSync(name, text);
  }
  for (const { metric, expression, value } of verdicts.filter(({ ok }) => !ok))
    console.error(`threshold failed: ${metric} ${expression} (it is ${Number(value.toFixed(3))})`);
}
