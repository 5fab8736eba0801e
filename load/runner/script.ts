import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { initOnly, type Run, whileLoading } from './context.ts';

/** What a script exports. */
export type Script = Readonly<Record<string, unknown>>;
export type ScriptFunction = (data: unknown) => unknown;

/** Modules of k6 by the name that a script imports. */
const MODULES: Readonly<Record<string, string>> = {
  k6: './modules/k6.ts',
  'k6/http': './modules/http.ts',
  'k6/metrics': './modules/metrics.ts',
  'k6/execution': './modules/execution.ts',
  'k6/data': './modules/data.ts',
};

/** In the address of each module of a script: a VU has modules of its own, and so shares no variable with another. */
const VU = 'vu';

/** Leads `k6` and what begins with it to our modules, and keeps the modules of VUs apart. Once a process. */
export function provideModules(): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'k6' || specifier.startsWith('k6/')) {
        const module = MODULES[specifier];
        if (module === undefined)
          throw new Error(
            `${specifier} is not among the modules that this runner has: ${Object.keys(MODULES).join(', ')}`,
          );
        return { url: new URL(module, import.meta.url).href, shortCircuit: true };
      }
      const found = next(specifier, context);
      const vu = vuOf(context.parentURL);
      return vu === undefined || !isOfScript(found.url)
        ? found
        : { ...found, url: addressFor(found.url, vu) };
    },
  });
}

/** Loads the script anew, as k6 does for each VU. @throws whatever its top throws */
export function loadScript(run: Run, path: string, vu: number): Promise<Script> {
  return whileLoading(run, () => import(addressFor(pathToFileURL(resolve(path)).href, String(vu))));
}

/** `__ENV` and `open`, which k6 gives to every script. */
export function provideGlobals(path: string, env: Readonly<Record<string, string>>): void {
  const folder = dirname(resolve(path));
  const open = (file: string, mode?: string): string | ArrayBuffer => {
    initOnly(`open('${file}')`);
    const bytes = readFileSync(resolve(folder, file));
    return mode === 'b' ? new Uint8Array(bytes).buffer : bytes.toString();
  };
  Object.assign(globalThis, { __ENV: { ...env }, open });
}

function vuOf(parent: string | undefined): string | undefined {
  return parent === undefined ? undefined : (new URL(parent).searchParams.get(VU) ?? undefined);
}

function addressFor(address: string, vu: string): string {
  const url = new URL(address);
  url.searchParams.set(VU, vu);
  return url.href;
}

const isOfScript = (address: string): boolean =>
  address.startsWith('file:') && !fileURLToPath(address).includes('/node_modules/');
