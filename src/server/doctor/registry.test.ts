import { expect, test } from 'vitest'
import { GUIDE_LINES, ISSUE_LINES } from './references.ts'
import { CHECKS } from './registry.ts'

/** The guide's two checklists as they stand there. */
const CHECKLISTS = [
  'Set strong JWT_SECRET',
  'Configure HTTPS (reverse proxy or Cloudflare)',
  'Review CORS settings',
  'Set appropriate file permissions',
  'Configure firewall rules',
  'Disable platform mode unless needed',
  'Monitor logs for suspicious activity',
  'Keep dependencies updated',
  'Review access periodically',
  'Test authentication flows',
  'Backup database securely',
]

test('every line of the guide’s checklists has a check', () => {
  const covered = new Set(CHECKS.flatMap(({ references }) => references.guide ?? []))
  const lines: [string, string][] = Object.entries(GUIDE_LINES)
  expect(lines.map(([, text]) => text.replace(/^[^:]+: /, ''))).toEqual(CHECKLISTS)
  expect(lines.filter(([line]) => ![...covered].some((each) => each === line))).toEqual([])
})

test('every line of what the edge promises has a check', () => {
  const covered = new Set<string>(CHECKS.flatMap(({ references }) => references.issue ?? []))
  expect(Object.keys(ISSUE_LINES).filter((line) => !covered.has(line))).toEqual([])
})

test('ids are unique, and every check says where it is asked for', () => {
  const ids = CHECKS.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.filter((id) => !/^[a-z]+(-[a-z]+)+$/.test(id))).toEqual([])
  expect(CHECKS.filter(({ references: { guide = [], issue = [] } }) => guide.length + issue.length === 0).map(({ id }) => id)).toEqual([])
})

test('titles, reasons and numbers are as they are to be read', () => {
  for (const { id, title, why, references } of CHECKS) {
    expect(title, id).toMatch(/^[A-Z].*[^.]$/)
    expect(title.length, id).toBeLessThanOrEqual(76)
    expect(why, id).toMatch(/\.$/)
    for (const number of references.asvs ?? []) expect(number, id).toMatch(/^\d{1,2}\.\d{1,2}\.\d{1,2}$/)
  }
})
