/** @jsxImportSource preact */
import { render } from 'preact'
import { reloadForLinks } from '../lib/link-fragment.ts'
import { applyStoredTheme } from '../lib/theme.ts'
import '../styles/tokens.css'
import '../styles/reset.css'
import { SignInPage } from './sign-in-page.tsx'

applyStoredTheme()
reloadForLinks()
const root = document.getElementById('root')
if (root !== null) render(<SignInPage />, root)
