import type { ModelRequest } from './model-request.ts'
import { type Block, say } from './reply.ts'
import type { Scenario, Work } from './scenario.ts'
import { addFeature } from './scenarios/add-feature.ts'
import { askQuestion } from './scenarios/ask-question.ts'
import { askSubAgent, backgroundNews, subAgentJob } from './scenarios/ask-sub-agent.ts'
import { explainProject } from './scenarios/explain-project.ts'
import { fixFailingTest } from './scenarios/fix-failing-test.ts'
import { listFiles } from './scenarios/list-files.ts'
import { isPlanning, makePlan, planWork } from './scenarios/make-plan.ts'
import { deniedCall, respondToDenial } from './scenarios/respond-to-denial.ts'
import { runCommand } from './scenarios/run-command.ts'
import { showMarkdown } from './scenarios/show-markdown.ts'
import { writeFile } from './scenarios/write-file.ts'
import { answerSideRequest } from './side-requests.ts'
import { readTurn, type Turn } from './turn.ts'

/** What a person can ask for, in the order in which it is offered to them. */
const OFFERED: readonly Scenario[] = [
  listFiles,
  explainProject,
  fixFailingTest,
  runCommand,
  writeFile,
  addFeature,
  makePlan,
  askQuestion,
  askSubAgent,
  showMarkdown,
]

/** The order in which a prompt is tried: the more particular words first. */
const TRIED: readonly Scenario[] = [
  backgroundNews,
  subAgentJob,
  askSubAgent,
  runCommand,
  askQuestion,
  showMarkdown,
  makePlan,
  fixFailingTest,
  addFeature,
  listFiles,
  writeFile,
  explainProject,
]

/** Prompts that the demo knows what to do with, one for each scenario. */
export const DEMO_PROMPTS: readonly string[] = OFFERED.map(({ example }) => example)

/** What the scripted model says to a request. A pure function of the request: the conversation in it is all the state there is. */
export function answerRequest(request: ModelRequest): Block[] {
  const blocks = answerSideRequest(request) ?? answerTurn(readTurn(request))
  return isThinkingAllowed(request) ? blocks : blocks.filter(({ type }) => type !== 'thinking')
}

function answerTurn(turn: Turn): Block[] {
  const denied = deniedCall(turn)
  // A plan that is turned down is revised; anything else that is turned down is left alone.
  if (denied !== null && denied.name !== 'ExitPlanMode') return respondToDenial(denied)
  const scenario = scenarioFor(turn.prompt)
  const needsPlan = scenario === null || scenario === makePlan || scenario.plan !== undefined
  if (isPlanning(turn) && needsPlan) return planWork(turn, workFor(turn.prompt))
  return scenario?.play(turn) ?? [say(fallback())]
}

/** What there is to plan in a prompt, where it says little: the feature. */
function workFor(prompt: string): Work {
  return [fixFailingTest, addFeature, writeFile].find((work) => work.matches(prompt)) ?? addFeature
}

/** The scenario that a prompt leads to, or null where the demo does not know what to do with it. */
export function scenarioFor(prompt: string): Scenario | null {
  return TRIED.find((scenario) => scenario.matches(prompt)) ?? null
}

function isThinkingAllowed(request: ModelRequest): boolean {
  return request.thinking !== undefined && request.thinking.type !== 'disabled'
}

function fallback(): string {
  const prompts = DEMO_PROMPTS.map((prompt) => `- ${prompt}`).join('\n')
  return `This is the demo: the agent and its tools are real, but I am a script and know only a few things. Try one of these:\n\n${prompts}`
}
