import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { unlessAway } from '@scholar/runtime/away';
import {
  type Express,
  HttpProblem,
  type Request,
  type RequestHandler,
  type Response,
} from '@scholar/runtime/http';
import { textOf, visitorOf } from '@scholar/runtime/sign-in';
import type { Pool } from 'pg';
import { showPage } from '../pages/show-page.ts';
import { findProviderOf } from '../providers/provider-store.ts';
import type { Answer, Catalogue, OwnScholarship, Scholarship, ScholarshipInput } from './catalogue-api.ts';
import { countListings, listingsLeft } from './listings.ts';
import { CATALOGUE_AWAY, formPage, listPage, NOT_SAVED, OUTDATED, SAVED_BEFORE, type Said } from './pages.ts';
import { EMPTY_FORM, readForm, type ScholarshipForm, toForm } from './scholarship-form.ts';

type Deps = { catalogue: Catalogue; pool: Pool; fromHere: RequestHandler; onlyProviders: RequestHandler };

const SAID: Readonly<Record<string, Said>> = {
  saved: { kind: 'good', text: 'Saved.' },
  published: { kind: 'good', text: 'Published: students can find it now.' },
  unpaid: {
    kind: 'bad',
    text: 'The draft is saved. Publishing it needs a paid listing, and you have none left: pay for a listing under Payments, then publish.',
  },
  unpublished: {
    kind: 'bad',
    text: 'The draft is saved, but it could not be published just now: please try again in a moment.',
  },
  ended: { kind: 'good', text: 'Ended: nobody finds it any more.' },
  deleted: { kind: 'good', text: 'The draft is deleted.' },
};

/**
 * The scholarships of who is signed in, as pages: GET /scholarships (list), /scholarships/new and /scholarships/:id
 * (forms); POST /scholarships, /scholarships/:id (`intent=publish` publishes), /scholarships/:id/end and
 * /scholarships/:id/delete, each 303 when it worked and its page again, with what was typed, when it did not.
 */
export function scholarshipRoutes(app: Express, deps: Deps): void {
  const { catalogue, fromHere, onlyProviders } = deps;

  app.get('/scholarships', onlyProviders, async (request, response) => {
    const answer = await catalogue.mine(tokenOf(response));
    const scholarships = answer.kind === 'ok' ? answer.value : undefined;
    const left = scholarships && (await leftOf(deps, response, scholarships));
    const said = scholarships ? saidBy(request) : CATALOGUE_AWAY;
    const body = listPage({ scholarships, left, said });
    showPage(response, { title: 'Your scholarships', path: '/scholarships', body });
  });

  app.get('/scholarships/new', onlyProviders, (_request, response) => {
    showForm(response, { scholarship: undefined, key: randomUUID(), form: EMPTY_FORM, said: undefined });
  });

  app.get('/scholarships/:id', onlyProviders, async (request, response) => {
    const answer = await own(deps, request, response);
    if (answer.kind === 'ok')
      showForm(response, { scholarship: answer.value, form: toForm(answer.value), said: saidBy(request) });
    else showAway(response);
  });

  app.post('/scholarships', onlyProviders, fromHere, async (request, response) => {
    await save(deps, { request, response, before: undefined });
  });

  app.post('/scholarships/:id', onlyProviders, fromHere, async (request, response) => {
    const before = await own(deps, request, response);
    if (before.kind === 'ok') await save(deps, { request, response, before: before.value });
    else {
      const scholarship = { ...ofPath(request), status: undefined };
      showForm(response, { scholarship, form: readForm(request.body).form, said: NOT_SAVED });
    }
  });

  app.post('/scholarships/:id/end', onlyProviders, fromHere, async (request, response) => {
    const { id } = ofPath(request);
    const ended = await catalogue.change(
      tokenOf(response),
      { id, revision: undefined },
      { status: 'expired' },
    );
    finish(response, ended, `/scholarships/${id}?ended=1`);
  });

  app.post('/scholarships/:id/delete', onlyProviders, fromHere, async (request, response) => {
    const deleted = await catalogue.remove(tokenOf(response), ofPath(request).id);
    finish(response, deleted, '/scholarships?deleted=1');
  });
}

type Save = { request: Request; response: Response; before: Scholarship | undefined };

async function save(deps: Deps, { request, response, before }: Save): Promise<void> {
  const { input, form } = readForm(request.body);
  const key = keyOf(request);
  const again = (shown: {
    said?: Said;
    errors?: ScholarshipForm['errors'];
    status: number;
    revision?: number;
  }) => {
    const { said, errors = form.errors, status, revision = revisionOf(request) } = shown;
    const scholarship = before && { ...before, revision };
    showForm(response, { scholarship, key, form: { ...form, errors }, said, status });
  };
  if (input === undefined) return again({ status: 422 });
  const publish = textOf(request.body, 'intent') === 'publish' && before?.status !== 'published';
  const token = tokenOf(response);
  // What was public may come back; what was not is saved first, and then published as what was paid allows.
  const comesBack = publish && before?.status === 'expired';
  const saved = before
    ? await deps.catalogue.change(
        token,
        { id: before.id, revision: revisionOf(request) },
        { ...input, ...(comesBack ? { status: 'published' } : {}) },
      )
    : await deps.catalogue.create(token, key, input);
  if (saved.kind === 'refused') return again({ errors: saved.errors, status: 422 });
  if (saved.kind === 'gone') throw gone();
  if (saved.kind === 'outdated') return again({ said: OUTDATED, status: 409, revision: saved.revision });
  if (saved.kind !== 'ok') return again({ said: NOT_SAVED, status: 200 });
  // Made by this form before, and otherwise: nobody's words are replaced unseen.
  if (!before && !says(saved.value, input))
    return showForm(response, { scholarship: saved.value, form, said: SAVED_BEFORE, status: 409 });
  if (publish && saved.value.status === 'draft')
    return publishDraft(deps, { response, draft: saved.value, form });
  const outcome = publish && saved.value.status === 'published' ? 'published' : 'saved';
  response.redirect(303, `/scholarships/${saved.value.id}?${outcome}=1`);
}

