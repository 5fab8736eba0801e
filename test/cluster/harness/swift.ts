/**
 * A pod is asked more often whether it is ready. How many refusals make it unready follows from that, so that it takes as long
 * as by default.
 */
export const ASKED_OFTEN = {
  'global.scholar.probes.readiness': { periodSeconds: 2, timeoutSeconds: 4, failureThreshold: 5 },
};

/**
 * For suites that make pods anew many times and look at nothing that is sent to one of them meanwhile: it waits less for those
 * who have not heard yet that it goes.
 */
export const SWIFT = { ...ASKED_OFTEN, 'global.scholar.shutdown.drainSeconds': 2 };
