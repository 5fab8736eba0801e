/** By what values are divided so that round steps of them are round in their unit as well: KiB, minutes. */
export function scaleUnit(highest: number, unit: string): number {
  if (unit === 'bytes') return 1024 ** Math.max(0, Math.floor(Math.log2(Math.max(1, highest)) / 10));
  if (unit !== 's' || highest < 120) return 1;
  return highest < 7_200 ? 60 : 3_600;
}
