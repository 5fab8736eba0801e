import type { Judged } from '../../../audit/judged.ts';
import type { Remedy } from '../../../audit/remedy.ts';
import { workloadOf } from '../installed.ts';
import { objectName } from '../names.ts';
import { type PlacementView, placementOf } from './placement.ts';

/** Pure: findings with only those remedies that this cluster can carry; the others are advice with the command to run. */
export function placed(judged: readonly Judged[], view: PlacementView): Judged[] {
  return judged.map((finding) =>
    finding.remedies.length === 0 ? sourced(finding, view) : carried(finding, view),
  );
}

function carried(finding: Judged, view: PlacementView): Judged {
  const placements = finding.remedies.map((remedy) => ({ remedy, placement: placementOf(remedy, view) }));
  const advice = placements.flatMap(({ placement }) => (placement.to === 'person' ? [placement.advice] : []));
  const kept = placements
    .filter(({ placement }) => placement.to !== 'person')
    // `<app>-repair` is environment, which a process reads at its start.
    .map(({ remedy }): Remedy => (remedy.kind === 'reset_setting' ? { ...remedy, restart: true } : remedy));
  if (isRestartedAlready(finding, kept))
    return advised({ ...finding, remedies: [] }, [...advice, seeLog(finding, view)]);
  return advised({ ...finding, remedies: kept }, advice);
}

/** The kubelet starts it again and again; once more, with nothing changed, is no remedy. */
function isRestartedAlready({ code }: Judged, kept: readonly Remedy[]): boolean {
  return /^(app|forwarder)_(crashing|starting)$/u.test(code) && kept.every(({ kind }) => kind === 'restart');
}

function seeLog({ label }: Judged, { installed }: PlacementView): string {
  const name = objectName(label);
  const at = `${workloadOf(installed, name)?.kind.toLowerCase() ?? 'deployment'}/${name}`;
  const kubectl = `kubectl -n ${installed.namespace}`;
  return `the kubelet starts it again by itself; what it was given lately is undone by \`${kubectl} rollout undo ${at}\`, and \`${kubectl} describe ${at}\` tells more`;
}

/** A secret that nobody has, or that A8 refuses: a person may name where the right one is. */
function sourced(finding: Judged, { installed }: PlacementView): Judged {
  const key = keyOf(finding);
  if (key === undefined) return finding;
  const named = `scholar fix --target cluster -n ${installed.namespace} --secret-from ${finding.label}.${key}=secret/NAME#KEY`;
  return advised(finding, [`where another Secret of the namespace holds the right one: ${named}`]);
}

function keyOf({ code }: Judged): string | undefined {
  if (code === 'key_not_in_ring' || code === 'key_secret_differs') return 'A8_KEY';
  return /^(?<key>[a-z0-9_]+_(key|secret|url))_missing$/u.exec(code)?.groups?.['key']?.toUpperCase();
}

function advised(finding: Judged, more: readonly string[]): Judged {
  const all = [...(finding.advice === undefined ? [] : [finding.advice]), ...more];
  if (all.length === 0) return finding;
  return { ...finding, advice: [...new Set(all)].join('; ') };
}
