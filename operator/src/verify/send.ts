import type { Ask, Question } from '../gather/http-client.ts';

/** @returns the status, and a sentence when it is not a success. */
export async function send(
  ask: Ask,
  question: Question,
): Promise<{ status: number | null; refused: string | undefined; body: string }> {
  const path = new URL(question.url).pathname;
  const name = `${question.method ?? 'GET'} ${path}`;
  try {
    const { status, body } = await ask(question);
    const refused = status >= 200 && status < 400 ? undefined : `${name} answered ${status}${codeOf(body)}`;
    return { status, refused, body };
  } catch (cause) {
    const reason =
      (cause as { code?: string }).code ?? (cause instanceof Error ? cause.message : String(cause));
    return { status: null, refused: `${name} got no answer (${reason})`, body: '' };
  }
}

function codeOf(body: string): string {
  const code = /"code"\s*:\s*"([a-z_]+)"/u.exec(body)?.[1];
  return code === undefined ? '' : ` (${code})`;
}
