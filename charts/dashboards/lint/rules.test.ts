import { readPromql } from '../../promql/read-promql.ts';
import { type BoardJson, committedBoards } from '../read-boards.ts';
import { RULES } from './rules.ts';

const boards = committedBoards();

describe.each(Object.keys(RULES))('%s', (rule) => {
  test.each(boards.map(({ board }) => [board.title, board] as const))('holds for %s', (_title, board) => {
    expect(RULES[rule]?.(board)).toEqual([]);
  });
});

/** A committed dashboard with one thing wrong. */
function spoilt(change: (board: BoardJson) => void): BoardJson {
  const board = JSON.parse(boards.find(({ name }) => name === 'forwarders')?.text ?? '') as BoardJson;
  change(board);
  return board;
}

const panel = (board: BoardJson, type: string) => {
  const found = board.panels.find((each) => each.type === type);
  if (found === undefined) throw new Error(`no ${type}`);
  return found;
};

const withExpr = (expr: string) => (board: BoardJson) => {
  panel(board, 'timeseries').targets = [{ refId: 'A', expr }];
};

const SPOILT: [string, (board: BoardJson) => void][] = [
  ['template-datasource-rule', (board) => board.templating?.list.reverse()],
  ['template-job-rule', (board) => board.templating?.list.splice(1, 1)],
  ['template-label-promql-rule', (board) => Object.assign(board.templating?.list[1] ?? {}, { query: 'a b' })],
  [
    'template-on-time-change-reload-rule',
    (board) => Object.assign(board.templating?.list[1] ?? {}, { refresh: 1 }),
  ],
  ['panel-datasource-rule', (board) => Object.assign(panel(board, 'stat'), { datasource: { uid: 'abc' } })],
  [
    'panel-title-description-rule',
    (board) => Object.assign(panel(board, 'stat'), { description: 'A figure.' }),
  ],
  ['panel-units-rule', (board) => Object.assign(panel(board, 'stat'), { fieldConfig: { defaults: {} } })],
  ['target-promql-rule', withExpr('sum(rate(')],
  ['target-rate-interval-rule', withExpr('rate(forwarder_dead_total{namespace=~"$namespace"}[5m])')],
  ['target-job-rule', withExpr('sum(forwarder_queue_depth)')],
  ['target-counter-agg-rule', withExpr('sum(forwarder_dead_total{namespace=~"$namespace"})')],
  ['uneditable-dashboard', (board) => Object.assign(board, { editable: true })],
  ['stable-uid', (board) => Object.assign(board, { uid: undefined })],
];

test.each(SPOILT)('%s sees what is wrong', (rule, change) => {
  expect(RULES[rule]?.(spoilt(change))).not.toEqual([]);
});

test('every rule is tried with something wrong', () => {
  expect(SPOILT.map(([rule]) => rule)).toEqual(Object.keys(RULES));
});

test('a selector is read with its labels, its window and the function around it', () => {
  const [first, second] = readPromql(
    'sum(rate(a_total{namespace=~"$namespace", le="0.15"}[$__rate_interval])) / max(b_seconds)',
  );
  expect(first).toEqual({
    ...{ metric: 'a_total', of: 'rate', window: '$__rate_interval' },
    matchers: { namespace: '=~$namespace', le: '=0.15' },
  });
  expect(second).toEqual({ metric: 'b_seconds', matchers: {}, of: 'max', window: undefined });
});

test('uids are each dashboard its own, and every file is far below what a ConfigMap holds', () => {
  expect(new Set(boards.map(({ board }) => board.uid)).size).toBe(boards.length);
  for (const { text } of boards) expect(Buffer.byteLength(text)).toBeLessThan(256 * 1024);
});

test('every panel has an id of its own, by which links find it', () => {
  for (const { board } of boards) {
    const ids = board.panels.map(({ id }) => id);
    expect(ids).toEqual(ids.map((_, index) => index + 1));
  }
});
