#!/usr/bin/env node
// kubectl asks what is called so in the PATH for the completions of `kubectl scholar …`.
import { start } from './start.js';

await start('kubectl-main.js', ['__complete', '--', ...process.argv.slice(2)]);
