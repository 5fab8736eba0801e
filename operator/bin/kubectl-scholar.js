#!/usr/bin/env node
// kubectl runs what is called kubectl-scholar in the PATH for `kubectl scholar …`.
import { start } from './start.js';

await start('kubectl-main.js', process.argv.slice(2));
