import { GOAL_IDS } from '../only.ts';
import { GOALS } from './goals/index.ts';
import { select } from './plan.ts';

test('a goal is measured with what it needs and nothing else', () => {
  const { goals, cells, contestants, growth, idle, whole } = select('g5, G16');
  expect(goals.map(({ id }) => id)).toEqual(['G5', 'G16']);
  expect(cells.map(({ name, contestants: of }) => [name, of])).toEqual([
    ['accept', ['forwarder', 'lmdb', 'sqlite']],
  ]);
  expect(contestants).toEqual(new Set(['forwarder', 'lmdb', 'sqlite']));
  expect({ growth, idle, whole }).toEqual({ growth: false, idle: false, whole: false });
  expect(select('g12')).toMatchObject({ cells: [], idle: true, growth: false });
});

test('without a choice everything is measured, every contestant of every cell among it', () => {
  const { goals, cells, growth, idle, whole } = select(undefined);
  expect(goals).toEqual(GOALS);
  expect({ growth, idle, whole }).toEqual({ growth: true, idle: true, whole: true });
  expect(cells.map(({ name, contestants }) => `${name} ${contestants.length}`)).toEqual([
    'accept 6',
    'alone 1',
    'paced 1',
    'through 2',
  ]);
});

test('an unknown goal is refused with those that are known', () => {
  expect(() => select('g5,g99')).toThrow('ONLY=G99: known are G1, G2');
});

test('the goals are those that make bench knows by name', () => {
  expect(GOALS.map(({ id }) => id)).toEqual(GOAL_IDS.outbox);
});
