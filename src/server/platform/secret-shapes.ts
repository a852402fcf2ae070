/*
 * Shapes that secrets have in texts and command lines. A match is replaced from its `keep` group on. Each expression looks
 * at a bounded stretch from each place where it can begin, or begins only where the one before ended, so that the time is
 * linear in the length of the text, whatever stands there; see redact.test.ts.
 */

/** What a secret is called. Not `tokens` or `tokenizer`, which are counted and run. */
const NAME =
  'passwor[dt]|passwd|passphrase|secret|token(?!s\\b|i[sz])|credentials?|(?:api|access|account|private|signing|encryption|master)[_-]?key|shared[_-]?access[_-]?signature'
/** A value in quotes to the closing one, else a word. */
const QUOTED = `"(?:[^"\\\\\\n]|\\\\.){1,2000}|'[^'\\n]{1,2000}`
const WORD = `[^\\s"'|;&,]{1,2000}`
/** The rest of one command, as far as it goes on in this line. */
const ON = '[^\\n|;&]{0,200}?'

/** With a fixed beginning and enough characters to be nothing else. */
const TOKENS = [
  // Our own keys, setup codes' and cookies' names.
  'acu_(?:refresh|device)_[\\w-]{1,40}=[^\\s;"\']{1,2000}',
  'acu_[\\w-]{16,}',
  'sk-[\\w-]{16,}',
  'gh[pousr]_\\w{20,}|github_pat_\\w{20,}|gl[a-z]{2,5}-[\\w-]{20,}',
  'npm_[A-Za-z0-9]{30,}|hf_[A-Za-z0-9]{30,}|pypi-A[\\w-]{30,}|dop_v1_\\w{16,}|dckr_pat_[\\w-]{16,}',
  'xox[abeprs]-[\\w-]{10,}|xapp-[\\w-]{16,}',
  '[rsp]k_(?:live|test)_\\w{16,}|whsec_\\w{16,}|shp(?:at|ca|pa|ss)_\\w{16,}|sq0[a-z]{3}-[\\w-]{16,}',
  '(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}(?![0-9A-Za-z])',
  'AIza[\\w-]{30,}|ya29\\.[\\w-]{20,}|GOCSPX-[\\w-]{20,}',
  'SG\\.[\\w-]{16,}\\.[\\w-]{16,}|hv[sb]\\.[\\w-]{20,}|lin_api_\\w{16,}|dapi[0-9a-f]{32}',
  'AGE-SECRET-KEY-1[0-9A-Z]{20,}',
  // JWS and JWE.
  'eyJ[\\w-]{8,}(?:\\.[\\w-]*){1,4}',
]

export const SHAPES: readonly RegExp[] = [
  // To its end, or to the text's where that was cut off.
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  ...headers(),
  new RegExp(`(?<![\\w-])(?:${TOKENS.join('|')})`, 'g'),
  /(?<![\w-])\d{8,10}:AA[\w-]{33}(?![\w-])/g,
  /(?<keep>\bhooks\.slack\.com\/(?:services|workflows)\/)[\w/-]{8,200}/g,
  /(?<keep>\bdiscord(?:app)?\.com\/api\/webhooks\/\d{1,30}\/)[\w-]{16,200}/g,
  ...addresses(),
  ...assignments(),
  ...options(),
]

