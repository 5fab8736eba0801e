import { defineMetrics } from '../metrics/table.ts';

/** One series, always 1; what is told is in its labels, as Prometheus' own `…_build_info` do. */
export const BUILD_METRICS = defineMetrics({
  scholar_build_info: {
    type: 'gauge',
    help: 'What this process was built from: release, commit and digest of its files. Always 1.',
    labels: ['version', 'revision', 'digest'],
  },
});
