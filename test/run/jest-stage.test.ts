import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scholar-stage-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a stage over files of JavaScript tests, as `make test` does, in a process of its own. */
function stage(tests: Record<string, string>, { again }: { again: boolean }) {
  for (const [name, text] of Object.entries(tests)) writeFileSync(join(folder, name), text);
  const how = ['--config', '{}', '--rootDir', folder, '--runInBand'];
  const program = `
    import { finish, runStage } from ${JSON.stringify(join(import.meta.dirname, 'jest-stage.ts'))};
    const how = ${JSON.stringify(how)};
    finish(await runStage({ args: how, how, ${again ? 'again: async () => process.env' : ''} }));`;
  // This run's own Jest must not be seen by the one inside.
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const args = ['--input-type=module', '--eval', program];
  const ran = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  return { code: ran.status, lines: ran.stdout.trim().split('\n'), stderr: ran.stderr };
}

const GOOD = `test('is good', () => {}); test.skip('is left out', () => {});`;
const BAD = `test('is good', () => {}); test('is bad', () => { throw new Error('why it is bad'); });`;
const FLAKY = `
const { existsSync, writeFileSync } = require('node:fs');
test('is good the second time', () => {
  const been = __dirname + '/been';
  if (existsSync(been)) return;
  writeFileSync(been, '');
  throw new Error('why it was bad');
});`;

test('the last line counts, and the exit code says whether anything failed', () => {
  const good = stage({ 'good.test.js': GOOD }, { again: true });
  expect([good.code, good.lines]).toEqual([0, ['1 passed, 0 failed, 1 skipped']]);
  const bad = stage({ 'bad.test.js': BAD, 'good.test.js': GOOD }, { again: false });
  expect([bad.code, bad.lines]).toEqual([1, ['2 passed, 1 failed, 1 skipped']]);
});

test('a file that passes the second time has passed; it is named as flaky, and why it failed stays to be read', () => {
  const { code, lines, stderr } = stage({ 'flaky.test.js': FLAKY, 'good.test.js': GOOD }, { again: true });
  expect(lines.at(-1)).toBe('2 passed, 0 failed, 1 skipped');
  expect(code).toBe(0);
  expect(lines.join('\n')).toMatch(/^!!! flaky: .*flaky\.test\.js$/mu);
  expect(stderr).toContain('why it was bad');
});

test('a file that fails twice has failed, and only it is run again', () => {
  const { code, lines, stderr } = stage({ 'bad.test.js': BAD, 'good.test.js': GOOD }, { again: true });
  expect([code, lines.at(-1)]).toEqual([1, '2 passed, 1 failed, 1 skipped']);
  expect(lines.join('\n')).toMatch(/^failed twice: .*bad\.test\.js$/mu);
  expect(stderr.match(/PASS .*good\.test\.js/gu)).toHaveLength(1);
});

test('a file that cannot be loaded counts as one failure, and a run without any test has not passed', () => {
  const broken = stage({ 'broken.test.js': `require('./not-there');` }, { again: true });
  expect([broken.code, broken.lines.at(-1)]).toEqual([1, '0 passed, 1 failed, 0 skipped']);
  rmSync(join(folder, 'broken.test.js'));
  expect(stage({}, { again: true })).toMatchObject({ code: 1, lines: ['0 passed, 0 failed, 0 skipped'] });
});
