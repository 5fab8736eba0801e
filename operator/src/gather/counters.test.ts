import { counterSum } from './counters.ts';

const PAGE = `# HELP forwarder_intake_refused_total Requests that the intake did not accept.
# TYPE forwarder_intake_refused_total counter
forwarder_intake_refused_total{code="pii_detected",canary="false",app="scholar_auth"} 3
forwarder_intake_refused_total{code="pii_detected",canary="true",app="scholar_auth"} 5
forwarder_intake_refused_total{code="contract_violation",canary="false",app="scholar_auth"} 7
emit_console_total{app="scholar_auth"} 2
emit_console_total_seconds 9
plain_total 1.5e3 1764000000000
`;

test.each<[string, Record<string, string>, number]>([
  ['forwarder_intake_refused_total', { code: 'pii_detected', canary: 'false' }, 3],
  ['forwarder_intake_refused_total', { code: 'pii_detected' }, 8],
  ['forwarder_intake_refused_total', {}, 15],
  ['emit_console_total', {}, 2],
  ['plain_total', {}, 1500],
  ['never_moved_total', {}, 0],
])('%s with %j is %d', (name, labels, sum) => {
  expect(counterSum(PAGE, name, labels)).toBe(sum);
});
