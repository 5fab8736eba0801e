import { clock, code, dayOf } from '@scholar/operator/docs/cells';
import { markdownTable } from '@scholar/operator/docs/sectioned-page';
import { type EvidenceRun, failuresOf, stepOf } from './seen.ts';

/** Pure: the truth of each app before and after, as the section of docs/TRUTH_TABLES.md. @param folder of the pictures, from docs/ */
export function truthSection(run: EvidenceRun, folder: string): string {
  const { findings, proof } = run;
  const day = dayOf(new Date(run.steps[0]?.fromMs ?? 0).toISOString());
  const audit = stepOf(run, 'audit');
  if (findings === undefined || audit === undefined || proof === undefined)
    return `${day}: the run did not come to a truth table. ${failuresOf(run).join('. ')}`;
  const looked = clock(new Date(audit.fromMs).toISOString(), day);
  const rows = proof.table.map(({ app, label, verdict, event }) => {
    const codes = [...new Set(findings.filter((each) => each.app === app).map((each) => each.code))];
    const before = codes.map((name) => `[${name}](drifts/${name}.md)`).join('<br>');
    return [
      `${app} ${label}`,
      before || 'no drift, and no proof',
      `**${verdict}**`,
      code(event.event_id),
      clock(event.row_at, day),
    ];
  });
  return [
    `${day} (all times UTC). Before: what \`scholar audit\` found at ${looked}. After: the row that proves the app. Phases, load and outage of this run: [TEST_REPORT.md](TEST_REPORT.md).`,
    markdownTable(['service', 'before', 'after', 'event id', 'row'], rows),
    `![State of each app over the phases](${folder}/phases.svg)`,
  ].join('\n\n');
}
