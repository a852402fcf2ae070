import type { ReactNode } from 'react'
import { Component } from 'react'
import { shellText } from '../lib/text.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

interface ErrorBoundaryProps {
  children: ReactNode
}

/** Keeps the frame standing when a screen throws. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { hasFailed: boolean }> {
  override state = { hasFailed: false }

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true }
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children
    return (
      <div role="alert">
        <EmptyState
          title={shellText.crashedTitle}
          action={
            <Button variant="primary" onClick={() => location.reload()}>
              {shellText.reload}
            </Button>
          }
        >
          {shellText.crashed}
        </EmptyState>
      </div>
    )
  }
}
