import { join } from 'node:path';
import { type Probe, probe } from '../probe.ts';
import type { Site } from '../system.ts';
import { measureRound, type Round, type Subject, type SubjectName } from './round.ts';

export type Pair = { plain: Round; scraped: Round };

/** Each subject with and without a reader of its metrics, between two looks at the machine. */
export type Pass = { pairs: Record<SubjectName, Pair>; before: Probe; after: Probe };

export type PassPlan = {
  subjects: Readonly<Record<SubjectName, Subject>>;
  site: Site;
  folder: string;
  perSecond: number;
  scrapeEveryMs: number;
  warmMs: number;
  measureMs: number;
  probeMs: number;
  /** Whether the rounds with a reader come first: every other pass, so that neither has the fresher machine. */
  scrapedFirst: boolean;
  say: (text: string) => void;
};

export async function measurePass(plan: PassPlan): Promise<Pass> {
  const { folder, probeMs } = plan;
  const before = await probe(folder, probeMs);
  const a8 = await measurePair('a8', plan);
  const forwarder = await measurePair('forwarder', plan);
  return { pairs: { a8, forwarder }, before, after: await probe(folder, probeMs) };
}

async function measurePair(name: SubjectName, plan: PassPlan): Promise<Pair> {
  const { subjects, scrapeEveryMs, scrapedFirst, say, folder, ...rest } = plan;
  const round = async (everyMs: number): Promise<Round> => {
    const where = join(folder, 'round');
    const seen = await measureRound({
      ...rest,
      subject: subjects[name],
      folder: where,
      scrapeEveryMs: everyMs,
    });
    const times = [seen.p50Ms, seen.p95Ms, seen.p99Ms, seen.maxMs].map((ms) => ms.toFixed(2));
    say(
      `${name}, ${everyMs > 0 ? `read every ${everyMs} ms` : 'not read'}: ${Math.round(seen.perSecond)}/s, ` +
        `p50 ${times[0]}, p95 ${times[1]}, p99 ${times[2]}, longest ${times[3]} ms, ${seen.cpuUs.toFixed(0)} us CPU an event, ` +
        `others used ${(seen.foreignCpu * 100).toFixed(0)} %`,
    );
    return seen;
  };
  if (scrapedFirst) {
    const scraped = await round(scrapeEveryMs);
    return { scraped, plain: await round(0) };
  }
  const plain = await round(0);
  return { plain, scraped: await round(scrapeEveryMs) };
}
