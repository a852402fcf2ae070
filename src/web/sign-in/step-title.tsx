/** @jsxImportSource preact */
import { useLayoutEffect, useRef } from 'preact/hooks'
import styles from './sign-in.module.css'
import { pageText } from './text-sign-in.ts'

/** One step is shown at a time. */
export const STEP_TITLE = 'step-title'

interface StepTitleProps {
  children: string
  /** For a step without a field. */
  isFocusedFirst?: boolean
}

/** The heading of a step, which is also the title of the page. */
export function StepTitle({ children, isFocusedFirst = false }: StepTitleProps) {
  const heading = useRef<HTMLHeadingElement>(null)

  useLayoutEffect(() => {
    document.title = pageText.pageTitle(children)
    if (isFocusedFirst) heading.current?.focus()
  }, [children, isFocusedFirst])

  return (
    <h2 id={STEP_TITLE} ref={heading} class={styles.title} tabIndex={-1}>
      {children}
    </h2>
  )
}
