import styles from './skeleton.module.css'

interface SkeletonProps {
  /** What is loading, for whoever cannot see it. */
  label: string
  rows?: number
}

/** Grey rows in the place of a list that is on its way; seen only when that takes more than 300 ms. */
export function Skeleton({ label, rows = 4 }: SkeletonProps) {
  return (
    <div role="status" className={styles.skeleton}>
      <span className="visually-hidden">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={styles.bar} />
      ))}
    </div>
  )
}
