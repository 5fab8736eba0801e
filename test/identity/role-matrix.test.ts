import { APP_LABELS } from '@scholar/contract';
import { expected, MATRIX, type Verdict } from './matrix.ts';
import { headersOf, PRINCIPALS, type Who } from './principals.ts';
import { START, type Subject } from './subjects.ts';

const SOME_ID = '3f8a2c1e-7d1b-4c55-9a51-0f1f2a3b4c5d';

/** Sends an empty request of this kind and says whether it was looked at. */
async function ask({ harness, ...known }: Subject, route: string, who: Who): Promise<Verdict> {
  const [method = '', path = ''] = route.split(' ');
  const response = await harness.fetch(path.replaceAll(/:\w+/g, SOME_ID), {
    method,
    headers: {
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
      ...(await headersOf(who, known)),
    },
    ...(method === 'GET' ? {} : { body: '{}' }),
  });
  await response.arrayBuffer();
  if (response.status === 401 || response.status === 403) return response.status;
  return response.headers.get('location')?.startsWith('/login') ? 'sign in' : 'in';
}

describe.each(APP_LABELS)('%s', (label) => {
  let subject: Subject;

  beforeAll(async () => {
    subject = await START[label]();
  });
  afterAll(() => subject.harness.stop());

  test('has a line in the table for each of its routes, and no line more', () => {
    // Less the files that pages are made of: there is nothing in them.
    const routes = subject.routes.filter((route) => !route.startsWith('GET /assets/'));
    expect(routes.toSorted()).toEqual(Object.keys(MATRIX[label]).toSorted());
  });

  test('lets in whom the table lets in, and refuses everybody else as it says', async () => {
    const told: string[] = [];
    const found: string[] = [];
    for (const [route, rule] of Object.entries(MATRIX[label])) {
      const verdicts = await Promise.all(PRINCIPALS.map((who) => ask(subject, route, who)));
      told.push(...PRINCIPALS.map((who) => `${route} by ${who}: ${expected(rule, who)}`));
      found.push(...PRINCIPALS.map((who, i) => `${route} by ${who}: ${verdicts[i]}`));
    }
    expect(found).toEqual(told);
  });
});
