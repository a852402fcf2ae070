/** @jsxImportSource preact */
import { render } from 'preact'
import { applyStoredTheme } from '../lib/theme.ts'
import '../styles/tokens.css'
import '../styles/reset.css'
import { SignInPage } from './sign-in-page.tsx'

applyStoredTheme()
// The printed link opened in a tab that shows this page already changes the fragment alone.
addEventListener('hashchange', () => location.reload())
const root = document.getElementById('root')
if (root !== null) render(<SignInPage />, root)
