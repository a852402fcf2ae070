import { BareAgent } from './bare-agent.ts'
import { type ChatSession, prompt, startSession } from './chat-client.ts'
import { type Child, runBenchFile } from './child.ts'
import { FollowedTurn } from './followers.ts'
import { type Figure, median, spread } from './measure.ts'
import { type Account, type Product, signIn, startProduct } from './product.ts'
import type { Workbench } from './workbench.ts'

const RUNS = 7
const DELTAS = 20_000
/** Each delta is ` word`. */
const CHARACTERS = DELTAS * 5
const FOLLOWERS = 100
const PROMPT = `stream ${DELTAS}`
const CLIENT_LIMIT = 1.25
/** Double what one client may take. */
const FOLLOWERS_LIMIT = 2 * CLIENT_LIMIT

interface Times {
  bare: number[]
  oneClient: number[]
  followers: number[]
  textFrames: number[]
}

/** Prompt to the last of 20,000 text deltas: bare SDK, one client, one client and 100 followers, in turns. */
export async function measureThroughput(workbench: Workbench): Promise<Figure[]> {
  const product = await startProduct(workbench)
  const account = await signIn(product, workbench)
  const agent = new BareAgent(workbench)
  await agent.prompt(PROMPT)
  // Two sessions, so that the one with followers does not have to drop them for the runs without.
  const { session: alone } = await startSession(product, account, PROMPT)
  const { session: followed } = await startSession(product, account, PROMPT)
  const followers = await startFollowers(product, account, followed)
  const times: Times = { bare: [], oneClient: [], followers: [], textFrames: [] }
  for (let run = 0; run < RUNS; run += 1) await runOnce({ agent, alone, followed, followers }, times)
  await followers.stop()
  for (const { client } of [alone, followed]) client.close()
  await agent.close()
  await product.stop()
  return describe(times)
}

interface Contestants {
  agent: BareAgent
  alone: ChatSession
  followed: ChatSession
  followers: Child
}

async function runOnce({ agent, alone, followed, followers }: Contestants, times: Times): Promise<void> {
  const bare = await agent.prompt(PROMPT)
  const one = await prompt(alone, PROMPT)
  if (one.characters !== CHARACTERS) throw new Error(`The client got ${one.characters} of ${CHARACTERS} characters as deltas.`)
  const { sentAt } = await prompt(followed, PROMPT)
  const { lastAt, complete } = FollowedTurn.parse(JSON.parse(await followers.nextLine()))
  if (complete !== FOLLOWERS) throw new Error(`Only ${complete} of ${FOLLOWERS} followers got all of the text.`)
  times.bare.push(bare.lastTextAt - bare.sentAt)
  times.oneClient.push(one.lastTextAt - one.sentAt)
  times.followers.push(lastAt - sentAt)
  times.textFrames.push(one.textFrames)
}

async function startFollowers(product: Product, account: Account, session: ChatSession): Promise<Child> {
  const { sessionId } = session
  const options = { url: product.url, token: account.token, sessionId, count: FOLLOWERS, characters: CHARACTERS }
  const followers = runBenchFile('followers.ts', JSON.stringify(options))
  const ready = await followers.nextLine()
  if (ready !== 'ready') throw new Error(`The followers said ${ready}`)
  return followers
}

function describe({ bare, oneClient, followers, textFrames }: Times): Figure[] {
  const clientRatio = median(oneClient) / median(bare)
  const followersRatio = median(followers) / median(bare)
  return [
    {
      name: '20,000 text deltas to one client',
      measured: `${clientRatio.toFixed(2)} x`,
      target: `<= ${CLIENT_LIMIT} x the bare SDK`,
      isReached: clientRatio <= CLIENT_LIMIT,
      remark: `ours ${spread(oneClient, 'ms')} in ${median(textFrames)} messages, bare SDK ${spread(bare, 'ms')}, in turns, n = ${RUNS}`,
    },
    {
      name: 'the same with 100 followers',
      measured: `${followersRatio.toFixed(2)} x`,
      target: `<= ${FOLLOWERS_LIMIT} x the bare SDK`,
      isReached: followersRatio <= FOLLOWERS_LIMIT,
      remark: `until the last follower had everything: ${spread(followers, 'ms')}, the same runs`,
    },
  ]
}
