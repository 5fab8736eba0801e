import type { Check } from '../judged.ts';

/** Make sure that an app with a declared minimum rate is not silent: silence and calm look alike otherwise. */
export const silence: Check = ({ apps, hub }) =>
  apps.flatMap(({ label, minimumEventsPerHour, uptimeSeconds }) => {
    const seen = hub.observations?.[label];
    if (minimumEventsPerHour === 0 || seen === undefined) return [];
    const hours = Math.min(1, (uptimeSeconds ?? 0) / 3_600);
    const expected = Math.floor(minimumEventsPerHour * hours);
    if (seen.eventsLastHour >= expected) return [];
    const summary = `${label} is quiet: ${seen.eventsLastHour} real events where at least ${expected} were declared.`;
    const evidence = [
      `last event ${seen.lastEventAt ?? 'never'}`,
      `declared minimum ${minimumEventsPerHour} an hour`,
    ];
    const advice = 'scholar verify tells whether it can emit; then ask where its users are';
    return [
      { code: 'app_silent', label, severity: 'major' as const, summary, evidence, remedies: [], advice },
    ];
  });
