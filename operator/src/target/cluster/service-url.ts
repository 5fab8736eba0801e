import type { Installed } from './installed.ts';
import { HUB, POD_PORT } from './names.ts';
import { serviceAddress } from './service-address.ts';

/** Pure: the address of a Service within its namespace; its port is the one called http, else its first. */
export function serviceUrl({ services }: Pick<Installed, 'services'>, name: string): string {
  const ports = services.find(({ metadata }) => metadata?.name === name)?.spec?.ports ?? [];
  const port = ports.find((each) => each.name === 'http') ?? ports[0];
  return `http://${name}:${port?.port ?? POD_PORT.public}`;
}

/**
 * Pure: A8's address in the form that the forwarders are given, so that `http://auto-com-center.scholar.svc:8080` is not
 * taken for another place than `http://auto-com-center:8080`.
 */
export function hubAddress(
  installed: Pick<Installed, 'services' | 'namespace'>,
  given: readonly string[],
): string {
  const right = given.find((url) => serviceAddress(url, installed.namespace)?.service === HUB);
  return right ?? serviceUrl(installed, HUB);
}
