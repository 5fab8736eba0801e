import { createLogger, silentLogger } from './index.ts';

function captured(): {
  lines: Array<Record<string, unknown>>;
  text: () => string;
  log: ReturnType<typeof createLogger>;
} {
  const raw: string[] = [];
  const log = createLogger({
    label: 'scholar_auth',
    role: 'app',
    level: 'debug',
    destination: { write: (line: string) => void raw.push(line) },
  });
  return {
    log,
    text: () => raw.join(''),
    get lines() {
      return raw.map((line) => JSON.parse(line) as Record<string, unknown>);
    },
  };
}

describe('createLogger', () => {
  test('writes one JSON object per line with label, role, level by name and an ISO time', () => {
    const out = captured();
    out.log.info({ port: 4101 }, 'listening');
    expect(out.lines).toEqual([
      expect.objectContaining({
        level: 'info',
        label: 'scholar_auth',
        role: 'app',
        port: 4101,
        msg: 'listening',
      }),
    ]);
    expect(out.lines[0]?.['time']).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  test.each([
    [{ password: 'hush' }],
    [{ authorization: 'hush' }],
    [{ body: { email: 'hush', refresh_token: 'hush' } }],
    [{ req: { headers: { authorization: 'hush', cookie: 'hush' } } }],
    [{ res: { headers: { 'set-cookie': 'hush' } } }],
    [{ a: { b: { c: { client_secret: 'hush' } } } }],
  ])('never prints a secret under its own name: %j', (fields) => {
    const out = captured();
    out.log.info(fields, 'x');
    expect(out.text()).not.toContain('hush');
    expect(out.text()).toContain('[redacted]');
  });

  test('blanks e-mails, passwords of URLs and bearer tokens inside sentences', () => {
    const out = captured();
    out.log.warn(
      'Key (email)=(jane.doe+x@mail.example.org) at postgres://app:pa55word@db:5432/x Bearer abc.def-ghi_123',
    );
    expect(out.text()).not.toMatch(/jane|pa55word|abc\.def/);
    expect(out.lines).toHaveLength(1);
  });

  test('leaves paths, versions and URLs without passwords as they are', () => {
    const out = captured();
    const message = 'at node_modules/pino@10.4.0/x.js from http://127.0.0.1:4108/events';
    out.log.info(message);
    expect(out.lines[0]?.['msg']).toBe(message);
  });

  test('prints type, message, stack, code and causes of an error, and nothing a driver hung on it', () => {
    const out = captured();
    const cause = Object.assign(new Error('duplicate'), { code: '23505', detail: 'Key (email)=(x) exists' });
    out.log.error({ err: new Error('signup failed', { cause }) }, 'x');
    expect(out.lines[0]?.['err']).toEqual({
      type: 'Error',
      message: 'signup failed',
      stack: expect.any(String),
      cause: { type: 'Error', message: 'duplicate', stack: expect.any(String), code: '23505' },
    });
  });

  test('an error whose causes form a circle does not hang the process', () => {
    const out = captured();
    const error = new Error('round');
    error.cause = error;
    out.log.error({ err: error }, 'x');
    expect(out.lines).toHaveLength(1);
  });

  test('silentLogger writes nothing', () => {
    expect(silentLogger().isLevelEnabled('fatal')).toBe(false);
  });
});
