import { contract, e2e, integration, type PromisePart } from './security-proofs.ts'

/** What is promised of the work itself: what agents may do, what is kept, how it is set up. */
export const PROMISES_INSIDE: readonly PromisePart[] = [
  {
    title: 'Approvals',
    promises: [
      {
        text: 'Every tool call of an agent passes the gate, those of its sub-agents included.',
        proofs: [
          contract('claude-gate', '$tool does not happen where the gate refuses it'),
          contract('claude-subagents', 'background sub-agents ask at the same time, also after the turn, and each gets its own answer'),
        ],
      },
      {
        text: 'No answer means no.',
        proofs: [integration('approval-endings', 'nobody answers in time: it is denied, and a late answer is told so')],
      },
      {
        text: 'Of many answers one counts, for exactly the input that was shown.',
        proofs: [
          integration('approvals', 'of 100 answers at once from everywhere exactly one counts, and the others learn whose'),
          integration('approvals', 'over HTTP a decision names what was seen, and another input is refused'),
        ],
      },
      {
        text: 'Where a file or a program changed between showing and allowing, the call is asked anew.',
        proofs: [
          integration('stale-approvals', 'a script that was swapped after it was shown is asked again as it is now'),
          integration('stale-approvals', 'a program of the project that was swapped is noticed'),
        ],
      },
      {
        text: 'What deceives the eye in a command is written out and counted.',
        proofs: [e2e('cards', 'what hides in a command is written out and counted')],
      },
      {
        text: 'A rule never allows more of a command line than it covers, and what denies wins.',
        proofs: [
          ['src/server/policy/shell/command-cases.test.ts', 'every command line is decided as written'],
          ['src/server/policy/rule-match.test.ts', 'deny beats ask beats allow between any two scopes'],
        ],
      },
      {
        text: 'A folder’s own settings, hooks and servers do nothing before somebody trusts it.',
        proofs: [contract('claude-trust', 'in a folder that is not trusted its hooks, servers and instructions do not run')],
      },
    ],
  },
  {
    title: 'Out of the agent’s reach',
    promises: [
      {
        text: 'Where the system can, an agent runs in a cage in which the data folder and the server’s process do not exist.',
        proofs: [
          contract('claude-cage', 'an agent that $name gets nowhere'),
          ['src/server/cage/open-cage.test.ts', 'the server is not among the processes, and cannot be signalled or looked into'],
        ],
      },
      {
        text: 'An agent’s environment has what it is given and nothing of the server.',
        proofs: [
          contract('claude-process', 'the agent’s process sees only what it is given'),
          ['src/server/config-agent-environment.test.ts', "the server's own settings never pass, whatever they hold"],
        ],
      },
    ],
  },
  {
    title: 'What is kept',
    promises: [
      {
        text: 'Nothing readable is on the disk: the database is encrypted as a whole.',
        proofs: [['src/server/platform/database.test.ts', 'nothing readable is on the disk']],
      },
      {
        text: 'The data folder and its files are for their owner alone.',
        proofs: [integration('server-process', 'what it keeps is for its owner alone, and no secret reaches its log')],
      },
      {
        text: 'What was acknowledged is not lost when the server is killed.',
        proofs: [
          integration('killed-writer', 'of what was acknowledged before two hundred kills nothing is lost, and the audit chain holds'),
        ],
      },
      {
        text: 'No secret reaches the audit log, its export, the server’s log or an error.',
        proofs: [
          integration(
            'secrets-stay-out',
            'no secret of the corpus reaches the audit log, its export and forward, the log or what failures say',
          ),
        ],
      },
      {
        text: 'Whoever edits, deletes, reorders or cuts off entries of the audit log is found out.',
        proofs: [
          integration('verify-audit-offline', 'an entry whose %s was edited is named'),
          integration('verify-audit-offline', 'a whole tail with its checkpoints is missed only where a checkpoint was kept elsewhere'),
        ],
      },
      {
        text: 'A decision that cannot be written down lets nothing pass.',
        proofs: [
          integration('unwritten-decisions', 'without an audit entry neither a rule nor a mode lets a call pass, and nobody is asked'),
        ],
      },
    ],
  },
  {
    title: 'How it is set up',
    promises: [
      {
        text: 'It listens on this machine alone unless told otherwise, and secrets that everybody knows are refused.',
        proofs: [
          ['src/server/config.test.ts', 'without any setting the defaults of the contract hold'],
          ['src/server/config.test.ts', 'the secret "%s" is refused'],
        ],
      },
      {
        text: 'Without a login it serves this machine alone, unless that is said twice.',
        proofs: [['src/server/config-platform.test.ts', 'it may not listen on %s unless that is said']],
      },
      {
        text: 'Doctor looks at the real thing, and what it cannot see is no pass.',
        proofs: [
          integration('doctor-live', 'a server without defences does not'),
          integration('doctor-live', 'without a server it is not looked at, which is no pass'),
        ],
      },
    ],
  },
]
