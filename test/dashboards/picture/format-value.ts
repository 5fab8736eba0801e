const SECONDS: readonly (readonly [number, string, number])[] = [
  [86_400, 'd', 86_400],
  [3_600, 'h', 3_600],
  [60, 'min', 60],
  [1, 's', 1],
  [1e-3, 'ms', 1e-3],
  [0, 'µs', 1e-6],
];

const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** As Grafana shows a value of that unit: `s`, `bytes`, `percentunit`, `ops`, or a bare number. */
export function formatValue(value: number, unit: string): string {
  if (!Number.isFinite(value)) return '–';
  if (unit === 's') return seconds(value);
  if (unit === 'bytes') return bytes(value);
  if (unit === 'percentunit') return `${short(value * 100)} %`;
  if (unit === 'ops') return `${short(value)}/s`;
  return short(value);
}

function seconds(value: number): string {
  if (value === 0) return '0 s';
  const [, name, size] = SECONDS.find(([from]) => Math.abs(value) >= from) ?? [0, 's', 1];
  return `${short(value / size)} ${name}`;
}

function bytes(value: number): string {
  const power = Math.min(BYTES.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, value)) / 10)));
  return `${short(value / 1024 ** power)} ${BYTES[power]}`;
}

/** Three digits that mean something. */
function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${short(value / 1e6)}M`;
  if (size >= 1e4) return `${short(value / 1e3)}k`;
  return String(Number(value.toPrecision(size >= 100 ? 4 : 3)));
}
