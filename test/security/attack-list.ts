/*
 * Every attack that we know of and what became of it: run here against the real server (`ATTACKS`), covered by a test that
 * another suite has, or not possible yet. Nothing is missing in silence: the test beside this file reads all three.
 */

/** A test elsewhere, by its file and a part of its name. */
export type CoveredBy = readonly [file: string, name: string]

const covered =
  (folder: string) =>
  (file: string, name: string): CoveredBy => [`${folder}/${file}.test.ts`, name]
const integration = covered('test/integration')
const contract = covered('test/contract')
const e2e = covered('test/e2e')
const policy = covered('src/server/policy')
const cage = covered('src/server/cage')

const commandLines = policy('shell/command-cases', 'every command line is decided as written')
const agentInCage = contract('claude-cage', 'an agent that $name gets nowhere')
const hiddenCharacters = e2e('cards', 'what hides in a command is written out and counted')

/** Attacks that need a clock, an agent, a browser or a damaged disk, and are tested where these are. */
export const COVERED: Readonly<Record<string, CoveredBy>> = {
  'AUTH-002': integration('brute-force', 'an unknown user, a wrong password and an old hash take as long'),
  'AUTH-006': integration('brute-force', 'while strangers guess, a browser that signed in before gets in'),
  'AUTH-011': integration('passwords', 'the 72 bytes that bcrypt reads are all there is, and are all compared'),
  'AUTH-021': integration('second-factors', 'a sign-in asks for the code, takes each once'),
  'JWT-004': integration('token-attacks', '%s opens nothing'),
  'JWT-028': integration('permission-walk', 'each route refuses and lets through whom the table says'),
  'JWT-029': integration('key-rotation', 'a rotation beside a running server signs nobody out, and new tokens have the new key'),
  'JWT-030': covered('src/server')('config', 'the secret "%s" is refused'),
  'SESS-002': integration('accounts', 'a refresh token used twice ends the whole login, tokens and sockets, and no other'),
  'SESS-005': integration('passwords', 'a change ends every other login, its sockets and its refresh token; this one goes on'),
  'SESS-007': integration('account-traps', 'a refresh token that somebody chose beforehand is not taken over by the sign-in'),
  'SESS-008': integration('logins', 'ending one ends its tokens and sockets at once, and no other'),
  'SESS-009': integration('logins', 'ending all others leaves the one that asks'),
  'SESS-010': integration('step-up', 'the password makes this login fresh for five minutes, once, and leaves its socket open'),
  'SESS-013': e2e('refresh', 'signing out leaves nothing in the browser but how the screen looks'),
  'PLAT-001': covered('src/server')('config-platform', 'it may not listen on %s unless that is said'),
  'PLAT-003': integration('platform-walls', '%s is refused on HTTP and sockets, with effect on nothing'),
  'PLAT-004': integration('platform-mode', 'where there is nobody, a user "local" is made and serves everybody, without a setup code'),
  'PLAT-005': integration('platform-walls', 'nothing that a request or a project holds turns it on'),
  'KEY-001': integration('api-key-gate', 'a socket needs it beside a token, while a ticket was fetched through the gate'),
  'KEY-002': integration('api-key-gate', 'the key is compared by its hash in constant time, and kept nowhere'),
  'CMD-008': contract('claude-process', 'the agent’s process sees only what it is given'),
  'WSH-015': integration('hostile-connections', 'a socket that is refused is let go, also when its client keeps it open'),
  'WSH-017': integration('accounts', 'a login ends by itself at the end of its time'),
  'WSF-021': integration('sessions', 'a device that does not read holds nobody back and misses nothing'),
  'APR-001': integration('approval-endings', 'nobody answers in time: it is denied, and a late answer is told so'),
  'APR-003': integration('approval-endings', 'nobody answers in time: it is denied, and a late answer is told so'),
  'APR-004': integration('approval-endings', 'after a restart what waited is cancelled, and told so to whoever answers'),
  'APR-006': integration('approvals', 'of 100 answers at once from everywhere exactly one counts, and the others learn whose'),
  'APR-007': integration('approvals', 'over HTTP a decision names what was seen, and another input is refused'),
  'APR-008': integration('approval-edges', 'the log and the audit entry of an edited call hold the hash of what ran'),
  'APR-009': integration('remembered-rules', 'a decision is remembered for nothing that was not offered'),
  'APR-010': integration('approvals', "somebody else's request is as unknown as one that does not exist"),
  'APR-011': integration('hostile-connections', 'a socket whose login ended decides nothing any more, also while it closes'),
  'APR-013': integration('stale-approvals', 'a script that was swapped after it was shown is asked again as it is now'),
  'APR-015': integration('stale-approvals', 'a program of the project that was swapped is noticed'),
  'APR-017': integration('stale-approvals', 'an edit is refused as stale when the file changed between showing and allowing'),
  'APR-018': integration('stale-approvals', 'a working directory that was replaced by a link is noticed'),
  'APR-019': e2e('cards', 'a long command is folded, and allowed only once its fold was opened'),
  'APR-021': hiddenCharacters,
  'APR-023': hiddenCharacters,
  'APR-024': hiddenCharacters,
  'APR-025': policy('tool-risk', 'characters that hide something are high, in commands and in paths'),
  'APR-027': policy('judge', 'nothing is allowed by itself'),
  'APR-030': policy('shell/command-cases', 'every command line is decided as written'),
  'APR-031': e2e('cards', 'a second request moves nothing of the first'),
  'APR-032': e2e('decisions', 'a request is allowed by keyboard alone, plain Enter never does'),
  'APR-038': contract('claude-subagents', 'background sub-agents ask at the same time, also after the turn, and each gets its own answer'),
  'APR-039': integration('skip-approvals', 'members, viewers and API keys do not get it, neither at the start nor later'),
  'APR-042': integration(
    'remembered-rules',
    'a rule is a person’s own: somebody else neither sees nor takes it away, and they themselves do',
  ),
  ...Object.fromEntries(
    ['001', '002', '003', '004', '005', '006', '007', '008', '009', '010', '015', '016', '018', '020'].map((id) => [
      `RULE-${id}`,
      commandLines,
    ]),
  ),
  'RULE-022': policy('rule-places', 'a command that names a denied site is denied'),
  'RULE-023': policy('rule-places', 'a project that is reached by a link has its rules'),
  'RULE-024': policy('rule-properties', 'rules and calls that are made to be slow are decided, a thousand rules at once'),
  'RULE-025': policy('rule-match', 'deny beats ask beats allow between any two scopes'),
  'RULE-026': contract('claude-trust', 'in a folder that is not trusted its hooks, servers and instructions do not run'),
  'XSS-007': covered('src/web/features')('transcript/plain-output', 'colours, titles and cursor moves of a terminal are left out'),
  'DOS-001': integration('hostile-connections', 'a socket that is refused is let go, also when its client keeps it open'),
  'DOS-010': integration('crowded-agents', 'starts at the same moment open no more agents than may run'),
  'DOS-013': covered('test/security')('fuzz-routes', 'memory stays flat'),
  'PROXY-008': covered('src/server')('config', '%s=%s is refused by name'),
  'PROXY-016': covered('src/server')('config', 'without any setting the defaults of the contract hold'),
  'HDR-004': integration('http-guards', 'a socket is opened by a token from our own origin and from none'),
  'CRED-001': covered('src/server/platform')('database', 'nothing readable is on the disk'),
  'CRED-006': integration('server-process', 'another encryption key than before is refused'),
  'CRED-007': integration('server-process', 'what it keeps is for its owner alone, and no secret reaches its log'),
  'CRED-008': integration(
    'secrets-stay-out',
    'no secret of the corpus reaches the audit log, its export and forward, the log or what failures say',
  ),
  'AUD-001': integration('verify-audit-offline', 'an entry whose %s was edited is named'),
  'AUD-002': integration('verify-audit-offline', 'a deleted entry is named, be it the first, one in the middle or one that was renumbered'),
  'AUD-003': integration('verify-audit-offline', 'a deleted entry is named, be it the first, one in the middle or one that was renumbered'),
  'AUD-004': integration('verify-audit-offline', 'a whole tail with its checkpoints is missed only where a checkpoint was kept elsewhere'),
  'AUD-005': covered('src/server/audit')(
    'audit-chain-attacks',
    'a whole chain made anew is found by the checkpoint, also by the one in the file alone',
  ),
  'AUD-006': integration('verify-audit-offline', 'entries that changed places are named by the first of them'),
  'AUD-008': integration('audit-retention', 'a process that is killed at %s loses nothing'),
  'AUD-009': integration('accounts', 'who signed in where is in the audit log'),
  'AUD-010': integration('secrets-stay-out', 'no secret of the corpus reaches the audit log'),
  'AUD-013': integration('unwritten-decisions', 'without an audit entry neither a rule nor a mode lets a call pass, and nobody is asked'),
  'AUD-015': integration('audit-retention', 'segments follow on each other, also once everything older is in them'),
  'AGENT-002': contract('claude-process', 'the agent’s process sees only what it is given'),
  'AGENT-004': contract('claude-gate', '$tool does not happen where the gate refuses it'),
  'AGENT-006': agentInCage,
  'AGENT-011': integration('real-agent', 'a server that is killed while a command runs: the next one ends what was left before it answers'),
  'OWN-010': cage('open-cage', 'the server is not among the processes, and cannot be signalled or looked into'),
  'OWN-011': cage('open-cage', 'the data folder and other files with secrets are empty, also by other ways to them'),
  'OWN-012': contract('claude-cage', 'an agent cannot send the server a signal: %s'),
}

