import { silentLogger } from '@scholar/runtime/log';
import { startAuth } from '../testing/auth-rig.ts';
import { createKeyDrift } from './key-drift.ts';
import { createVaultSource } from './vault-source.ts';

test('a changed EMAIL_HASH_KEY is a finding that counts the accounts it shuts out', async () => {
  const rig = await startAuth();
  await rig.post('/signup', { email: 'ada@example.org', password: 'correct horse battery' });
  const driftUnder = async (key: string | undefined) => {
    const vault = createVaultSource(() => key);
    const drift = createKeyDrift({
      pool: rig.db.pool,
      log: silentLogger(),
      vault,
      hasKey: () => key !== undefined,
    });
    await drift.start();
    return drift.findings();
  };
  expect(await driftUnder('email-hash-key-of-the-tests-0123456789')).toEqual([]);
  expect(await driftUnder(undefined)).toEqual([]);
  expect(await driftUnder('another-key-of-the-tests-0123456789')).toEqual([
    expect.stringContaining('1 accounts were made under another EMAIL_HASH_KEY'),
  ]);
  await rig.stop();
});
