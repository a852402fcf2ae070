import { expect, test, vi } from 'vitest'
import { RequestId } from '#protocol/ids'
import { WaitingRequests } from './waiting-requests.ts'

test('a request that waits for longer than a timer can does not end at once', async () => {
  vi.useFakeTimers()
  try {
    const waiting = new WaitingRequests()
    const requestId = RequestId.parse('00000000-0000-4000-8000-000000000000')
    const month = 30 * 24 * 60 * 60_000
    const ended: string[] = []
    void waiting.add(requestId)
    waiting.end(requestId, month, () => ended.push('timed out'))

    vi.advanceTimersByTime(month - 1)
    expect(ended).toEqual([])
    vi.advanceTimersByTime(1)
    expect(ended).toEqual(['timed out'])
  } finally {
    vi.useRealTimers()
  }
})
