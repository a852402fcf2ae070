import { call, say, think } from '../reply.ts'
import type { Scenario } from '../scenario.ts'
import { resultOf } from '../turn.ts'

const QUESTIONS = [
  {
    question: 'Which form should the receipt have?',
    header: 'Receipt',
    multiSelect: false,
    options: [
      { label: 'Plain text', description: 'As it is now: one line for each thing, the total last.' },
      { label: 'Markdown table', description: 'Columns for quantity, name and price.' },
      { label: 'JSON', description: 'For another program to read.' },
    ],
  },
  {
    question: 'What else belongs on it?',
    header: 'Extras',
    multiSelect: true,
    options: [
      { label: 'Date and time', description: 'When the purchase was made.' },
      { label: 'Tax', description: 'A line with the tax that the total contains.' },
      { label: 'A thank-you', description: 'A friendly last line.' },
    ],
  },
]

export const askQuestion: Scenario = {
  example: 'Ask me how the receipt should look',
  matches: (prompt) => /\bask me\b|\bask (a |some )?questions?\b|\bquestions? (for|to) me\b/i.test(prompt),
  play: (turn) => {
    if (!turn.tools.has('AskUserQuestion')) return [say('This agent has no tool for questions, so I cannot show you a question card here.')]
    if (turn.rounds.length === 0) {
      return [
        think('How a receipt looks is a matter of taste. Two short questions are better than a guess.'),
        say('Two things are for you to decide.'),
        call('AskUserQuestion', { questions: QUESTIONS }),
      ]
    }
    const result = resultOf(turn, 'AskUserQuestion')
    if (result?.outcome !== 'ok') return [say('No answer is an answer too: the receipt stays as it is.')]
    const answers = QUESTIONS.map(({ header, question }) => `- **${header}:** ${answerTo(question, result.text)}`)
    return [
      say(`Thank you. I go on with this:\n\n${answers.join('\n')}\n\nIn a real session I would now change \`src/receipt.js\` to match.`),
    ]
  },
}

/** The agent hands answers over as one sentence with `"question"="answer"` pairs. */
function answerTo(question: string, text: string): string {
  const start = text.indexOf(`"${question}"="`)
  if (start < 0) return 'no answer'
  return text.slice(start + question.length + 4).split('"')[0] ?? 'no answer'
}
