import { writeDocument } from '../write-document.ts';
import { renderSections } from './render.ts';
import { type MatchingResult, RESULT } from './result.ts';

writeDocument<MatchingResult>({ document: 'docs/MATCHING.md', result: RESULT, render: renderSections });
