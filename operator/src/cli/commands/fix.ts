import { hostname } from 'node:os';
import { systemClock } from '@scholar/runtime/clock';
import { describeRemedy } from '../../audit/remedy.ts';
import { CouldNotLook } from '../../could-not-look.ts';
import { type FixReport, fix as fixTarget } from '../../remedy/fix.ts';
import { writeDiffSummary } from '../../remedy/write-diff-summary.ts';
import { parseSecretSource, type SecretSource } from '../../target/cluster/repair/secret-from.ts';
import { docsFolder, parseServiceLabel } from '../../target/local/layout.ts';
import { UsageError } from '../../target/local/overrides.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { openTarget, targetKind } from '../open-target.ts';
import { paint, printJson, type Screen } from '../output.ts';
import { truthTableText } from '../truth-table-text.ts';

export interface FixFlags {
  dryRun?: boolean;
  /** Folder of the generated pages; the checkout's docs/ unless told. */
  docs?: string;
  /** Of a cluster: `LABEL.KEY=secret/NAME#KEY`. */
  secretFrom?: string[];
}

/** `scholar fix`: repairs what the audit found and proves each repair. A dry run changes nothing and exits 0. */
export async function fix(context: Context, flags: FixFlags): Promise<ExitCode> {
  const dryRun = flags.dryRun === true;
  const secretFrom = await secretSources(context, flags.secretFrom ?? []);
  const target = await openTarget(context, secretFrom);
  try {
    const onStep = (text: string): void => context.screen.err(`  ${text}`);
    const holder = `scholar fix of process ${process.pid} on ${hostname()}`;
    const deps = { target, ask: target.ask, clock: systemClock };
    const signal = interruption();
    const report = await fixTarget(deps, { dryRun, onStep, holder, signal });
    if (context.json) printJson(context.screen, reportJson(report, dryRun));
    else context.screen.out(reportText(report, dryRun, context.screen));
    if (report.records.length > 0)
      context.screen.err(`Written: ${await writeDiffSummary(flags.docs ?? docsFolder(), report)}`);
    return dryRun || report.ok ? EXIT.ok : EXIT.bad;
  } finally {
    await target.close();
  }
}

/** A first Ctrl-C ends the repair and takes it back, a second one ends the command at once. */
function interruption(): AbortSignal {
  const interrupted = new AbortController();
  const end = (): void =>
    interrupted.abort(new CouldNotLook('Interrupted: what was not proven was taken back.'));
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, end);
  return interrupted.signal;
}

/** @throws UsageError for a source that is not of the form, or where there is no cluster to copy in. */
async function secretSources(context: Context, texts: readonly string[]): Promise<SecretSource[]> {
  if (texts.length > 0 && (await targetKind(context)) === 'local')
    throw new UsageError(
      '--secret-from is for --target cluster; locally the files of <state>/secrets are the source',
    );
  return texts.map((text) => {
    const source = parseSecretSource(text, parseServiceLabel);
    if (typeof source === 'string') throw new UsageError(`--secret-from: ${source}`);
    return source;
  });
}

function reportJson(report: FixReport, dryRun: boolean): unknown {
  return {
    ok: report.ok,
    dry_run: dryRun,
    plan: report.steps.map(({ label, role, remedies }) => ({
      label,
      role,
      steps: remedies.map(describeRemedy),
    })),
    repairs: report.records,
    left: report.left.map(({ code, label, summary }) => ({ code, label, summary })),
    table: report.proof?.table ?? null,
  };
}

function reportText(report: FixReport, dryRun: boolean, screen: Screen): string {
  if (report.before.length === 0) return paint(screen, 'good', 'No drift found: nothing to repair.');
  if (dryRun) {
    const lines = report.steps.flatMap(({ remedies }) =>
      remedies.map((remedy) => `  would ${describeRemedy(remedy)}`),
    );
    return [...lines, ...adviceLines(report), 'Nothing was changed.'].join('\n');
  }
  const lines = report.records.flatMap(({ finding, ok, detail, rolled_back, after }) => [
    `${outcome({ ok, rolledBack: rolled_back === true }, screen)}  ${finding.app} ${finding.code}: ${detail}`,
    `          ${paint(screen, 'dim', after)}`,
  ]);
  const proof = report.proof === undefined ? [] : [truthTableText(report.proof.table, screen)];
  return [...lines, ...proof, ...(report.ok ? [] : adviceLines(report))].join('\n');
}

function outcome({ ok, rolledBack }: { ok: boolean; rolledBack: boolean }, screen: Screen): string {
  if (ok) return paint(screen, 'good', 'repaired');
  return paint(screen, 'bad', rolledBack ? 'rolled back' : 'NOT repaired');
}

function adviceLines({ left }: FixReport): string[] {
  return left.flatMap(({ advice, code, label }) =>
    advice === undefined ? [] : [`  ${label} ${code}: ${advice}`],
  );
}
