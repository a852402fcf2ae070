import { bash, call, say, think } from '../reply.ts'
import type { Scenario } from '../scenario.ts'
import { resultOf } from '../turn.ts'

/** The first words of the job that the sub-agent gets, by which its own requests are known. */
const JOB = 'Find out how well this project is tested.'

export const askSubAgent: Scenario = {
  example: 'Let a sub-agent find out how well this is tested',
  matches: (prompt) => /\bsub-?agents?\b|\bdelegate\b/i.test(prompt),
  play: (turn) => {
    if (!turn.tools.has('Agent')) return [say('This agent has no tool for sub-agents, so I cannot show you one here.')]
    const isBackground = /\bbackground\b/i.test(turn.prompt)
    if (turn.rounds.length === 0) {
      return [
        think('This is research that stands on its own, a good job for a sub-agent.'),
        say(isBackground ? 'I start a sub-agent in the background.' : 'I let a sub-agent look into that.'),
        call('Agent', {
          description: 'Look at the tests',
          prompt: `${JOB} List the tests, run them, and report which of them fail.`,
          subagent_type: 'general-purpose',
          run_in_background: isBackground,
        }),
      ]
    }
    if (isBackground) return [say('The sub-agent is at work. You can go on; I tell you when it has finished.')]
    return [say(`The sub-agent is back. Its report:\n\n${reportIn(resultOf(turn, 'Agent')?.text ?? '')}`)]
  },
}

/** What the sub-agent itself does, on the same endpoint. */
export const subAgentJob: Scenario = {
  example: JOB,
  matches: (prompt) => prompt.includes(JOB),
  play: (turn) => {
    switch (turn.rounds.length) {
      case 0:
        return [say('I list the tests first.'), bash('grep -rn "^test(" test', 'List all tests')]
      case 1:
        return [say('Now I run them.'), bash('node --test', 'Run all tests')]
      default:
        return [say(report(resultOf(turn, 'Bash', 0)?.text ?? '', resultOf(turn, 'Bash')?.text ?? ''))]
    }
  },
}

/** What to say when a sub-agent in the background has ended and the agent wakes the model up for it. */
export const backgroundNews: Scenario = {
  example: '<task-notification>',
  matches: (prompt) => prompt.includes('<task-notification>'),
  play: (turn) => {
    const result = /<result>([\s\S]*?)<\/result>/.exec(turn.prompt)?.[1] ?? ''
    return [
      say(
        result === ''
          ? 'The task in the background has ended.'
          : `The sub-agent in the background has finished. Its report:\n\n${result.trim()}`,
      ),
    ]
  },
}

function report(listing: string, output: string): string {
  const tests = listing.split('\n').filter((line) => line.includes('test(')).length
  const files = new Set(listing.split('\n').flatMap((line) => /^(test\/[^:]+):/.exec(line)?.[1] ?? [])).size
  const failed = Number(/^. fail (\d+)$/m.exec(output)?.[1] ?? 0)
  const verdict = failed === 0 ? 'All of them pass.' : `**${failed} of them ${failed === 1 ? 'fails' : 'fail'}.**`
  return `There are **${tests} tests** in ${files} files. ${verdict} The receipt has no test of its own; that is the gap I would close first.`
}

/** The report itself, without the frame that the agent puts around it for the model and the indent of its lines. */
function reportIn(text: string): string {
  const framed = text.split('The report follows:\n').at(-1) ?? ''
  return (framed.split(/\n(?:agentId:|<usage>)/)[0] ?? '').replaceAll(/^ {2}/gm, '').trim()
}
