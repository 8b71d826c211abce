/**
 * One kind of secret that can be known by its looks. `prefixes` are its first three or more characters (a scan for them
 * is what makes the search fast); `pattern` is then tried at that place. A rule that is not `sure` must not follow a
 * letter or digit, because its prefix is also the end of words (`task-…`). A pattern's first group stays. Patterns have no upper bound, so that no half
 * is left, and low lower bounds, so that a token which something else cut short is still found.
 */
export interface TokenRule {
  readonly label: string;
  readonly prefixes: readonly string[];
  readonly pattern: string;
  readonly sure?: boolean;
}

const withHexDigit = (prefix: string) => Array.from({ length: 16 }, (_, digit) => prefix + digit.toString(16));

/** From the providers' own documentation of their formats. */
export const TOKEN_RULES: readonly TokenRule[] = [
  { label: 'anthropic-key', prefixes: ['sk-ant-'], pattern: 'sk-ant-[\\w-]{8,}', sure: true },
  // OpenAI and those that copied its format. A digit and a capital tell it from a CSS class such as `sk-folding-cube`.
  { label: 'openai-key', prefixes: ['sk-'], pattern: 'sk-(?=[A-Za-z_-]{0,32}\\d)(?=[a-z0-9_-]{0,32}[A-Z])[\\w-]{20,}' },
  { label: 'api-key', prefixes: ['sk-'], pattern: 'sk-(?:or-v1-)?[a-f0-9]{32,}' },
  { label: 'google-key', prefixes: ['AIza'], pattern: 'AIza[\\w-]{30,}', sure: true },
  { label: 'google-token', prefixes: ['ya29.'], pattern: 'ya29\\.[\\w-]{16,}', sure: true },
  { label: 'google-secret', prefixes: ['GOCSPX-'], pattern: 'GOCSPX-[\\w-]{12,}', sure: true },
  // With the secret key that follows it in a credentials file in CSV.
  {
    label: 'aws-key',
    prefixes: ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    pattern:
      'A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}(?![A-Za-z0-9+/=])(?:[\\s,:|"\']{1,4}[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+]))?',
  },
  {
    label: 'github-token',
    prefixes: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    pattern: 'gh[pousr]_[A-Za-z0-9]{16,}',
    sure: true,
  },
  { label: 'github-token', prefixes: ['github_pat_'], pattern: 'github_pat_\\w{16,}', sure: true },
  {
    label: 'gitlab-token',
    prefixes: ['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glft-', 'glsoat-', 'glimt-', 'glagent-', 'gloas-'],
    pattern: 'gl(?:pat|dt|rt|cbt|ptt|ft|soat|imt|agent|oas)-[\\w.-]{16,}',
    sure: true,
  },
  { label: 'gitlab-token', prefixes: ['GR1348941'], pattern: 'GR1348941[\\w-]{12,}', sure: true },
  {
    label: 'slack-token',
    prefixes: ['xoxa-', 'xoxb-', 'xoxe-', 'xoxe.', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-', 'xapp-'],
    pattern: 'x(?:ox[abeoprs][.-]|app-)[\\w.-]{10,}',
    sure: true,
  },
  {
    label: 'webhook-url',
    prefixes: ['hooks.slack.com/'],
    pattern: 'hooks\\.slack\\.com/(?:services|workflows|triggers)/[\\w/]{12,}',
    sure: true,
  },
  {
    label: 'webhook-url',
    prefixes: ['discord.com/', 'discordapp.com/'],
    pattern: 'discord(?:app)?\\.com/api/webhooks/\\d{1,30}/[\\w-]{12,}',
    sure: true,
  },
  {
    label: 'stripe-key',
    prefixes: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'],
    pattern: '[sr]k_(?:live|test)_[A-Za-z0-9]{8,}',
    sure: true,
  },
  { label: 'stripe-key', prefixes: ['whsec_'], pattern: 'whsec_[A-Za-z0-9+/]{16,}=*', sure: true },
  { label: 'npm-token', prefixes: ['npm_'], pattern: 'npm_[A-Za-z0-9]{24,}' },
  { label: 'pypi-token', prefixes: ['pypi-Ag'], pattern: 'pypi-Ag[\\w-]{24,}', sure: true },
  { label: 'huggingface-token', prefixes: ['hf_'], pattern: 'hf_[A-Za-z0-9]{20,}' },
  { label: 'huggingface-token', prefixes: ['api_org_'], pattern: 'api_org_[A-Za-z0-9]{20,}' },
  { label: 'sendgrid-key', prefixes: ['SG.'], pattern: 'SG\\.[\\w-]{12,}\\.[\\w-]{12,}' },
  { label: 'twilio-key', prefixes: withHexDigit('SK'), pattern: 'SK[0-9a-f]{32}(?![0-9A-Za-z])' },
  { label: 'twilio-key', prefixes: withHexDigit('AC'), pattern: 'AC[0-9a-f]{32}(?![0-9A-Za-z])' },
  {
    label: 'digitalocean-token',
    prefixes: ['dop_v1_', 'doo_v1_', 'dor_v1_'],
    pattern: 'do[opr]_v1_[a-f0-9]{20,}',
    sure: true,
  },
  // Three parts, or the first two when the rest was cut off.
  { label: 'jwt', prefixes: ['eyJ'], pattern: 'eyJ[\\w-]{8,}\\.[\\w-]{8,}(?:\\.[\\w-]*)*' },
  { label: 'databricks-token', prefixes: ['dapi'], pattern: 'dapi[a-f0-9]{32,}' },
  {
    label: 'shopify-token',
    prefixes: ['shpat_', 'shpca_', 'shppa_', 'shpss_'],
    pattern: 'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{20,}',
    sure: true,
  },
  { label: 'vault-token', prefixes: ['hvs.', 'hvb.'], pattern: 'hv[sb]\\.[\\w-]{20,}' },
  { label: 'docker-token', prefixes: ['dckr_pat_'], pattern: 'dckr_pat_[\\w-]{16,}', sure: true },
  { label: 'grafana-token', prefixes: ['glsa_', 'glc_'], pattern: 'gl(?:sa|c)_[\\w=+/]{20,}' },
  { label: 'linear-key', prefixes: ['lin_api_'], pattern: 'lin_api_[A-Za-z0-9]{16,}', sure: true },
  { label: 'notion-token', prefixes: ['ntn_'], pattern: 'ntn_[A-Za-z0-9]{24,}' },
  { label: 'postman-key', prefixes: ['PMAK-'], pattern: 'PMAK-[a-f0-9]{16,}(?:-[a-f0-9]+)?', sure: true },
  { label: 'groq-key', prefixes: ['gsk_'], pattern: 'gsk_[A-Za-z0-9]{24,}' },
  { label: 'xai-key', prefixes: ['xai-'], pattern: 'xai-[A-Za-z0-9]{32,}' },
  { label: 'replicate-token', prefixes: ['r8_'], pattern: 'r8_[A-Za-z0-9]{24,}' },
  { label: 'perplexity-key', prefixes: ['pplx-'], pattern: 'pplx-[A-Za-z0-9]{24,}' },
  { label: 'supabase-key', prefixes: ['sbp_', 'sb_secret_'], pattern: 'sb(?:p_[a-f0-9]{24,}|_secret_[\\w-]{16,})' },
  { label: 'newrelic-key', prefixes: ['NRAK-'], pattern: 'NRAK-[A-Z0-9]{16,}', sure: true },
  { label: 'sentry-token', prefixes: ['sntrys_', 'sntryu_'], pattern: 'sntry[su]_[\\w=+/-]{16,}', sure: true },
  { label: 'atlassian-token', prefixes: ['ATATT3'], pattern: 'ATATT3[\\w=-]{24,}', sure: true },
  { label: 'age-key', prefixes: ['AGE-SECRET-KEY-1'], pattern: 'AGE-SECRET-KEY-1[A-Z0-9]{16,}', sure: true },
  { label: 'tailscale-key', prefixes: ['tskey-'], pattern: 'tskey-[\\w-]{16,}' },
  { label: 'rubygems-key', prefixes: ['rubygems_'], pattern: 'rubygems_[a-f0-9]{32,}' },
  { label: 'mailgun-key', prefixes: ['key-'], pattern: 'key-[0-9a-f]{32}(?![0-9A-Za-z])' },
  // A credential without its header. Prose ("bearer authentication") has no digit in the word.
  {
    label: 'bearer-token',
    prefixes: ['Bearer ', 'bearer ', 'BEARER '],
    pattern: '((?:Bearer|bearer|BEARER) {1,4})(?=[\\w.~+/-]{0,256}\\d)[\\w.~+/-]{16,}=*',
  },
  // On a command line: `--password hunter2`, `curl -u me:hunter2`. (`--password=…` is an assignment.)
  {
    label: 'cli-secret',
    prefixes: [
      '--pass',
      '--token',
      '--secret',
      '--api-key',
      '--api-token',
      '--auth-token',
      '--access-token',
      '--client-secret',
    ],
    pattern:
      '(--(?:pass(?:word|phrase|wd)?|(?:api-|auth-|access-)?token|(?:client-)?secret|api-key)[ \\t]{1,4}(?![-$<{\\[%|&;>])[\'"]?)(?!\\[redacted:)[^\\s\'"\\\\<>|&;]+',
  },
  {
    label: 'cli-secret',
    prefixes: ['-u ', '--user ', '--proxy-user '],
    pattern: '(-(?:u|-user|-proxy-user) {1,4}[\'"]?[\\w.@+-]{1,128}:)(?![$/[ ]|\\d+\\b)[^\\s\'"\\\\<>|&;]+',
  },
];
