import { createProgram, KUBECTL_SCHOLAR, SCHOLAR } from '../program.ts';
import { VERB_REFERENCE } from '../reference.ts';
import { candidatesFor } from './candidates.ts';

const program = createProgram(SCHOLAR, () => undefined);

function values(...words: string[]): string[] {
  return candidatesFor(program, words).candidates.map(({ value }) => value);
}

test('the first word is a verb of the program, and no hidden one', () => {
  expect(values('')).toEqual(expect.arrayContaining(['audit', 'verify', 'doctor', 'completion', 'help']));
  expect(values('')).not.toContain('__complete');
  expect(values('d')).toEqual(['down', 'drill', 'doctor']);
  expect(values('help', 'ver')).toEqual(['verify', 'version']);
});

test('flags are those of the verb, without what is given already, unless it may be given again', () => {
  expect(values('verify', '--s')).toEqual(['--state', '--samples']);
  expect(values('verify', '--samples', '5', '--s')).toEqual(['--state']);
  expect(values('up', '--set', 'a.B=c', '--se')).toEqual(['--set']);
});

test.each([
  [
    ['audit', '-o', ''],
    ['table', 'json'],
  ],
  [['audit', '--output', 'j'], ['json']],
  [['audit', '--output=j'], ['--output=json']],
  [['audit', '--output', '=', 'j'], ['json']],
  [
    ['audit', '--output', '='],
    ['table', 'json'],
  ],
  [['up', '-d', '--environment', 'p'], ['production']],
  [['events', '--app', 'student'], ['student_pilot']],
  [['outbox', '--app', 'scholar_auth', 're'], ['replay']],
  [['outbox', 'list', ''], []],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
])('%j may become %j', (words, expected) => {
  expect(values(...words)).toEqual(expected);
});

test('a value that is a path is left to the shell, one that nobody can know is left alone', () => {
  expect(candidatesFor(program, ['seal', '--cert', ''])).toEqual({ candidates: [], files: true });
  expect(candidatesFor(program, ['audit', '--namespace', ''])).toEqual({ candidates: [], files: false });
  expect(candidatesFor(program, ['unheard-of', ''])).toEqual({ candidates: [], files: false });
});

test('every verb says how it ends, and nothing is described that is no verb', () => {
  const verbs = values('').filter((name) => name !== 'help');
  expect(Object.keys(VERB_REFERENCE).sort()).toEqual(verbs.sort());
});

test('as a plugin of kubectl a verb looks at a cluster where nobody says otherwise', () => {
  const target = (called: typeof SCHOLAR) =>
    createProgram(called, () => undefined)
      .commands.find((command) => command.name() === 'audit')
      ?.getOptionValue('target');
  expect([target(SCHOLAR), target(KUBECTL_SCHOLAR)]).toEqual([undefined, 'cluster']);
});
