/** One page: a Markdown file of the repository, and where it stands on the site. */
export interface SitePage {
  /** From the root of the repository. */
  source: string
  /** What the site calls it, in its navigation and its address. */
  title: string
  slug: string
}

export interface SitePart {
  title: string
  pages: SitePage[]
}

/** The whole site, in the order of its navigation. Decisions are added from their folder. */
export const CONTENTS: readonly SitePart[] = [
  {
    title: 'Begin',
    pages: [
      { source: 'README.md', title: 'AI Code UI', slug: 'index' },
      { source: 'docs/getting-started.md', title: 'Getting started', slug: 'getting-started' },
      { source: 'docs/configuration.md', title: 'Configuration', slug: 'configuration' },
      { source: 'docs/cli.md', title: 'Command line', slug: 'cli' },
      { source: 'docs/deployment.md', title: 'Deployment', slug: 'deployment' },
      { source: 'docs/troubleshooting.md', title: 'Troubleshooting', slug: 'troubleshooting' },
      { source: 'docs/backup.md', title: 'Backup and restore', slug: 'backup' },
      { source: 'docs/upgrading.md', title: 'Upgrading', slug: 'upgrading' },
    ],
  },
  {
    title: 'Security',
    pages: [
      { source: 'docs/policy.md', title: 'What needs asking', slug: 'policy' },
      { source: 'docs/audit-log.md', title: 'The audit log', slug: 'audit-log' },
      { source: 'docs/audit-events.md', title: 'Audited events', slug: 'audit-events' },
      { source: 'docs/permissions.md', title: 'Permissions', slug: 'permissions' },
      { source: 'docs/doctor.md', title: 'Doctor', slug: 'doctor' },
      { source: 'docs/security-guide.md', title: 'Security guide', slug: 'security-guide' },
      { source: 'docs/scan.md', title: 'What scanners say', slug: 'scan' },
      { source: 'SECURITY.md', title: 'Reporting a problem', slug: 'security' },
    ],
  },
  {
    title: 'Reference',
    pages: [
      { source: 'docs/api.md', title: 'HTTP API', slug: 'api' },
      { source: 'docs/websocket.md', title: 'WebSocket', slug: 'websocket' },
      { source: 'docs/errors.md', title: 'Errors', slug: 'errors' },
    ],
  },
  {
    title: 'Inside',
    pages: [
      { source: 'docs/architecture.md', title: 'Architecture', slug: 'architecture' },
      { source: 'CONTRIBUTING.md', title: 'Contributing', slug: 'contributing' },
      { source: 'CHANGELOG.md', title: 'Changelog', slug: 'changelog' },
    ],
  },
]
