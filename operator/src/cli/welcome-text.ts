import type { LocalStatus } from '../target/local/status.ts';
import { paint, type Screen } from './output.ts';

/** What a person sees after a start: where everything is, and three things to try. */
export function welcomeText(status: LocalStatus, screen: Pick<Screen, 'color'>): string {
  const bold = (text: string) => paint(screen, 'bold', text);
  return [
    '',
    bold('Where it is'),
    `  dashboard (A8)      ${status.dashboard}   sign in with the key in ${status.a8.read_key_file}`,
    ...status.apps.map(({ app, label, url }) => `  ${app} ${label.padEnd(17)} ${url}`),
    ...(status.prometheus === null
      ? []
      : [`  Prometheus          ${status.prometheus}   what to ask it: docs/monitoring.md`]),
    `  state, logs, keys   ${status.state}`,
    ...(status.a8.key_file === null ? [] : ['', bold('Try next'), ...tries(status, status.a8.key_file)]),
    '',
    `Stop with Ctrl-C or \`npx scholar down\`.`,
  ].join('\n');
}

function tries(status: LocalStatus, keyFile: string): string[] {
  return [
    '  1. a canary by hand, the brief word for word:',
    `     curl -sS -X POST "${status.a8.url}/events" \\`,
    '       -H "content-type: application/json" -H "x-scholar-protocol: v3.5.1" \\',
    '       -H "x-app-label: scholar_auth" -H "x-event-id: $(uuidgen)" \\',
    `       -H "authorization: Bearer $(cat ${keyFile})" \\`,
    `       -d '{"event_type":"NewUser","occurred_at":"'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'","actor_id":"test_user_01","source":"canary/auth","payload":{"details":"canary"}}'`,
    `  2. a page: leave a lead at ${urlOf(status, 'auto_page_maker')}, then look at the dashboard`,
    `  3. a fault: kill -9 ${status.a8.pid ?? 'PID'} (A8), leave another lead, run \`npx scholar status\` and \`npx scholar verify\``,
  ];
}

function urlOf(status: LocalStatus, label: string): string {
  return status.apps.find((app) => app.label === label)?.url ?? status.dashboard;
}
