import type { ResultHead } from '../command.ts';
import type { IdleProcess, IdleResult } from '../idle/result.ts';
import { bytes, figure, table, whole } from '../markdown.ts';
import { goalsTable } from '../render-goals.ts';
import { TITLES } from './goals.ts';
import type { Pair } from './passes.ts';
import type { ScrapeResult, SeenResult } from './result.ts';
import type { Round, SubjectName } from './round.ts';

const NO_SCRAPE = 'No figures yet: `make bench-seen` writes them.';
const NO_IDLE = 'No figures yet: `make idle` writes them.';

/** The generated sections of docs/BENCHMARKS_SEEN.md. Pure. Without a result they say so. */
export function renderSections({ scrape, idle }: SeenResult = {}): Record<string, string> {
  return {
    'scrape-machine': scrape === undefined ? NO_SCRAPE : scrapeMachine(scrape),
    'scrape-goals': scrape === undefined ? NO_SCRAPE : goalsTable(scrape.goals),
    'scrape-rounds': scrape === undefined ? NO_SCRAPE : rounds(scrape),
    'idle-machine': idle === undefined ? NO_IDLE : idleMachine(idle),
    'idle-goals': idle === undefined ? NO_IDLE : goalsTable(idle.goals),
    'idle-processes': idle === undefined ? NO_IDLE : processes(idle),
  };
}

function scrapeMachine(result: ScrapeResult): string {
  const { passes, kept, thrownAway, measureMs, perSecond, scrapeEveryMs } = result.plan;
  return [
    `${machineOf(result)} PostgreSQL ${result.versions['PostgreSQL']}.`,
    `${passes} passes, ${kept} kept, ${thrownAway} thrown away because the machine moved; ${measureMs / 1_000} s a round at ` +
      `${whole(perSecond)} events a second, metrics read every ${scrapeEveryMs / 1_000} s.`,
  ].join('\n');
}

function idleMachine(result: IdleResult): string {
  const { settleS, windowS } = result.plan;
  return `${machineOf(result)} ${settleS} s after the start, for ${windowS} s.`;
}

function machineOf({ machine, at }: ResultHead): string {
  const { cores, model, memoryGb, fileSystem, kernel, node } = machine;
  return `${cores} cores (${model}), ${memoryGb} GB, ${fileSystem}, Linux ${kernel}, Node ${node}, ${at.slice(0, 10)}.`;
}

function rounds({ passes }: ScrapeResult): string {
  const names = Object.keys(TITLES) as SubjectName[];
  return table(
    [
      'P50, P95, P99, longest in ms',
      'not read',
      'read',
      'CPU an event in us, not read',
      'read',
      'series',
      'page',
      'a read in ms',
    ],
    names.flatMap((name) => passes.map((pass) => row(name, pass[name]))),
  );
}

function row(name: SubjectName, { plain, scraped }: Pair): string[] {
  const times = ({ p50Ms, p95Ms, p99Ms, maxMs }: Round) =>
    [p50Ms, p95Ms, p99Ms, maxMs].map(figure).join(', ');
  const { scrapes } = scraped;
  if (scrapes === undefined) throw new Error('a round whose metrics were read does not tell of it');
  return [
    ...[TITLES[name], times(plain), times(scraped), figure(plain.cpuUs), figure(scraped.cpuUs)],
    ...[whole(scrapes.series), bytes(scrapes.bytes), figure(scrapes.p50Ms)],
  ];
}

function processes({ processes }: IdleResult): string {
  const sum = (of: (each: IdleProcess) => number) => processes.reduce((total, each) => total + of(each), 0);
  const all: IdleProcess = {
    name: '**all**',
    cpuPercent: sum((each) => each.cpuPercent),
    wakeupsPerSecond: sum((each) => each.wakeupsPerSecond),
    pssBytes: sum((each) => each.pssBytes),
    logLinesPerHour: sum((each) => each.logLinesPerHour),
    logBytesPerHour: sum((each) => each.logBytesPerHour),
  };
  return table(
    ['', '% of a core', 'wake-ups a second', 'memory (PSS) in MB', 'log lines an hour', 'their bytes'],
    [...processes, all].map((each) => [
      each.name,
      each.cpuPercent.toFixed(2),
      each.wakeupsPerSecond.toFixed(1),
      (each.pssBytes / 1e6).toFixed(1),
      whole(each.logLinesPerHour),
      bytes(each.logBytesPerHour),
    ]),
  );
}
