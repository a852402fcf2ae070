import { useState } from 'react'
import { Link } from 'wouter'
import type { Project } from '#protocol/projects'
import { formatAge, formatExactTime } from '../../lib/format.ts'
import { projectsText } from '../../lib/text.ts'
import { Badge } from '../../ui/badge.tsx'
import { Field } from '../../ui/field.tsx'
import styles from './project-list.module.css'

/** A list this long is easier to search than to read. */
const FILTER_FROM = 8

interface ProjectListProps {
  projects: readonly Project[]
  now: Date
}

export function ProjectList({ projects, now }: ProjectListProps) {
  const [filter, setFilter] = useState('')
  const wanted = filter.trim().toLowerCase()
  const shown = projects.filter((project) => `${project.name} ${project.path}`.toLowerCase().includes(wanted))
  return (
    <div className={styles.list}>
      {projects.length >= FILTER_FROM && (
        <Field
          className={styles.filter}
          label={projectsText.filter}
          type="search"
          autoComplete="off"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      )}
      <ul className={styles.rows}>
        {shown.map((project) => (
          <ProjectRow key={project.id} project={project} now={now} />
        ))}
      </ul>
      {shown.length === 0 && (
        <p role="status" className={styles.none}>
          {projectsText.noMatch}
        </p>
      )}
    </div>
  )
}

function ProjectRow({ project, now }: { project: Project; now: Date }) {
  return (
    <li className={styles.item}>
      <Link href={`/projects/${project.id}`} className={styles.row}>
        <span className={styles.name}>{project.name}</span>
        <span className={styles.path}>{project.path}</span>
        <span className={styles.state}>
          {!project.available && <Badge tone="negative">{projectsText.unavailable}</Badge>}
          {!project.trusted && <Badge>{projectsText.untrusted}</Badge>}
        </span>
        {project.lastOpenedAt !== null && (
          <time className={styles.age} dateTime={project.lastOpenedAt} title={formatExactTime(project.lastOpenedAt)}>
            {formatAge(project.lastOpenedAt, now)}
          </time>
        )}
      </Link>
    </li>
  )
}
