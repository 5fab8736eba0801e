#!/usr/bin/env node
import { start } from './start.js';

await start('main.js', process.argv.slice(2));
