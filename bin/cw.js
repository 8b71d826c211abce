#!/usr/bin/env node
await import(/^[a-z]/.test(process.argv[3] ?? '') && process.argv[2] === 'hook' ? '../dist/hook.js' : '../dist/cli.js');
