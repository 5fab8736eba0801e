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
  LLM_STREAM: setting.boolean({
    description: 'Whether LLM_URL is asked for its answer in chunks, which are told as they come.',
    default: false,
  }),
  LLM_TIMEOUT: setting.duration({
    description:
      'The most that LLM_URL may take before the answer is put together without it; where the answer is told as it is made: until its first words, and between words. Keep it below ASK_TIMEOUT of student_pilot.',
    default: 3_000,
  }),
  LLM_STREAM_TIMEOUT: setting.duration({
    description: 'The most that an answer may take in all that is told as it is made.',
    default: 30_000,
  }),
  LLM_USER_TOKENS: setting.int({
    description: 'Tokens that the questions of one person may cost in a day (UTC), read and written.',
    default: 30_000,
    min: 0,
  }),
  LLM_TOKENS: setting.int({
    description: 'Tokens that all questions together may cost in a day (UTC).',
    default: 3_000_000,
    min: 0,
  }),
  LLM_PRICE_INPUT: setting.int({
    description:
      'Units that a thousand tokens cost that the model reads; a unit may be a millionth of a dollar.',
    default: 0,
    min: 0,
    max: 1_000_000_000,
  }),
  LLM_PRICE_OUTPUT: setting.int({
    description: 'Units that a thousand tokens cost that the model writes.',
    default: 0,
    min: 0,
    max: 1_000_000_000,
  }),
  LLM_USER_UNITS: setting.int({
    description: 'Units that the questions of one person may cost in a day (UTC); unset: only tokens count.',
    optional: true,
    min: 0,
  }),
  LLM_UNITS: setting.int({
    description: 'Units that all questions together may cost in a day (UTC); unset: only tokens count.',
    optional: true,
    min: 0,
  }),
  ANSWERS_LOG_RETENTION: setting.duration({
    description: 'How long the row of an answer is kept; those of canaries go after a day.',
    default: 90 * 24 * 3_600_000,
  }),
});
