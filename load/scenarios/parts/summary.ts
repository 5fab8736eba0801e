/** The part of k6's summary that we tell. */
interface Data {
  metrics: Record<string, { values: Record<string, number>; thresholds?: Record<string, { ok: boolean }> }>;
  state: { testRunDurationMs: number };
}

/** For people on stdout; for `make load` the whole as JSON in the file that SUMMARY names. */
export function handleSummary(data: Data): Record<string, string> {
  const file = __ENV['SUMMARY'];
  return { stdout: `${linesOf(data).join('\n')}\n`, ...(file ? { [file]: JSON.stringify(data) } : {}) };
}

function linesOf({ metrics, state }: Data): string[] {
  const value = (name: string, of: string): number => metrics[name]?.values[of] ?? 0;
  const ms = (of: string): string => `${of} ${value('http_req_duration{op:write}', of).toFixed(1)} ms`;
  const lines = [
    `${value('iterations', 'count')} iterations in ${(state.testRunDurationMs / 1000).toFixed(1)} s`,
    `writes: ${['med', 'p(95)', 'p(99)', 'max'].map(ms).join(', ')}`,
    `acknowledged ${value('acknowledged_events', 'count')}, lost ${value('lost_events', 'count')}, dropped ${value('dropped_iterations', 'count')}`,
  ];
  for (const [name, { thresholds = {} }] of Object.entries(metrics))
    for (const [expression, { ok }] of Object.entries(thresholds))
      lines.push(`${ok ? '✓' : '✗'} ${name} ${expression}`);
  return lines;
}
