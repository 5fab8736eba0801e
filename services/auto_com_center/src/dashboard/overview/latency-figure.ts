import { html, type SafeHtml } from '@scholar/runtime/http';
import { type LatencySummary, TARGET_MS } from '../../ingest/write-latency.ts';
import { WRITE_BUCKETS } from '../../metrics.ts';

const EDGES_MS = WRITE_BUCKETS.map((seconds) => seconds * 1000);
const BAR = 44;
const HEIGHT = 120;
const BASE = HEIGHT + 8;

/** How many durations fall into each bucket of the histogram; the last is everything beyond. Pure. */
export function countByBucket(sorted: Float64Array): number[] {
  const counts = [...EDGES_MS, Number.POSITIVE_INFINITY].map(() => 0);
  for (const value of sorted) {
    const bucket = EDGES_MS.findIndex((edge) => value <= edge);
    const index = bucket < 0 ? EDGES_MS.length : bucket;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

/** Write latency of recent events: the figures, and their distribution with the 150 ms line. */
export function latencyFigure(summary: LatencySummary, sorted: Float64Array): SafeHtml {
  if (summary.count === 0) return html`<p>No event has been written by this replica since it started.</p>`;
  const share = summary.shareWithinTarget ?? 0;
  return html`<dl class="figures">
<div><dt>within ${TARGET_MS} ms</dt><dd>${(share * 100).toFixed(share === 1 ? 0 : 2)} %</dd></div>
<div><dt>P50</dt><dd>${milliseconds(summary.p50)}</dd></div>
<div><dt>P95</dt><dd>${milliseconds(summary.p95)}</dd></div>
<div><dt>P99</dt><dd>${milliseconds(summary.p99)}</dd></div>
<div><dt>writes</dt><dd>${summary.count}</dd></div>
</dl>
${drawing(countByBucket(sorted))}
<p class="fine">The last ${summary.count} writes of this replica, from the last byte of the event to its receipt; exact, not read off buckets.</p>`;
}

function drawing(counts: readonly number[]): SafeHtml {
  const most = Math.max(...counts, 1);
  const targetIndex = EDGES_MS.indexOf(TARGET_MS) + 1;
  const bars = counts.map((count, index) => {
    const height = Math.round((count / most) * HEIGHT);
    const late = index >= targetIndex ? ' late' : '';
    return html`<rect class="bar${late}" x="${index * BAR + 3}" y="${BASE - height}" width="${BAR - 6}" height="${height}"><title>${count} writes ${edgeName(index)}</title></rect>
<text x="${index * BAR + BAR / 2}" y="${BASE + 14}" text-anchor="middle">${edgeLabel(index)}</text>`;
  });
  const x = targetIndex * BAR;
  return html`<svg class="latency" viewBox="0 0 ${counts.length * BAR} ${BASE + 20}" role="img" aria-label="Distribution of write latency in milliseconds; the dashed line is ${TARGET_MS} ms">
${bars}
<line class="target" x1="${x}" x2="${x}" y1="4" y2="${BASE}"/>
<text class="target-label" x="${x + 5}" y="14">${TARGET_MS} ms</text>
</svg>`;
}

function edgeLabel(index: number): string {
  const edge = EDGES_MS[index];
  return edge === undefined ? 'more' : `≤${edge}`;
}

function edgeName(index: number): string {
  const edge = EDGES_MS[index];
  return edge === undefined ? `over ${EDGES_MS.at(-1)} ms` : `up to ${edge} ms`;
}

function milliseconds(value: number | null): string {
  return value === null ? '–' : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
