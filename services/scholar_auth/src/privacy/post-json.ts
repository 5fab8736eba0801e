import { HEADER } from '@scholar/contract';
import type { ServiceDeps } from '@scholar/runtime/service';
import type { PostJson } from './parties.ts';

/** {@link PostJson} by the client that all services share. */
export function postJson(fetchJson: ServiceDeps['fetchJson']): PostJson {
  return async (url, { json, bearer, timeoutMs }) => {
    const { statusCode, body } = await fetchJson.post(url, {
      json,
      headers: { [HEADER.authorization]: `Bearer ${bearer}` },
      timeout: { request: timeoutMs },
      throwHttpErrors: false,
    });
    return { status: statusCode, body };
  };
}
