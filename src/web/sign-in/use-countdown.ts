import { useEffect, useState } from 'preact/hooks'

export interface Countdown {
  /** Whole seconds; 0 where nothing is waited for. */
  secondsLeft: number
  /** What was waited for in all; 0 before the first wait. */
  secondsAtStart: number
  start: (seconds: number) => void
}

/** Counts down by the clock, so that a page that slept in between is right when it wakes. */
export function useCountdown(): Countdown {
  const [secondsAtStart, setSecondsAtStart] = useState(0)
  const [secondsLeft, setSecondsLeft] = useState(0)
  const [endsAt, setEndsAt] = useState(0)

  useEffect(() => {
    if (endsAt === 0) return
    const tick = () => {
      const left = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000))
      setSecondsLeft(left)
      if (left === 0) setEndsAt(0)
    }
    const timer = setInterval(tick, 250)
    return () => clearInterval(timer)
  }, [endsAt])

  function start(seconds: number) {
    const whole = Math.max(1, Math.ceil(seconds))
    setSecondsAtStart(whole)
    setSecondsLeft(whole)
    setEndsAt(Date.now() + whole * 1000)
  }

  return { secondsLeft, secondsAtStart, start }
}
