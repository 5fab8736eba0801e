import { judgeAccountAnswer } from './judge-answer.ts';

const userId = '3f8a2c1e-7d1b-4c55-9a51-0f1f2a3b4c5d';

describe('what an answer of scholar_auth means for a lead', () => {
  test.each([200, 201])('%i with a user id links the lead', (status) => {
    const answer = { kind: 'answer' as const, status, body: { user_id: userId, created: status === 201 } };
    expect(judgeAccountAnswer(answer)).toEqual({ kind: 'linked', userId });
  });

  test('a refusal of the content is final and keeps its code', () => {
    const answer = { kind: 'answer' as const, status: 422, body: { code: 'validation_failed' } };
    expect(judgeAccountAnswer(answer)).toEqual({ kind: 'refused', problem: 'validation_failed' });
  });

  test.each([401, 403, 404, 409, 429, 500, 503])('%i is tried again', (status) => {
    const answer = { kind: 'answer' as const, status, body: { code: 'x' } };
    expect(judgeAccountAnswer(answer)).toEqual({ kind: 'retry', problem: `status ${status}` });
  });

  test('a proxy that answers 200 or 422 with something else is tried again', () => {
    for (const status of [200, 422]) {
      expect(judgeAccountAnswer({ kind: 'answer', status, body: '<html>' }).kind).toBe('retry');
    }
  });

  test('no answer is tried again and says why', () => {
    expect(judgeAccountAnswer({ kind: 'silence', reason: 'ECONNREFUSED' })).toEqual({
      kind: 'retry',
      problem: 'ECONNREFUSED',
    });
  });
});
