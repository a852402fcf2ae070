import type { CheckArea, CheckStatus, Posture, PostureItem } from '#protocol/posture'
import { AREA_NAMES } from './area-names.ts'
import { gradeOf } from './score.ts'
import { wrapText } from './wrap-text.ts'

const WIDTH = 80
const BAR = 30

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue'
type Paint = (style: Style, text: string) => string

const CODES: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34 }
const SIGNS: Readonly<Record<CheckStatus, { glyph: string; style: Style }>> = {
  pass: { glyph: '✓', style: 'green' },
  warn: { glyph: '!', style: 'yellow' },
  fail: { glyph: '✕', style: 'red' },
  'not-applicable': { glyph: '–', style: 'dim' },
}

/**
 * What doctor found, for a terminal of 80 columns: what is wrong first, with what to do; then everything that holds.
 * Commands stay on one line, so that they can be copied.
 * @param places where the installation is, a line each
 */
export function doctorReport(posture: Posture, places: readonly string[], { isPlain }: { isPlain: boolean }): string {
  const paint: Paint = isPlain ? (_, text) => text : (style, text) => `\u001b[${String(CODES[style])}m${text}\u001b[0m`
  const { items } = posture
  return `${[
    ...head(posture, places, paint),
    ...problems(
      'To put right',
      items.filter(({ status }) => status === 'fail'),
      paint,
    ),
    ...problems(
      'To look at',
      items.filter(({ status, isLookedAt }) => status === 'warn' && isLookedAt),
      paint,
    ),
    ...unseenPart(
      items.filter(({ status, isLookedAt }) => status === 'warn' && !isLookedAt),
      paint,
    ),
    ...holding(items, paint),
    '',
  ].join('\n')}\n`
}

function head({ version, score, cap, counts }: Posture, places: readonly string[], paint: Paint): string[] {
  const filled = Math.round((score / 100) * BAR)
  const style = score >= 90 ? 'green' : score >= 70 ? 'yellow' : 'red'
  const tally = [
    `${String(counts.pass)} passed`,
    `${String(counts.warn)} to look at`,
    `${String(counts.fail)} failed`,
    `${String(counts.notApplicable)} not applicable`,
  ]
  return [
    '',
    paint('bold', `AI Code UI ${version}: security checklist`),
    ...places.map((place) => paint('dim', place)),
    '',
    `${paint('bold', `Score ${String(score)} of 100 (${gradeOf(score)})`)}  ${paint(style, '█'.repeat(filled))}${paint('dim', '░'.repeat(BAR - filled))}`,
    ...(cap === null ? [] : wrapText(`No more than ${String(cap.score)}: ${cap.because}.`, WIDTH)),
    tally.join(' · '),
  ]
}

function problems(title: string, items: readonly PostureItem[], paint: Paint): string[] {
  if (items.length === 0) return []
  return ['', paint('bold', title), ...items.flatMap((item) => problem(item, paint))]
}

function problem({ id, status, severity, title, evidence, why, fix }: PostureItem, paint: Paint): string[] {
  const { glyph, style } = SIGNS[status]
  const [first = '', ...rest] = wrapText(title, WIDTH - 2)
  return [
    '',
    `${paint(style, glyph)} ${paint('bold', first)}`,
    ...rest.map((line) => `  ${paint('bold', line)}`),
    paint('dim', `  ${id} · ${severity}`),
    ...indented('Seen', evidence, paint),
    ...indented('Why', why, paint),
    ...(fix === null ? [] : indented('Fix', fix.text, paint)),
    ...(fix?.command ? [`  ${paint('dim', '$')}     ${paint('blue', fix.command)}`] : []),
  ]
}

/** What could not be looked at, by the reason, which is mostly the same for many. */
function unseenPart(items: readonly PostureItem[], paint: Paint): string[] {
  if (items.length === 0) return []
  const byReason = [...Map.groupBy(items, ({ evidence }) => evidence)]
  const parts = byReason.flatMap(([reason, unseen]) => {
    const fix = unseen[0]?.fix ?? null
    return [
      '',
      ...wrapText(reason, WIDTH - 2).map((line) => `  ${line}`),
      ...unseen.flatMap(({ title }) =>
        wrapText(title, WIDTH - 4).map((line, index) => `  ${paint('yellow', index === 0 ? '?' : ' ')} ${line}`),
      ),
      ...(fix === null ? [] : indented('Fix', fix.text, paint)),
      ...(fix?.command ? [`  ${paint('dim', '$')}     ${paint('blue', fix.command)}`] : []),
    ]
  })
  return ['', paint('bold', 'Not looked at'), ...parts]
}

function indented(label: string, text: string, paint: Paint): string[] {
  return wrapText(text, WIDTH - 8).map((line, index) => `  ${paint('dim', (index === 0 ? label : '').padEnd(6))}${line}`)
}

function holding(items: readonly PostureItem[], paint: Paint): string[] {
  const good = items.filter(({ status }) => status === 'pass' || status === 'not-applicable')
  if (good.length === 0) return []
  const areas: [CheckArea, PostureItem[]][] = [...Map.groupBy(good, ({ area }) => area)]
  return [
    '',
    paint('bold', 'What holds'),
    ...areas.flatMap(([area, found]) => ['', `  ${AREA_NAMES[area]}`, ...found.flatMap((item) => goodLine(item, paint))]),
  ]
}

function goodLine({ status, title }: PostureItem, paint: Paint): string[] {
  const { glyph, style } = SIGNS[status]
  const text = status === 'pass' ? title : `${title} (not applicable)`
  return wrapText(text, WIDTH - 4).map((line, index) => {
    const words = status === 'pass' ? line : paint('dim', line)
    return index === 0 ? `  ${paint(style, glyph)} ${words}` : `    ${words}`
  })
}
