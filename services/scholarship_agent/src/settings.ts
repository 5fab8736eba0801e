import { defineSettings, setting } from '@scholar/runtime/config';

/** What scholarship_agent reads beside the settings of every service. */
export const agentSettings = defineSettings({
  A2_URL: setting.url({
    description: 'Base URL of scholarship_api, whose catalogue is matched against.',
    optional: true,
    tolerant: true,
  }),
  CATALOGUE_REFRESH: setting.duration({
    description: 'How often the copy of the catalogue is renewed, on average.',
    default: 60_000,
  }),
  MATCH_RUNS_RETENTION: setting.duration({
    description: 'How long the row of a matching is kept; those of canaries go after a day.',
    default: 90 * 24 * 3_600_000,
  }),
});
