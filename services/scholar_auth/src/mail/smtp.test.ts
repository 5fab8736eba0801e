import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { type AuthRig, startAuth } from '../testing/auth-rig.ts';

const ada = { email: 'ada@example.org', password: 'correct horse battery' };
type Received = { to: string[]; from: string; raw: string };

let server: SMTPServer;
let rig: AuthRig;
const received: Received[] = [];
/** What the server answers to RCPT: undefined takes it. */
let refusal: { responseCode: number } | undefined;

beforeEach(async () => {
  received.length = 0;
  refusal = undefined;
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: (_address, _session, done) =>
      done(refusal && Object.assign(new Error('no such ada@example.org'), refusal)),
    onData(stream, session, done) {
      const { rcptTo, mailFrom } = session.envelope;
      void text(stream).then((raw) => {
        received.push({
          to: rcptTo.map(({ address }) => address),
          from: mailFrom ? mailFrom.address : '',
          raw,
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  rig = await startAuth({
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    PUBLIC_URL: 'https://auth.example.org',
    MAIL_FROM: 'scholar <no-reply@scholar.example>',
  });
});
afterEach(async () => {
  await rig.stop();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

const attempts = async () => (await rig.db.pool.query('SELECT attempts FROM mail_queue')).rows;

describe('mail over SMTP', () => {
  test('carries a link that confirms the address, to its owner and nobody else', async () => {
    await rig.post('/signup', ada);
    expect(await rig.deliverMails()).toBe(1);
    expect(received).toEqual([
      {
        to: [ada.email],
        from: 'no-reply@scholar.example',
        raw: expect.stringContaining('Confirm your e-mail address'),
      },
    ]);
    // Quoted-printable: long lines are broken by "=\r\n", and "=" is written "=3D".
    const plain = received[0]?.raw.replaceAll('=\r\n', '').replaceAll('=3D', '=') ?? '';
    const token = /https:\/\/auth\.example\.org\/verify-email\?token=([\w-]+)/u.exec(plain)?.[1];
    expect((await rig.post('/verify-email', { token })).status).toBe(204);
    expect(await rig.deliverMails()).toBe(0);
  });

  test('a mail that the server puts off waits and is sent later', async () => {
    refusal = { responseCode: 450 };
    await rig.post('/signup', ada);
    await rig.deliverMails();
    expect(await attempts()).toEqual([{ attempts: 1 }]);
    expect(await rig.deliverMails()).toBe(0);
    refusal = undefined;
    await rig.clock.advance(5_000);
    expect(await rig.deliverMails()).toBe(1);
    expect(received).toHaveLength(1);
    expect(await attempts()).toEqual([]);
  });

  test('a mail that the server refuses for good is given up', async () => {
    refusal = { responseCode: 550 };
    await rig.post('/signup', ada);
    await rig.deliverMails();
    expect(await attempts()).toEqual([]);
    expect(received).toEqual([]);
  });

  test('the mailbox page is not there', async () => {
    expect((await fetch(`${rig.url}/mailbox`)).status).toBe(404);
  });
});

test('without mail nothing is queued, and asking for a link says so for every address', async () => {
  const bare = await startAuth();
  await bare.post('/signup', ada);
  for (const email of [ada.email, 'nobody@example.org']) {
    const answer = await bare.post('/password/forgot', { email });
    expect(answer).toMatchObject({ status: 503, body: { code: 'not_configured' } });
  }
  expect((await bare.db.pool.query('SELECT 1 FROM mail_queue')).rowCount).toBe(0);
  await bare.stop();
});
