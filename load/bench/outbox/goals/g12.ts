import { SMALL_HEAP } from '../heap-flags.ts';
import type { Goal } from './goal.ts';

export const g12: Goal = {
  id: 'G12',
  needs: { cells: {}, idle: true },
  judge({ idleBytes }) {
    if (idleBytes === undefined) throw new Error('idle memory was not measured');
    const { forwarder, smallHeap, otel } = idleBytes;
    return {
      G12: {
        what: 'memory of seven idle forwarders (PSS)',
        value: forwarder / 1e6,
        ...{ unit: 'MB', better: 'less', floor: 350, goal: 200, moonshot: 120 },
        note: `with node ${SMALL_HEAP.join(' ')}: ${Math.round(smallHeap / 1e6)} MB`,
      },
      G12_otel: {
        what: 'the same : seven idle OpenTelemetry Collectors of the parts that are needed',
        value: forwarder / otel,
        ...{ unit: 'x', better: 'less', goal: 0.8 },
      },
    };
  },
};
