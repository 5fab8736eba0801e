import { systemClock } from '@scholar/runtime/clock';
import { describeRemedy } from '../../audit/remedy.ts';
import { CouldNotLook } from '../../could-not-look.ts';
import { type FixReport, fix as fixTarget } from '../../remedy/fix.ts';
import { writeDiffSummary } from '../../remedy/write-diff-summary.ts';
import { docsFolder } from '../../target/local/layout.ts';
import { NO_CLUSTER_REPAIRS } from '../../target/target.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { openTarget, targetKind } from '../open-target.ts';
import { paint, printJson, type Screen } from '../output.ts';
import { truthTableText } from '../truth-table-text.ts';

export interface FixFlags {
  dryRun?: boolean;
  /** Folder of the generated pages; the checkout's docs/ unless told. */
  docs?: string;
}

/** `scholar fix`: repairs what the audit found and proves each repair. A dry run changes nothing and exits 0. */
export async function fix(context: Context, flags: FixFlags): Promise<ExitCode> {
  const dryRun = flags.dryRun === true;
  if (!dryRun && (await targetKind(context)) === 'cluster') throw new CouldNotLook(NO_CLUSTER_REPAIRS);
  const target = await openTarget(context);
  try {
    const onStep = (text: string): void => context.screen.err(`  ${text}`);
    const report = await fixTarget({ target, ask: target.ask, clock: systemClock }, { dryRun, onStep });
    if (context.json) printJson(context.screen, reportJson(report, dryRun));
    else context.screen.out(reportText(report, dryRun, context.screen));
    if (report.records.length > 0)
      context.screen.err(`Written: ${await writeDiffSummary(flags.docs ?? docsFolder(), report)}`);
    return dryRun || report.ok ? EXIT.ok : EXIT.bad;
  } finally {
    await target.close();
  }
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
  const lines = report.records.map(
    ({ finding, ok, detail }) =>
      `${ok ? paint(screen, 'good', 'repaired') : paint(screen, 'bad', 'NOT repaired')}  ${finding.app} ${finding.code}: ${detail}`,
  );
  const proof = report.proof === undefined ? [] : [truthTableText(report.proof.table, screen)];
  return [...lines, ...proof, ...(report.ok ? [] : adviceLines(report))].join('\n');
}

function adviceLines({ left }: FixReport): string[] {
  return left.flatMap(({ advice, code, label }) =>
    advice === undefined ? [] : [`  ${label} ${code}: ${advice}`],
  );
}
