import { defineSettings, setting } from '@scholar/runtime/config';

/** What scholarship_sage reads beside the settings of every service. */
export const sageSettings = defineSettings({
  A2_URL: setting.url({
    description: 'Base URL of scholarship_api, whose catalogue can be asked about.',
    optional: true,
    tolerant: true,
  }),
  CATALOGUE_REFRESH: setting.duration({
    description: 'How often the copy of the catalogue is renewed, on average.',
    default: 60_000,
  }),
  LLM_URL: setting.url({
    description:
      'Base URL of an OpenAI-compatible endpoint (before /v1/chat/completions) that words the answers; unset: they are put together from the passages.',
    optional: true,
    tolerant: true,
  }),
  LLM_API_KEY: setting.secret({ description: 'Bearer key for LLM_URL, where it wants one.', optional: true }),
  LLM_MODEL: setting.string({ description: 'The model that LLM_URL is asked for.', default: 'default' }),
  LLM_TIMEOUT: setting.duration({
    description:
      'The most that LLM_URL may take before the answer is put together without it. Keep it below ASK_TIMEOUT of student_pilot.',
    default: 3_000,
  }),
  ANSWERS_LOG_RETENTION: setting.duration({
    description: 'How long the row of an answer is kept; those of canaries go after a day.',
    default: 90 * 24 * 3_600_000,
  }),
});
