import { readFileSync } from 'node:fs';
import { runningSchema } from '@scholar/contract';
import { buildStamp } from '../build/index.ts';
import { loadSettings, setting } from '../config/index.ts';
import { createRunning, VERSION } from './index.ts';

const shape = {
  A8_URL: setting.url({ description: 'd', optional: true }),
  A8_KEY: setting.secret({ description: 'd' }),
  CANARY_KEY: setting.secret({ description: 'd' }),
};

describe('createRunning', () => {
  test('tells what is configured as the contract says, secrets as fingerprints only', () => {
    const settings = loadSettings(shape, { A8_URL: 'http://hub.example', A8_KEY: 'hush' });
    const running = createRunning({ label: 'scholar_auth', role: 'app', environment: 'staging', settings });
    const document = running();
    expect(runningSchema.parse(document)).toEqual(document);
    expect(document).toMatchObject({ label: 'scholar_auth', protocol: 'v3.5.1', missing: ['CANARY_KEY'] });
    expect(document.settings['A8_KEY']).toEqual({
      set: true,
      source: 'env',
      kind: 'secret',
      fingerprint: expect.any(String),
    });
    expect(document).toMatchObject({
      build: buildStamp(),
      config: { settings: { A8_URL: expect.any(String) } },
    });
    expect(JSON.stringify(document)).not.toContain('hush');
  });

  test('what is true now replaces what was true at the start', () => {
    const settings = loadSettings(shape, { A8_KEY_FILE: '/nowhere' });
    let endpoint: string | null = null;
    const running = createRunning({
      label: 'scholar_auth',
      role: 'forwarder',
      environment: 'staging',
      settings,
      now: () => ({
        endpoint,
        settings: { A8_KEY: { set: true, source: 'file', fingerprint: 'abcdefabcdef' } },
        missing: [],
      }),
    });
    endpoint = 'http://hub.example/events';
    expect(running()).toMatchObject({
      endpoint,
      missing: [],
      findings: [expect.stringContaining('/nowhere')],
      settings: { A8_KEY: { set: true, fingerprint: 'abcdefabcdef' } },
    });
    expect(running().settings['A8_KEY']).toMatchObject({ kind: 'secret' });
  });

  test('tells its own time at each answer, so that a wrong clock shows', () => {
    const clock = { now: () => Date.parse('2026-11-24T12:00:00.000Z') };
    const settings = loadSettings(shape, {});
    const running = createRunning({
      label: 'scholar_auth',
      role: 'app',
      environment: 'staging',
      settings,
      clock,
    });
    expect(running().now).toBe('2026-11-24T12:00:00.000Z');
    clock.now = () => Date.parse('2026-11-24T12:00:01.000Z');
    expect(running().now).toBe('2026-11-24T12:00:01.000Z');
  });

  test('the version is that of the repository', () => {
    const root = new URL('../../../package.json', import.meta.url);
    expect(VERSION).toBe((JSON.parse(readFileSync(root, 'utf8')) as { version: string }).version);
  });
});
