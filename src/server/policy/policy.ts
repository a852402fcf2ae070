import * as z from 'zod/mini'
import type { ApprovalPolicy } from '../approvals/approval-policy.ts'
import { automaticDecision } from './automatic-decision.ts'
import { OfferedGrant, offerGrants, SessionGrant } from './session-grant.ts'
import { understandCommandLine } from './shell/simple-commands.ts'
import { assessRisk } from './tool-risk.ts'

const OfferedGrants = z.array(OfferedGrant)

/** All that the rest of the server may know of the policy. */
export function createPolicy(dataDirectory: string): ApprovalPolicy {
  return {
    assess(ask, cwd) {
      const risk = assessRisk(ask, cwd)
      return { risk, offered: offerGrants(ask, cwd, risk.level) }
    },
    decide: (question) => automaticDecision(question, dataDirectory),
    commandsOf: ({ approvalKind, toolInput: { command } }) => {
      if (approvalKind !== 'command' || typeof command !== 'string') return null
      const understood = understandCommandLine(command)
      return understood.kind === 'simple' ? understood.commands.map(({ words }) => words) : null
    },
    parseGrant: (stored) => SessionGrant.parse(stored),
    parseOffered: (stored) => OfferedGrants.parse(stored),
  }
}
