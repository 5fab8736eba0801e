import { z } from 'zod';

/** A Prometheus as a test asks it, by its HTTP API. */
export class Prometheus {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** What is scraped now, by the labels that its series get. */
  async targets(): Promise<Target[]> {
    return (await this.#get('targets?state=active', targetsSchema)).activeTargets;
  }

  async rules(): Promise<Rule[]> {
    const { groups } = await this.#get('rules', rulesSchema);
    return groups.flatMap(({ name, rules }) => rules.map((rule) => ({ ...rule, group: name })));
  }

  /** Instant query. @returns the series with their values now. */
  async query(expression: string): Promise<Sample[]> {
    const { result } = await this.#get(`query?query=${encodeURIComponent(expression)}`, vectorSchema);
    return result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
  }

  /** @throws Error with the complaint of Prometheus. */
  async #get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    const response = await fetch(`${this.url}/api/v1/${path}`, { signal: AbortSignal.timeout(20_000) });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return z.object({ data: schema }).parse(answer).data;
  }
}

const labels = z.record(z.string(), z.string());

const targetsSchema = z.object({
  activeTargets: z.array(
    z.object({
      labels,
      scrapeUrl: z.string(),
      lastError: z.string(),
      health: z.enum(['up', 'down', 'unknown']),
    }),
  ),
});

const rulesSchema = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      rules: z.array(
        z.object({
          name: z.string(),
          type: z.enum(['alerting', 'recording']),
          query: z.string(),
          health: z.enum(['ok', 'unknown', 'err']),
          lastError: z.string().optional(),
        }),
      ),
    }),
  ),
});

const vectorSchema = z.object({
  result: z.array(z.object({ metric: labels, value: z.tuple([z.number(), z.string()]) })),
});

export type Target = z.infer<typeof targetsSchema>['activeTargets'][number];
export type Rule = z.infer<typeof rulesSchema>['groups'][number]['rules'][number] & { group: string };

export interface Sample {
  labels: Record<string, string>;
  value: number;
}