function headers(): RegExp[] {
  return [
    /(?<keep>\bauthorization["'\\]{0,4}\s{0,3}[:=]\s{0,3}["'\\]{0,4}digest\s)[^'\n]{1,2000}/gi,
    /(?<keep>\bauthorization["'\\]{0,4}\s{0,3}[:=]\s{0,3}["'\\]{0,4}(?:(?:bearer|basic|token|negotiate|apikey)\s{1,3})?)[^\s"'\\]{1,8000}/gi,
    /(?<keep>\b(?:set-)?cookie["'\\]{0,4}\s{0,3}:\s{0,3}["'\\]{0,4})(?=[^"'\s=]{1,100}=)[^"'\n\\]{1,8000}/gi,
    // Without the header's name only what no prose looks like: a digit, a capital inside the word, or padding.
    /(?<keep>\b(?:bearer|Bearer|BEARER|basic|Basic|BASIC)\s{1,3})(?=[\w.~+/-]{0,200}(?:\d|[a-z][A-Z]|=))[\w.~+/=-]{8,8000}/g,
  ]
}

function addresses(): RegExp[] {
  return [
    /(?<keep>\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@"']{0,256}:)[^\s/"']{1,1000}(?=@)/gi,
    /(?<keep>\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/:@"']{20,1000}(?=@)/gi,
    /(?<keep>[?&#](?:code|key|sig|signature|auth|session|ticket|setup|invite)=)[^\s"'&#]{8,2000}/gi,
  ]
}

function assignments(): RegExp[] {
  const name = `(?<![\\w-])[\\w-]{0,40}(?:${NAME})[\\w-]{0,20}`
  return [
    // JSON, also inside a JSON string; YAML; environment; query; connection string.
    new RegExp(`(?<keep>${name}\\\\{1,3}["']\\s{0,3}[:=]\\s{0,3}\\\\{1,3}["'])[^"'\\\\\\n]{1,2000}`, 'gi'),
    new RegExp(`(?<keep>${name}["']?\\s{0,3}[:=]\\s{0,3}")(?:[^"\\\\\\n]|\\\\.){1,2000}`, 'gi'),
    new RegExp(`(?<keep>${name}["']?\\s{0,3}[:=]\\s{0,3}')[^'\\n]{1,2000}`, 'gi'),
    new RegExp(`(?<keep>${name}=)${WORD}`, 'gi'),
    new RegExp(`(?<keep>${name}["']?\\s{0,3}[:=]\\s{0,3}["']?)[^\\s"'&;,]{4,2000}`, 'gi'),
    new RegExp(`(?<keep>(?<![\\w-])[A-Z0-9_]{0,40}(?:PASS|AUTH)=)(?:(?:${QUOTED})["']|${WORD})`, 'g'),
    /(?<keep>(?<![\w-])\w{0,40}PWD=)(?![/~.])[^\s"'|;&]{1,2000}/g,
    /(?<keep>(?<![\w-])[A-Z0-9_]{0,40}_KEY=["']?)[^\s"'|;&]{16,2000}/g,
    /(?<keep>;\s{0,3}pwd\s{0,3}=)[^\s"';]{1,2000}/gi,
    new RegExp(`(?<keep>\\b(?:identified\\s{1,3}by|password)\\s{1,3})'[^'\\n]{1,500}'`, 'gi'),
    /(?<keep>\blogin\s{1,3}\S{1,100}\s{1,3}password\s{1,3})\S{1,500}/g,
  ]
}

/** Options of commands. */
function options(): RegExp[] {
  const value = `(?:(?:${QUOTED})["']|(?!-)${WORD})`
  const short = (programs: string, letters: string) =>
    new RegExp(`(?<keep>(?<![\\w-])(?:${programs})\\b${ON}\\s-${letters}\\s{0,3}["']?)[^\\s"'|;&]{1,500}`, 'g')
  const pair = `["']?[^\\s:"'-][^\\s:"']{0,63}:`
  return [
    new RegExp(`(?<keep>(?<![\\w-])--?[\\w-]{0,40}(?:${NAME}|pass)\\s{1,3})${value}`, 'gi'),
    new RegExp(`(?<keep>(?<![\\w-])--(?:pass|auth)=)${value}`, 'gi'),
    new RegExp(`(?<keep>(?<![\\w-])(?:mysql|mariadb)[\\w-]{0,20}\\b${ON}\\s-p)${value}`, 'g'),
    new RegExp(
      `(?<keep>(?<![\\w-])(?:curl|wget|https?|xh)\\b${ON}\\s(?:-[a-zA-Z]{0,8}[uUa]|--(?:proxy-)?user|--auth)[\\s=]{0,3}${pair})[^\\s"']{1,500}`,
      'g',
    ),
    new RegExp(`(?<keep>(?<![\\w-])curl\\b${ON}\\s(?:-b|--cookie)[\\s=]{0,3}["']?)(?=[^"'\\s=]{1,100}=)[^"'\\n]{1,4000}`, 'g'),
    short('sshpass|(?:docker|podman|helm\\s+registry)\\s+login', 'p'),
    short('redis-cli', 'a'),
    short('ldap\\w{1,12}', 'w'),
    short('7z', 'p'),
    /(?<keep>\s-?-pass(?:in|out)?\s{1,3}["']?pass:)[^\s"']{1,500}/g,
    /(?<keep>(?<![\w-])htpasswd\s{1,3}-(?=\w{0,5}b)(?!\w{0,5}n)\w{1,6}\s{1,3}\S{1,200}\s{1,3}\S{1,200}\s{1,3})\S{1,500}/g,
    /(?<keep>(?<![\w-])htpasswd\s{1,3}-(?=\w{0,5}b)(?=\w{0,5}n)\w{1,6}\s{1,3}\S{1,200}\s{1,3})\S{1,500}/g,
  ]
}
