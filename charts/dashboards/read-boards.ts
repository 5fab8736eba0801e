import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DASHBOARDS } from './all.ts';

export interface TargetJson {
  refId: string;
  expr: string;
  legendFormat?: string;
  instant?: boolean;
  datasource?: { uid?: string };
}

export interface PanelJson {
  id?: number;
  type: string;
  title?: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { uid?: string };
  targets?: TargetJson[];
  fieldConfig?: {
    defaults: {
      unit?: string;
      max?: number;
      thresholds?: { steps: { value: number | null; color: string }[] };
      mappings?: { options: Record<string, { text: string; color: string }> }[];
    };
    overrides?: {
      matcher: { id: string; options?: unknown };
      properties: { id: string; value: { fixedColor?: string } }[];
    }[];
  };
  transformations?: { id: string; options: Record<string, string> }[];
}

export interface VariableJson {
  name: string;
  type: string;
  query?: unknown;
  datasource?: { uid?: string };
  refresh?: number;
  multi?: boolean;
  includeAll?: boolean;
  allValue?: string;
}

/** The parts of a dashboard that its rules and its picture are about. */
export interface BoardJson {
  uid?: string;
  title: string;
  editable?: boolean;
  templating?: { list: VariableJson[] };
  panels: PanelJson[];
}

/** The dashboards as they are committed, and not as they would be generated now. */
export function committedBoards(): { chart: string; name: string; text: string; board: BoardJson }[] {
  return DASHBOARDS.map(({ chart, name }) => {
    const text = readFileSync(join(import.meta.dirname, '..', chart, 'dashboards', `${name}.json`), 'utf8');
    return { chart, name, text, board: JSON.parse(text) };
  });
}

/** Panels that show something: a row is a heading only. */
export const shownPanels = ({ panels }: BoardJson): PanelJson[] =>
  panels.filter(({ type }) => type !== 'row');
