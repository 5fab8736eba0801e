import { g1 } from './g1.ts';
import { g2 } from './g2.ts';
import { g3 } from './g3.ts';
import { g4 } from './g4.ts';
import { g5 } from './g5.ts';
import { g6 } from './g6.ts';
import { g12 } from './g12.ts';
import { g14 } from './g14.ts';
import { g15 } from './g15.ts';
import { g16 } from './g16.ts';
import { g17 } from './g17.ts';
import { g18 } from './g18.ts';
import type { Goal } from './goal.ts';

export const GOALS: readonly Goal[] = [g1, g2, g3, g4, g5, g6, g12, g14, g15, g16, g17, g18];
