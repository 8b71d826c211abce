/** Letters that look random, the same in every run. No secret stands in this file: each is put together here. */
const MIXED = 'aZ4kQ9mX2vB7nR1tL8cW5yH3dJ6fP0sGuEiOqTbK'.repeat(4);
const HEX = '9f3a1c7e5b2d8046'.repeat(4);
const UPPER = 'Q7Z2M4X9K1B5V8N3'.repeat(2);

export const mixed = (length: number) => MIXED.slice(0, length);
export const hex = (length: number) => HEX.slice(0, length);
const upper = (length: number) => UPPER.slice(0, length);

/** Tokens that are known by their looks. */
export const TOKENS: readonly [label: string, token: string][] = [
  ['anthropic-key', `sk-ant-api03-${mixed(93)}AA`],
  ['openai-key', `sk-${mixed(48)}`],
  ['openai-key', `sk-proj-${mixed(80)}`],
  ['api-key', `sk-${hex(32)}`],
  ['google-key', `AIza${mixed(35)}`],
  ['google-token', `ya29.${mixed(60)}`],
  ['aws-key', `AKIA${upper(16)}`],
  ['github-token', `ghp_${mixed(36)}`],
  ['github-token', `gho_${mixed(36)}`],
  ['github-token', `github_pat_${mixed(22)}_${mixed(59)}`],
  ['gitlab-token', `glpat-${mixed(20)}`],
  ['slack-token', `xoxb-123456789012-123456789012-${mixed(24)}`],
  ['stripe-key', `sk_live_${mixed(24)}`],
  ['npm-token', `npm_${mixed(36)}`],
  ['pypi-token', `pypi-AgEIcHlwaS5vcmc${mixed(60)}`],
  ['huggingface-token', `hf_${mixed(34)}`],
  ['sendgrid-key', `SG.${mixed(22)}.${mixed(43)}`],
  ['twilio-key', `SK${hex(32)}`],
  ['azure-secret', `abc8Q~${mixed(34)}`],
  ['digitalocean-token', `dop_v1_${hex(64)}`],
  ['jwt', `eyJhbGciOiJIUzI1NiJ9.eyJ${mixed(30)}.${mixed(43)}`],
  ['vault-token', `hvs.${mixed(90)}`],
  ['shopify-token', `shpat_${hex(32)}`],
];
