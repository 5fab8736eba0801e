import { createServiceHarness, waitFor } from '@scholar/runtime/testing';
import { service } from '../../../services/scholar_auth/src/service.ts';
import { MAIL, type Subject } from '../rig.ts';
import { PASSWORD, send, someone, warm } from './asking.ts';

const OPERATIONS_KEY = 'operations-key-of-the-tests-0123456789';
const OPERATOR = { authorization: `Bearer ${OPERATIONS_KEY}` };

export const auth: Subject = {
  label: 'scholar_auth',
  start: (options) => createServiceHarness(service, options),
  env: {
    ARGON2_MEMORY_KIB: '64',
    ARGON2_PASSES: '1',
    EMAIL_HASH_KEY: 'email-hash-key-of-the-tests-0123456789',
    KEY_ENCRYPTION_KEY: 'key-encryption-key-of-the-tests-0123456789',
    A8_OPERATIONS_KEY: OPERATIONS_KEY,
    PUBLIC_URL: 'https://auth.example.org',
    MAILS_PER_ADDRESS: '10000',
    MAILS_PER_CLIENT: '10000',
  },
  async prepare(rig) {
    const email = someone();
    rig.known.set('email', email);
    await send(rig, '/signup', { json: { email, password: PASSWORD } });
    await warm(rig, auth);
    // The mail that confirms the address, and the one that was asked for.
    await waitFor(async () => (await rig.arrived(MAIL)) === 2, { what: 'the first mails' });
  },
  // One that is being sent when the database goes is taken up again when its lease is over.
  async unfinished({ harness }) {
    const { rows } = await harness.pool.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM mail_queue',
    );
    return rows[0]?.count ?? 0;
  },
  asks: {
    'sign up': {
      send: (rig) => send(rig, '/signup', { json: { email: someone(), password: PASSWORD } }),
      status: 201,
      leaves: 'NewUser',
    },
    'sign in': {
      send: (rig) => send(rig, '/login', { json: { email: rig.known.get('email'), password: PASSWORD } }),
      status: 200,
    },
    'ask for a new password': {
      send: (rig) => send(rig, '/password/forgot', { json: { email: rig.known.get('email') } }),
      status: 202,
      leaves: MAIL,
    },
    'fetch the keys of tokens': { send: (rig) => send(rig, '/.well-known/jwks.json'), status: 200 },
    'make somebody staff (operator)': {
      send: (rig) => send(rig, '/operations/staff', { headers: OPERATOR, json: { email: someone() } }),
      status: 201,
      leaves: 'NewUser',
    },
    'rotate the signing keys (operator)': {
      send: (rig) => send(rig, '/operations/signing-keys', { headers: OPERATOR, json: {} }),
      status: 200,
      shows: '"signs_from"',
    },
  },
};
