import { systemClock } from '@scholar/runtime/clock';
import { CouldNotLook } from '../../could-not-look.ts';
import { ask } from '../../gather/http-client.ts';
import { askShownTable } from '../../gather/shown-table.ts';
import { type AppStatus, type LocalStatus, localStatus } from '../../target/local/status.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { openTarget, targetKind } from '../open-target.ts';
import { age, paint, printJson, table } from '../output.ts';
import { shownTableLine, shownTableText } from '../shown-table-text.ts';

/**
 * `scholar status`: what runs, where, since when, and the truth table as A8 believes it; 1 when a process does not run or is
 * not ready. Of a cluster, whose processes `kubectl get pods` shows, the table alone; 1 when a row is not green.
 */
export async function status(context: Context): Promise<ExitCode> {
  return (await targetKind(context)) === 'cluster' ? clusterStatus(context) : machineStatus(context);
}

/** @throws CouldNotLook when A8 does not tell. */
async function clusterStatus(context: Context): Promise<ExitCode> {
  const { screen, json } = context;
  const target = await openTarget(context);
  try {
    const { ask: asked, hubUrl, secrets } = target;
    const shown = await askShownTable(asked, { hubUrl, readKey: secrets.readKey });
    if (shown === undefined)
      throw new CouldNotLook('A8 does not tell its truth table; see `scholar audit --target cluster`.');
    if (json) printJson(screen, shown);
    else screen.out(shownTableText(shown, screen));
    return shown.ok ? EXIT.ok : EXIT.bad;
  } finally {
    await target.close();
  }
}

async function machineStatus({ layout, screen, json }: Context): Promise<ExitCode> {
  const seen = await localStatus(layout, ask);
  const good = seen.a8.ready && seen.apps.every((app) => app.ready && app.forwarder.pid !== null);
  if (json) printJson(screen, seen);
  else screen.out(statusText(seen, screen));
  return good ? EXIT.ok : EXIT.bad;
}

function statusText(seen: LocalStatus, screen: Context['screen']): string {
  const now = systemClock.now();
  const head = [
    '',
    'service',
    'url',
    'pid',
    'state',
    'since',
    'restarts',
    'backlog',
    'oldest',
    'next try',
    'held',
    'dead',
    'last receipt',
  ];
  const rows = seen.apps.map((app) => [
    app.app,
    app.label,
    app.url,
    String(app.pid ?? '-'),
    stateText(app, screen),
    age(app.since, now),
    `${app.restarts} + ${app.forwarder.restarts}`,
    backlogText(app),
    app.forwarder.oldest_s === null ? '-' : `${Math.round(app.forwarder.oldest_s)} s`,
    nextTryText(app.forwarder.next_attempt_at, now),
    app.forwarder.held ?? '-',
    String(app.forwarder.dead ?? '?'),
    app.forwarder.last_receipt === null ? '-' : `${age(app.forwarder.last_receipt.at, now)} ago`,
  ]);
  const hub = seen.components.find(({ name }) => name === 'auto_com_center');
  const hubState = seen.a8.ready
    ? paint(screen, 'good', 'ready')
    : paint(screen, 'bad', hub?.state === 'running' ? 'not ready' : (hub?.state ?? '-'));
  rows.push([
    'A8',
    'auto_com_center',
    seen.a8.url,
    String(seen.a8.pid ?? '-'),
    hubState,
    age(hub?.since ?? null, now),
    String(seen.a8.restarts),
    '',
    '',
    '',
    '',
    '',
    '',
  ]);
  const verdicts = shownTableLine(seen.truth_table ?? undefined, screen);
  const lines = [`${seen.environment}, ${seen.state}`, table(head, rows), verdicts, ...prometheusLine(seen)];
  return lines.join('\n');
}

function prometheusLine({ prometheus, components }: LocalStatus): string[] {
  if (prometheus === null) return [];
  const state = components.find(({ name }) => name === 'prometheus')?.state;
  return [`Prometheus ${prometheus}, ${state ?? 'unknown'}`];
}

function backlogText({ forwarder: { backlog, backlog_bytes: bytes } }: AppStatus): string {
  if (backlog === null) return '?';
  return backlog === 0 || bytes === null ? String(backlog) : `${backlog} (${Math.ceil(bytes / 1024)} KiB)`;
}

function nextTryText(at: string | null, nowMs: number): string {
  return at === null ? '-' : `in ${Math.max(0, Math.ceil((Date.parse(at) - nowMs) / 1000))} s`;
}

function stateText(app: AppStatus, screen: Context['screen']): string {
  if (app.state === 'running')
    return app.ready ? paint(screen, 'good', 'ready') : paint(screen, 'bad', 'not ready');
  return paint(screen, 'bad', app.state);
}
