export interface Filling {
  /** Seconds, as Grafana chooses it: four scrapes at least. */
  rateIntervalS: number;
  /** Seconds that are looked at. */
  rangeS: number;
  /** What was chosen of each variable; All is `.*`. */
  values: Readonly<Record<string, string>>;
}

/** Pure: an expression as Grafana sends it. @throws Error when a variable has no value */
export function filled(expr: string, { rateIntervalS, rangeS, values }: Filling): string {
  const all: Record<string, string> = {
    ...values,
    __rate_interval: `${rateIntervalS}s`,
    __range: `${rangeS}s`,
  };
  return expr.replace(
    /\$(\w+)|\$\{(\w+)\}/g,
    (whole, bare: string | undefined, braced: string | undefined) => {
      const value = all[bare ?? braced ?? ''];
      if (value === undefined) throw new Error(`${whole} has no value in ${expr}`);
      return value;
    },
  );
}
