import { type Answer, exchange } from './send.ts';

/** A page as a browser asks for it. */
export function getPage(url: string, cookie = ''): Promise<Answer> {
  return exchange(url, { method: 'GET', headers: { accept: 'text/html', cookie } });
}

/** A form as a browser sends it. */
export function postForm(
  url: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const form = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
  const body = Buffer.from(new URLSearchParams(fields).toString());
  return exchange(url, { method: 'POST', headers: { ...form, ...headers }, body });
}

/** As a browser signs in: the form first, then its token and the cookie that came with it. */
export async function signIn(
  hubUrl: string,
  key: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const form = await getPage(`${hubUrl}/`);
  return postForm(`${hubUrl}/session`, { key, csrf: tokenOf(form) }, { cookie: cookieOf(form), ...headers });
}

export const textOf = (answer: Answer): string => String(answer.body['text']);

/** The token of the form on a page; empty where it has none. */
export const tokenOf = (answer: Answer): string =>
  /name="csrf" value="([^"]+)"/.exec(textOf(answer))?.[1] ?? '';

/** The first cookie that an answer sets, with its attributes; empty where it sets none. */
export const setCookieOf = (answer: Answer): string =>
  String((answer.headers['set-cookie'] as string[] | undefined)?.[0] ?? '');

/** The same as a browser sends it back. */
export const cookieOf = (answer: Answer): string => setCookieOf(answer).split(';', 1)[0] ?? '';
