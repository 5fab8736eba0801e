import { defineService } from '@scholar/runtime/service';
import { createAuth } from './app.ts';
import { AUTH_METRICS } from './metrics.ts';
import { authSettings } from './settings.ts';

/** A1: what runtime's composition root needs to run scholar_auth. */
export const service = defineService({
  label: 'scholar_auth',
  settings: authSettings,
  metrics: AUTH_METRICS,
  // The same place seen from src and from dist.
  migrations: new URL('../migrations/', import.meta.url),
  build(deps) {
    const emailHashKey = deps.secret('EMAIL_HASH_KEY');
    const smtpUrl = deps.secret('SMTP_URL');
    const auth = createAuth({
      ...deps,
      emailHashKey: () => emailHashKey.current(),
      smtpUrl: () => smtpUrl.current(),
      host: deps.settings.HOST,
      canaryKey: () => deps.canaryKey.current(),
    });
    return { app: auth.routes, background: auth.background, findings: auth.findings };
  },
});
