import type { Subject } from '../rig.ts';
import { pageMaker } from './auto-page-maker.ts';
import { register } from './provider-register.ts';
import { auth } from './scholar-auth.ts';
import { agent } from './scholarship-agent.ts';
import { api } from './scholarship-api.ts';
import { sage } from './scholarship-sage.ts';
import { pilot } from './student-pilot.ts';

/** A1 to A7, and what is asked of each. */
export const SUBJECTS: readonly Subject[] = [auth, api, agent, sage, pilot, register, pageMaker];
