import type { Series } from './picture/shapes.ts';

export interface Sample {
  labels: Readonly<Record<string, string>>;
  value: number;
}

export interface LabelledSeries extends Pick<Series, 'points'> {
  labels: Readonly<Record<string, string>>;
}

interface Answer {
  status: string;
  error?: string;
  data: {
    result: { metric: Record<string, string>; value?: [number, string]; values?: [number, string][] }[];
  };
}

/** The query API of a Prometheus. @param base its address */
export function askPrometheus(base: string) {
  const ask = async (path: string, query: Record<string, string>): Promise<Answer['data']['result']> => {
    const response = await fetch(`${base}/api/v1/${path}?${new URLSearchParams(query)}`);
    const answer = (await response.json()) as Answer;
    if (answer.status !== 'success') throw new Error(`${query['query']}: ${answer.error}`);
    return answer.data.result;
  };
  return {
    /** At that moment, Unix seconds. @throws Error with Prometheus' complaint */
    async instant(query: string, time: number): Promise<Sample[]> {
      const result = await ask('query', { query, time: String(time) });
      return result.map(({ metric, value }) => ({ labels: metric, value: Number(value?.[1]) }));
    },
    /** @throws Error with Prometheus' complaint */
    async range(query: string, o: { from: number; to: number; stepS: number }): Promise<LabelledSeries[]> {
      const times = { start: String(o.from), end: String(o.to), step: String(o.stepS) };
      const result = await ask('query_range', { query, ...times });
      return result.map(({ metric, values = [] }) => ({
        labels: metric,
        points: values.map(([time, value]) => [time, Number(value)] as const),
      }));
    },
  };
}

export type Prometheus = ReturnType<typeof askPrometheus>;
