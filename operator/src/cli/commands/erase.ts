import { type EraseReport, eraseActor } from '../../erase/erase-actor.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { givenLine } from '../given-line.ts';
import { openTarget } from '../open-target.ts';
import { paint, printJson, type Screen, table } from '../output.ts';

export interface EraseFlags {
  yes?: boolean;
  fromFile?: string;
}

/** `scholar erase ACTOR`: what it would erase; with --yes it does (docs/privacy.md). */
export async function erase(
  context: Context,
  actor: string | undefined,
  flags: EraseFlags,
): Promise<ExitCode> {
  const actorId = await givenLine(actor, flags.fromFile, 'erase needs the id of one actor');
  const target = await openTarget(context);
  try {
    const { screen } = context;
    const progress = (line: string): void => {
      if (screen.progress) screen.err(line);
    };
    const report = await eraseActor({ target, progress }, actorId, flags.yes === true);
    if (context.json) printJson(screen, report);
    else screen.out(reportText(report, screen));
    return report.ok ? EXIT.ok : EXIT.bad;
  } finally {
    await target.close();
  }
}

/** Pure: the report for a terminal. */
export function reportText(report: EraseReport, screen: Pick<Screen, 'color'>): string {
  const { hub, forwarders, not_reached, dry_run, ok } = report;
  const apps = Object.entries(hub.by_app).map(([app, n]) => `${app} ${n}`);
  const rows = forwarders.map((each) => [
    each.label,
    String(each.replicas),
    String(each.queued),
    String(each.delivered + each.other),
    String(each.dead_letters),
    String(each.discarded),
    String(each.quarantine_files),
  ]);
  const head = ['forwarders of', 'n', 'owed', 'kept', 'dead', 'discarded', 'quarantined files'];
  const verb = dry_run ? 'would lose their content' : 'lost their content';
  const count = `A8: ${hub.events} rows ${verb}${apps.length > 0 ? ` (${apps.join(', ')})` : ''}`;
  const lines = [
    count,
    table(head, rows),
    ...not_reached.map(({ label, reason }) => paint(screen, 'bad', `not reached: ${label}: ${reason}`)),
    ...(hub.finished ? [] : [paint(screen, 'bad', `A8 is still at it: erasure ${hub.erasure_id}`)]),
    dry_run
      ? 'Nothing was changed. Give --yes to erase.'
      : paint(screen, ok ? 'good' : 'bad', ok ? 'Erased.' : 'Not everything is erased: see above.'),
    'Not touched: the own tables of the services, Stripe, backups (docs/privacy.md).',
  ];
  return lines.join('\n');
}
