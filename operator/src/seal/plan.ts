import { HUB_LABEL, keyFingerprint, ringEntry } from '@scholar/contract';
import { UsageError } from '../target/local/overrides.ts';
import { type Cell, cellPath } from './cell.ts';
import { type Grant, wantedGrants } from './grants.ts';

/** What is known in plain text of a key in A8's ring: enough to rotate and revoke it, too little to use it. */
export interface RingRecord {
  /** Its file in the ring is `<id>.json`. */
  id: string;
  /** Whose key it is: a label, `read`, `operations` or `staging-all`. */
  name: string;
  /** Public (contract, "Keys"): the same that `scholar audit` shows of the running processes. */
  fingerprint: string;
  /** When it was made, ISO-8601. */
  since: string;
  /** True for the key that its owner gets; false for an older one that A8 still accepts. */
  current: boolean;
}

/** What a sealed file of before tells without being opened. */
export interface Sealed {
  /** Paths of the cells that hold ciphertext. */
  cells: ReadonlySet<string>;
  ring: readonly RingRecord[];
}

export interface SealRequest {
  before: Sealed;
  /** Values by grant id; they replace what is there. */
  given: Readonly<Record<string, string>>;
  /** Names of ring keys that get a new key beside the old one, or ids of other random values that are replaced. */
  rotate: readonly string[];
  /** Names of ring keys whose older key is taken out of the ring. */
  revoke: readonly string[];
  /** True where one key for all labels is wanted. */
  stagingKey: boolean;
  random: () => string;
  /** ISO-8601. */
  now: string;
}

export interface SealPlan {
  /** What has to be encrypted. */
  seal: { cell: Cell; value: string }[];
  /** Paths of cells that go. */
  drop: string[];
  ring: RingRecord[];
  /** Ids of the grants whose value is new, whose ciphertext stays, and that nobody gave. */
  made: string[];
  kept: string[];
  missing: string[];
  /** Ids of ring entries that go. */
  revoked: string[];
}

/**
 * Pure: from what is there to what is wanted. What is complete and not named is kept as it is, because ciphertext
 * cannot be read back; what is incomplete is made anew in all its places.
 * @throws UsageError for a name that is unknown, and for a step of a rotation out of turn.
 */
export function planSeal(request: SealRequest): SealPlan {
  const grants = wantedGrants(request.stagingKey);
  const rotated = grantsNamed(grants, request.rotate, '--rotate');
  const revoked = grantsNamed(grants, request.revoke, '--revoke');
  const unknown = Object.keys(request.given).filter((id) => !grants.some((grant) => grant.id === id));
  if (unknown.length > 0)
    throw new UsageError(`${unknown.join(', ')}: no such value. Known: ${idsOf(grants).join(', ')}.`);
  for (const grant of rotated) assertRotatable(grant, request, revoked.includes(grant));
  const gone = revoked.map((grant) => olderKey(grant, request.before.ring));
  const plan: SealPlan = {
    seal: [],
    drop: gone.map(({ id }) => cellPath(ringCell(id))),
    ring: request.before.ring.filter((record) => !gone.includes(record)),
    made: [],
    kept: [],
    missing: [],
    revoked: gone.map(({ id }) => id),
  };
  for (const grant of grants) addGrant(plan, grant, request, rotated.includes(grant));
  return plan;
}

function addGrant(plan: SealPlan, grant: Grant, request: SealRequest, rotate: boolean): void {
  const { before, given } = request;
  const own = given[grant.id];
  if (own === undefined && !rotate && isComplete(grant, before)) {
    plan.kept.push(grant.id);
    return;
  }
  const value = own ?? (grant.source === 'random' ? request.random() : undefined);
  if (value === undefined) {
    if (!grant.optional) plan.missing.push(grant.id);
    return;
  }
  plan.made.push(grant.id);
  for (const cell of grant.holds) plan.seal.push({ cell, value });
  for (const { cell, from } of grant.derives) plan.seal.push({ cell, value: from(value) });
  if (grant.ring !== undefined) addRingKey(plan, grant.ring, value, request.now);
}

/** The new key goes beside the old: A8 must accept both until the last process has noticed. */
function addRingKey(plan: SealPlan, ring: NonNullable<Grant['ring']>, key: string, since: string): void {
  const { name, labels, role } = ring;
  const fingerprint = keyFingerprint(key);
  const id = `${name}-${fingerprint}`;
  const others = plan.ring
    .filter((record) => record.id !== id)
    .map((record) => (record.name === name ? { ...record, current: false } : record));
  plan.ring = [...others, { id, name, fingerprint, since, current: true }];
  plan.seal.push({ cell: ringCell(id), value: JSON.stringify(ringEntry(key, { labels, role })) });
}

export function ringCell(id: string): Cell {
  return { owner: HUB_LABEL, part: 'keys', key: `${id}.json` };
}

function isComplete({ holds, derives, ring }: Grant, before: Sealed): boolean {
  const places = [...holds, ...derives.map(({ cell }) => cell)];
  if (!places.every((cell) => before.cells.has(cellPath(cell)))) return false;
  if (ring === undefined) return true;
  const record = before.ring.find(({ name, current }) => name === ring.name && current);
  return record !== undefined && before.cells.has(cellPath(ringCell(record.id)));
}

/** A ring key by its name (`scholar_auth`, `read`) or id, everything else by its id. */
function grantsNamed(grants: readonly Grant[], names: readonly string[], flag: string): Grant[] {
  return names.map((name) => {
    const found = grants.find(({ id, ring }) => id === name || ring?.name === name);
    if (found !== undefined) return found;
    const known = grants
      .filter(({ source, lasting }) => source === 'random' && lasting === undefined)
      .map(({ id, ring }) => ring?.name ?? id);
    throw new UsageError(`${flag}: there is no ${name}. Known: ${known.join(', ')}.`);
  });
}

function assertRotatable(grant: Grant, { before, given }: SealRequest, alsoRevoked: boolean): void {
  if (grant.source === 'given')
    throw new UsageError(`--rotate: ${grant.id} is not made here. Give its new value instead.`);
  if (given[grant.id] !== undefined)
    throw new UsageError(`--rotate: a value of ${grant.id} is given, too. Keep one of the two.`);
  if (grant.lasting !== undefined)
    throw new UsageError(`--rotate: without the present ${grant.id} ${grant.lasting}`);
  if (grant.ring === undefined) return;
  const { name } = grant.ring;
  const valid = before.ring.filter((record) => record.name === name);
  if (alsoRevoked)
    throw new UsageError(`${name}: rotate first, and revoke when every process has the new key.`);
  if (valid.length === 0) throw new UsageError(`--rotate: ${name} has no key yet. Seal without it.`);
  if (valid.length > 1)
    throw new UsageError(`--rotate: two keys of ${name} are valid already. Finish with --revoke ${name}.`);
}

function olderKey({ id, ring }: Grant, records: readonly RingRecord[]): RingRecord {
  if (ring === undefined)
    throw new UsageError(`--revoke: ${id} is no key of A8's ring; --rotate ${id} replaces it at once.`);
  const older = records.find(({ name, current }) => name === ring.name && !current);
  if (older === undefined)
    throw new UsageError(
      `--revoke: ${ring.name} has one valid key, and without it nobody gets in. --rotate ${ring.name} first.`,
    );
  return older;
}

function idsOf(grants: readonly Grant[]): string[] {
  return grants.map(({ id }) => id);
}
