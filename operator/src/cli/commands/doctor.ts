import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { examineCluster } from '../../doctor/examine-cluster.ts';
import type { Examined, ExaminedState } from '../../doctor/examined.ts';
import { examineMachine } from '../../target/local/examine-machine.ts';
import { UsageError } from '../../target/local/overrides.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { targetKind } from '../open-target.ts';
import { paint, printJson, type Screen, type Tone, table } from '../output.ts';

export interface DoctorFlags {
  values: string[];
}

const STATES: Record<ExaminedState, { tone: Tone; word: string }> = {
  ok: { tone: 'good', word: 'ok' },
  warn: { tone: 'warn', word: 'warn' },
  fail: { tone: 'bad', word: 'FAIL' },
  unknown: { tone: 'dim', word: 'unknown' },
};

/** `scholar doctor`: is this machine, or a namespace of a cluster, fit for scholar. 1 when something is not. */
export async function doctor(context: Context, { values }: DoctorFlags): Promise<ExitCode> {
  const examined = await examine(context, values);
  const ok = examined.every(({ state }) => state !== 'fail');
  if (context.json) {
    const checks = examined.map((each) => ({ ...each, ok: each.state !== 'fail' }));
    printJson(context.screen, { ok, checks });
  } else {
    context.screen.out(doctorText(examined, context.screen));
  }
  return ok ? EXIT.ok : EXIT.bad;
}

async function examine(context: Context, files: readonly string[]): Promise<Examined[]> {
  if ((await targetKind(context)) === 'local') {
    if (files.length > 0) throw new UsageError('--values is for --target cluster');
    return examineMachine(context.layout);
  }
  const values = await Promise.all(files.map(valuesOf));
  // The Kubernetes client is large; only who looks at a cluster waits for it.
  const { gatherFacts } = await import('../../target/cluster/fitness/gather-facts.ts');
  return examineCluster(await gatherFacts(context.env, context.options, values));
}

async function valuesOf(file: string): Promise<unknown> {
  try {
    return parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new UsageError(`--values ${file}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** Pure: the lines, then what to do, then the count. */
export function doctorText(examined: readonly Examined[], screen: Pick<Screen, 'color'>): string {
  const rows = examined.map(({ name, state, detail }) => [
    name,
    paint(screen, STATES[state].tone, STATES[state].word),
    shortened(detail),
  ]);
  const todos = examined
    .filter(({ state, todo }) => state !== 'ok' && todo !== undefined)
    .map(({ name, todo }) => `  ${name}: ${todo}`);
  const count = (state: ExaminedState) => examined.filter((each) => each.state === state).length;
  const summary = `${count('ok')} ok, ${count('warn')} warn, ${count('fail')} fail, ${count('unknown')} unknown`;
  const rest = count('unknown') > 0 ? '; unknown is what could not be looked at, and promises nothing' : '';
  return [
    table(['check', '', 'what was seen'], rows),
    ...(todos.length > 0 ? ['To do:', ...todos] : []),
    `${summary}${rest}.`,
  ].join('\n');
}

/** A sentence of an API server can be longer than a terminal; -o json has all of it. */
function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
