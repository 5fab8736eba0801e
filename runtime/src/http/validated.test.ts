import { z } from 'zod';
import { HttpProblem, validated } from './index.ts';

const schema = z.strictObject({ password: z.string('a password') });

function refusal(value: unknown): unknown {
  try {
    return validated(schema, value);
  } catch (error) {
    return error instanceof HttpProblem ? { detail: error.detail, ...error.fields } : error;
  }
}

test('a refusal says where and what was expected, and repeats nothing that came: no value, and no key that is unknown', () => {
  const said = JSON.stringify(refusal({ password: 4_242, 'jane@example.org': 1 }));
  expect(said).toContain('/password');
  expect(said).toContain('a password');
  expect(said).toContain('no keys but the documented ones');
  expect(said).not.toMatch(/4242|jane/);
});
