import { createHash } from 'node:crypto';
import type { ScholarshipInput } from '../catalogue/scholarship.ts';
import { AUDIENCES, FIELDS, FOUNDERS, KINDS, REGIONS } from './vocabulary.ts';

export type SampleScholarship = ScholarshipInput & { id: string };

const DAY_MS = 86_400_000;
const DEGREE_SETS: readonly ScholarshipInput['degree_levels'][] = [
  ['high-school', 'bachelor'],
  ['bachelor'],
  ['bachelor', 'master'],
  ['master', 'doctorate'],
  ['associate', 'vocational'],
  [],
];
const CITIZENSHIP_SETS: readonly string[][] = [
  [],
  [],
  ['US'],
  ['US', 'CA'],
  ['US', 'MX'],
  ['IN', 'NG', 'BR'],
];

/**
 * Sample scholarships, invented from a vocabulary: the same count gives the same scholarships, ids and order on every
 * machine; only the deadlines follow `nowMs`, so that they lie ahead when a trial begins (20 days to 14 months).
 */
export function generateScholarships(count: number, nowMs: number): SampleScholarship[] {
  return Array.from({ length: count }, (_, index) => sampleScholarship(index, nowMs));
}

function sampleScholarship(index: number, nowMs: number): SampleScholarship {
  const dice = diceFor(index);
  // Every field comes equally often, whatever the count.
  const field = FIELDS[index % FIELDS.length] ?? dice.pick(FIELDS);
  const audience = dice.pick(AUDIENCES);
  const regions = dice.chance(0.45) ? [dice.pick(REGIONS)] : [];
  const topic = dice.pick(field.topics);
  const amount = dice.pick([500, 1000, 1500, 2000, 2500, 4000, 5000, 7500, 10_000, 20_000]);
  const minGpa = audience.text.includes('excellent')
    ? 3.6
    : dice.chance(0.4)
      ? dice.pick([2.5, 2.8, 3.0, 3.2, 3.5])
      : null;
  const where = regions[0] === undefined ? 'anywhere in the country' : `in ${regions[0].name}`;
  return {
    id: dice.uuid(),
    title: `${dice.pick(FOUNDERS)} ${field.name} ${dice.pick(KINDS)}${regions[0] ? ` of ${regions[0].name}` : ''}`,
    description:
      `Supports ${audience.text} who study ${field.name.toLowerCase()} ${where}, ` +
      `with a special interest in ${topic}. Applicants send a transcript and one letter of recommendation. ` +
      `Sample data: this scholarship is invented.`,
    url: `https://scholarships.example/${field.id}/${index + 1}`,
    status: 'published',
    degree_levels: dice.pick(DEGREE_SETS),
    fields_of_study: dice.chance(0.15)
      ? []
      : [field.id, ...(dice.chance(0.2) ? [dice.pick(FIELDS).id] : [])].filter(once),
    regions: regions.map((region) => region.id),
    citizenships: dice.pick(CITIZENSHIP_SETS),
    min_gpa: minGpa,
    max_income_band: audience.incomeBand ?? null,
    min_age: audience.minAge ?? null,
    max_age: audience.maxAge ?? null,
    amount_cents: amount * 100,
    currency: 'USD',
    deadline: dice.chance(0.1) ? null : isoDay(nowMs + (20 + dice.below(400)) * DAY_MS),
  };
}

type Dice = {
  below(limit: number): number;
  pick<T>(items: readonly T[]): T;
  chance(probability: number): boolean;
  uuid(): string;
};

/** Random numbers that depend on the index alone: SHA-256 of index and a running counter. */
function diceFor(index: number): Dice {
  let throws = 0;
  const digest = (): Buffer => createHash('sha256').update(`scholar sample ${index} ${throws++}`).digest();
  const below = (limit: number): number => digest().readUInt32BE(0) % limit;
  return {
    below,
    pick(items) {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('cannot pick from an empty list');
      return item;
    },
    chance: (probability) => below(1000) < probability * 1000,
    uuid() {
      const bytes = digest().subarray(0, 16);
      bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
      bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
      return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    },
  };
}

function once<T>(value: T, index: number, all: readonly T[]): boolean {
  return all.indexOf(value) === index;
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
