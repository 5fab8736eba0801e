import { counted } from '@scholar/operator/docs/cells';
import { markdownTable } from '@scholar/operator/docs/sectioned-page';
import { appName, awayBetween, drainedAfterMs, sumOf } from './samples.ts';
import type { OutageSeen } from './seen.ts';

/** Pure: what users and forwarders saw while A8 was away. */
export function outagePart(
  { kills, fates, serverErrors, apps, queues }: OutageSeen,
  picture: (name: string, alt: string) => string,
): string[] {
  const away = awayBetween(queues);
  const drainedMs = drainedAfterMs(queues);
  const most = queues.reduce((high, sample) => Math.max(high, sumOf(sample, 'waiting')), 0);
  const told = [
    `A8 was killed with -9 ${counted(kills, 'time')}, away for ${seconds(away && away.toMs - away.fromMs)}, while users signed up, left leads and paid.`,
    `${serverErrors.length === 0 ? 'No user got' : `**${counted(serverErrors.length, 'request')} got**`} a 5xx. ${fates.sent} events were answered for, ${fates.rows} are rows,`,
    `${fates.missing.length} are missing, ${fates.duplicates.length} are there twice. At most ${counted(most, 'event')} waited on disk; the queues were empty ${seconds(drainedMs)} after A8 was back.`,
  ];
  const rows = apps.map((label) => {
    const seen = queues.flatMap(({ apps: of }) => of[label] ?? []);
    const [first, last] = [seen[0], seen.at(-1)];
    const moved = (what: 'appended' | 'delivered' | 'retries'): number | null =>
      first === undefined || last === undefined ? null : last[what] - first[what];
    const deepest = seen.reduce((high, { waiting }) => Math.max(high, waiting), 0);
    return [
      appName(label),
      moved('appended'),
      moved('delivered'),
      deepest,
      moved('retries'),
      last?.waiting ?? null,
    ];
  });
  return [
    '### A8 away',
    told.join('\n'),
    markdownTable(
      ['forwarder of', 'taken', 'confirmed by A8', 'most that waited', 'retries', 'waiting at the end'],
      rows,
    ),
    picture('outage', 'Events taken, confirmed and waiting while A8 is away'),
    picture('retries', 'Retries of each forwarder'),
  ];
}

const seconds = (ms: number | undefined): string =>
  ms === undefined ? 'an unknown time' : `${(ms / 1_000).toFixed(1)} s`;
