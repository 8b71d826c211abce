import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactText } from '../../../src/domain/privacy/redact-text.js';
import { hex, mixed, TOKENS } from './secret-samples.js';

const PEM = `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n${`${mixed(64)}\n`.repeat(6)}${mixed(20)}==\n-----END RSA PRIVATE KEY-----`;

/** `§` stands for the secret. */
const PLACES: readonly [label: string, text: string, secret: string][] = [
  ['password', 'DB_PASSWORD=§', 'hunter2&x;y'],
  ['password', 'export DB_PASSWORD=§\nPORT=5432', 'abc'],
  ['password', '     12\tDB_PASSWORD=§\n', 'correct-horse'],
  ['api-key', 'API_KEY="§"', 'with blanks in it'],
  ['token', "+GH_TOKEN='§'", 'abcdef'],
  ['token', '{"env":"A=1\\nMY_TOKEN=§\\nB=2"}', 'abcdef123'],
  ['api-key', 'SECRET_KEY_BASE=§', hex(64)],
  ['api-key', 'aws_secret_access_key = §', `${mixed(20)}/${mixed(19)}`],
  ['password', 'db:\n  password: §\n  host: x', 'letmein'],
  ['password', 'password: "§"', 'pa ss, word'],
  ['password', '{"password":"§","user":"me"}', 'a\\"b'],
  ['password', '{\\"password\\":\\"§\\",\\"user\\":\\"me\\"}', 'abc'],
  ['password', '{"password": §}', '12345678'],
  ['api-key', "const apiKey = '§';", 'abc-123-def'],
  ['secret', 'const clientSecret: string = "§";', 'abc-123-def'],
  ['token', 'config["auth_token"] = "§"', 'abc-123-def'],
  ['api-key', "'private_key' => '§',", 'abc-123-def'],
  ['token', '//registry.npmjs.org/:_authToken=§', 'abcdef-123456'],
  ['password', '- name: DB_PASSWORD\n  value: §\n', 'hunter22x'],
  ['token', 'https://x.example/a?access_token=§&page=2', 'abc123def'],
  ['password', 'Server=x;Password=§;Database=y', 'ab,c12'],
  ['api-key', 'AccountName=x;AccountKey=§;EndpointSuffix=y', `${mixed(86)}==`],
  ['password', "curl -d 'user=x&password=§&z=1' https://x", 'abc123'],
  ['password', 'mysql --password=§ -h x', 'ab,cd12'],
  ['cli-secret', 'tool --token § --verbose', 'abcdef'],
  ['cli-secret', 'curl -u me:§ https://x', 'hunter2'],
  ['url-password', 'postgres://me:§@db:5432/x', 'p@ss:w0rd'],
  ['url-password', 'git clone https://x-access-token:§@example.com/a.git', 'abcdef'],
  ['url-password', 'redis://:§@cache:6379', 'abc'],
  ['authorization', 'Authorization: Bearer §', 'abc.def.ghi1'],
  ['authorization', "curl -H 'Authorization: Basic §' https://x", 'bWU6aHVudGVyMg=='],
  ['authorization', '{"authorization":"Token §"}', 'abcdef'],
  ['authorization', 'Proxy-Authorization: Digest §\nHost: x', 'username="me", response="abc"'],
  ['cookie', 'Cookie: §\nHost: x', 'sid=abc; theme=dark'],
  ['cookie', 'Set-Cookie: §', 'sid=abc; HttpOnly'],
  ['api-key', 'X-Api-Key: §', 'abc-123-def'],
  ['bearer-token', 'sent bearer §', mixed(24)],
  ['private-key', '§', PEM],
  ['private-key', '{"key":"§"}', PEM.replaceAll('\n', '\\n')],
  ['private-key', '§', PEM.slice(0, 200)],
  ['private-key', '§', `-----BEGIN OPENSSH PRIVATE KEY-----\n${mixed(70)}\n${mixed(7)}`],
  ['private-key', 'last lines:\n\t§', PEM.slice(-150)],
  ['high-entropy', 'WEBHOOK=§', mixed(40)],
  ['high-entropy', '"setting": "§"', mixed(43)],
];

