export type MetricDefinition =
  | { type: 'counter' | 'gauge'; help: string; labels?: readonly string[] }
  | { type: 'histogram'; help: string; labels?: readonly string[]; buckets?: readonly number[] };

/** Metrics as data: registration, documentation and the tests of both read the same table. Names are API. */
export type MetricTable = Record<string, MetricDefinition>;

/** The names of one type in a table. */
export type NamesOf<T extends MetricTable, Type extends MetricDefinition['type']> = {
  [Name in keyof T]: T[Name]['type'] extends Type ? Name : never;
}[keyof T] &
  string;

/** Keeps the literal types of a table, so that a misspelt name does not compile. Tables merge by spreading. */
export function defineMetrics<const T extends MetricTable>(table: T): T {
  return table;
}
