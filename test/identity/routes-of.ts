import type { SettingsShape } from '@scholar/runtime/config';
import type { MetricTable } from '@scholar/runtime/metrics';
import type { ServiceSpec } from '@scholar/runtime/service';
import { createServiceHarness, type HarnessOptions, type ServiceHarness } from '@scholar/runtime/testing';

/** What Express knows of a registered route. */
type Layer = { route?: { path: string | string[]; methods?: Record<string, boolean> } };

/** A running service and every route that it registered, as `METHOD /path`. */
export async function startWithRoutes<S extends SettingsShape, M extends MetricTable>(
  spec: ServiceSpec<S, M>,
  options: HarnessOptions,
): Promise<{ harness: ServiceHarness; routes: string[] }> {
  let routes: string[] = [];
  const harness = await createServiceHarness<S, M>(
    {
      ...spec,
      build(deps) {
        const built = spec.build(deps);
        return {
          ...built,
          app(app) {
            built.app(app);
            routes = (app.router.stack as unknown as Layer[]).flatMap(named);
          },
        };
      },
    },
    options,
  );
  return { harness, routes: [...new Set(routes)] };
}

function named({ route }: Layer): string[] {
  if (!route) return [];
  const methods = Object.keys(route.methods ?? {}).map((method) => method.toUpperCase());
  return [route.path].flat().flatMap((path) => methods.map((method) => `${method} ${path}`));
}
