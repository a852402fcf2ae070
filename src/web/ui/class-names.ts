/** Joins the class names that are given: `classNames(styles.row, isActive && styles.active)`. */
export function classNames(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(' ')
}
