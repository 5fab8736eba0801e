import type { Check, Judged } from '../judged.ts';

/** Make sure that A8 sees no legacy names and no /ingest any more. What was seen before the app's last start is history. */
export const legacySeen: Check = ({ apps, hub }) =>
  apps.flatMap(({ label, running }) => {
    const seen = hub.observations?.[label];
    if (seen === undefined || seen.lastLegacyAt === null) return [];
    if (running !== undefined && seen.lastLegacyAt <= running.started_at) return [];
    const evidence = [
      `A8 counted ${seen.legacyEndpointHits} calls of /ingest and ${seen.legacyAliasEvents} legacy names; the last at ${seen.lastLegacyAt}`,
    ];
    const judged: Judged[] = [];
    const advice = `find who still sends under ${label}: its code, or a client with its key`;
    if (seen.legacyEndpointHits > 0) {
      const summary = `A8 gets calls of the legacy endpoint /ingest under the label ${label}.`;
      judged.push({
        code: 'legacy_endpoint_hits',
        label,
        severity: 'major',
        summary,
        evidence,
        remedies: [],
        advice,
      });
    }
    if (seen.legacyAliasEvents > 0) {
      const summary = `A8 gets legacy event names from ${label}; they are accepted for one release only.`;
      judged.push({
        code: 'legacy_names_seen',
        label,
        severity: 'minor',
        summary,
        evidence,
        remedies: [],
        advice,
      });
    }
    return judged;
  });
