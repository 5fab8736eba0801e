import { defineService } from '@scholar/runtime/service';
import { createAuth } from './app.ts';
import { createKeyEncryptionSource } from './keys/key-encryption.ts';
import { createSigningKeys } from './keys/signing-keys.ts';
import { AUTH_METRICS } from './metrics.ts';
import { postJson } from './privacy/post-json.ts';
import { createPrivacy } from './privacy/privacy.ts';
import { privacySettings } from './privacy/settings.ts';
import { authSettings } from './settings.ts';

/** A1: what runtime's composition root needs to run scholar_auth. */
export const service = defineService({
  label: 'scholar_auth',
  settings: { ...authSettings, ...privacySettings },
  metrics: AUTH_METRICS,
  // The same place seen from src and from dist.
  migrations: new URL('../migrations/', import.meta.url),
  build(deps) {
    const emailHashKey = deps.secret('EMAIL_HASH_KEY');
    const smtpUrl = deps.secret('SMTP_URL');
    const keyEncryptionKey = deps.secret('KEY_ENCRYPTION_KEY');
    const operationsKey = deps.secret('A8_OPERATIONS_KEY');
    const encryption = createKeyEncryptionSource(() => keyEncryptionKey.current());
    const keys = createSigningKeys({ ...deps, encryption });
    const auth = createAuth({
      ...deps,
      ...{ keys, encryption },
      operationsKey: () => operationsKey.current(),
      emailHashKey: () => emailHashKey.current(),
      smtpUrl: () => smtpUrl.current(),
      host: deps.settings.HOST,
      canaryKey: () => deps.canaryKey.current(),
    });
    const privacy = createPrivacy({
      ...deps,
      keys,
      emailHashKey: () => emailHashKey.current(),
      post: postJson(deps.fetchJson),
      hub: () => ({ url: deps.settings.A8_URL, key: operationsKey.current() }),
    });
    return {
      app(app) {
        auth.routes(app);
        privacy.routes(app);
      },
      background: [...auth.background, privacy.worker],
      checks: { signing_keys: keys.assertOpen },
      findings: () => [...auth.findings(), ...privacy.findings()],
    };
  },
});
