import { defineSettings, setting } from '@scholar/runtime/config';

const party = (number: string, label: string) =>
  setting.url({
    description: `Base URL of ${label} (${number}), which is asked for exports and erasures.`,
    optional: true,
    // Only a request for an export or an erasure needs it.
    tolerant: true,
    needed: false,
  });

export const privacySettings = defineSettings({
  A2_URL: party('A2', 'scholarship_api'),
  A3_URL: party('A3', 'scholarship_agent'),
  A4_URL: party('A4', 'scholarship_sage'),
  A5_URL: party('A5', 'student_pilot'),
  A6_URL: party('A6', 'provider_register'),
  A7_URL: party('A7', 'auto_page_maker'),
  A8_OPERATIONS_KEY: setting.secret({
    description: 'An operations key of A8, with which erasures are recorded there; A8_URL says where.',
    optional: true,
  }),
});
