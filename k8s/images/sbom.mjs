// node sbom.mjs LIST FOLDER: of what npm says it has installed (CycloneDX), what lies in FOLDER/node_modules. npm can leave
// development out itself (`--omit=dev`), but then also leaves out packages that both need. Fails when a package lies there
// that the list does not know.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `name@version` of every package under a node_modules, nested ones and our own, which are links, among them. */
export function packagesIn(modules) {
  return readdirSync(modules).flatMap((name) => {
    const path = join(modules, name);
    if (name.startsWith('@')) return packagesIn(path);
    if (name.startsWith('.') || !existsSync(join(path, 'package.json'))) return [];
    const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    const nested = join(path, 'node_modules');
    return [`${manifest.name}@${manifest.version}`, ...(existsSync(nested) ? packagesIn(nested) : [])];
  });
}

/** @returns the list with only these packages in it. @throws Error when one of them is not in it. */
export function narrowed(list, packages) {
  const there = new Set(packages);
  const components = list.components.filter((component) => there.has(component['bom-ref']));
  const known = new Set(components.map((component) => component['bom-ref']));
  const unknown = [...there].filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`in the image and not in its list of parts: ${unknown.join(' ')}`);
  const root = list.metadata.component['bom-ref'];
  const dependencies = list.dependencies
    .filter(({ ref }) => known.has(ref) || ref === root)
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((name) => known.has(name)) }));
  return { ...list, components, dependencies };
}

if (process.argv[1] === import.meta.filename) {
  const [, , list, folder] = process.argv;
  const told = narrowed(JSON.parse(readFileSync(list, 'utf8')), packagesIn(join(folder, 'node_modules')));
  process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
}
