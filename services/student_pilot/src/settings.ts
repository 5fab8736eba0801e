import { defineSettings, setting } from '@scholar/runtime/config';

/** What student_pilot reads beside the settings of every service. */
export const pilotSettings = defineSettings({
  A2_URL: setting.url({
    description: 'Base URL of scholarship_api, whose catalogue is searched.',
    optional: true,
    tolerant: true,
  }),
  A3_URL: setting.url({
    description: 'Base URL of scholarship_agent, which finds the matches.',
    optional: true,
    tolerant: true,
  }),
  A4_URL: setting.url({
    description: 'Base URL of scholarship_sage, which answers questions.',
    optional: true,
    tolerant: true,
  }),
  ACCOUNT_TIMEOUT: setting.duration({
    description: 'The most that a page waits for scholar_auth.',
    default: 4_000,
  }),
  SEARCH_TIMEOUT: setting.duration({
    description: 'The most that a page waits for the catalogue.',
    default: 4_000,
  }),
  MATCH_TIMEOUT: setting.duration({
    description: 'The most that a page waits for matches.',
    default: 4_000,
  }),
  ASK_TIMEOUT: setting.duration({ description: 'The most that a page waits for an answer.', default: 4_000 }),
  MATCH_REQUESTS_RETENTION: setting.duration({
    description: 'How long the row of a match request is kept; those of canaries go after a day.',
    default: 90 * 24 * 3_600_000,
  }),
});
