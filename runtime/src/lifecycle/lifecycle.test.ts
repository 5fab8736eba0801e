import { EventEmitter } from 'node:events';
import { FakeClock } from '../clock/index.ts';
import { createLogger } from '../log/index.ts';
import { createLifecycle, type LifecycleOptions } from './index.ts';

function fakeProcess() {
  const codes: number[] = [];
  const stdin = Object.assign(new EventEmitter(), { resume: () => undefined });
  return Object.assign(new EventEmitter(), { codes, stdin, exit: (code: number) => void codes.push(code) });
}

function setUp(options: Partial<LifecycleOptions> = {}) {
  const journal: string[] = [];
  const lines: Array<Record<string, unknown>> = [];
  const log = createLogger({
    label: 'test',
    role: 'app',
    destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
  });
  const host = fakeProcess();
  const lifecycle = createLifecycle({ log, process: host, supervised: false, ...options });
  const noted = (name: string) => ({
    start: () => void journal.push(`start ${name}`),
    stop: async () => void journal.push(`stop ${name}`),
  });
  return { lifecycle, journal, lines, host, noted };
}

/** Lets everything that is ready to run, run. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('createLifecycle', () => {
  test('starts in order and stops in reverse', async () => {
    const { lifecycle, journal, noted } = setUp();
    for (const name of ['database', 'relay', 'http']) lifecycle.add(name, noted(name));
    await lifecycle.start();
    expect(lifecycle.state).toBe('running');
    await lifecycle.stop('test');
    expect(lifecycle.state).toBe('stopped');
    expect(journal).toEqual([
      'start database',
      'start relay',
      'start http',
      'stop http',
      'stop relay',
      'stop database',
    ]);
  });

  test('a failing start stops what was started, names the component and exits with 1', async () => {
    const { lifecycle, journal, lines, host, noted } = setUp();
    lifecycle.add('database', noted('database'));
    lifecycle.add('http', { start: () => Promise.reject(new Error('port 4101 is in use')) });
    lifecycle.add('never', noted('never'));
    await lifecycle.run();
    expect(journal).toEqual(['start database', 'stop database']);
    expect(lines).toContainEqual(
      expect.objectContaining({ component: 'http', msg: 'http did not start: port 4101 is in use' }),
    );
    expect(host.codes).toEqual([1]);
  });

  test('an error may carry the exit code of the process', async () => {
    const { lifecycle, host } = setUp();
    const error = Object.assign(new Error('the schema is newer than this program'), { exitCode: 57 });
    lifecycle.add('database', { start: () => Promise.reject(error) });
    await lifecycle.run();
    expect(host.codes).toEqual([57]);
  });

  test('SIGTERM stops and exits with 0', async () => {
    const { lifecycle, journal, host, noted } = setUp();
    lifecycle.add('http', noted('http'));
    await lifecycle.run();
    host.emit('SIGTERM');
    await turn();
    expect([journal.at(-1), host.codes]).toEqual(['stop http', [0]]);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ])(
    'a second signal, %s, exits at once with %i',
    async (signal, code) => {
      const clock = new FakeClock();
      const { lifecycle, host } = setUp({ clock });
      lifecycle.add('stuck', { stop: () => new Promise(() => {}) });
      await lifecycle.run();
      host.emit('SIGINT');
      await turn();
      expect(host.codes).toEqual([]);
      host.emit(signal);
      expect(host.codes).toEqual([code]);
      await clock.advance(10_000);
      await lifecycle.stop('test');
    },
    15_000,
  );

  test('a step that hangs gets its share of the time, is named, and the others still stop', async () => {
    const clock = new FakeClock();
    const { lifecycle, journal, lines, host, noted } = setUp({ clock, stopTimeoutMs: 9_000 });
    lifecycle.add('database', noted('database'));
    lifecycle.add('stuck', { stop: () => new Promise(() => {}) });
    lifecycle.add('http', noted('http'));
    await lifecycle.run();
    host.emit('SIGTERM');
    await turn();
    await clock.advance(4_499);
    expect(journal).not.toContain('stop database');
    await clock.advance(1);
    await turn();
    expect(journal.at(-1)).toBe('stop database');
    expect(lines).toContainEqual(
      expect.objectContaining({ msg: 'stuck did not stop well: it did not end within its 4500 ms' }),
    );
    expect(host.codes).toEqual([1]);
  });

  test('a stop during the start waits for the step under way and starts nothing more', async () => {
    const { lifecycle, journal, host, noted } = setUp();
    let finish = () => {};
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    lifecycle.add('slow', { start: () => slow, stop: () => void journal.push('stop slow') });
    lifecycle.add('never', noted('never'));
    const run = lifecycle.run();
    await turn();
    host.emit('SIGTERM');
    await turn();
    expect(journal).toEqual([]);
    finish();
    await run;
    await turn();
    expect([journal, host.codes]).toEqual([['stop slow'], [0]]);
  });

  test('two stops are one stop', async () => {
    const { lifecycle, journal, noted } = setUp();
    lifecycle.add('http', noted('http'));
    await lifecycle.start();
    await Promise.all([lifecycle.stop('one'), lifecycle.stop('two')]);
    expect(journal.filter((line) => line === 'stop http')).toHaveLength(1);
  });

  test('a supervised process stops when its stdin closes', async () => {
    const { lifecycle, host, noted } = setUp({ supervised: true });
    lifecycle.add('http', noted('http'));
    await lifecycle.run();
    host.stdin.emit('end');
    host.stdin.emit('close');
    await turn();
    expect(host.codes).toEqual([0]);
  });

  test('a component cannot be added after the start', async () => {
    const { lifecycle, noted } = setUp();
    await lifecycle.start();
    expect(() => lifecycle.add('late', noted('late'))).toThrow('add components before start()');
  });
});
