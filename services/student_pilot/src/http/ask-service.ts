import { HEADER } from '@scholar/contract';
import { createOutage, within } from '@scholar/runtime/away';
import type { Logger } from '@scholar/runtime/log';
import type { ServiceDeps } from '@scholar/runtime/service';

/** Asks another service; undefined when it is away, slow or answers nonsense: the page then says so. */
export type AskService<Answer> = (
  body: Record<string, unknown>,
  options: { canaryToken: string | undefined },
) => Promise<Answer | undefined>;

export type AskServiceOptions<Answer> = Pick<ServiceDeps, 'fetchJson' | 'serviceTokens'> & {
  /** For the log. */
  name: string;
  url: string | undefined;
  /** The bound of the whole: the token, the request, the body. */
  timeoutMs: number;
  /** The answer, or undefined for one that makes no sense. */
  parse: (body: unknown) => Answer | undefined;
  log: Logger;
};

/**
 * POST with our service token. A canary token is passed on, and opens the other service by itself where scholar_auth
 * gives no token just now.
 */
export function createAskService<Answer>(options: AskServiceOptions<Answer>): AskService<Answer> {
  const { name, url, timeoutMs, parse } = options;
  const outage = createOutage(options.log, name);

  async function ask(body: unknown, canaryToken: string | undefined, signal: AbortSignal): Promise<Answer> {
    if (url === undefined) throw new Error(`the address of ${name} is not set`);
    const response = await options.fetchJson.post(url, {
      json: body,
      headers: await headersFor(options.serviceTokens, canaryToken),
      timeout: { request: timeoutMs },
      signal,
    });
    const answer = parse(response.body);
    if (answer === undefined) throw new Error(`the answer of ${name} makes no sense`);
    return answer;
  }

  return async (body, { canaryToken }) => {
    try {
      const answer = await within(timeoutMs, (signal) => ask(body, canaryToken, signal));
      outage.over();
      return answer;
    } catch (err) {
      outage.noticed(err);
      return undefined;
    }
  };
}

/** What opens another service to us, and the canary token where there is one. */
export async function headersFor(
  tokens: ServiceDeps['serviceTokens'],
  canaryToken: string | undefined,
): Promise<Record<string, string>> {
  const canary = canaryToken ? { [HEADER.canary]: canaryToken } : {};
  return { ...(await authorization(tokens, canaryToken)), ...canary };
}

async function authorization(
  tokens: ServiceDeps['serviceTokens'],
  canaryToken: string | undefined,
): Promise<Record<string, string>> {
  try {
    return { [HEADER.authorization]: `Bearer ${await tokens.get()}` };
  } catch (error) {
    if (canaryToken === undefined) throw error;
    return {};
  }
}
