import { createHealth } from './index.ts';

describe('createHealth', () => {
  test('is ready without checks', async () => {
    expect(await createHealth().ready()).toEqual({ ready: true, checks: {} });
  });

  test('names what fails and why, beside what is well', async () => {
    const health = createHealth();
    health.check('database', async () => {
      throw new Error('connection refused');
    });
    health.check('disk', () => 'fsync took 2 ms');
    health.check('plain', () => {});
    expect(await health.ready()).toEqual({
      ready: false,
      checks: {
        database: { ok: false, detail: 'connection refused' },
        disk: { ok: true, detail: 'fsync took 2 ms' },
        plain: { ok: true },
      },
    });
  });

  test('a check that hangs fails within its time and holds up no other', async () => {
    const health = createHealth({ timeoutMs: 20 });
    health.check('hung', () => new Promise(() => {}));
    health.check('quick', async () => {});
    const { ready, checks } = await health.ready();
    expect(ready).toBe(false);
    expect(checks).toEqual({ hung: { ok: false, detail: 'no answer within 20 ms' }, quick: { ok: true } });
  });

  test('never throws, even for a check that throws at once or throws no error', async () => {
    const health = createHealth();
    health.check('odd', () => {
      throw 'just text';
    });
    await expect(health.ready()).resolves.toMatchObject({
      checks: { odd: { ok: false, detail: 'just text' } },
    });
  });

  test('checks run at the same time', async () => {
    const health = createHealth({ timeoutMs: 5_000 });
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    // The first waits for the second: one after another would end in the timeout.
    health.check('first', () => gate);
    health.check('second', () => release());
    expect((await health.ready()).ready).toBe(true);
  });
});
