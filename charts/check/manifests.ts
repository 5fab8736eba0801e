/** Facts about rendered manifests, as text: the order and the layout are Helm's, so lines are enough. */

/** `Kind/name` of every object, sorted. */
export function objectNames(manifest: string): string[] {
  return documents(manifest)
    .map((document) => {
      const kind = /^kind: (\S+)$/m.exec(document)?.[1];
      const name = /^metadata:\s*(?:\{ ?name: ([^,}\s]+)|\n(?: {2,}.*\n)*? {2}name: (\S+))/m.exec(document);
      if (kind === undefined || name === null)
        throw new Error(`an object without kind or name:\n${document.slice(0, 200)}`);
      return `${kind}/${name[1] ?? name[2]}`;
    })
    .sort();
}

/** The objects in an order of their own, without the data of Secrets, which is random where it is generated. */
export function withoutRandom(manifest: string): string {
  return documents(manifest)
    .filter((document) => !/^kind: Secret$/m.test(document))
    .sort()
    .join('---\n');
}

/** The objects whose API is in `served`, and the APIs of the others. */
export function byApi(
  manifest: string,
  served: ReadonlySet<string>,
): { known: string; unknown: ReadonlySet<string> } {
  const unknown = new Set<string>();
  const known = documents(manifest).filter((document) => {
    const api = /^apiVersion: (\S+)$/m.exec(document)?.[1] ?? '';
    if (!served.has(api)) unknown.add(api);
    return served.has(api);
  });
  return { known: known.join('---\n'), unknown };
}

function documents(manifest: string): string[] {
  return manifest
    .split(/^---\n/m)
    .map((document) => `${document.replace(/^#.*\n/gm, '').trimEnd()}\n`)
    .filter((document) => document.trim() !== '');
}
