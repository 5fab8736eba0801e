import { figure, table, whole } from '../markdown.ts';
import { goalsTable } from '../render-goals.ts';
import type { MatchingResult, Timed } from './result.ts';

const NOTHING = 'No figures yet: `make bench-matching` writes them.';

/** The generated sections of docs/MATCHING.md. Pure. Without a result they say so. */
export function renderSections(result: MatchingResult | undefined): Record<string, string> {
  if (result === undefined)
    return { machine: NOTHING, goals: NOTHING, matches: NOTHING, searches: NOTHING, plans: NOTHING };
  const { machine, at, versions, scholarships, indexMs, distinct, loadAverage, facetsReadMs } = result;
  return {
    machine:
      `${at.slice(0, 10)}, ${machine.cores} cores of ${machine.model}, Node ${machine.node}, PostgreSQL ${versions['PostgreSQL']}. ` +
      `${whole(scholarships)} scholarships, indexed in ${figure(indexMs)} ms; distinct values of their traits: ${distinct.join(', ')}. ` +
      `${facetsReadMs === undefined ? 'Facets were still counted in PostgreSQL then' : `The copy that facets are counted out of was read in ${figure(facetsReadMs)} ms`}. ` +
      `Load average ${figure(loadAverage)}${loadAverage > machine.cores ? ': others ran, too, and the times below hold their part' : ''}.`,
    goals: goalsTable(result.goals).trim(),
    matches: times('profile', result.matches),
    searches: times('search', result.searches),
    plans: result.plans.map(({ name, plan }) => `### ${name}\n\`\`\`\n${plan}\n\`\`\``).join('\n\n'),
  };
}

function times(head: string, all: readonly Timed[]): string {
  const rows = all.map(({ name, runs, p50Ms, p95Ms, maxMs }) => [
    name,
    whole(runs),
    ...[p50Ms, p95Ms, maxMs].map(figure),
  ]);
  return table([head, 'runs', 'P50 ms', 'P95 ms', 'longest ms'], rows);
}
