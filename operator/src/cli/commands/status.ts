import { systemClock } from '@scholar/runtime/clock';
import { ask } from '../../gather/http-client.ts';
import { type AppStatus, type LocalStatus, localStatus } from '../../target/local/status.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { age, paint, printJson, table } from '../output.ts';

/** `scholar status`: what runs, where, since when; 1 when a process does not run or is not ready. */
export async function status({ layout, screen, json }: Context): Promise<ExitCode> {
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
    String(app.forwarder.backlog ?? '?'),
    app.forwarder.oldest_s === null ? '-' : `${Math.round(app.forwarder.oldest_s)} s`,
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
  ]);
  return `${seen.environment}, ${seen.state}\n${table(head, rows)}`;
}

function stateText(app: AppStatus, screen: Context['screen']): string {
  if (app.state === 'running')
    return app.ready ? paint(screen, 'good', 'ready') : paint(screen, 'bad', 'not ready');
  return paint(screen, 'bad', app.state);
}