/** What there is nothing to attack for yet, with the reason. A dash stands for all numbers between. */
export const NOT_YET: readonly { ids: string; because: string }[] = [
  {
    ids: 'PATH-001-057',
    because: 'No route reads, writes or lists files of a project; the file explorer brings them. `safe-path.ts` is tested alone.',
  },
  { ids: 'GIT-001-030', because: 'No route runs git.' },
  { ids: 'UPL-001-012', because: 'Nothing can be uploaded or imported.' },
  { ids: 'TERM-001-012', because: 'There is no terminal: `/shell` is answered with 404.' },
  { ids: 'SSRF-003-014', because: 'The server connects to no address that a request names: no clone, MCP server, web hook or preview.' },
  { ids: 'CMD-004', because: 'There is no terminal.' },
  { ids: 'CMD-006', because: 'There is no terminal.' },
  { ids: 'CMD-009', because: 'MCP servers cannot be added.' },
  { ids: 'CMD-010', because: 'The product reads no slash commands or front matter; the agent does so in its cage.' },
  { ids: 'CMD-011', because: 'Nothing can be uploaded.' },
  { ids: 'CMD-012', because: 'There is no search over files.' },
  { ids: 'INJ-010', because: 'No file name reaches a header.' },
  { ids: 'INJ-011', because: 'No file is sent for download but the audit export, whose name is ours.' },
  { ids: 'INJ-015', because: 'No XML is parsed.' },
  { ids: 'INJ-016', because: 'No YAML is parsed.' },
  { ids: 'WSH-012', because: 'There is one socket path.' },
  { ids: 'WSH-013', because: 'A token is taken from the query alone; `Sec-WebSocket-Protocol` is not read.' },
  { ids: 'WSF-014', because: 'Measured with the load figures of the socket in `bench/`, not here.' },
  {
    ids: 'AUTH-012',
    because: 'One function normalises passwords to NFC (`password-rules.ts`), on every path.',
  },
  {
    ids: 'SESS-012',
    because: 'All random names come from one function with 128 bits or more; counting duplicates proves less than reading it.',
  },
  { ids: 'APR-016', because: 'An agent’s environment is fixed when it starts, so that nothing can be added between asking and running.' },
  { ids: 'APR-029', because: 'Tested with the card in the browser journeys, by tool rather than by field.' },
  { ids: 'APR-033', because: 'Requests have no rate of their own: an owner freezes everything instead.' },
  { ids: 'APR-036', because: 'Covered by HDR-007: no page can be framed.' },
  { ids: 'APR-037', because: 'There are no push notifications.' },
  { ids: 'APR-041', because: 'A denial ends one call; the same call again is asked again.' },
  { ids: 'RULE-027', because: 'MCP servers come from the folder’s own settings after it was trusted; their tools are not pinned yet.' },
  {
    ids: 'XSS-001-006',
    because: 'Journeys with hostile text in the browser come with the file explorer; XSS-014 holds what a page may run.',
  },
  { ids: 'XSS-008-011', because: 'There are no previews of files.' },
  {
    ids: 'XSS-015',
    because: 'Trusted Types without a policy refuse every such sink at run time: see XSS-014.',
  },
  { ids: 'DOS-002', because: 'Minutes long: part of `npm run scan` (slowhttptest).' },
  { ids: 'DOS-003', because: 'Minutes long: part of `npm run scan` (slowhttptest).' },
  { ids: 'DOS-006', because: 'No expression of a user is run; those in the sources are checked by `npm run scan`.' },
  { ids: 'DOS-009', because: 'There are no trees, diffs or searches over files.' },
  { ids: 'DOS-011', because: 'Needs a machine with control groups; the limits of the examples in `deploy/` are checked there.' },
  { ids: 'PROXY-013', because: 'Tested behind a real proxy with the deployment examples.' },
  { ids: 'PROXY-015', because: 'Tested with the deployment examples.' },
  { ids: 'CRED-002-004', because: 'Tested with the vault.' },
  { ids: 'CRED-009', because: 'Tested with the backup command.' },
  {
    ids: 'INFO-007',
    because: 'An agent’s command line holds no secret: it gets its key by the environment, as `claude-process.test.ts` shows.',
  },
  { ids: 'AGENT-003', because: 'No route runs git.' },
  { ids: 'AGENT-008', because: 'MCP servers cannot be added.' },
  { ids: 'AGENT-009', because: 'MCP servers cannot be added.' },
  { ids: 'AGENT-010', because: 'There are no checkpoints to go back to.' },
  { ids: 'AGENT-012', because: 'There is one provider.' },
]
