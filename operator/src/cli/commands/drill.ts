import { type AppLabel, isAppLabel, MOST_DRILL_EVENTS } from '@scholar/contract';
import { systemClock } from '@scholar/runtime/clock';
import { CouldNotLook } from '../../could-not-look.ts';
import { drillTarget, forwarderProgram } from '../../drill/drill-target.ts';
import type { ForwarderProgram } from '../../drill/forwarder-process.ts';
import { summaryOf } from '../../drill/judge-drill.ts';
import { type DrillSchedule, nextDrillMs, parseSchedule } from '../../drill/schedule.ts';
import { readLastDrill, writeLastDrill } from '../../target/local/last-drill.ts';
import { parseServiceLabel } from '../../target/local/layout.ts';
import { UsageError } from '../../target/local/overrides.ts';
import type { Context } from '../context.ts';
import { drillText } from '../drill-text.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { openTarget, targetKind } from '../open-target.ts';
import { printJson } from '../output.ts';

export interface DrillFlags {
  events: number;
  app: string;
  /** Drill again and again, so often. */
  every?: string;
}

/**
 * `scholar drill`: an outage on a forwarder of its own. 0 when every acknowledged event is one row, 1 when not, 4 when it
 * could not be tried. With `--every` it goes on until Ctrl-C and ends with the worst of its drills.
 */
export async function drill(
  context: Context,
  flags: DrillFlags,
  program: ForwarderProgram = forwarderProgram(),
): Promise<ExitCode> {
  const label = labelOf(flags.app);
  if (flags.events > MOST_DRILL_EVENTS)
    throw new UsageError(`--events: a drill takes at most ${MOST_DRILL_EVENTS}`);
  const schedule = scheduleOf(flags.every);
  const once = (signal: AbortSignal) => drillOnce(context, { events: flags.events, label, program, signal });
  const { signal, release } = interruption();
  try {
    return await (schedule === undefined ? once(signal) : drillAgain(context, { schedule, once, signal }));
  } finally {
    release();
  }
}

interface OneDrill {
  events: number;
  label: AppLabel;
  program: ForwarderProgram;
  signal: AbortSignal;
}

async function drillOnce(context: Context, { events, label, program, signal }: OneDrill): Promise<ExitCode> {
  const target = await openTarget(context);
  try {
    const onStep = (name: string): void => {
      if (context.screen.progress) context.screen.err(`  ${name}`);
    };
    const deps = { target, clock: systemClock, program };
    const result = await drillTarget(deps, { events, label, signal, onStep });
    if (target.kind === 'local') await writeLastDrill(context.layout, summaryOf(result));
    if (context.json) printJson(context.screen, result);
    else context.screen.out(drillText(result, context.screen));
    return result.ok ? EXIT.ok : EXIT.bad;
  } finally {
    await target.close();
  }
}

interface Repeated {
  schedule: DrillSchedule;
  once: (signal: AbortSignal) => Promise<ExitCode>;
  signal: AbortSignal;
}

async function drillAgain(context: Context, { schedule, once, signal }: Repeated): Promise<ExitCode> {
  let worst: ExitCode = EXIT.ok;
  // Where this machine keeps the last drill, a restart does not drill anew.
  const known = (await targetKind(context)) === 'local' ? await readLastDrill(context.layout) : undefined;
  let lastMs = known === undefined ? undefined : Date.parse(known.at);
  for (;;) {
    await systemClock.sleep(nextDrillMs(schedule, { lastMs, nowMs: systemClock.now() }), signal);
    if (signal.aborted) return worst;
    lastMs = systemClock.now();
    const code = await once(signal).catch((cause: unknown): ExitCode => {
      if (!(cause instanceof CouldNotLook)) throw cause;
      context.screen.err(`scholar: ${cause.message}`);
      return EXIT.blind;
    });
    // A drill that was interrupted says nothing.
    if (signal.aborted) return worst;
    if (worst !== EXIT.bad && code !== EXIT.ok) worst = code;
  }
}

function labelOf(app: string): AppLabel {
  const label = parseServiceLabel(app);
  if (label !== undefined && isAppLabel(label)) return label;
  throw new UsageError(`--app: no app is called ${app}; use a label such as scholar_auth, or A1 to A7`);
}

function scheduleOf(every: string | undefined): DrillSchedule | undefined {
  const schedule = every === undefined ? undefined : parseSchedule(every);
  if (typeof schedule === 'string') throw new UsageError(`--every: ${schedule}`);
  return schedule;
}

/** Ctrl-C ends the drill, which cleans up; a second one ends the command at once. */
function interruption(): { signal: AbortSignal; release: () => void } {
  const interrupted = new AbortController();
  const end = (): void => interrupted.abort(new CouldNotLook('Interrupted: the drill was not finished.'));
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.once(name, end);
  return {
    signal: interrupted.signal,
    release: () => {
      for (const name of signals) process.removeListener(name, end);
    },
  };
}
