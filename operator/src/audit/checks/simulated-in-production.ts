import type { Check } from '../judged.ts';

/** Make sure that production holds no simulated rows but those of canaries, which carry a token (the brief: never contaminate production). */
export const simulatedInProduction: Check = ({ environment, simulated }) => {
  if (environment !== 'production') return [];
  return (simulated ?? []).map(({ label, count, lastAt }) => ({
    code: 'simulated_in_production' as const,
    label,
    severity: 'critical' as const,
    summary: `${count} simulated rows of ${label} came into the production database in the last day without a canary token.`,
    evidence: [`the last at ${lastAt}; events.simulated and no canary_id`],
    remedies: [],
    advice: `find who sends them: A8 refuses such events in production, so an A8 with ENVIRONMENT=staging, or somebody else, writes to this database; business views leave the rows out`,
  }));
};
