/**
 * What taking out private parts and secrets costs, in CPU time: ordinary texts (goal: 50 MB/s), texts made to be slow
 * (goal: 1 MB under 100 ms), and 16 MB capped to 64 kB, which must stay far under the 50 ms that the loop may be blocked.
 *
 *     npx tsx tests/bench/privacy.bench.ts
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { prepareText } from '../../src/domain/privacy/prepare-text.js';
import { stripPrivate } from '../../src/domain/privacy/private-parts.js';
import { redactText } from '../../src/domain/privacy/redact-text.js';

const MB = 1_000_000;
const ROUNDS = 5;

const ordinary: Record<string, string> = {
  lockfile: readFileSync('package-lock.json', 'utf8'),
  // Of the sources alone: the tests are full of secrets, and a text with secrets is read twice.
  'git log -p': execFileSync('git', ['log', '-p', '-20', '--', 'src'], { encoding: 'utf8', maxBuffer: 1_000 * MB }),
  source: readFileSync('src/infrastructure/sqlite/migrator.ts', 'utf8'),
  minified: readFileSync('node_modules/esbuild/lib/main.js', 'utf8'),
};
const slow = [
  ...[
    '=',
    ':',
    'a=',
    'token=',
    'token: ',
    'token="',
    'token=f(',
    'token="$',
    'password:\\\\"$',
    'password=${',
    '[token]=',
    '?token=&',
  ],
  ...[
    'key=value=',
    'name: value: ',
    'A_KEY=',
    '\\nA_KEY=',
    '://',
    '://a:',
    '://a@',
    'sk-',
    'sk-a',
    'eyJaaaaaaaaa.',
    'Bearer a',
  ],
  ...[
    '-u a:',
    '--token ',
    'Authorization: ',
    'Cookie: a=b \\',
    'PRIVATE KEY',
    '-----BEGIN PRIVATE KEY-----',
    'AAAA\n-----END PRIVATE KEY-----',
  ],
  ...[
    'Q~',
    'A',
    ' ',
    '\\',
    '"',
    '<private',
    '</private',
    '\\u003cprivate>',
    '<pri<private>x</private>vate>',
    '<private></private>',
  ],
];

for (const [name, text] of Object.entries(ordinary)) {
  const long = fill(text, 4 * MB);
  console.log(`${name.padEnd(12)} ${(4_000 / cpuMs(() => redactText(long))).toFixed(0).padStart(5)} MB/s`);
}
const times = slow.map((piece) => {
  const text = fill(piece, MB);
  return { piece, ms: cpuMs(() => redactText(text)) + cpuMs(() => stripPrivate(text)) };
});
times.sort((a, b) => b.ms - a.ms);
console.log('1 MB that is made to be slow, the worst five:');
for (const { piece, ms } of times.slice(0, 5))
  console.log(`  ${JSON.stringify(piece).padEnd(28)} ${ms.toFixed(0).padStart(4)} ms`);
const big = fill(ordinary['git log -p'] ?? '', 16 * MB);
console.log(`16 MB, capped to 64 kB: ${cpuMs(() => prepareText(big, 65_536)).toFixed(1)} ms`);

/** `text` again and again, as one flat string: what comes off a socket is one. */
function fill(text: string, length: number): string {
  return Buffer.from(text.repeat(Math.ceil(length / text.length)).slice(0, length), 'latin1').toString('latin1');
}

/** The best of some rounds, in milliseconds of this process alone: other work on the machine does not count. */
function cpuMs(work: () => unknown): number {
  work();
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    work();
    best = Math.min(best, process.cpuUsage(before).user / 1_000);
  }
  return best;
}
