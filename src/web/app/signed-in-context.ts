import { createContext, useContext } from 'react'
import type { SignedIn } from '../lib/auth-token.ts'

export const SignedInContext = createContext<SignedIn | null>(null)

/** Who is signed in, and how this server is set up. */
export function useSignedIn(): SignedIn {
  const signedIn = useContext(SignedInContext)
  if (signedIn === null) throw new Error('useSignedIn needs a SignedInContext above it')
  return signedIn
}
