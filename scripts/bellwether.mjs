#!/usr/bin/env node
// `bellwether …` from anywhere: the command line through the same set-up as `npm start`.
process.argv.splice(2, 0, 'bellwether');
await import('./run.mjs');
