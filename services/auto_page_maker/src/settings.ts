import { defineSettings, setting } from '@scholar/runtime/config';

/** What auto_page_maker reads beside the settings of every service. */
export const pageMakerSettings = defineSettings({
  A2_URL: setting.url({
    description: 'Base URL of scholarship_api, whose catalogue the pages are made from.',
    optional: true,
  }),
  A7_PUBLIC_URL: setting.url({
    description:
      'Where people reach the pages, for the sitemap and for search engines; without it the address that a request came to.',
    optional: true,
  }),
  CATALOGUE_REFRESH: setting.duration({
    description: 'How often the copy of the catalogue is renewed, on average.',
    default: 60_000,
  }),
  ACCOUNT_RETRY_INTERVAL: setting.duration({
    description: 'How often leads without an account are looked for, on average.',
    default: 1_000,
  }),
  LINK_NOW_TIMEOUT: setting.duration({
    description:
      'How long a visitor waits for scholar_auth to make the account before the worker takes over.',
    default: 1_500,
  }),
  FORM_MIN_FILL: setting.duration({
    description: 'A form that comes back faster than this was not filled in by a person.',
    default: 1_000,
  }),
  FORMS_PER_NETWORK: setting.int({
    description: 'Forms that are taken from one network (an IPv4 address, a /64 of IPv6) within FORM_WINDOW.',
    default: 60,
    min: 1,
  }),
  FORM_WINDOW: setting.duration({ description: 'Window of that limit.', default: 3_600_000 }),
  FORM_MAX_AGE: setting.duration({
    description: 'A form older than this has to be sent again.',
    default: 86_400_000,
  }),
});