/** Whether a scholarship is as a form says it. */
function says(scholarship: Scholarship, input: ScholarshipInput): boolean {
  const names = Object.keys(input) as (keyof ScholarshipInput)[];
  return names.every((name) => isDeepStrictEqual(scholarship[name], input[name]));
}

/** Publishes what has just been saved; whatever comes of it, it stays saved. */
async function publishDraft(
  deps: Deps,
  { response, draft, form }: { response: Response; draft: Scholarship; form: ScholarshipForm },
): Promise<void> {
  const owner = subjectOf(response);
  const paid = await unlessAway(() => listingsOf(deps, owner));
  const published: Answer<Scholarship> = paid
    ? await deps.catalogue.publish(draft, { owner, ...paid })
    : { kind: 'unavailable' };
  if (published.kind === 'refused') {
    const errors = { ...published.errors, '': NOT_PUBLISHED };
    return showForm(response, {
      scholarship: draft,
      form: { ...form, errors },
      said: undefined,
      status: 422,
    });
  }
  const outcome = published.kind === 'unpaid' ? 'unpaid' : 'unpublished';
  response.redirect(303, `/scholarships/${draft.id}?${published.kind === 'ok' ? 'published' : outcome}=1`);
}

const NOT_PUBLISHED =
  'The draft is saved, but it cannot be published like this: please look at what is marked below.';

/** How many may still be published; undefined while our database is away. */
async function leftOf(
  deps: Deps,
  response: Response,
  scholarships: readonly OwnScholarship[],
): Promise<number | undefined> {
  const paid = await unlessAway(() => listingsOf(deps, subjectOf(response)));
  return paid && listingsLeft(paid.listings, scholarships);
}

/** What an account has paid for and not got back. */
async function listingsOf({ pool }: Deps, subject: string): Promise<{ listings: number }> {
  const provider = await findProviderOf(pool, subject);
  return { listings: provider ? await countListings(pool, provider.id) : 0 };
}

/** Read out of the list: a look at the public page would be counted as one. */
async function own(deps: Deps, request: Request, response: Response): Promise<Answer<Scholarship>> {
  const answer = await deps.catalogue.mine(tokenOf(response));
  if (answer.kind !== 'ok') return answer.kind === 'unavailable' ? answer : { kind: 'unavailable' };
  const value = answer.value.find(({ id }) => id === request.params['id']);
  if (value === undefined) throw gone();
  return { kind: 'ok', value };
}

function finish(response: Response, answer: Answer<unknown>, place: string): void {
  if (answer.kind === 'ok') response.redirect(303, place);
  else if (answer.kind === 'gone') throw gone();
  else if (answer.kind === 'unavailable') showAway(response);
  // Its state is another by now: the page tells which.
  else response.redirect(303, '/scholarships');
}

function showForm(response: Response, page: Parameters<typeof formPage>[0] & { status?: number }): void {
  const { status = 200, ...shown } = page;
  showPage(response, { title: 'Scholarship', path: '/scholarships', body: formPage(shown), status });
}

function showAway(response: Response): void {
  const body = listPage({ scholarships: undefined, left: undefined, said: CATALOGUE_AWAY });
  showPage(response, { title: 'Your scholarships', path: '/scholarships', body });
}

function ofPath(request: Request): { id: string } {
  const id = String(request.params['id']);
  if (!/^[0-9a-f-]{36}$/.test(id)) throw gone();
  return { id };
}

function saidBy({ query }: Request): Said | undefined {
  const name = Object.keys(SAID).find((each) => query[each] === '1');
  return name === undefined ? undefined : SAID[name];
}

/** What a form for a new scholarship is known by, however often it is sent. */
function keyOf(request: Request): string {
  const text = textOf(request.body, 'key');
  return /^[0-9a-f-]{36}$/.test(text) ? text : randomUUID();
}

/** The revision that a form was made of. */
function revisionOf(request: Request): number | undefined {
  const text = textOf(request.body, 'revision');
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The token that `onlyProviders` has seen. */
function tokenOf(response: Response): string {
  return visitorOf(response).accessToken ?? '';
}

function subjectOf(response: Response): string {
  return visitorOf(response).principal?.subject ?? '';
}

function gone(): HttpProblem {
  return new HttpProblem({ status: 404, code: 'not_found', detail: 'You have no such scholarship.' });
}
