import { defineSettings, loadSettings, setting } from '@scholar/runtime/config';
import { createRunning } from '@scholar/runtime/running';
import { configView } from './config-view.ts';

const SHAPE = defineSettings({
  PORT: setting.int({ description: 'd', default: 80 }),
  WAIT: setting.duration({ description: 'd', default: 1_000 }),
  A8_KEY: setting.secret({ description: 'd' }),
});

function started(env: Record<string, string>) {
  const settings = loadSettings(SHAPE, env);
  return createRunning({ label: 'scholar_auth', role: 'app', environment: 'staging', settings })();
}

test('a process that was started with what it would be given now has the wanted hash', () => {
  const env = { PORT: '8080', WAIT: '5s', A8_KEY: 'hush', PATH: '/bin' };
  const view = configView(started(env), Object.entries(env));
  expect(view).toMatchObject({ differing: [] });
  expect(view?.told).toBe(view?.wanted);
});

test('another text of the same value is no difference', () => {
  expect(configView(started({ WAIT: '5s' }), [['WAIT', '5000']])).toMatchObject({ differing: [] });
});

test.each<[string, Record<string, string>, Record<string, string>, string[]]>([
  ['was changed since', { PORT: '8080' }, { PORT: '8081' }, ['PORT']],
  ['was added since', {}, { WAIT: '5s' }, ['WAIT']],
  ['was taken away since', { WAIT: '5s', PORT: '8080' }, { PORT: '8080' }, ['WAIT']],
  ['was emptied since', { WAIT: '5s' }, { WAIT: '' }, ['WAIT']],
  ['the process does not know', {}, { SOMETHING: 'else' }, []],
  ['is a secret', { A8_KEY: 'old' }, { A8_KEY: 'new' }, []],
])('a setting that %s is named, unless it is none of this comparison', (_, with_, now, differing) => {
  expect(configView(started(with_), Object.entries(now))).toMatchObject({ differing });
});

test('what only the pod could tell is not compared', () => {
  expect(configView(started({ PORT: '8080' }), [['PORT', undefined]])).toMatchObject({ differing: [] });
});

test('no value of a setting is in what is told', () => {
  expect(JSON.stringify(configView(started({ PORT: '8080' }), [['PORT', '9090']]))).not.toMatch(/8080|9090/);
});

test('of a process that does not tell its settings nothing is said', () => {
  const { config: _, ...before } = started({});
  expect(configView(before, [])).toBeUndefined();
  expect(configView(undefined, [])).toBeUndefined();
});