const LINES_THAT_STAY = [
  `commit ${hex(40)}`,
  `"sha": "${hex(40)}"`,
  'id: 3f2b8c1e-9d47-4a6b-8e15-0c7d2f9a1b3e',
  `"integrity": "sha512-${mixed(86)}==",`,
  `integrity sha512-${mixed(86)}==`,
  `golang.org/x/text v0.3.0 h1:${mixed(43)}=`,
  `<img src="data:image/png;base64,iVBORw0KGgo${mixed(120)}">`,
  `//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjoz${mixed(120)}`,
  `"tool_use_id":"toolu_01${mixed(22)}"`,
  'import { tokenOf, type Password } from "./auth/token.js";',
  "import password from '../secrets/password.js';",
  'const token = await readToken(file);',
  'function check(token: string, password?: string): boolean {',
  'this.password = password;',
  'if (token === null || token == undefined) return;',
  'password: z.string().min(8),',
  'export type Secret = { token: string; password: string | undefined };',
  'token: Token,',
  'e.token=t,n.password=e.value,r={secret:a.b,token:n}',
  'var t=e.apiKey,n=function(token){return token.length>2}',
  'const apiKey = process.env.API_KEY;',
  'API_KEY=${API_KEY}',
  'password: ${{ secrets.DB_PASSWORD }}',
  'PASSWORD=<your-password>',
  'headers: { authorization: `Bearer ${token}` },',
  'Authorization: Bearer $TOKEN',
  'maxTokens: 4096, "input_tokens": 1234, nextPageToken: "CAoQAA"',
  'Tests: pass: 12, fail: 0',
  'PWD=/home/me/project',
  'primaryKey: "userId"',
  'class="sk-folding-cube task-sk-123"',
  'pull git@github.com:me/project.git, http://127.0.0.1:37700/health, https://example.com/a:b@2x.png',
  '/home/me/project/src/domain/privacy/secret-values.ts:12:3',
  '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----',
  'getModeForResolutionAtIndex: getModeForResolutionAtIndex2,',
  'logger.warn("Invalid token: ", name);',
  'bearer authentication of the request is described below',
  'the password is asked for; see Cookie: in the specification',
];

describe('secrets', () => {
  it.each(TOKENS)('of a known format go wherever they stand: %s %s', (label, token) => {
    const marker = `[redacted:${label}]`;
    for (const [before, after] of [
      ['', ''],
      ['found "', '"'],
      ['{\\"a\\":\\"', '\\"}'],
      ['line\\n', '\\nline'],
      ['(', ').'],
    ]) {
      expect(redactText(`${before}${token}${after}`)).toBe(`${before}${marker}${after}`);
    }
  });

  it.each(PLACES)('go where a name or a form tells of them: %s in %j', (label, text, secret) => {
    expect(redactText(text.replace('§', () => secret))).toBe(text.replace('§', `[redacted:${label}]`));
  });

  it('go together with the key id before them', () => {
    expect(redactText(`AKIAQ7Z2M4X9K1B5V8N3,${mixed(40)}\n`)).toBe('[redacted:aws-key]\n');
  });

  it.each(LINES_THAT_STAY)('are not seen in %j', (line) => {
    expect(redactText(line)).toBe(line);
    expect(redactText(`before\n  ${line}\nafter`)).toBe(`before\n  ${line}\nafter`);
  });

  it('are seen beside a marker as they would be the next time', () => {
    const once = redactText(`${PEM}TOKEN=password`);
    expect(once).toBe('[redacted:private-key]TOKEN=[redacted:token]');
    expect(redactText(once)).toBe(once);
  });

  it('are replaced once: a second time changes nothing', () => {
    const words = [
      'password',
      'TOKEN',
      'api_key',
      'Authorization',
      'Cookie',
      'value',
      'name',
      'Bearer',
      'Basic',
      'export ',
      'const ',
    ];
    const signs = [
      '=',
      ':',
      ': ',
      '://',
      '"',
      "'",
      '\\"',
      '\\',
      '\n',
      '\\n',
      ' ',
      ',',
      ';',
      '&',
      '?',
      '@',
      '[',
      ']',
      '{',
      '$',
      '(',
      '<',
      '-',
      '.',
      '|',
    ];
    const secrets = [
      'hunter2',
      mixed(30),
      hex(40),
      `ghp_${mixed(36)}`,
      `sk-${mixed(30)}`,
      PEM,
      '-----BEGIN PRIVATE KEY-----',
      '-----END PRIVATE KEY-----',
      'abc8Q~',
      '[redacted:token]',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words, ...signs, ...signs, ...secrets), { maxLength: 30 }), (parts) => {
        const once = redactText(parts.join(''));
        expect(redactText(once)).toBe(once);
      }),
      { numRuns: 5_000 },
    );
  });

  it('of a known format never survive, whatever stands around them', () => {
    const token = `ghp_${mixed(36)}`;
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.string({ maxLength: 30 }), (before, after) => {
        expect(redactText(before + token + after)).not.toContain(token);
      }),
    );
  });
});
