/** How much a name says about its value: `secret` surely names one, `password` even a number under it. */
export type NameKind = 'password' | 'secret' | 'credential' | 'cookie';

interface NamedSecret {
  readonly kind: NameKind;
  readonly label: string;
}

const PASSWORDS = new Set(['password', 'passwd', 'passphrase', 'passcode', 'pwd', 'pass']);
const SECRETS = new Set([
  'secret',
  'token',
  'apikey',
  'apitoken',
  'credential',
  'credentials',
  'authtoken',
  'accesstoken',
  'secretkey',
  'privatekey',
  'accesskey',
  'clientsecret',
]);
/** `api_key` is one; `key`, `primary_key` and `cache_key` are not. */
const KEYS = new Set([
  'api',
  'access',
  'secret',
  'private',
  'account',
  'signing',
  'encryption',
  'master',
  'auth',
  'service',
  'shared',
  'subscription',
  'storage',
  'license',
  'app',
  'deploy',
  'role',
  'anon',
  'admin',
  'publish',
  'gpg',
  'ssh',
  'jwt',
  'hmac',
  'aes',
  'rsa',
]);
/** Tokens that open no door. */
const HARMLESS_TOKENS = new Set([
  'page',
  'next',
  'previous',
  'prev',
  'continuation',
  'cancellation',
  'cancel',
  'max',
  'min',
  'eos',
  'bos',
  'pad',
  'unk',
  'mask',
  'special',
  'stop',
  'syntax',
  'per',
  'each',
  'last',
  'first',
  'input',
  'output',
]);
/** What may follow the word that counts: `SECRET_KEY_BASE`, `TOKEN_PROD`, `password2`. */
const TRAILERS = new Set([
  'base',
  'prod',
  'production',
  'dev',
  'development',
  'test',
  'staging',
  'live',
  'old',
  'new',
  'default',
  'value',
  'v1',
  'v2',
  'v3',
  'primary',
  'secondary',
  'hex',
  'base64',
  'b64',
  'root',
  'admin',
  'main',
  'backup',
]);
/** Only a name that can be long is looked at; identifiers are not longer. */
export const MAX_NAME = 64;

/** What kind of secret a key or variable of this name holds, if any. Names in any case and with any separators. */
export function secretNamed(name: string): NamedSecret | undefined {
  if (name.length > MAX_NAME || !SMELL.test(name)) return undefined;
  let known = knownNames.get(name);
  if (known === undefined) {
    if (knownNames.size >= MAX_KNOWN) knownNames.clear();
    known = judge(name) ?? null;
    knownNames.set(name, known);
  }
  return known ?? undefined;
}

/** A text has few names, each many times. */
const knownNames = new Map<string, NamedSecret | null>();
const MAX_KNOWN = 500;

function judge(name: string): NamedSecret | undefined {
  const words = wordsOf(name);
  while (words.length > 1 && isTrailer(words.at(-1) ?? '')) words.pop();
  const last = (words.at(-1) ?? '').replace(/\d+$/, '');
  const previous = words.at(-2);
  if (last === 'authorization') return { kind: 'credential', label: 'authorization' };
  if (last === 'cookie' && (previous === undefined || previous === 'set')) return { kind: 'cookie', label: 'cookie' };
  if (PASSWORDS.has(last)) {
    // PWD is where the shell stands; `pass` alone counts tests.
    const common = last === 'pwd' || last === 'pass';
    if (common && previous === undefined && (last === 'pass' || name === 'PWD')) return undefined;
    if (last === 'pwd' && previous === 'old') return undefined;
    return { kind: 'password', label: 'password' };
  }
  if (last === 'token' && previous !== undefined && HARMLESS_TOKENS.has(previous)) return undefined;
  if (SECRETS.has(last)) return { kind: 'secret', label: labelOf(last) };
  if (last === 'key' && previous !== undefined && KEYS.has(previous)) return { kind: 'secret', label: 'api-key' };
  if (last === 'auth' && (name.startsWith('_') || /[A-Z]_?AUTH$/.test(name)))
    return { kind: 'secret', label: 'secret' };
  return undefined;
}

/** Most names are none of it: one look saves the rest. */
const SMELL = /pass|pwd|secret|token|key|credential|auth|cookie/i;

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

function isTrailer(word: string): boolean {
  return TRAILERS.has(word) || /^\d+$/.test(word);
}

function labelOf(word: string): string {
  if (word.endsWith('token')) return 'token';
  return word.endsWith('key') ? 'api-key' : 'secret';
}
