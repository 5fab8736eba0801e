import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const shared = (chart: string) =>
  readFileSync(join(import.meta.dirname, '..', chart, 'templates', '_shared.tpl'), 'utf8');

test('the helpers that the charts share are equal byte for byte', () => {
  expect(shared('hub')).toBe(shared('service'));
  expect(shared('operator')).toBe(shared('service'));
  expect(shared('scholar')).toBe(shared('service'));
});
