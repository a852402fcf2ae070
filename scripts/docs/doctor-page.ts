import type { CheckArea } from '#protocol/posture'
import { CheckArea as Areas } from '#protocol/posture'
import { AREA_NAMES } from '../../src/server/doctor/area-names.ts'
import type { Check } from '../../src/server/doctor/check.ts'
import { GUIDE_LINES, ISSUE_LINES } from '../../src/server/doctor/references.ts'
import { CHECKS } from '../../src/server/doctor/registry.ts'
import { code, generatedHead, table } from './markdown.ts'

/** docs/doctor.md */
export function doctorPage(): string {
  return `${generatedHead('Doctor')}

\`ai-code-ui doctor\` looks at an installation, beside a server that runs on it or without one, and says of every line of the security checklist whether it
holds, what was seen, why it matters and what to do. It ends with exit code 1 where a check fails. The page *Security* of the app and
\`GET /api/security/posture\` show the same, as the running server finds it. \`--json\` prints what the route answers.

It looks at the real thing: it asks the server for its headers, opens sockets with a wrong Origin and a wrong Host, comes without a token and with forged
ones, reads modes and owners of files, asks the public address for its certificate, and tries whether agents can see the keys. Nothing that it does changes
anything. Its commands are for the installation at hand: for its systemd unit, its container or its command line, its data folder and its port.

What could not be looked at is a warning, and a failure where it is critical; it never passes. There is no way to dismiss a check. How the score comes about,
and why, is [a decision of its own](decisions/0031-doctor.md).

## What it looks at

${Areas.options.map(areaPart).join('\n\n')}

## Where each line of the checklist went

${table(
  ['Line of the guide', 'Checks'],
  lines(GUIDE_LINES, ({ references }) => references.guide ?? []),
)}

${table(
  ['What the edge promises', 'Checks'],
  lines(ISSUE_LINES, ({ references }) => references.issue ?? []),
)}
`
}

function areaPart(area: CheckArea): string {
  const rows = CHECKS.filter((check) => check.area === area).map(({ id, title, severity, why, references, needs }) => [
    code(id),
    title,
    severity,
    why,
    needs === undefined ? '' : `a ${needs}`,
    (references.asvs ?? []).join(', '),
  ])
  return `### ${AREA_NAMES[area]}\n\n${table(['Check', 'What holds', 'Severity', 'Why', 'Needs', 'ASVS 5.0'], rows)}`
}

function lines<Line extends string>(all: Readonly<Record<Line, string>>, of: (check: Check) => readonly string[]): string[][] {
  return Object.entries<string>(all).map(([line, text]) => [
    text,
    CHECKS.filter((check) => of(check).includes(line))
      .map(({ id }) => code(id))
      .join(', '),
  ])
}
